import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  defaultLimits,
  defaultPolicy,
  type Evidence,
  type Method,
  parseAddress,
  parseMethod,
  readCalendarObject,
  type SchedulingMessage,
} from "@parley/engine";
import { parseCalendar } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { pino } from "pino";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { expect } from "vitest";
import * as calendars from "../../src/api/calendar-schemas.ts";
import type { ApiOptions } from "../../src/api/options.ts";
import * as schemas from "../../src/api/schemas.ts";
import { startApi } from "../../src/api/server.ts";
import { hashPassword } from "../../src/auth/passwords.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { receiveMessage } from "../../src/scheduling/receive-message.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal } from "../../src/store/store.ts";

export const ann = "ann@example.test";
export const ben = "ben@example.test";
export const password = "correct horse battery";
/** 2027-03-01T08:00:00Z. */
export const start = 1_803_888_000;

/** Every route that answers JSON, and what it answers. */
const routes: readonly (readonly [method: string, path: RegExp, answer: TSchema])[] = [
  ["GET", /^\/api\/session$/, schemas.SessionView],
  ["POST", /^\/api\/session$/, schemas.SessionView],
  ["DELETE", /^\/api\/session$/, schemas.SessionView],
  ["GET", /^\/api\/events$/, schemas.EventList],
  ["POST", /^\/api\/events$/, schemas.EventView],
  ["GET", /^\/api\/events\/[^/]+$/, schemas.EventView],
  ["PUT", /^\/api\/events\/[^/]+$/, schemas.EventView],
  ["POST", /^\/api\/events\/[^/]+\/answer$/, schemas.EventView],
  ["POST", /^\/api\/events\/[^/]+\/cancel$/, schemas.EventView],
  ["POST", /^\/api\/events\/([^/]+\/)?preview$/, schemas.ChangePreview],
  ["POST", /^\/api\/events\/[^/]+\/send-now$/, schemas.EventView],
  ["GET", /^\/api\/questions$/, schemas.QuestionList],
  ["POST", /^\/api\/questions\/[^/]+$/, schemas.QuestionResult],
  ["GET", /^\/api\/ledger$/, schemas.LedgerList],
  ["GET", /^\/api\/app-passwords$/, schemas.AppPasswordList],
  ["POST", /^\/api\/app-passwords$/, schemas.NewAppPassword],
  ["DELETE", /^\/api\/app-passwords\/[^/]+$/, schemas.AppPasswordList],
  ["GET", /^\/api\/free-busy$/, schemas.FreeBusyList],
  ["GET", /^\/api\/calendars$/, calendars.CalendarList],
  ["POST", /^\/api\/subscriptions$/, calendars.CalendarView],
  ["POST", /^\/api\/calendars\/[^/]+\/refresh$/, calendars.CalendarView],
  ["POST", /^\/api\/calendars\/[^/]+\/import$/, calendars.ImportView],
  ["GET", /^\/api\/calendars\/[^/]+\/shares$/, calendars.ShareList],
  ["PUT", /^\/api\/calendars\/[^/]+\/shares\/[^/]+$/, calendars.ShareList],
  ["DELETE", /^\/api\/calendars\/[^/]+\/shares\/[^/]+$/, calendars.ShareList],
  ["GET", /^\/api\/calendars\/[^/]+\/links$/, calendars.LinkList],
  ["POST", /^\/api\/calendars\/[^/]+\/links$/, calendars.NewLink],
  ["POST", /^\/api\/free-busy$/, schemas.FreeBusyAsked],
  ["POST", /^\/api\/find-times$/, schemas.FoundTimes],
];

