import {
  defaultLimits,
  type Evidence,
  type Method,
  type Outcome,
  parseAddress,
  type Registers,
  readCalendarObject,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import { type Component, makeComponent } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import { contextFor, type House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal } from "../../src/store/store.ts";
import { calendarObject, property } from "../store/fixtures.ts";
import { houseOver, storeOptions } from "./house.ts";

// Decision 0030: what an Attendee says is judged over a part of the object, and it comes out as over the whole.

const zones = makeZoneResolver([], intlZoneProvider, defaultLimits);
const guests = ["ben", "carl", "dora", "emil", "fay"] as const;
const strangers = ["gus", "ben+work"] as const;
const instances = ["", "20270304T100000Z", "20270306T100000Z"] as const;

/** One thing somebody says. */
interface Said {
  readonly method: Extract<Method, "REPLY" | "COUNTER" | "REFRESH">;
  readonly from: string;
  readonly partstat: "ACCEPTED" | "DECLINED" | "DELEGATED";
  readonly to: string;
  readonly instance: string;
  readonly sequence: number;
}

const saying: fc.Arbitrary<Said> = fc.record({
  method: fc.constantFrom("REPLY", "REPLY", "REPLY", "COUNTER", "REFRESH"),
  from: fc.constantFrom(...guests, ...strangers),
  partstat: fc.constantFrom("ACCEPTED", "DECLINED", "DELEGATED"),
  to: fc.constantFrom(...guests, "new"),
  instance: fc.constantFrom(...instances),
  sequence: fc.nat(1),
});

let house: House;
let ann: Principal;
let made = 0;

beforeAll(async () => {
  house = houseOver(await openSqliteStore(":memory:", storeOptions));
  ann = await addPerson(house.store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
});
afterAll(() => house.store.close());

test("law: over a part and over the whole what an Attendee says comes out the same", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(saying, { minLength: 1, maxLength: 8 }), async (all) => {
      const uid = `law${made++}@example.test`;
      await begin(uid);
      for (const [place, said] of all.entries()) {
        const message = messageOf(uid, said, place);
        const [part, whole] = await judgeBoth(uid, message, said);
        expect(comparable(part)).toEqual(comparable(whole));
        seen.add(whole.kind);
        if (whole.kind !== "applied") continue;
        await house.store.write(({ objects }) => objects.save(ann.id, uid, whole.state, { starts: 0, ends: null }));
      }
    }),
    { numRuns: 40 },
  );
  expect([...seen].sort()).toEqual(expect.arrayContaining(["applied", "ignored", "undecided"]));
});

/** A series of Ann's whose second Instance has a component of its own. */
async function begin(uid: string): Promise<void> {
  const event = (of: string, lines: readonly ReturnType<typeof property>[]): Component =>
    makeComponent("VEVENT", [
      property("UID", uid),
      property("DTSTAMP", "20270301T100000Z"),
      property("DTSTART", of || "20270303T100000Z"),
      property("SUMMARY", "Planning"),
      property("ORGANIZER", "mailto:ann@example.test"),
      ...guests.map((guest) => property("ATTENDEE", `mailto:${guest}@example.test`)),
      ...lines,
    ]);
  const [, second] = instances;
  const object = calendarObject(
    event("", [property("RRULE", "FREQ=DAILY;COUNT=5")]),
    event(second, [property("RECURRENCE-ID", second)]),
  );
  expect((await changeObject(house, ann, { uid }, () => object)).kind).toBe("done");
}

function messageOf(uid: string, said: Said, place: number): SchedulingMessage {
  const { method, from, partstat, to, instance, sequence } = said;
  const delegates = method === "REPLY" && partstat === "DELEGATED";
  const parameters: readonly (readonly [string, string])[] = [
    ["PARTSTAT", delegates ? "DELEGATED" : partstat === "DECLINED" ? "DECLINED" : "ACCEPTED"],
    ...(delegates ? [["DELEGATED-TO", `mailto:${to}@example.test`] as const] : []),
  ];
  const component = makeComponent("VEVENT", [
    property("UID", uid),
    property("DTSTAMP", `202703021000${String(place).padStart(2, "0")}Z`),
    ...(method === "REFRESH" ? [] : [property("SEQUENCE", String(sequence))]),
    ...(instance ? [property("RECURRENCE-ID", instance)] : []),
    ...(method === "COUNTER"
      ? [
          property("DTSTART", `2027030${3 + (place % 3)}T120000Z`),
          property("SUMMARY", "Planning"),
          property("PRIORITY", "0"),
        ]
      : []),
    property("ORGANIZER", "mailto:ann@example.test"),
    property("ATTENDEE", `mailto:${from}@example.test`, method === "REFRESH" ? [] : parameters),
    ...(delegates
      ? [property("ATTENDEE", `mailto:${to}@example.test`, [["DELEGATED-FROM", `mailto:${from}@example.test`]])]
      : []),
  ]);
  const calendar = makeComponent(
    "VCALENDAR",
    [property("VERSION", "2.0"), property("PRODID", "test"), property("METHOD", method)],
    [component],
  );
  const reading = readCalendarObject(calendar, zones, defaultLimits);
  const originator = parseAddress(`${from}@example.test`);
  if ("problem" in reading || !originator) throw new Error(JSON.stringify(reading));
  return { method, originator, recipients: [], updates: [], object: reading.object, calendar };
}

function judgeBoth(uid: string, message: SchedulingMessage, { from }: Said): Promise<readonly [Outcome, Outcome]> {
  const originator = parseAddress(`${from}@example.test`);
  const evidence: Evidence = {
    strength: "relayed",
    ...(originator && { from: originator }),
    relation: "correspondent",
    confirmedByOwner: made % 3 === 0,
    detail: "a test",
  };
  const context = contextFor(house, ann);
  return house.store.read(async ({ objects }) => {
    const whole = await objects.byUid(ann.id, uid);
    const decide = (state: SchedulingState): Outcome => receive(state, message, evidence, context);
    const named = originator ? [originator, ...ann.addresses] : [];
    const part = await objects.consult(ann.id, uid, named, (present) => decide(present?.state ?? unknownState));
    return [part, decide(whole?.state ?? unknownState)];
  });
}

/** An outcome without what was read and not written. */
function comparable(outcome: Outcome): unknown {
  const state = "state" in outcome ? outcome.state : undefined;
  return { ...outcome, ...(state && { state: writtenOf(state) }) };
}

function writtenOf({ object, speakers, ...registers }: SchedulingState): unknown {
  const written = Object.entries(registers).map(([name, { written: of }]: [string, Registers<unknown>]) => [name, of]);
  return { object, speakers, ...Object.fromEntries(written) };
}
