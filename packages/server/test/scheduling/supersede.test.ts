import { readFileSync } from "node:fs";
import { defaultLimits, type EventFields, editEvent, makeEvent } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decideQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { checkStore } from "../../src/operation/check.ts";
import { addPerson } from "../../src/people.ts";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { Payload } from "../../src/scheduling/payload.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { fieldsWith, houseOver, now, replyOf, storeOptions, uid } from "./house.ts";

const google = readFileSync(new URL("../../../../fixtures/dialects/google-request.eml", import.meta.url));
const pauseSeconds = 30;
const [gina, gus] = ["gina@elsewhere.test", "gus@elsewhere.test"];
const clock = { now };
let store: Store;
let house: House;
let ann: Principal;

beforeEach(async () => {
  clock.now = now;
  store = await openSqliteStore(":memory:", storeOptions);
  house = { ...houseOver(store), clock: () => clock.now, delivery: { pauseSeconds } };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
});
afterEach(async () => {
  // What was left out leaves nothing behind that a check would find.
  expect((await checkStore(house)).faults).toEqual([]);
  await store.close();
});

const zones = makeZoneResolver([], storeOptions.zones, defaultLimits);

/** Writes the event as it is to be, `after` so many seconds. */
async function write(after: number, fields: Partial<EventFields>, ...guests: readonly string[]): Promise<void> {
  clock.now += after;
  const wanted = { ...fieldsWith(...guests), ...fields };
  const result = await changeObject(house, ann, { uid }, (present) => {
    const object = present?.state.object;
    if (!object) return makeEvent(uid, wanted, ann, zones, defaultLimits);
    return editEvent(object, wanted, ann, zones, defaultLimits);
  });
  expect(result.kind).toBe("done");
}

const cancel = () => actOnObject(house, ann, { uid }, { kind: "cancel" });

interface Sent {
  readonly to: string;
  readonly after: number;
  readonly subject: string;
  readonly text: string;
  readonly calendar: string;
}

/** Lets all that is due now leave; tells what did, and how long after the beginning. */
async function leave(state: "handed-over" | "deferred" = "handed-over"): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (;;) {
    const claimed = await store.write(({ deliveries }) => deliveries.claim(clock.now, clock.now + 60, 100));
    if (claimed.length === 0) return sent;
    for (const { id, recipient, payload } of claimed) {
      const bytes = await store.read(({ ledger }) => ledger.source(payload));
      const { mail } = JSON.parse(new TextDecoder().decode(bytes)) as Payload;
      sent.push({ to: recipient, after: clock.now - now, ...mail });
      const due = clock.now + 3_600;
      await store.write(({ deliveries }) => deliveries.settle(id, { state, due, detail: "" }));
    }
  }
}

/** Lets everything leave when it is due. */
async function leaveAll(): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (;;) {
    sent.push(...(await leave()));
    const due = await store.read(({ deliveries }) => deliveries.nextDue());
    if (due === undefined) return sent;
    clock.now = Math.max(clock.now, due);
  }
}

const told = (sent: readonly Sent[]) => sent.map(({ to, after, subject }) => [to, after, subject]);

test("what is written within the pause is one invitation, no later than the first would have been", async () => {
  await write(0, {}, gina);
  await write(10, { location: "Room 4" }, gina);
  await write(10, { summary: "Review" }, gina);
  expect(await leave()).toEqual([]);
  const sent = await leaveAll();
  expect(told(sent)).toEqual([[gina, 30, "Invitation: Review"]]);
  expect(sent[0]?.calendar).toContain("SUMMARY:Review");
  expect(sent[0]?.text).not.toMatch(/changed/i);
});

test("what is written after the pause leaves by itself, and says what changed since the guest last heard", async () => {
  await write(0, {}, gina);
  await leaveAll();
  await write(100, { location: "Room 4", summary: "Review" }, gina);
  await write(10, { location: "Room 5", summary: "Review" }, gina);
  const sent = await leaveAll();
  expect(told(sent)).toEqual([[gina, 160, expect.stringContaining("Review")]]);
  expect(sent[0]?.text).toContain("Room 5");
  expect(sent[0]?.text).not.toContain("Room 4");
  expect(sent[0]?.text).toContain("Planning");
});

test("a guest who joins within the pause is invited; the others are told what changed", async () => {
  await write(0, {}, gina);
  await leaveAll();
  await write(100, { location: "Room 4" }, gina);
  await write(5, { location: "Room 4", summary: "Review" }, gina, gus);
  const sent = await leaveAll();
  const of = (guest: string) => sent.filter(({ to }) => to === guest);
  expect(told(of(gus))).toEqual([[gus, 165, "Invitation: Review"]]);
  expect(of(gina)).toHaveLength(1);
  expect(of(gina)[0]).toMatchObject({
    after: 160,
    text: expect.stringMatching(/Room 4[^]*Planning|Planning[^]*Room 4/),
  });
});

