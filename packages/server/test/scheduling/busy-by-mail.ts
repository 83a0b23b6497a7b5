import { parseAddress } from "@parley/engine";
import { makeComponent } from "@parley/engine/icalendar";
import { afterEach, beforeEach, expect } from "vitest";
import type { FreeBusyList, LedgerEntry } from "../../src/api/contract.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { askBusyTimes } from "../../src/scheduling/busy-by-mail.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import { readToldTimes } from "../../src/scheduling/told-busy.ts";
import { type Pair, startPair } from "../e2e/parley.ts";
import { calendarObject, property } from "../store/fixtures.ts";

export const [ann, ben] = ["ann@example.test", "ben@example.test"];
export const [clara, david] = ["clara@partner.test", "david@partner.test"];
/** 2027-03-01T08:00:00Z. */
export const start = 1_803_888_000;
export const [hour, day] = [3_600, 86_400];
export const week = { from: "2027-03-01T00:00:00Z", to: "2027-03-08T00:00:00Z" };
export const meeting = { SUMMARY: "Secret plans", LOCATION: "Vault", DESCRIPTION: "Bring the key" };

/** The two servers of the test that runs. */
export let pair: Pair;
/** Starts them for each test of a file, and stops them after it. What the relay brings them comes past the door: LMTP greets slowly. */
export function usePair(): void {
  beforeEach(async () => {
    pair = await startPair(start);
    for (const [domain, { server }] of pair.servers) {
      pair.relay.route(domain, async ({ from, to, raw }) => {
        expect(await deliverMail(server.house, raw, [to], "outside", from)).toMatchObject([{ kind: "kept" }]);
      });
    }
    await own("meeting", "20270302T090000Z", meeting);
  });
  afterEach(async () => pair.close());
}

export function call<Result>(person: string, method: string, path: string, body?: unknown): Promise<Result> {
  return pair.of(person).call<Result>(person, method, path, body);
}

export async function principalOf(person: string) {
  const { server, principal: find } = pair.of(person);
  const principal = await find(person);
  return { store: server.house.store, id: principal.id, principal };
}

export async function prefer(person: string, policy: string | undefined): Promise<void> {
  const { store, id } = await principalOf(person);
  await store.write(({ preferences }) => preferences.set(id, "busy-by-mail", policy));
}

export async function know(person: string, other: string): Promise<void> {
  const { store, id } = await principalOf(person);
  const address = parseAddress(other);
  if (address) await store.write(({ principals }) => principals.addCorrespondents(id, [address], start));
}

export async function askBy(
  person: string,
  addresses: readonly string[],
  range: object = {},
): Promise<readonly string[]> {
  const { principal } = await principalOf(person);
  const asked = { ...week, ...range };
  const [from, to] = [asked.from, asked.to].map((text) => Date.parse(text) / 1_000);
  return askBusyTimes(pair.of(person).server.house, principal, addresses, { from: from ?? 0, to: to ?? 0 });
}

export async function seenBy(person: string, address = clara, range = week) {
  const query = new URLSearchParams({ addresses: address, ...range });
  const { people } = await call<FreeBusyList>(person, "GET", `/api/free-busy?${query}`);
  return people[0];
}

/** The same without the API, which looks at a password each time. */
export async function toldTo(
  person: string,
  address = clara,
  range = { from: start - 8 * hour, to: start + 7 * day - 8 * hour },
) {
  const { store, principal } = await principalOf(person);
  const asked = parseAddress(address);
  const { house } = pair.of(person).server;
  const all = await store.read((transaction) =>
    readToldTimes(house, transaction, principal, asked ? [asked] : [], range),
  );
  return asked && all.get(asked);
}

export async function rowsOf(person: string) {
  const { store, id } = await principalOf(person);
  return store.read(({ ledger }) => ledger.list(id, { limit: 100 }));
}

export async function ledgerOf(person: string): Promise<readonly LedgerEntry[]> {
  return (await call<{ entries: LedgerEntry[] }>(person, "GET", "/api/ledger?limit=100")).entries;
}

/** The lines of the VFREEBUSY of the last mail the relay took. */
export function lastBusy(): readonly string[] {
  const raw = pair.relay.seen.at(-1)?.raw.toString("latin1") ?? "";
  const encoded = /Content-Type: text\/calendar[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw)?.[1] ?? "";
  const lines = Buffer.from(encoded, "base64").toString("utf8").replace(/\r\n /g, "").split("\r\n");
  return lines.slice(lines.indexOf("BEGIN:VFREEBUSY") + 1, lines.indexOf("END:VFREEBUSY"));
}

/** Puts an event of an hour into Clara's calendar. */
export async function own(uid: string, at: string, more: Readonly<Record<string, string>>): Promise<void> {
  const { principal } = await principalOf(clara);
  const lines = { UID: uid, DTSTAMP: "20270301T080000Z", DTSTART: at, DURATION: "PT1H", ...more };
  const component = makeComponent(
    "VEVENT",
    Object.entries(lines).map(([each, text]) => property(each, text)),
  );
  await changeObject(pair.of(clara).server.house, principal, { uid }, () => calendarObject(component));
}
