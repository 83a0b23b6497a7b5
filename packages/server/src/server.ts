import { startApi } from "./api/server.ts";
import { makeOidc } from "./auth/oidc.ts";
import { serveCaldav } from "./caldav/serve.ts";
import type { Config } from "./config.ts";
import { folderTransport } from "./delivery/outbox.ts";
import { openSeal } from "./delivery/seal.ts";
import { smtpTransport } from "./delivery/smtp.ts";
import { type DeliveryWorker, startDeliveryWorker, type Transport } from "./delivery/worker.ts";
import { allJobs, type JobRunner, startJobs } from "./jobs/index.ts";
import { decideQuestion, previewQuestion } from "./mail/decide-question.ts";
import { deliverInside } from "./mail/deliver-inside.ts";
import { startDoors } from "./mail/doors/doors.ts";
import { openHouse, type World } from "./open-house.ts";
import { type House, isLocal } from "./scheduling/house.ts";
import { refreshCopies } from "./scheduling/refresh-copies.ts";
import type { FetchCalendar } from "./subscriptions/fetch-calendar.ts";
import { systemFetcher } from "./subscriptions/system-fetcher.ts";

/** A running Parley. */
export interface Server {
  readonly house: House;
  readonly worker: DeliveryWorker;
  readonly httpPort: number;
  readonly lmtpPort: number;
  /** Where mail comes in by SMTP, if it does. */
  readonly smtpInPort?: number;
  /** Stops taking anything in, finishes what is under way, closes the store. */
  close(): Promise<void>;
}

/** Starts everything: the store, delivery, LMTP, and the web. `webRoot` is the folder of the built web app. */
export async function startServer(
  config: Config,
  options: { readonly tryOut: boolean; readonly webRoot: string },
  world: World,
): Promise<Server> {
  const house = await openHouse(config, world);
  if (options.tryOut) await refuseRealPeople(house).catch(closeAnd(house));
  const seal = await openSeal(config, world.randomBytes).catch(closeAnd(house));
  const transport: Transport = config.smtp ? smtpTransport(config.smtp) : folderTransport(config.outbox);
  const onTrouble = (error: unknown) => world.logger.error({ err: error }, "delivery");
  // Who writes an event waits for its answer, and nobody for the copies.
  const behind: House = { ...house, store: house.store.inBackground() };
  const worker = startDeliveryWorker({
    store: behind.store,
    clock: world.clock,
    random: world.random,
    transport,
    ...(seal && { seal }),
    deliverInside: (payload, deliveries) => deliverInside(behind, payload, deliveries),
    refreshCopies: () => refreshCopies(behind),
    onTrouble,
  });
  // Whoever left something to carry, here, at another node, or by a command.
  house.store.listen((notices) => {
    if (notices.some(({ kind }) => kind === "work")) worker.wake();
    if (notices.some(({ kind }) => kind === "anew")) void house.reloadDomains().catch(onTrouble);
  });
  let stopping = false;
  const doors = await startDoors(house, config, world);
  const fetchCalendar = world.fetchCalendar ?? systemFetcher(config.subscriptions);
  const api = await startApi({
    house,
    ...config.http,
    webRoot: options.webRoot,
    tryOut: options.tryOut,
    passwords: config.auth?.passwords ?? true,
    ...oidcOf(config, house, world),
    randomBytes: world.randomBytes,
    decideQuestion: (principal, id, decision, answer) => decideQuestion(house, principal, id, decision, answer),
    freeBusy: config.freeBusy,
    ...(fetchCalendar && { fetchCalendar }),
    previewQuestion: (principal, row) => previewQuestion(house, principal, row),
    addProtocols: (app, attempts) => serveCaldav(app, { ...caldavOf(house, config, options, world), attempts }),
    isWorking: () => !stopping && worker.isAlive(),
    logger: world.logger,
  });
  const jobs = startHousekeeping(behind, config, world, fetchCalendar);
  // What was left behind when the last one ended does not wait for the next look.
  worker.wake();
  return {
    house,
    worker,
    httpPort: api.port,
    lmtpPort: doors.lmtpPort,
    ...(doors.smtpInPort !== undefined && { smtpInPort: doors.smtpInPort }),
    async close() {
      stopping = true;
      await Promise.all([api.close(), doors.close()]);
      await Promise.all([worker.stop(), jobs.stop()]);
      await transport.close();
      await house.close();
    },
  };
}

/** What CalDAV is given, but for what it shares with the web. */
function caldavOf(
  house: House,
  { http, auth, freeBusy }: Config,
  { tryOut }: { readonly tryOut: boolean },
  { randomBytes }: World,
) {
  return { house, tryOut, host: http.host, passwords: auth?.passwords ?? true, freeBusy, randomBytes };
}

/** Signing in at an OpenID provider, where one is configured. */
function oidcOf({ oidc, http, domains }: Config, { store, clock, zones }: House, { randomBytes }: World) {
  if (!oidc || http.publicUrl === undefined) return {};
  const { create, ...settings } = oidc;
  const redirectUri = new URL("/api/oidc/callback", http.publicUrl).href;
  const createIn = new Set(create ? domains : []);
  const hasZone = (name: string): boolean => zones.zone(name) !== undefined;
  return { oidc: makeOidc({ ...settings, createIn, redirectUri }, { store, clock, randomBytes, hasZone }) };
}

function startHousekeeping(
  house: House,
  { keep }: Config,
  { clock, logger }: World,
  fetchCalendar: FetchCalendar | undefined,
): JobRunner {
  const onTrouble = (error: unknown, job: string) => logger.error({ err: error, job }, "job");
  return startJobs({ store: house.store, clock, jobs: allJobs(house, keep, fetchCalendar), onTrouble });
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