test("what is called off before it left is never heard of", async () => {
  await write(0, {}, gina);
  expect((await cancel()).kind).toBe("done");
  expect(await leaveAll()).toEqual([]);
  const rows = await store.read(({ ledger }) => ledger.list(ann.id, { limit: 10 }));
  expect(rows.map(({ method }) => method)).toEqual(["REQUEST"]);
  const states = await store.read(({ deliveries }) => deliveries.latestStates(ann.id, uid));
  expect([...states]).toEqual([]);
});

test.each([
  ["handed over", "handed-over"],
  ["tried, which may have reached them", "deferred"],
] as const)("what is called off after it was %s is called off in place of all that waits", async (_, state) => {
  await write(0, {}, gina);
  clock.now += pauseSeconds;
  expect(await leave(state)).toHaveLength(1);
  await write(10, { location: "Room 4" }, gina);
  await cancel();
  expect(told(await leaveAll())).toEqual([[gina, expect.any(Number), "Cancelled: Planning"]]);
});

test("what a worker has in hand is not taken from it", async () => {
  await write(0, {}, gina);
  clock.now += pauseSeconds;
  const [first] = await store.write(({ deliveries }) => deliveries.claim(clock.now, clock.now + 60, 1));
  await write(0, { location: "Room 4" }, gina);
  await store.write(({ deliveries }) =>
    deliveries.settle(first?.id ?? "", { state: "handed-over", due: clock.now, detail: "" }),
  );
  const sent = await leaveAll();
  expect(told(sent)).toEqual([[gina, 60, expect.stringContaining("Planning")]]);
  expect(sent[0]?.text).toContain("Room 4");
});

test("who is taken off the list before the invitation left is told nothing; who is on it is told once", async () => {
  await write(0, {}, gina, gus);
  await write(5, {}, gina);
  expect(told(await leaveAll())).toEqual([[gina, 30, "Invitation: Planning"]]);
});

test("what a mail asks for does not wait, nor does an answer", async () => {
  await write(0, {}, gina);
  await leaveAll();
  clock.now += 100;
  const refresh = new TextDecoder()
    .decode(replyOf(gina))
    .replaceAll("REPLY", "REFRESH")
    .replace(/DTSTART.*\r\n|SEQUENCE.*\r\n/g, "")
    .replace(";PARTSTAT=ACCEPTED", "");
  const [result] = await deliverMail(house, new TextEncoder().encode(refresh), [ann.address], "outside");
  expect(result).toMatchObject({ rows: [{ method: "REFRESH", verdict: "applied" }] });
  expect(told(await leave())).toEqual([[gina, 130, expect.stringContaining("Planning")]]);
  await deliverMail(house, google, [ann.address], "outside");
  const [question] = await store.read(({ ledger }) => ledger.openQuestions(ann.id));
  const answer = { kind: "answer", partstat: "ACCEPTED" } as const;
  expect((await decideQuestion(house, ann, question?.id ?? "", "apply", answer)).kind).toBe("done");
  expect(told(await leave())).toEqual([[expect.stringContaining("@"), 130, expect.stringContaining("Accepted")]]);
});

interface Step {
  readonly after: number;
  readonly summary: string;
  readonly guests: readonly string[];
}

/** The last calendar each guest gets when these are written, with that pause. */
async function lastHeard(steps: readonly Step[], pause: number): Promise<ReadonlyMap<string, string>> {
  await store.close();
  clock.now = now;
  store = await openSqliteStore(":memory:", storeOptions);
  house = { ...house, store, delivery: { pauseSeconds: pause } };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  const sent: Sent[] = [];
  for (const { after, summary, guests } of steps) {
    for (let second = 0; second < after; second++) {
      clock.now++;
      sent.push(...(await leave()));
    }
    await write(0, { summary }, ...guests);
  }
  sent.push(...(await leaveAll()));
  return new Map(sent.map(({ to, calendar }) => [to, calendar]));
}

test("whatever is written when, the last a guest hears is what they would have heard without a pause", async () => {
  const step = fc.record({
    after: fc.integer({ min: 1, max: 40 }),
    summary: fc.uuid(),
    guests: fc.subarray([gina, gus, "gail@elsewhere.test"]),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const [paused, plain] = [await lastHeard(steps, pauseSeconds), await lastHeard(steps, 0)];
      for (const [guest, calendar] of plain) {
        // Who was invited and taken off again before the invitation left hears nothing.
        if (!paused.has(guest)) expect(calendar).toContain("METHOD:CANCEL");
        else expect(paused.get(guest)).toBe(calendar);
      }
    }),
    { numRuns: 15 },
  );
});
