import { type EpochSeconds, isMailAddress, type RequestStatus } from "@parley/engine";
import { withOwnLinks } from "../scheduling/answer-links.ts";
import { threadIdOf } from "../scheduling/message-id.ts";
import { type DeliveredInside, type Payload, readPayload } from "../scheduling/payload.ts";
import { tellUndelivered, undeliverable } from "../scheduling/tell-undelivered.ts";
import type { Delivery, DeliveryState, Recipients, Store } from "../store/store.ts";
import { composeMime } from "./compose-mime.ts";
import { type DeliveryResult, retryAfter } from "./retry.ts";
import type { Seal } from "./seal.ts";

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
  /** Signs what leaves. */
  readonly seal?: Seal;
  /** Delivers to those of the recipients of one payload who are our own people, and records that. Decision 0030. */
  readonly deliverInside: (payload: Payload, deliveries: readonly Delivery[]) => Promise<DeliveredInside>;
  /** Lets guests look anew at events that others have answered; returns how many. Decision 0030. */
  readonly refreshCopies?: () => Promise<number>;
  /** Told of what went wrong on our side; the delivery is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Carries queued messages out. A lifetime: started once, woken after commits, stopped before the store closes. */
export interface DeliveryWorker {
  /** Looks for work when nobody has woken it for a moment, or has woken it again and again for half a second. */
  wake(): void;
  /** Carries out all that is due, and what that makes due at once; resolves when nothing is. */
  drain(): Promise<void>;
  /** Whether it has looked for work within the last ten minutes: one that hangs or cannot reach the store has not. */
  isAlive(): boolean;
  /** Finishes what is under way and takes nothing more. */
  stop(): Promise<void>;
}

const leaseSeconds = 300;
/** Attempts that came to no end: whoever made them died of it. No other is made. */
const maxClaims = 10;
const endless: DeliveryResult = {
  kind: "refused",
  status: undeliverable,
  detail: `Given up: ${maxClaims} attempts came to no end.`,
};
/** A relay can be slow: what is claimed has to be carried before the lease ends. */
const batchSizes: Readonly<Record<Recipients, number>> = { ours: 100, others: 20 };
const idleSeconds = 5;
/**
 * Milliseconds it waits for others to wake it again, and for how long it lets them: who writes many events one after the other is answered
 * first, and all copies are there within a second.
 */
const pauses = { next: 10, most: 500 } as const;
/** More than a batch can take: each attempt ends with its lease. */
const aliveSeconds = 2 * leaseSeconds;

/**
 * Starts a worker that looks for due deliveries whenever it is woken, and every few seconds besides. What stays here does not wait for
 * what a relay is slow to take: each goes its own way.
 */
