import { Resolver } from "node:dns/promises";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { defaultLimits, defaultPolicy, type EpochSeconds } from "@parley/engine";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { DnsLookup } from "./mail/authenticity/dns.ts";
import type { House } from "./scheduling/house.ts";
import type { SenderCheck } from "./scheduling/sender-proof.ts";
import { openPostgresStore } from "./store/postgres.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { FetchCalendar } from "./subscriptions/fetch-calendar.ts";
import { systemZones, zoneDataVersion } from "./zones.ts";

/** The world as `main` gives it: nothing else in the server reads a clock or makes a random number. */
export interface World {
  readonly clock: () => EpochSeconds;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly logger: Logger;
  /** Asks the DNS; the system's resolver where absent. */
  readonly lookUp?: DnsLookup;
  /** Reads calendars elsewhere; as the configuration says where absent. */
  readonly fetchCalendar?: FetchCalendar;
}

/** Makes our own check of who sent a mail, where it is asked for: nobody else loads what it needs. */
async function senderCheck({ trust }: Config, { clock, lookUp }: World): Promise<SenderCheck | undefined> {
  const { check = false, receivedBy = [], arcSealers = [], smimeAuthorities = [] } = trust;
  if (!check && smimeAuthorities.length === 0) return undefined;
  const { makeSenderCheck } = await import("./mail/authenticity/check-sender.ts");
  const dns = new Resolver({ timeout: dnsMilliseconds, tries: 2 });
  const systemLookUp: DnsLookup = (name, type) => dns.resolve(name, type) as ReturnType<DnsLookup>;
  const options = { domains: check, receivedBy, arcSealers, smimeAuthorities, clock };
  return makeSenderCheck({ ...options, lookUp: lookUp ?? systemLookUp });
}

const dnsMilliseconds = 3_000;

/** Makes what opens encrypted mail, where somebody here has a key. */
async function decryption({ smime }: Config): Promise<House["trust"]["decrypt"]> {
  if (!smime) return undefined;
  const [{ readAllSmimeKeys }, { makeDecrypt }] = await Promise.all([
    import("./smime/settings.ts"),
    import("./mail/authenticity/decrypt-mail.ts"),
  ]);
  return makeDecrypt(await readAllSmimeKeys(smime));
}

/** A house that can be closed, and looks at its domains anew when it is told that somebody may have changed them. */
export interface OpenHouse extends House {
  reloadDomains(): Promise<void>;
  close(): Promise<void>;
}

/** Links need an address at which guests elsewhere find us. */
function answerLinksOf({ answerLinks, http }: Config): Pick<House, "answerLinks"> {
  return http.publicUrl === undefined || answerLinks === false ? {} : { answerLinks: { url: http.publicUrl } };
}

/** Opens the store and makes the House over it. The data folder is made where there is none. */
export async function openHouse(config: Config, world: World): Promise<OpenHouse> {
  // It holds people's mail: a folder made here is for nobody else on the machine.
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  const zones = systemZones(config.zoneinfo);
  const options = { zones, limits: defaultLimits };
  const check = await senderCheck(config, world);
  const decrypt = await decryption(config);
  const store = config.database
    ? await openPostgresStore(config.database.url, { ...options, random: world.random })
    : await openSqliteStore(join(config.data, "parley.sqlite"), options);
  const domains = new Set(config.domains);
  const reloadDomains = async (): Promise<void> => {
    const added = await store.read((transaction) => transaction.domains.list());
    const wanted = new Set([...config.domains, ...added]);
    for (const name of wanted) domains.add(name);
    for (const name of domains) if (!wanted.has(name)) domains.delete(name);
  };
  await reloadDomains();
  return {
    store,
    reloadDomains,
    clock: world.clock,
    zones,
    zoneData: zoneDataVersion(config.zoneinfo),
    limits: defaultLimits,
    policy: defaultPolicy,
    domains,
    trust: {
      authservIds: config.trust.authservIds.map((id) => id.toLowerCase()),
      relay: config.trust.relay,
      ...(check && { check }),
      ...(decrypt && { decrypt }),
    },
    delivery: config.delivery,
    ...answerLinksOf(config),
    ...(config.busyByMail && { busyByMail: config.busyByMail }),
    ...(config.locale !== undefined && { locale: config.locale }),
    makeUid: () => `${Buffer.from(world.randomBytes(16)).toString("hex")}@${config.domains[0]}`,
    onHeld: ({ address }, uid, reason) => world.logger.warn({ person: address, uid, reason }, "held back"),
    close: () => store.close(),
  };
}
