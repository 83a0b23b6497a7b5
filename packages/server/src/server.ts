import { isMailAddress, parseAddress } from "@parley/engine";
import { startApi } from "./api/server.ts";
import type { Config } from "./config.ts";
import { folderTransport } from "./delivery/outbox.ts";
import { smtpTransport } from "./delivery/smtp.ts";
import { type DeliveryWorker, startDeliveryWorker, type Transport } from "./delivery/worker.ts";
import { decideQuestion, previewQuestion } from "./mail/decide-question.ts";
import { deliverMail, findRecipient } from "./mail/deliver-mail.ts";
import { startLmtp } from "./mail/lmtp.ts";
import { openHouse, type World } from "./open-house.ts";
import { type House, isLocal } from "./scheduling/house.ts";

/** A running Parley. */
export interface Server {
  readonly house: House;
  readonly worker: DeliveryWorker;
  readonly httpPort: number;
  readonly lmtpPort: number;
  /** Stops taking anything in, finishes what is under way, closes the store. */
  close(): Promise<void>;
}

/** Starts everything: the store, delivery, LMTP, and the web. `webRoot` is the folder of the built web app. */
export async function startServer(
  config: Config,
  options: { readonly tryOut: boolean; readonly webRoot: string },
  world: World,
): Promise<Server> {
  let worker: DeliveryWorker | undefined;
  const house = await openHouse(config, world, () => worker?.wake());
  if (options.tryOut) await refuseRealPeople(house).catch(closeAnd(house));
  const transport: Transport = config.smtp ? smtpTransport(config.smtp) : folderTransport(config.outbox);
  worker = startDeliveryWorker({
    store: house.store,
    clock: world.clock,
    random: world.random,
    transport,
    deliverLocally: (recipient, raw) => deliverLocally(house, recipient, raw),
    onTrouble: (error) => world.logger.error({ err: error }, "delivery"),
  });
  const running = worker;
  let stopping = false;
  const lmtp = await startLmtp({
    ...config.lmtp,
    acceptRecipient: (address) =>
      house.store.read(async (transaction) => (await findRecipient(transaction, address)) !== undefined),
    deliver: async (bytes, envelope) => {
      const results = await deliverMail(house, bytes, envelope.recipients, "outside");
      return results.map((result) => {
        if (result.kind === "unknown-recipient") return { code: 550, text: "5.1.1 No such person here" };
        if (result.kind !== "failed") return { code: 250, text: "2.6.0 Kept" };
        world.logger.error({ err: result.error }, "mail not kept");
        return { code: 451, text: "4.3.0 Not kept, try again" };
      });
    },
    logger: world.logger,
  });
  const api = await startApi({
    house,
    ...config.http,
    webRoot: options.webRoot,
    tryOut: options.tryOut,
    randomBytes: world.randomBytes,
    decideQuestion: (principal, id, decision, answer) => decideQuestion(house, principal, id, decision, answer),
    previewQuestion: (principal, row) => previewQuestion(house, principal, row),
    isWorking: () => !stopping && running.isAlive(),
    logger: world.logger,
  });
  return {
    house,
    worker: running,
    httpPort: api.port,
    lmtpPort: lmtp.port,
    async close() {
      stopping = true;
      await Promise.all([api.close(), lmtp.close()]);
      await running.stop();
      await transport.close();
      await house.close();
    },
  };
}

/** In try-out mode anybody may sign in as anybody, so it must never open the calendars of real people. */
async function refuseRealPeople(house: House): Promise<void> {
  const people = await house.store.read((transaction) => transaction.principals.list());
  const real = people.find(({ address }) => !isLocal(house, address));
  if (!real) return;
  throw new Error(
    `the data folder belongs to a real Parley (it has ${real.address}): give its configuration, or another --data folder`,
  );
}

function closeAnd(house: { close(): Promise<void> }) {
  return async (error: unknown): Promise<never> => {
    await house.close();
    throw error;
  };
}

/** Hands a mail to one of our own people through the same door mail from outside takes. */
async function deliverLocally(house: House, recipient: string, raw: Uint8Array) {
  const address = parseAddress(recipient);
  if (!address || !isMailAddress(address)) return undefined;
  const known = await house.store.read((transaction) => findRecipient(transaction, address));
  if (!known) return undefined;
  const [result] = await deliverMail(house, raw, [address], "local");
  if (result?.kind === "failed") throw result.error;
  return { kind: "delivered" } as const;
}
