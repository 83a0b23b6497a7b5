import type { CalendarUserAddress, FreeBusyRequest, Method, SchedulingMessage } from "@parley/engine";
import { type Change, type Context, type Outcome, receive, unknownState } from "@parley/engine";
import type { BusyPeriod } from "@parley/engine/freebusy";
import { formatCalendar } from "@parley/engine/icalendar";
import { ann, ben, evidenceOf, readText } from "../itip/world.ts";
import { at } from "./helpers.ts";

export const range = { from: at("20270310T000000Z"), to: at("20270312T000000Z") };
export const uid = "ask,me@example.test";
export const request: FreeBusyRequest = { uid, organizer: ben, asked: ann, range };
export const busy: readonly BusyPeriod[] = [
  { from: at("20270310T120000Z"), to: at("20270310T130000Z"), type: "BUSY-TENTATIVE" },
  { from: at("20270310T090000Z"), to: at("20270310T100000Z"), type: "BUSY" },
  { from: at("20270311T090000Z"), to: at("20270311T100000Z"), type: "BUSY" },
  { from: at("20270310T090000Z"), to: at("20270310T100000Z"), type: "BUSY" },
  { from: at("20270313T090000Z"), to: at("20270313T100000Z"), type: "BUSY" },
];

/** What stands in the VFREEBUSYs of a message, line by line. */
export function linesOf({ calendar }: SchedulingMessage): readonly string[] {
  const text = formatCalendar(calendar).replace(/\r\n /g, "");
  return text.split("\r\n").filter((line) => line && !/^(?:BEGIN:VCAL|END:VCAL|VERSION|PRODID)/.test(line));
}

/** What arrives of a message that was sent: its text, read again. */
export function arrived({ calendar, method, originator }: SchedulingMessage): SchedulingMessage {
  return readText(formatCalendar(calendar), method, originator);
}

export function message(
  method: Method,
  originator: CalendarUserAddress,
  ...components: readonly (readonly string[])[]
) {
  const inner = components.flatMap((lines) => [
    "BEGIN:VFREEBUSY",
    "DTSTAMP:20270301T090000Z",
    ...lines,
    "END:VFREEBUSY",
  ]);
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Test//EN", `METHOD:${method}`];
  return readText([...head, ...inner, "END:VCALENDAR", ""].join("\r\n"), method, originator);
}

export const window = ["DTSTART:20270310T000000Z", "DTEND:20270312T000000Z"];
export const ask = ["UID:a@example.test", `ORGANIZER:mailto:${ben}`, `ATTENDEE:mailto:${ann}`, ...window];
export const answer = ["UID:a@example.test", `ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${ben}`];
export const publication = ["UID:p@example.test", `ORGANIZER:mailto:${ben}`];
export const oneHour = "FREEBUSY:20270310T090000Z/PT1H";

/** What came of a message that arrived. */
export function take(
  one: SchedulingMessage,
  context: Context,
  from: CalendarUserAddress | undefined,
  over = {},
): Outcome {
  return receive(unknownState, one, evidenceOf(from, over), context);
}

/** What a message told of somebody's busy time. */
export function toldBy(outcome: Outcome): readonly Extract<Change, { kind: "free-busy" }>["answer"][] {
  if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
  return outcome.changes.flatMap((change) => (change.kind === "free-busy" ? [change.answer] : []));
}
