import {
  type Action,
  act,
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  objectComponents,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { ann, applied, contextOf, evidenceOf, noon, readText } from "./world.ts";

export { applied } from "./world.ts";

/** Expects an outcome that changed something. */
/** One VEVENT of a series by what is its own. */
export interface Part {
  readonly lines: readonly string[];
  readonly guests?: readonly string[];
}

/** The object of ann's series, of several VEVENTs. */
export function series(parts: readonly Part[], more: readonly string[] = []): CalendarObject {
  const events = parts.flatMap(({ lines, guests }) => [
    "BEGIN:VEVENT",
    "UID:series@example.test",
    "DTSTAMP:20270301T090000Z",
    ...(lines.some((line) => line.startsWith("SUMMARY")) ? [] : ["SUMMARY:Planning"]),
    ...(guests ? [`ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${ann}`] : []),
    ...(guests ?? []).map((guest) => `ATTENDEE:mailto:${guest}`),
    ...lines,
    "END:VEVENT",
  ]);
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:x",
    "METHOD:REQUEST",
    ...more,
    ...events,
    "END:VCALENDAR",
    "",
  ];
  return readText(text.join("\r\n"), "REQUEST", ann).object;
}

/** Weekly from Wednesday, 10 March 2027, 09:00 UTC. */
export const weekly = (...more: readonly string[]): string[] => [
  "DTSTART:20270310T090000Z",
  "DTEND:20270310T100000Z",
  "RRULE:FREQ=WEEKLY;COUNT=6",
  ...more,
];

/** The key of an Instance of `weekly` by its day. */
export const on = (day: string): string => `2027${day}T090000Z`;

/** An Instance of `weekly` at an hour of that day. */
export const instance = (day: string, hour = "09", ...more: readonly string[]): string[] => [
  `RECURRENCE-ID:${on(day)}`,
  `DTSTART:2027${day}T${hour}0000Z`,
  `DTEND:2027${day}T${String(Number(hour) + 1).padStart(2, "0")}0000Z`,
  ...more,
];

/** Says what left, briefly: `REQUEST 0 to a,b: series -20270317T090000Z, 20270324T090000Z`. */
export function said(messages: readonly SchedulingMessage[]): string[] {
  return messages.map(({ method, recipients, object }) => {
    const parts = objectComponents(object).map((one) => {
      const lines = one.component.properties;
      const left = lines.filter(({ name }) => name === "EXDATE").map(({ value }) => ` -${value}`);
      const status = lines.find(({ name }) => name === "STATUS")?.value === "CANCELLED" ? "!" : "";
      const range = one.recurrenceId?.range === "this-and-future" ? "+" : "";
      return `${one.key || "series"}${range}${status}${left.join("")}/${one.revision.sequence}`;
    });
    const to = recipients.map((address) => address.split("@")[0]).sort();
    return `${method} to ${to.join(",")}: ${parts.join(", ")}`;
  });
}

/** An Organizer's copy and the minutes that went by. */
export interface Organizing {
  state: SchedulingState;
  now: number;
}

export function begin(object: CalendarObject): Organizing {
  const outcome = applied(schedule(unknownState, object, contextOf(ann)));
  return { state: settleState(outcome.state), now: noon };
}

export function put(all: Organizing, object: CalendarObject | undefined, over: Partial<Context> = {}): string[] {
  all.now += 60;
  const outcome = applied(schedule(all.state, object, { ...contextOf(ann, all.now), ...over }));
  all.state = settleState(outcome.state);
  return said(outcome.messages);
}

export function does(all: Organizing, action: Action, over: Partial<Context> = {}) {
  all.now += 60;
  const outcome = applied(act(all.state, action, { ...contextOf(ann, all.now), ...over }));
  all.state = settleState(outcome.state);
  return outcome;
}

/** Lets a guest answer; `lines` name the Instance and the SEQUENCE. */
export function reply(
  all: Organizing,
  guest: CalendarUserAddress,
  partstat: string,
  ...lines: readonly string[]
): void {
  all.now += 60;
  const stamp = new Date(all.now * 1_000).toISOString().replace(/[-:]|\.000/g, "");
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:x",
    "METHOD:REPLY",
    "BEGIN:VEVENT",
    "UID:series@example.test",
    `DTSTAMP:${stamp}`,
    `ORGANIZER:mailto:${ann}`,
    `ATTENDEE;PARTSTAT=${partstat}:mailto:${guest}`,
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  all.state = settleState(
    applied(receive(all.state, readText(text, "REPLY", guest), evidenceOf(guest), contextOf(ann, all.now))).state,
  );
}