/** An answer of the API. `body` is JSON where it said so, else text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test may look into an answer; its form is checked against its schema.
  readonly body: any;
}

export interface Call {
  /** Signs in by HTTP Basic, with the password of all. */
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running API over a store in memory, under a clock the test sets. */
export interface TestApi {
  readonly house: House;
  readonly clock: { now: number };
  readonly port: number;
  readonly people: Readonly<Record<string, Principal>>;
  /** Calls a route; what it answers must be as its schema says. */
  call(method: string, path: string, options?: Call): Promise<Answer>;
  /** Hands what is queued for our own people to them, as if their mail had come. */
  carry(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an API; `settings` replace what it is given. */
export async function startTestApi(settings: Partial<ApiOptions> = {}): Promise<TestApi> {
  const clock = { now: start };
  const store = await openSqliteStore(":memory:", { zones: intlZoneProvider, limits: defaultLimits });
  let uids = 0;
  const house: House = {
    store,
    clock: () => clock.now,
    zones: intlZoneProvider,
    limits: defaultLimits,
    policy: defaultPolicy,
    domains: new Set(["example.test"]),
    trust: { authservIds: [], relay: false },
    delivery: { pauseSeconds: 0 },
    makeUid: () => `uid-${++uids}@example.test`,
  };
  const hash = await hashPassword(password);
  const people: Record<string, Principal> = {};
  for (const [address, name] of [
    [ann, "Ann Archer"],
    [ben, "Ben Baker"],
  ] as const) {
    const alias = address.replace("@", ".alias@");
    const person = await addPerson(store, { name, addresses: [address, alias], timezone: "Europe/Berlin" });
    await store.write((transaction) => transaction.principals.setPasswordHash(person.id, hash));
    people[address] = person;
  }
  const noWeb = mkdtempSync(join(tmpdir(), "parley-no-web-"));
  const api = await startApi({
    house,
    host: "127.0.0.1",
    port: 0,
    webRoot: noWeb,
    tryOut: false,
    passwords: true,
    freeBusy: "people",
    randomBytes: (count) => randomBytes(count),
    decideQuestion: async () => ({ kind: "not-found" }),
    previewQuestion: async () => undefined,
    isWorking: () => true,
    logger: pino({ level: "silent" }),
    ...settings,
  });
  return {
    house,
    clock,
    port: api.port,
    people,
    call: (method, path, options) => call(api.port, method, path, options),
    carry: () => carry(house, people),
    async close() {
      await api.close();
      await store.close();
      rmSync(noWeb, { recursive: true });
    },
  };
}

/** The header by which a person signs in with every request. */
export function basic(address: string, secret = password): string {
  return `Basic ${Buffer.from(`${address}:${secret}`).toString("base64")}`;
}

async function call(port: number, method: string, path: string, options: Call = {}): Promise<Answer> {
  const { as, body, headers } = options;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(as !== undefined && { authorization: basic(as) }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  const answer: Answer = {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
  if (isJson) checkForm(method, path, answer);
  if (!isJson && response.status >= 400)
    throw new Error(`${method} ${path}: ${response.status} is no problem: ${text}`);
  return answer;
}

/** Every error is a Problem, and every other answer what its route promises. */
function checkForm(method: string, path: string, { status, body }: Answer): void {
  const bare = path.split("?", 1)[0] ?? "";
  const schema = routes.find(([of, pattern]) => of === method && pattern.test(bare))?.[2];
  const expected = status >= 400 ? schemas.Problem : schema;
  if (!expected) return;
  const faults = [...Value.Errors(expected, body)].map(({ instancePath, message }) => `${instancePath} ${message}`);
  expect(faults, `${method} ${path} ${status} ${JSON.stringify(body)}`).toEqual([]);
}

async function carry(house: House, people: Readonly<Record<string, Principal>>): Promise<void> {
  const { store, limits, zones } = house;
  const now = house.clock();
  for (let round = 0; round < 20; round++) {
    const claimed = await store.write((transaction) => transaction.deliveries.claim(now, now + 60, 100));
    if (claimed.length === 0) return;
    for (const delivery of claimed) {
      await store.write(async (transaction) => {
        await transaction.deliveries.settle(delivery.id, { state: "handed-over", due: now, detail: "250 2.0.0 Ok" });
        const principal = people[delivery.recipient];
        const payload = await transaction.ledger.source(delivery.payload);
        if (!principal || !payload) return;
        const { from, mail } = JSON.parse(new TextDecoder().decode(payload));
        const { calendar } = parseCalendar(mail.calendar, limits);
        if (!calendar) throw new Error("the mail has no calendar");
        const read = readCalendarObject(calendar, makeZoneResolver([], zones, limits), limits);
        if (!("object" in read)) throw new Error(read.problem);
        const method: Method | undefined = parseMethod(mail.method);
        const sender = parseAddress(from.address);
        if (!method || !sender) throw new Error("the mail has no method or sender");
        const message: SchedulingMessage = {
          method,
          originator: sender,
          recipients: [delivery.recipient],
          calendar,
          object: read.object,
          updates: [],
        };
        const evidence: Evidence = {
          strength: "local",
          from: sender,
          relation: "local",
          confirmedByOwner: false,
          detail: `${sender} is signed in here.`,
        };
        const source = await transaction.ledger.putSource(new TextEncoder().encode(`Subject: ${mail.subject}\r\n\r\n`));
        const facts = { subject: mail.subject, from: sender, to: [delivery.recipient], source, position: 0 };
        await receiveMessage(house, transaction, principal, message, evidence, facts);
      });
    }
  }
  throw new Error("the mail never comes to rest");
}
