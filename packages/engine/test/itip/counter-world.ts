import {
  act,
  type CalendarUserAddress,
  type Outcome,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import type { Property } from "@parley/engine/icalendar";
import { ann, applied, clara, contextOf, type EventText, evidenceOf, message, noon, readText } from "./world.ts";

export { applied } from "./world.ts";

export type Applied = Extract<Outcome, { kind: "applied" }>;

export function only<T>(list: readonly T[]): T {
  const [first, ...others] = list;
  if (first === undefined || others.length > 0) throw new Error(`${list.length} where one is expected`);
  return first;
}

/** A COUNTER as another program would write it: of one ATTENDEE, who proposes 13:00 to 14:00. */
export function counterText(
  event: Partial<EventText> & { readonly from?: CalendarUserAddress } = {},
): SchedulingMessage {
  const from = event.from ?? clara;
  const written = message({
    dtstamp: "20270302T100000Z",
    start: "20270310T130000Z",
    end: "20270310T140000Z",
    attendees: [`:mailto:${from}`],
    ...event,
    method: "COUNTER",
  });
  return { ...written, originator: from };
}

/** A calendar user with one object, who acts and receives. */
export interface User {
  readonly address: CalendarUserAddress;
  state: SchedulingState;
  receive(message: SchedulingMessage, from?: CalendarUserAddress, now?: number): Outcome;
  act(action: Parameters<typeof act>[1], now?: number): Outcome;
}

export function userOf(address: CalendarUserAddress, state: SchedulingState = unknownState): User {
  const keep = (user: User, outcome: Outcome): Outcome => {
    if (outcome.kind === "applied") user.state = settleState(outcome.state);
    return outcome;
  };
  return {
    address,
    state,
    receive(received, from = received.originator, now = noon) {
      return keep(this, receive(this.state, received, evidenceOf(from), contextOf(address, now)));
    },
    act(action, now = noon) {
      return keep(this, act(this.state, action, contextOf(address, now)));
    },
  };
}

/** Ann's event, and Clara who has it too; what else stands in it comes from the test. */
export function meeting(event: Partial<EventText> = {}): { readonly organizer: User; readonly guest: User } {
  return shared(message({ ...event, method: "REQUEST" }));
}

/** Ann's to-do, and Clara who has it too. */
export function task(lines: readonly string[] = []): { readonly organizer: User; readonly guest: User } {
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    "METHOD:REQUEST",
    "BEGIN:VTODO",
    "UID:one@example.test",
    "DTSTAMP:20270301T090000Z",
    "SEQUENCE:0",
    "DTSTART:20270310T090000Z",
    "DUE:20270312T170000Z",
    "SUMMARY:Write it up",
    "PRIORITY:5",
    `ORGANIZER:mailto:${ann}`,
    `ATTENDEE;RSVP=TRUE:mailto:${clara}`,
    "ATTENDEE;RSVP=TRUE:mailto:ben@example.test",
    ...lines,
    "END:VTODO",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  return shared(readText(text, "REQUEST", ann));
}

/** Ann's meeting of every week at 10:00 in Berlin, and Clara who has it too. */
export function zonedMeeting(): { readonly organizer: User; readonly guest: User } {
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    "METHOD:REQUEST",
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "BEGIN:STANDARD",
    "DTSTART:20261025T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
    "UID:one@example.test",
    "DTSTAMP:20270301T090000Z",
    "SEQUENCE:0",
    "DTSTART;TZID=Europe/Berlin:20270310T100000",
    "DTEND;TZID=Europe/Berlin:20270310T110000",
    "RRULE:FREQ=WEEKLY;COUNT=5",
    "SUMMARY:Planning",
    "LOCATION:Room 1",
    `ORGANIZER:mailto:${ann}`,
    `ATTENDEE;RSVP=TRUE:mailto:${clara}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  return shared(readText(text, "REQUEST", ann));
}

function shared({ object }: SchedulingMessage) {
  const made = applied(schedule(unknownState, object, contextOf(ann, noon - 3_600)));
  const organizer = userOf(ann, settleState(made.state));
  const guest = userOf(clara);
  for (const sent of made.messages) {
    if (sent.recipients.includes(clara)) applied(guest.receive(sent, ann));
  }
  return { organizer, guest };
}

export function property(name: string, value: string): Property {
  return { name, parameters: [], value };
}

/** 13:00 to 14:00 on the same day. */
export const later: readonly Property[] = [
  property("DTSTART", "20270310T130000Z"),
  property("DTEND", "20270310T140000Z"),
];

/** The values of some properties of the only component of a message. */
export function values({ object, calendar }: SchedulingMessage, ...names: string[]): Record<string, string[]> {
  const component = only(calendar.components.filter(({ name }) => name === object.type));
  const valuesOf = (name: string) =>
    component.properties.filter((each) => each.name === name).map(({ value }) => value);
  return Object.fromEntries(names.map((name) => [name, valuesOf(name)]));
}
