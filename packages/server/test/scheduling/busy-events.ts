import {
  type CalendarObject,
  defaultLimits,
  type Partstat,
  parseAddress,
  participationKey,
  readCalendarObject,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import { parseCalendar } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { busyIndexing } from "../../src/scheduling/busy-index.ts";
import type { House } from "../../src/scheduling/house.ts";
import { spanOf } from "../../src/scheduling/span.ts";
import type { Principal, StoredObject, Transaction } from "../../src/store/store.ts";

export const owner = "ann@example.test";
const guest = "ben@example.test";

/** Reads a VEVENT of a UID, given by its own lines; an override by `RECURRENCE-ID` among them. */
export function eventOf(uid: string, ...components: readonly (readonly string[])[]): CalendarObject {
  const lines = components.flatMap((own) => [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTAMP:20270101T000000Z",
    ...own,
    "END:VEVENT",
  ]);
  const text = ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
  const { calendar } = parseCalendar(text, defaultLimits);
  const read =
    calendar && readCalendarObject(calendar, makeZoneResolver([], intlZoneProvider, defaultLimits), defaultLimits);
  if (!read || "problem" in read) throw new Error(read?.problem ?? "no calendar");
  return read.object;
}

/** Lines of a VEVENT by which its owner is invited. */
export const invited = [`ORGANIZER:mailto:${guest}`, `ATTENDEE:mailto:${owner}`, `ATTENDEE:mailto:${guest}`] as const;

const starts = [
  "DTSTART:20270302T090000Z",
  "DTSTART;TZID=Europe/Berlin:20270326T230000",
  "DTSTART;VALUE=DATE:20270227",
  "DTSTART:20250101T120000",
  "DTSTART;TZID=America/New_York:20310105T080000",
];
const lengths = ["DURATION:PT1H", "DURATION:P1D", "DURATION:P40D", "DURATION:PT90M"];
const rules = [
  "",
  "RRULE:FREQ=WEEKLY",
  "RRULE:FREQ=DAILY;COUNT=9",
  "RRULE:FREQ=DAILY",
  "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20290101T000000Z",
  "RRULE:FREQ=HOURLY",
  "RRULE:FREQ=MINUTELY;INTERVAL=7",
  "RRULE:FREQ=YEARLY;COUNT=60",
];
const extras = ["TRANSP:TRANSPARENT", "STATUS:TENTATIVE", "X-MICROSOFT-CDO-INTENDEDSTATUS:OOF", "STATUS:CANCELLED"];

/** Any VEVENT, by its lines. */
export const anyEvent: fc.Arbitrary<readonly string[]> = fc
  .record({
    start: fc.constantFrom(...starts),
    length: fc.constantFrom(...lengths),
    rule: fc.constantFrom(...rules),
    extra: fc.option(fc.constantFrom(...extras), { freq: 3 }),
    isInvited: fc.boolean(),
  })
  .map(({ start, length, rule, extra, isInvited }) =>
    [start, length, rule, extra ?? "", ...(isInvited ? invited : [])].filter((line) => line !== ""),
  );

/** What is done to an object: its text is another, somebody answers, its owner makes it take no time, it is removed. */
export type Step =
  | { readonly kind: "write"; readonly lines: readonly string[] }
  | { readonly kind: "answer"; readonly by: string; readonly partstat: Partstat; readonly key: string }
  | { readonly kind: "transparent" }
  | { readonly kind: "remove" };

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: anyEvent.map((lines): Step => ({ kind: "write", lines })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      by: fc.constantFrom(owner, guest),
      partstat: fc.constantFrom<Partstat>("ACCEPTED", "TENTATIVE", "DECLINED"),
      key: fc.constantFrom("", "20270309T090000Z"),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "transparent" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "remove" }) },
);

/** Does a step to the object of a UID and saves it, as scheduling does. */
export async function doStep(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  step: Step,
): Promise<StoredObject> {
  const present = (await transaction.objects.byUid(principal.id, uid))?.state ?? unknownState;
  return save(house, transaction, principal, uid, after(present, uid, step));
}

/** Saves a state, as scheduling does. */
export function save(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  state: SchedulingState,
): Promise<StoredObject> {
  const indexing = busyIndexing(house, principal);
  return transaction.objects.save(principal.id, uid, state, spanOf(house, principal, state), indexing);
}

function after(state: SchedulingState, uid: string, step: Step): SchedulingState {
  switch (step.kind) {
    case "write":
      return { ...state, object: eventOf(uid, step.lines) };
    case "remove": {
      const { object: _, ...registers } = state;
      return registers;
    }
    case "transparent": {
      const properties = [{ name: "TRANSP", value: "TRANSPARENT", parameters: [] }];
      return { ...state, own: { ...state.own, written: new Map([["", { properties, alarms: [] }]]) } };
    }
    case "answer": {
      const attendee = parseAddress(step.by);
      if (!attendee) throw new Error(`${step.by} is no address`);
      const { key, partstat } = step;
      const participation = { attendee, key, partstat, reply: { sequence: 0, dtstamp: 1 }, answeredSequence: 0 };
      const written = new Map([[participationKey(attendee, key), participation]]);
      return { ...state, participations: { ...state.participations, written } };
    }
  }
}
