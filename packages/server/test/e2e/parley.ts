import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { EventInput, EventView, LedgerEntry, LedgerList, QuestionList } from "../../src/api/contract.ts";
import { hashPassword } from "../../src/auth/passwords.ts";
import type { Config } from "../../src/config.ts";
import { addPerson } from "../../src/people.ts";
import { type Server, startServer } from "../../src/server.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { address } from "../store/fixtures.ts";
import { sqliteFile } from "../store/sqlite-file.ts";
import { type Relay, startRelay } from "./relay.ts";

export const password = "correct horse battery";
/** The time it is. */
export const wallClock = {
  get now() {
    return Math.floor(Date.now() / 1_000);
  },
};

/** One Parley of a test: a server of one domain, and its API as its people use it. */
export interface Parley {
  readonly domain: string;
  readonly server: Server;
  readonly data: string;
  /** Finds one of its people. */
  principal(person: string): Promise<Principal>;
  /** Ends it, and removes its folder. */
  close(): Promise<void>;
  /** Calls the API as a person; throws with the server's words where the status is not 2xx. */
  call<Answer>(person: string, method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Two Parleys for two domains, joined by a relay, under one clock. */
export interface Pair {
  readonly clock: { now: number };
  readonly relay: Relay;
  readonly servers: ReadonlyMap<string, Parley>;
  of(person: string): Parley;
  /** Lets all deliveries leave, and hands them over, until nothing moves. */
  deliver(options?: { readonly times?: number; readonly order?: "sent" | "reversed" }): Promise<void>;
  /** Lets all deliveries leave as far as the relay. */
  send(): Promise<void>;
  close(): Promise<void>;
}

export const people: Readonly<Record<string, string>> = {
  "ann@example.test": "Ann Archer",
  "ben@example.test": "Ben Baker",
  "clara@partner.test": "Clara Cook",
  "david@partner.test": "David Diaz",
  "eve@partner.test": "Eve Early",
  "mia@mailbox.test": "Mia Moss",
  "rob@relayed.test": "Rob Reed",
};

/** Starts two servers and their relay on loopback, in folders of their own, or each on an empty database it is given. */
export async function startPair(start: number, makeDatabase?: () => Promise<string>): Promise<Pair> {
  const clock = { now: start };
  const relay = startRelay();
  const servers = new Map<string, Parley>();
  for (const domain of ["example.test", "partner.test"]) {
    const url = await makeDatabase?.();
    const parley = await startParley(domain, clock, {
      smtp: { host: "127.0.0.1", port: await relay.portFor(domain), secure: false, requireTls: false },
      ...(url !== undefined && { database: { url } }),
    });
    relay.route(domain, parley.server.lmtpPort);
    servers.set(domain, parley);
  }
  const all = [...servers.values()];
  const send = async (): Promise<void> => {
    for (const { server } of all) await server.worker.drain();
  };
  return {
    clock,
    relay,
    servers,
    send,
    of(person) {
      const parley = servers.get(person.split("@")[1] ?? "");
      if (!parley) throw new Error(`nobody serves ${person}`);
      return parley;
    },
    async deliver(options) {
      for (let round = 0; round < 20; round++) {
        await send();
        if ((await relay.release(round === 0 ? options : {})) === 0) return;
      }
      throw new Error("the mail never comes to rest");
    },
    async close() {
      relay.hangUp();
      await Promise.all(all.map((parley) => parley.close()));
      await relay.close();
    },
  };
}

/** Starts one server, of a domain and what `more` says, for the people of its domains. It has no pages without `webRoot`. */
export async function startParley(
  domain: string,
  clock: { readonly now: number },
  more: Partial<Config> = {},
  webRoot?: string,
): Promise<Parley> {
  const data = await mkdtemp(join(tmpdir(), "parley-test-"));
  const config: Config = {
    data,
    domains: [domain],
    http: { host: "127.0.0.1", port: 0 },
    lmtp: { host: "127.0.0.1", port: 0 },
    outbox: join(data, "outbox"),
    delivery: { pauseSeconds: 0 },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
    trust: { authservIds: [`mx.${domain}`], relay: false },
    ...more,
  };
  const world = {
    clock: () => clock.now,
    random: () => 0.5,
    randomBytes: (count: number) => randomBytes(count),
    logger: pino({ level: process.env["PARLEY_LOG_LEVEL"] ?? "silent" }),
  };
  if (!config.database) await writeFile(join(data, "parley.sqlite"), await fileOfPeople(config.domains));
  const server = await startServer(config, { tryOut: false, webRoot: webRoot ?? join(data, "web") }, world);
  if (config.database) await addPeople(server.house.store, config.domains);
  return {
    ...{ domain, server, data },
    principal: async (person) => {
      const found = await server.house.store.read(({ principals }) => principals.byAddress(address(person)));
      if (!found) throw new Error(`${person} is nobody here`);
      return found;
    },
    close: async () => {
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
    call: (...args) => callApi(server.httpPort, ...args),
  };
}

const files = new Map<string, Promise<Uint8Array>>();

/** A store's file with the people of some domains: made once, as it takes longer than most tests. */
function fileOfPeople(domains: readonly string[]): Promise<Uint8Array> {
  const name = domains.join(" ");
  const made = files.get(name) ?? sqliteFile((store) => addPeople(store, domains));
  files.set(name, made);
  return made;
}

let hashed: Promise<string> | undefined;

async function addPeople(store: Store, domains: readonly string[]): Promise<void> {
  hashed ??= hashPassword(password);
  const hash = await hashed;
  for (const [address, name] of Object.entries(people)) {
    if (!domains.includes(address.split("@")[1] ?? "")) continue;
    const person = await addPerson(store, { name, addresses: [address], timezone: "Europe/Berlin" });
    await store.write((transaction) => transaction.principals.setPasswordHash(person.id, hash));
  }
}

async function callApi<Answer>(
  port: number,
  person: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${person}:${password}`).toString("base64")}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** The API of one person, by the words a test uses. */
export function as(pair: Pick<Pair, "of">, person: string) {
  const { call } = pair.of(person);
  return {
    create: (event: EventInput) => call<EventView>(person, "POST", "/api/events", event),
    change: (id: string, event: EventInput) => call<EventView>(person, "PUT", `/api/events/${id}`, event),
    cancel: (id: string, comment?: string) =>
      call<EventView>(person, "POST", `/api/events/${id}/cancel`, comment ? { comment } : {}),
    answer: (id: string, partstat: string, comment?: string) =>
      call<EventView>(person, "POST", `/api/events/${id}/answer`, { partstat, ...(comment && { comment }) }),
    events: async () => {
      const path = "/api/events?from=2027-01-01T00:00:00Z&to=2027-12-31T00:00:00Z";
      return (await call<{ events: EventView[] }>(person, "GET", path)).events;
    },
    questions: async () => (await call<QuestionList>(person, "GET", "/api/questions")).questions,
    decide: (id: string, body: unknown) =>
      call<{ event: EventView | null }>(person, "POST", `/api/questions/${id}`, body),
    ledger: async (): Promise<LedgerEntry[]> =>
      (await call<LedgerList>(person, "GET", "/api/ledger?limit=200")).entries,
  };
}

/** Who answered what, by address. */
export function answersOf(event: EventView | undefined): Record<string, string> {
  return Object.fromEntries((event?.attendees ?? []).map(({ address, partstat }) => [address, partstat]));
}
