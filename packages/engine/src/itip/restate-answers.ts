import { maxAnswersRestated } from "../limits.ts";
import { type CalendarObject, componentAt, organizerOf } from "../model/calendar-object.ts";
import { isRange } from "../model/ranges.ts";
import { masterKey } from "../model/recurrence-id.ts";
import { currentAnswer } from "../model/render.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { Action } from "./action.ts";
import { answer } from "./actions/answer.ts";
import { sameGuests } from "./changes.ts";
import type { Context } from "./context.ts";
import { countHealing } from "./healing.ts";
import type { Applied } from "./outcome.ts";
import type { TakenComponent } from "./own-answers.ts";
import { invitedAs } from "./own-copy.ts";

/**
 * Sends what the owner has answered once more, where a REQUEST of the SEQUENCE that is known brings nothing new but RSVP=TRUE for
 * them: RFC 5546 §3.2.2.7 and §3.4.2.5. What they said of the whole is said of an Instance that is asked about by name: there it does not
 * count. Once a day, so that two calendars never talk for ever: where the answer does not count there, it is sent again in vain.
 * `undefined` where it is no such REQUEST, or the owner has not answered what there is.
 */
export function restateAnswers(
  before: SchedulingState,
  after: SchedulingState,
  taken: readonly TakenComponent[],
  context: Context,
): Applied | undefined {
  const { object } = after;
  const organizer = object && organizerOf(object)?.address;
  if (!before.object || !object || !organizer) return undefined;
  const known = before.object;
  if (!taken.every((one) => isKnown(known, one))) return undefined;
  const asked = taken.filter(({ component }) => component.attendees.get(invitedAs(component, context))?.rsvp);
  const all = asked.flatMap(({ component }) => presentAnswer(after, object, component.key, context) ?? []);
  // What is said of the whole once more is said of its Instances too.
  const isWhole = all.some(({ key, isOwn }) => isOwn && key === undefined);
  const said = all
    .filter(({ isOwn }) => isOwn || !isWhole)
    .slice(0, maxAnswersRestated)
    .map(({ isOwn: _isOwn, ...action }) => action);
  // A register of the owner's own: what was asked of the Organizer meanwhile does not count.
  const perDay = context.policy.maxHealingsPerDay;
  let state = said.length > 0 ? countHealing(after, context.owner, context, Math.min(1, perDay)) : undefined;
  if (!state) return undefined;
  const messages = [];
  for (const action of said) {
    const outcome = answer(state, object, organizer, action, context, true);
    if (outcome.kind !== "applied") return undefined;
    state = outcome.state;
    messages.push(...outcome.messages);
  }
  return { kind: "applied", rule: "RFC 5546 §3.2.2.7", state, messages, changes: [], tolerated: [] };
}

function isKnown(known: CalendarObject, { component, revision }: TakenComponent): boolean {
  const old = componentAt(known, component.key);
  return old?.revision.sequence === revision.sequence && sameGuests(old, component);
}

type PresentAnswer = Extract<Action, { kind: "answer" }> & {
  /** It was said of that component itself, not of what speaks for it too. */
  readonly isOwn: boolean;
};

/** What the owner says of a component, as the action that says it; nothing where it does not count, or is somebody else's now. */
function presentAnswer(
  state: SchedulingState,
  object: CalendarObject,
  key: string,
  context: Context,
): PresentAnswer | undefined {
  const component = componentAt(object, key);
  if (!component) return undefined;
  const attendee = invitedAs(component, context);
  const { participation, outdated } = currentAnswer(state, component, attendee);
  if (!participation || outdated || participation.partstat === "DELEGATED") return undefined;
  const isOwn = participation.key === key;
  if (!isOwn && component.attendees.get(attendee)?.partstat !== "NEEDS-ACTION") return undefined;
  const { partstat, comment, percentComplete, completed } = participation;
  const range = isOwn ? participation.range : undefined;
  // What was said of the first Instance alone is none to all after.
  if (isRange(component) && !range) return undefined;
  return {
    kind: "answer",
    isOwn,
    partstat,
    ...(key !== masterKey && { key }),
    ...(range && { range }),
    ...(comment && { comment }),
    ...(percentComplete !== undefined && { percentComplete }),
    ...(completed !== undefined && { completed }),
  };
}
