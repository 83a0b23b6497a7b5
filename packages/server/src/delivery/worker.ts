import { type CalendarUserAddress, type EpochSeconds, isMailAddress, type RequestStatus } from "@parley/engine";
import type { Payload } from "../scheduling/enqueue.ts";
import type { Delivery, DeliveryState, Store } from "../store/store.ts";
import { composeMime } from "./compose-mime.ts";
import { type DeliveryResult, retryAfter, undeliverable } from "./retry.ts";
import { tellUndelivered } from "./tell-undelivered.ts";

/** Carries one mail to one recipient: over SMTP, or into a folder. */
export interface Transport {
  send(mail: OutgoingMail): Promise<DeliveryResult>;
  close(): Promise<void>;
}

/** A whole mail on its way. */
export interface OutgoingMail {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly raw: Uint8Array;
}

/** Gives a worker what it works with. */
export interface WorkerOptions {
  readonly store: Store;
  readonly clock: () => EpochSeconds;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
  readonly transport: Transport;
  /** Hands a mail to one of our own people; `undefined` where the address is nobody's here. */
  readonly deliverLocally: (recipient: CalendarUserAddress, raw: Uint8Array) => Promise<DeliveryResult | undefined>;
  /** Told of what went wrong on our side; the delivery is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Carries queued messages out. A lifetime: started once, woken after commits, stopped before the store closes. */
export interface DeliveryWorker {
  /** Looks for work now. */
  wake(): void;
  /** Carries out all that is due, and what that makes due at once; resolves when nothing is. */
  drain(): Promise<void>;
  /** Whether it has looked for work within the last ten minutes: one that hangs or cannot reach the store has not. */
  isAlive(): boolean;
  /** Finishes what is under way and takes nothing more. */
  stop(): Promise<void>;
}

const leaseSeconds = 300;
const batchSize = 20;
const idleSeconds = 5;
/** More than a batch can take: each attempt ends with its lease. */
const aliveSeconds = 2 * leaseSeconds;

/** Starts a worker that looks for due deliveries whenever it is woken, and every few seconds besides. */
export function startDeliveryWorker(options: WorkerOptions): DeliveryWorker {
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;
  let lastLook = options.clock();

  async function look(): Promise<boolean> {
    const found = (await carryBatch(options)) > 0;
    lastLook = options.clock();
    return found;
  }

  async function run(): Promise<void> {
    do {
      again = false;
      while (!stopped && (await look()));
    } while (again && !stopped);
  }

  function drain(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = run()
      .catch(options.onTrouble)
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  const timer = setInterval(() => void drain(), idleSeconds * 1_000);
  return {
    wake: () => void drain(),
    drain,
    isAlive: () => !stopped && options.clock() - lastLook <= aliveSeconds,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Claims due deliveries and attempts each; returns how many there were. While the queue is paused there are none. */
async function carryBatch(options: WorkerOptions): Promise<number> {
  const now = options.clock();
  const due = await options.store.read(async ({ queue, deliveries }) =>
    (await queue.paused()) ? undefined : deliveries.nextDue(),
  );
  if (due === undefined || due > now) return 0;
  const claimed = await options.store.write(({ deliveries }) => deliveries.claim(now, now + leaseSeconds, batchSize));
  await Promise.all(claimed.map((delivery) => attempt(options, delivery)));
  return claimed.length;
}

async function attempt(options: WorkerOptions, delivery: Delivery): Promise<void> {
  const result = await carry(options, delivery);
  const ended = endOf(options, delivery, result);
  await options.store.write(async (transaction) => {
    // First, as it takes the person's lock: decision 0026.
    if (ended.status) await tellUndelivered(transaction, delivery, ended.status, ended.detail, options.clock());
    await transaction.deliveries.settle(delivery.id, ended);
  });
}

async function carry(options: WorkerOptions, delivery: Delivery): Promise<DeliveryResult> {
  try {
    const mail = await makeMail(options.store, delivery);
    if (typeof mail === "string") return { kind: "refused", status: noAddress, detail: mail };
    const local = await options.deliverLocally(delivery.recipient, mail.raw);
    return local ?? (await options.transport.send(mail));
  } catch (error) {
    options.onTrouble(error);
    return { kind: "deferred", retryAfterSeconds: 60, detail: "Something went wrong on our side." };
  }
}

/** RFC 5546 §3.6.20: nothing can be sent there, now or later. */
const noAddress: RequestStatus = { code: [3, 7], description: "Invalid calendar user" };

/** Makes the mail of a delivery, or says why there can be none. */
async function makeMail(store: Store, delivery: Delivery): Promise<OutgoingMail | string> {
  if (!isMailAddress(delivery.recipient)) return `${delivery.recipient} is no mail address`;
  const bytes = await store.read((transaction) => transaction.ledger.source(delivery.payload));
  if (!bytes) throw new Error(`the payload of delivery ${delivery.id} is gone`);
  const payload = JSON.parse(new TextDecoder().decode(bytes)) as Payload;
  const raw = await composeMime(payload.mail, {
    from: payload.from,
    to: { address: delivery.recipient },
    messageId: delivery.messageId,
    date: payload.date,
  });
  return { from: payload.from.address, to: delivery.recipient, messageId: delivery.messageId, raw };
}

/** What a delivery has come to; `status` where its recipient will not get it. */
interface End {
  readonly state: DeliveryState;
  readonly due: EpochSeconds;
  readonly detail: string;
  readonly status?: RequestStatus;
}

function endOf(options: WorkerOptions, delivery: Delivery, result: DeliveryResult): End {
  const now = options.clock();
  if (result.kind === "delivered") return { state: "handed-over", due: now, detail: "" };
  if (result.kind === "refused") return { ...result, state: "refused", due: now };
  const pause = retryAfter(delivery.attempts + 1, result.retryAfterSeconds, options.random());
  if (pause === undefined) {
    return { state: "refused", due: now, detail: `Given up after 3 days: ${result.detail}`, status: undeliverable };
  }
  return { state: "deferred", due: now + pause, detail: result.detail };
}
