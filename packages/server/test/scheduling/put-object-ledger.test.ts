import { describe, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import { putObject } from "../../src/scheduling/put-object.ts";
import type { Store } from "../../src/store/store.ts";
import { withStore } from "../store/bench.ts";
import { sqliteBench } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines, meeting } from "./calendar-world.ts";
import { replyOf, storeOptions } from "./house.ts";

const name = "a.ics";
const eva = "eva@elsewhere.test";
const uid = "one@example.test";

function inWorld(run: (world: CalendarWorld, store: Store) => Promise<void>): () => Promise<void> {
  return withStore(
    () => sqliteBench(storeOptions),
    async (store) => run(await calendarWorld(store), store),
  );
}

/** A series of Ann's with Eva, and further lines. */
const series = (...lines: readonly string[]) => meeting([`:mailto:${eva}`], ...lines);

/** What Eva says of the meeting counts for Ann. */
async function stands({ get, ann }: CalendarWorld): Promise<string> {
  return /PARTSTAT=([A-Z-]+)[^\n]*eva@/.exec((await get(ann, name)) ?? "")?.[1] ?? "";
}

describe("RFC 6638 §3.2.8 and decision 0006: an answer", () => {
  const five = "RRULE:FREQ=DAILY;COUNT=5";
  const out = "EXDATE:20270304T090000Z";
  const rows: readonly (readonly [string, readonly string[], readonly string[], string])[] = [
    ["stays where the rule ends earlier", [five], ["RRULE:FREQ=DAILY;COUNT=3"], "ACCEPTED"],
    ["stays where the rule goes on for longer", [five], ["RRULE:FREQ=DAILY;COUNT=9"], "ACCEPTED"],
    ["is void where the rule has other Instances", [five], ["RRULE:FREQ=WEEKLY;COUNT=5"], "NEEDS-ACTION"],
    ["stays where an RDATE is added", [five], [five, "RDATE:20270401T090000Z"], "ACCEPTED"],
    ["stays where an Instance is left out", [five], [five, out], "ACCEPTED"],
    ["stays where another place is given", [five], [five, "LOCATION:There"], "ACCEPTED"],
  ];
  for (const [title, before, after, expected] of rows) {
    test(
      title,
      inWorld(async (world) => {
        await world.keep(world.ann, name, series(...before));
        await world.deliver();
        await world.mail(replyOf(eva, "ACCEPTED", uid), world.ann);
        expect(await stands(world)).toBe("ACCEPTED");
        await world.keep(world.ann, name, series(...after));
        expect(await stands(world)).toBe(expected);
      }),
    );
  }
});

test(
  "CALSCHED-3.1-01: who is the Organizer by another address of theirs is it too",
  inWorld(async ({ house, deliver }, store) => {
    const dora = await addPerson(store, {
      name: "dora",
      addresses: ["dora@example.test", "d@example.test"],
      timezone: "UTC",
    });
    const [calendar] = await store.read(({ calendars }) => calendars.list(dora.id));
    const text = series().replace("ann@example.test", "d@example.test");
    const at = { calendar: calendar?.id ?? "", name };
    expect(await putObject(house, { caller: dora, owner: dora }, at, text)).toMatchObject({ kind: "done" });
    await deliver();
    const rows = await store.read(({ ledger }) => ledger.list(dora.id, { limit: 5 }));
    expect(rows.map(({ method, to }) => `${method} ${String(to)}`)).toEqual([`REQUEST ${eva}`]);
  }),
);

test(
  "CALSCHED-3.2.5-01: a message says when it was made",
  inWorld(async ({ ann, ben, keep, deliver, names, get, house }) => {
    await keep(ann, name, meeting([":mailto:ben@example.test"]));
    await deliver();
    const [copy = ""] = await names(ben);
    const stamp = new Date(house.clock() * 1_000).toISOString().replace(/[-:]|\.\d+/g, "");
    expect(await get(ben, copy)).toContain(`DTSTAMP:${stamp}`);
  }),
);

test(
  "CALSCHED-3.2.9-02: what a guest's calendar said of the request is the status shown of them",
  inWorld(async ({ ann, keep, deliver, get, mail }) => {
    await keep(ann, name, series());
    await deliver();
    const raw = new TextDecoder().decode(replyOf(eva, "ACCEPTED", uid));
    const said = raw.replace("SEQUENCE:0", "SEQUENCE:0\r\nREQUEST-STATUS:2.8;Success\\, repeating event ignored");
    await mail(new TextEncoder().encode(said), ann);
    expect(await get(ann, name)).toMatch(/SCHEDULE-STATUS=2\.8[^\n]*eva@/);
  }),
);

test(
  "CALSCHED-3.2.9-03: how a delivery fares is the same in all components",
  inWorld(async ({ ann, keep, deliver, get }) => {
    const people = ["ORGANIZER:mailto:ann@example.test", `ATTENDEE:mailto:${eva}`];
    const instance = ["RECURRENCE-ID:20270303T090000Z", "LOCATION:There"];
    await keep(
      ann,
      name,
      calendarOf(eventLines("RRULE:FREQ=DAILY;COUNT=5", ...people), eventLines(...instance, ...people)),
    );
    for (const code of ["1.0", "1.1"]) {
      const shown = (await get(ann, name)) ?? "";
      expect(shown.match(/SCHEDULE-STATUS=[0-9.]+/g)).toEqual(Array(2).fill(`SCHEDULE-STATUS=${code}`));
      await deliver();
    }
  }),
);

test(
  "CALSCHED-7.3-06: a list of codes stays one",
  inWorld(async ({ ann, keep, get }) => {
    const line = ';SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS="2.0,2.4":mailto:c@elsewhere.test';
    await keep(ann, name, meeting([line]));
    expect(await get(ann, name)).toContain(`ATTENDEE${line}`);
  }),
);

test(
  "CALSCHED-4.2-01: an answer to what nobody knows changes nothing",
  inWorld(async ({ ann, mail, names, house }) => {
    await mail(replyOf(eva, "ACCEPTED", "unknown@example.test"), ann);
    expect(await names(ann)).toEqual([]);
    expect(await house.store.read(({ inbox }) => inbox.list(ann.id))).toEqual([]);
  }),
);

test(
  "CALSCHED-4.1-02 and CALSCHED-4.2-06: a message and what it changes are there together, or neither is",
  inWorld(async (world, store) => {
    const { ann, keep, deliver, get, house } = world;
    await keep(ann, name, series());
    await deliver();
    const before = await get(ann, name);
    const write: Store["write"] = (work) =>
      store.write((transaction) => {
        const add = () => Promise.reject(new Error("the inbox is full"));
        return work({ ...transaction, inbox: { ...transaction.inbox, add } });
      });
    const broken = { ...house, store: { ...store, write } };
    const [result] = await deliverMail(broken, replyOf(eva, "ACCEPTED", uid), [ann.address], "outside");
    expect(result?.kind).not.toBe("kept");
    expect(await get(ann, name)).toBe(before);
    await world.mail(replyOf(eva, "ACCEPTED", uid), ann);
    expect(await get(ann, name)).not.toBe(before);
    expect(await store.read(({ inbox }) => inbox.list(ann.id))).toHaveLength(1);
  }),
);