export function startDeliveryWorker(options: WorkerOptions): DeliveryWorker {
  const { refreshCopies } = options;
  const lanes = [
    startLane(options, carrier(options, "ours")),
    startLane(options, carrier(options, "others")),
    ...(refreshCopies ? [startLane(options, refreshCopies)] : []),
  ];
  const drain = async (): Promise<void> => {
    let found: readonly boolean[];
    do found = await Promise.all(lanes.map((lane) => lane.drain()));
    while (found.includes(true));
  };
  const wake = (): void => {
    for (const lane of lanes) void lane.drain();
  };
  const timer = setInterval(wake, idleSeconds * 1_000);
  const later = debounce(wake, pauses);
  return {
    wake: later.call,
    drain,
    isAlive: () => lanes.every((lane) => lane.isAlive()),
    async stop() {
      clearInterval(timer);
      later.cancel();
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

/** Calls once for many calls: when none has come for `next` milliseconds, and at the latest `most` after the first. */
function debounce(work: () => void, { next, most }: { readonly next: number; readonly most: number }) {
  let [soon, latest]: readonly (NodeJS.Timeout | undefined)[] = [];
  const cancel = (): void => {
    clearTimeout(soon);
    clearTimeout(latest);
    latest = undefined;
  };
  const run = (): void => {
    cancel();
    work();
  };
  return {
    call: (): void => {
      clearTimeout(soon);
      soon = setTimeout(run, next);
      latest ??= setTimeout(run, most);
    },
    cancel,
  };
}

/** One loop over work of one kind; `drain` tells whether there was any. */
interface Lane {
  drain(): Promise<boolean>;
  isAlive(): boolean;
  stop(): Promise<void>;
}

function startLane(options: WorkerOptions, carry: () => Promise<number>): Lane {
  let stopped = false;
  let running: Promise<boolean> | undefined;
  let again = false;
  let lastLook = options.clock();

  async function look(): Promise<boolean> {
    const found = (await carry()) > 0;
    lastLook = options.clock();
    return found;
  }

  async function run(): Promise<boolean> {
    let found = false;
    try {
      do {
        again = false;
        while (!stopped && (await look())) found = true;
      } while (again && !stopped);
    } catch (error) {
      options.onTrouble(error);
      found = false;
    }
    // Not a moment later: who wakes it in between would be heard by nobody.
    running = undefined;
    return found;
  }

  function drain(): Promise<boolean> {
    if (stopped) return running ?? Promise.resolve(false);
    if (running) again = true;
    else running = run();
    return running;
  }

  return {
    drain,
    isAlive: () => !stopped && options.clock() - lastLook <= aliveSeconds,
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** Carries one batch after another. Whether anything is due is asked first, which keeps nobody waiting, but not after a full batch. */
function carrier(options: WorkerOptions, recipients: Recipients): () => Promise<number> {
  let wasFull = false;
  return async () => {
    if (!wasFull && !(await isAnyDue(options))) return 0;
    wasFull = false;
    const carried = await carryBatch(options, recipients);
    wasFull = carried === batchSizes[recipients];
    return carried;
  };
}

async function isAnyDue({ store, clock }: WorkerOptions): Promise<boolean> {
  const due = await store.read(async ({ queue, deliveries }) =>
    (await queue.paused()) ? undefined : deliveries.nextDue(),
  );
  return due !== undefined && due <= clock();
}

/** Claims due deliveries and attempts each; returns how many there were. While the queue is paused there are none. */
async function carryBatch(options: WorkerOptions, recipients: Recipients): Promise<number> {
  const now = options.clock();
  const claimed = await options.store.write(({ deliveries }) =>
    deliveries.claim(now, now + leaseSeconds, batchSizes[recipients], recipients),
  );
  const carried = claimed.filter(({ claims }) => claims <= maxClaims);
  const bodies = [...Map.groupBy(carried, ({ payload }) => payload).values()];
  const givenUp = claimed.filter(({ claims }) => claims > maxClaims);
  await Promise.all([
    ...givenUp.map((delivery) => settle(options, delivery, endless)),
    ...bodies.map((deliveries) => carryBody(options, deliveries)),
  ]);
  return claimed.length;
}

/** Carries what has one payload: together to our own people, one by one to all others. */
async function carryBody(options: WorkerOptions, deliveries: readonly Delivery[]): Promise<void> {
  const { payload, elsewhere, failed } = await carryInside(options, deliveries);
  await Promise.all([
    ...failed.map(({ delivery, error }) => defer(options, delivery, error)),
    ...(payload ? elsewhere.map((delivery) => attempt(options, delivery, payload)) : []),
  ]);
}

async function carryInside(
  options: WorkerOptions,
  deliveries: readonly Delivery[],
): Promise<DeliveredInside & { readonly payload?: Payload }> {
  try {
    const payload = await loadPayload(options.store, deliveries);
    return { ...(await options.deliverInside(payload, deliveries)), payload };
  } catch (error) {
    // What was delivered and recorded stays so.
    return { elsewhere: [], failed: deliveries.map((delivery) => ({ delivery, error })) };
  }
}

async function loadPayload(store: Store, [first]: readonly Delivery[]): Promise<Payload> {
  const bytes = first && (await store.read(({ ledger }) => ledger.source(first.payload)));
  if (!bytes) throw new Error(`the payload of delivery ${first?.id} is gone`);
  return readPayload(bytes);
}

async function attempt(options: WorkerOptions, delivery: Delivery, payload: Payload): Promise<void> {
  try {
    await settle(options, delivery, await send(options, delivery, payload));
  } catch (error) {
    await defer(options, delivery, error);
  }
}

async function defer(options: WorkerOptions, delivery: Delivery, error: unknown): Promise<void> {
  options.onTrouble(error);
  const detail = "Something went wrong on our side.";
  await settle(options, delivery, { kind: "deferred", retryAfterSeconds: 60, detail });
}

async function settle(options: WorkerOptions, delivery: Delivery, result: DeliveryResult): Promise<void> {
  const ended = endOf(options, delivery, result);
  await options.store.write(async (transaction) => {
    // First, as it takes the person's lock: decision 0026.
    if (ended.status) await tellUndelivered(transaction, delivery, ended.status, ended.detail, options.clock());
    // How it fared is shown to the sender's programs: RFC 6638 §3.2.9. Before it is recorded, as it takes the person's lock too.
    if (ended.state !== "deferred") await transaction.calendars.touch(delivery.principal, delivery.uid);
    await transaction.deliveries.settle(delivery.id, ended);
  });
}

/** A path of RFC 5321, in octets: what is longer no server has to take, and no line of a header could hold. */
const maxPathOctets = 254;
/** RFC 5546 §3.6.20: nothing can be sent there, now or later. */
const noAddress: RequestStatus = { code: [3, 7], description: "Invalid calendar user" };

async function send(options: WorkerOptions, delivery: Delivery, payload: Payload): Promise<DeliveryResult> {
  const { store, transport, seal } = options;
  const { recipient, messageId, uid } = delivery;
  if (!isMailAddress(recipient) || Buffer.byteLength(recipient) > maxPathOctets) {
    return { kind: "refused", status: noAddress, detail: `${recipient} is no mail address` };
  }
  const { from, date, automatic, inReplyTo } = payload;
  const mail = await withOwnLinks(store, payload, delivery);
  const header = {
    from,
    to: { address: recipient },
    messageId,
    thread: threadIdOf(uid),
    date,
    ...(inReplyTo && { inReplyTo }),
  };
  const composed = await composeMime(mail, { ...header, ...(automatic && { autoSubmitted: automatic }) });
  const raw = seal ? await seal(composed, { from: from.address, to: recipient, date }) : composed;
  return transport.send({ from: from.address, to: recipient, messageId, raw });
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
