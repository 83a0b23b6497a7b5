import {
  act,
  type CalendarUserAddress,
  currentAnswer,
  leadingComponent,
  type Outcome,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  unknownState,
} from "@parley/engine";
import { allProperties, formatCalendar } from "@parley/engine/icalendar";
import {
  address,
  ann,
  applied,
  clara,
  contextOf,
  type EventText,
  evidenceOf,
  message,
  noon,
  readText,
} from "./world.ts";

export { applied } from "./world.ts";

export const dora = address("dora@partner.test");
export const later = noon + 3_600;
export const invitation = { method: "REQUEST" } as const;

/** Guests as `message` wants them. */
export function guests(...addresses: readonly CalendarUserAddress[]): readonly string[] {
  return addresses.map((address) => `;RSVP=TRUE:mailto:${address}`);
}

/** Says an event as a to-do: what ends it is when it is due. */
export function asTodo(sent: SchedulingMessage, ...lines: readonly string[]): SchedulingMessage {
  const text = formatCalendar(sent.calendar)
    .replaceAll("VEVENT", "VTODO")
    .replaceAll("DTEND", "DUE")
    .replaceAll("END:VTODO", [...lines, "END:VTODO"].join("\r\n"));
  return readText(text, sent.method, sent.originator);
}

/** What Ann's copy is, and what left, when she writes a version of an event of hers. */
export function organize(event: Partial<EventText>, state: SchedulingState = unknownState, at = noon) {
  return applied(schedule(state, message({ ...event, method: "REQUEST" }).object, contextOf(ann, at)));
}

/** What becomes of a message of Ann's in the copy of Clara. */
export function arrive(event: EventText, state: SchedulingState = unknownState, at = noon): Outcome {
  return receive(state, message(event), evidenceOf(ann), contextOf(clara, at));
}

/** What Clara sends when she answers. */
export function answer(state: SchedulingState, partstat: "ACCEPTED" | "DECLINED" | "TENTATIVE" = "ACCEPTED") {
  return applied(act(state, { kind: "answer", partstat }, contextOf(clara)));
}

/** What becomes of Clara's or Ben's REPLY in Ann's copy. */
export function reply(state: SchedulingState, said: Partial<EventText>, from = clara, at = noon): Outcome {
  const attendees = said.attendees ?? [`;PARTSTAT=ACCEPTED:mailto:${from}`];
  return receive(state, message({ ...said, method: "REPLY", attendees }), evidenceOf(from), contextOf(ann, at));
}

/** The values of a property in the leading component of a message, its parameters before them. */
export function linesOf(sent: SchedulingMessage | undefined, name: string): readonly string[] {
  if (!sent) return [];
  return allProperties(leadingComponent(sent.object).component, name).map(({ parameters, value }) =>
    [...parameters.map((parameter) => `;${parameter.name}=${parameter.value}`), `:${value}`].join(""),
  );
}

/** A message in short. */
export function inShort({ method, recipients, object }: SchedulingMessage): string {
  return `${method} ${leadingComponent(object).revision.sequence} to ${[...recipients].sort().join(" ")}`;
}

/** Clara's copy of what Ann keeps. */
export const copy = applied(arrive(invitation)).state;
export const kept = organize({}).state;

/** What Clara's copy says of her answer, and Ann's of one of her guests. */
export function answerOf(state: SchedulingState, who = clara) {
  if (!state.object) throw new Error("no object");
  return currentAnswer(state, leadingComponent(state.object), who);
}
