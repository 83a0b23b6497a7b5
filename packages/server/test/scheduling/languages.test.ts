import { intlZoneProvider } from "@parley/engine/recurrence";
import { readObject } from "@parley/engine/simulation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { readPayload } from "../../src/scheduling/payload.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { addGuest, create, houseOver, now, storeOptions } from "./house.ts";

let store: Store;
let house: House;
beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  house = houseOver(store);
});
afterEach(() => store.close());

function add(name: string, locale?: string): Promise<Principal> {
  const person = { name, addresses: [`${name.toLowerCase()}@example.test`], timezone: "Europe/Berlin" };
  return addPerson(store, { ...person, ...(locale !== undefined && { locale }) });
}

/** Whom a mail with what subject waits for. */
async function subjects(): Promise<Readonly<Record<string, string>>> {
  const deliveries = await store.write((transaction) => transaction.deliveries.claim(now, now + 60, 100));
  const said = deliveries.map(async ({ recipient, payload }) => {
    const bytes = await store.read(({ ledger }) => ledger.source(payload));
    if (!bytes) throw new Error("no payload");
    return [recipient, readPayload(bytes).mail.subject] as const;
  });
  return Object.fromEntries(await Promise.all(said));
}

async function ledgerSubjects(principal: Principal): Promise<readonly string[]> {
  const rows = await store.read(({ ledger }) => ledger.list(principal.id, { limit: 10 }));
  return rows.map(({ subject }) => subject);
}

test("each guest reads their own language: their locale here, else the sender's", async () => {
  const ann = await add("Ann", "fr");
  await add("Ben", "de-AT");
  await add("Clara");
  await add("Dai", "xx");
  await create(house, ann, "ben@example.test", "clara@example.test", "dai@example.test", "eva@partner.test");
  expect(await subjects()).toEqual({
    "ben@example.test": "Einladung: Planning",
    "clara@example.test": "Invitation\u00a0: Planning",
    "dai@example.test": "Invitation\u00a0: Planning",
    "eva@partner.test": "Invitation\u00a0: Planning",
  });
  expect(await ledgerSubjects(ann)).toEqual(["Invitation\u00a0: Planning"]);
});

test("where nobody says a language it is the house's, and else English", async () => {
  const ann = await add("Ann");
  await create({ ...house, locale: "es" }, ann, "eva@partner.test");
  expect(await subjects()).toEqual({ "eva@partner.test": "Invitación: Planning" });
  await create(house, await add("Bob"), "fay@partner.test");
  expect(await subjects()).toEqual({ "fay@partner.test": "Invitation: Planning" });
});

test("what the ATTENDEE says counts before all", async () => {
  const ann = await add("Ann", "fr");
  await add("Ben", "de");
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    "BEGIN:VEVENT",
    "UID:one@example.test",
    "DTSTAMP:20270301T090000Z",
    "DTSTART:20270310T090000Z",
    "SUMMARY:Planning",
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE;LANGUAGE=ja;CN=Ben:mailto:ben@example.test",
    "ATTENDEE;LANGUAGE=tlh:mailto:eva@partner.test",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  await changeObject(house, ann, { uid: "one@example.test" }, () => readObject(text, intlZoneProvider));
  expect(await subjects()).toEqual({
    "ben@example.test": "招待：Planning",
    "eva@partner.test": "Invitation\u00a0: Planning",
  });
});

test("what changed is said in the language of the mail, and in the ledger in that of its owner", async () => {
  const ann = await add("Ann", "de");
  const made = await create(house, ann, "eva@partner.test");
  if (made.kind !== "done" || !made.object) throw new Error(made.kind);
  await subjects();
  await addGuest(house, ann, "ben@partner.test", { id: made.object.id });
  const [row] = await store.read(({ ledger }) => ledger.list(ann.id, { limit: 10 }));
  expect(row?.changes).toEqual(["ben@partner.test wurde hinzugefügt."]);
});
