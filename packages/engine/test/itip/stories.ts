import {
  type Action,
  act,
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  defaultPolicy,
  type Evidence,
  type Method,
  type Outcome,
  type Policy,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { listOutcomes, type NamedOutcome } from "./outcome-words.ts";
import { type SeriesOptions, several } from "./series.ts";
import { ann, contextOf, type EventText, evidenceOf, message, noon } from "./world.ts";

/** Something that is done to a copy, or comes to it. */
export type Step = readonly [what: string, does: (state: SchedulingState, context: Context) => Outcome];

/** What happens to one copy, step after step. */
export interface Story {
  readonly name: string;
  readonly owner: CalendarUserAddress;
  readonly steps: readonly Step[];
  readonly over?: Partial<Context>;
}

export const gets = (what: string, got: SchedulingMessage, evidence: Partial<Evidence> = {}): Step => [
  what,
  (state, context) => receive(state, got, evidenceOf(got.originator, evidence), context),
];

/** It comes from nobody who is known, and the owner likes it. */
export const getsFromNobody = (what: string, got: SchedulingMessage): Step => [
  what,
  (state, context) => receive(state, got, evidenceOf(undefined, { confirmedByOwner: true }), context),
];

export const acts = (what: string, action: Action): Step => [what, (state, context) => act(state, action, context)];

export const writes = (what: string, object: CalendarObject | undefined): Step => [
  what,
  (state, context) => schedule(state, object, context),
];

/** The same step in another context. */
export const during = (over: Partial<Context>, [what, does]: Step): Step => [
  what,
  (state, context) => does(state, { ...context, ...over }),
];

/** A day and more after all others. */
export const tomorrow = (step: Step): Step => during({ now: noon + 100_000 }, step);

export const policy = (over: Partial<Policy>): { readonly policy: Policy } => ({
  policy: { ...defaultPolicy, ...over },
});

/** Tells a story: what came of each step, a minute after the one before, in the state that was left, and who speaks at last. */
export function tell({ owner, steps, over }: Story): string {
  let state = unknownState;
  const outcomes = steps.map(([what, does], index): NamedOutcome => {
    const before = state;
    const outcome = does(before, { ...contextOf(owner, noon + 60 * index), ...over });
    if (outcome.kind === "applied") state = settleState(outcome.state);
    return [`${index + 1}. ${what}`, outcome, before];
  });
  const speakers = state.speakers.map((one) => `${one} speaks for the Organizer\n`);
  return [listOutcomes(outcomes), ...speakers].join("");
}

/** The answer of one Attendee to Ann's event; `line` is its ATTENDEE up to the address. */
export function reply(from: CalendarUserAddress, line: string, over: Partial<EventText> = {}): SchedulingMessage {
  return message({ method: "REPLY", dtstamp: "20270302T100000Z", attendees: [`${line}:mailto:${from}`], ...over });
}

/** A message about Ann's series from one Attendee, whose ATTENDEE lines stand in the components. */
export function from(
  sender: CalendarUserAddress,
  method: Method,
  components: readonly (readonly string[])[],
  type: NonNullable<SeriesOptions["type"]> = "VEVENT",
): SchedulingMessage {
  return { ...several(method, components, { type, guests: [] }), originator: sender };
}

/** Several components of a message of Ann's, whose ATTENDEE lines stand in them. */
export function parts(
  method: Method,
  components: readonly (readonly string[])[],
  type: NonNullable<SeriesOptions["type"]> = "VEVENT",
): SchedulingMessage {
  return from(ann, method, components, type);
}

export const attendee = (who: CalendarUserAddress, line = ";RSVP=TRUE"): string => `ATTENDEE${line}:mailto:${who}`;
