import {
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  isCancelled,
  type Method,
  type Outcome,
  objectComponents,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  settleState,
  unknownState,
} from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";
import { expand, intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { readRecurrenceSet } from "../../src/model/recurrence-set.ts";
import { ann, clara, contextOf, evidenceOf, readText } from "./world.ts";

export { applied } from "./world.ts";

export interface SeriesOptions {
  readonly type?: "VEVENT" | "VTODO" | "VJOURNAL";
  readonly guests?: readonly CalendarUserAddress[];
  readonly timezones?: readonly string[];
}

/** A message of several components of one UID, each given by the lines that are its own. */
export function several(
  method: Method,
  components: readonly (readonly string[])[],
  { type = "VEVENT", guests = [clara], timezones = [] }: SeriesOptions = {},
): SchedulingMessage {
  const parts = components.flatMap((lines) => [
    `BEGIN:${type}`,
    "UID:series@example.test",
    `ORGANIZER:mailto:${ann}`,
    ...guests.map((guest) => `ATTENDEE;RSVP=TRUE:mailto:${guest}`),
    ...(lines.some((line) => line.startsWith("SUMMARY")) ? [] : ["SUMMARY:Series"]),
    ...lines,
    `END:${type}`,
  ]);
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Test//EN", `METHOD:${method}`, ...timezones];
  return readText([...head, ...parts, "END:VCALENDAR", ""].join("\r\n"), method, ann);
}

/** 9 to 10 o'clock UTC of a day of March 2027, with what is beside it. */
export const day = (date: string, hour = "09"): readonly string[] => [
  `DTSTART:202703${date}T${hour}0000Z`,
  `DTEND:202703${date}T${String(Number(hour) + 1).padStart(2, "0")}0000Z`,
];
/** The Instance of a day of March 2027. */
export const instance = (date: string, range = ""): string => `RECURRENCE-ID${range}:202703${date}T090000Z`;
export const key = (date: string): string => `202703${date}T090000Z`;
/** SEQUENCE, and DTSTAMP at a minute past nine on 1 March 2027. */
export const stamp = (minute: number, sequence = 0): readonly string[] => [
  `DTSTAMP:20270301T09${String(minute).padStart(2, "0")}00Z`,
  `SEQUENCE:${sequence}`,
];
/** Wednesdays from 10 March 2027 on. */
export const weekly = [...day("10"), "RRULE:FREQ=WEEKLY;COUNT=5"];
export const thisAndFuture = ";RANGE=THISANDFUTURE";

/** What the Organizer sends to Clara, as her copy makes of it. */
export function atClara(state: SchedulingState, message: SchedulingMessage, context = contextOf(clara)): Outcome {
  return receive(state, message, evidenceOf(ann), context);
}

/** Receives messages in their order, as a copy does that keeps what is held. */
export function receiveAll(
  messages: readonly SchedulingMessage[],
  start: SchedulingState = unknownState,
  context: Context = contextOf(clara),
): SchedulingState {
  let state = start;
  let held: SchedulingMessage[] = [];
  const take = (message: SchedulingMessage): void => {
    const outcome = receive(state, message, evidenceOf(ann, { confirmedByOwner: true }), context);
    if (outcome.kind === "held") held.push(message);
    if (outcome.kind === "held" && outcome.state) state = outcome.state;
    if (outcome.kind !== "applied") return;
    state = settleState(outcome.state);
    const waiting = held;
    held = [];
    waiting.forEach(take);
  };
  messages.forEach(take);
  return state;
}

/** What takes place: the original start, the present start and the title of each Instance, by its original start. */
export function takesPlace(state: SchedulingState, limit = 100): readonly string[] {
  const { object } = state;
  if (!object) return [];
  const { limits } = contextOf(clara);
  const zones = makeZoneResolver(object.timezones, intlZoneProvider, limits);
  const set = readRecurrenceSet(object, zones, limits, { isCancelled: (component) => isCancelled(state, component) });
  const lines: string[] = [];
  for (const one of expand(set, { from: -Infinity, to: Infinity }, limits, { withoutCancelled: true })) {
    const component = objectComponents(object).find((each) => each.key === one.component);
    const title = component?.component.properties.find(({ name }) => name === "SUMMARY")?.value ?? "";
    lines.push(`${timeOf(one.recurrenceId.at)} at ${timeOf(one.start)} ${title}`);
    if (lines.length >= limit) break;
  }
  return lines.sort();
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(5, 16);
}

/** The text of a message. */
export function textOf(message: SchedulingMessage | undefined): string {
  return message ? formatCalendar(message.calendar).replace(/\r\n /g, "") : "";
}

/** Reads what one calendar user sends as another receives it. */
export function received(message: SchedulingMessage): SchedulingMessage {
  return readText(formatCalendar(message.calendar), message.method, message.originator);
}

/** The object of a message as a program writes it back: without METHOD, with other lines in a component. */
export function written(object: CalendarObject, components: readonly (readonly string[])[]): CalendarObject {
  return several("REQUEST", components, { type: object.type === "VTODO" ? "VTODO" : "VEVENT" }).object;
}
