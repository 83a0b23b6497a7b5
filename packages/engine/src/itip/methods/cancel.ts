import { readText } from "../../icalendar/text.ts";
import {
  type CalendarObject,
  componentAt,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  organizerOf,
} from "../../model/calendar-object.ts";
import type { Organizer } from "../../model/calendar-user.ts";
import { isCancelled, saysCancelled } from "../../model/cancelled.ts";
import { mergeComponents } from "../../model/merge.ts";
import { withoutProvisional } from "../../model/provisional.ts";
import { isRange } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegisters } from "../../model/registers.ts";
import { clampRevision, compareRevisions } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { beginning, type ComponentRevisions, type SchedulingState } from "../../model/scheduling-state.ts";
import { recurs } from "../../model/times.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Change, Outcome } from "../outcome.ts";
import { withRangeOf } from "../take.ts";

/**
 * Records in an Attendee's copy that an object, or the Instances or the range a CANCEL names, are cancelled. RFC 5546 §3.2.5. The
 * text stays as the Organizer wrote it, and visible until the owner removes it (decision 0006).
 *
 * - `held`: it came before what it cancels (RFC 5546 §5.2.1).
 * - `ignored/not-for-us`: the owner organizes it, or the CANCEL takes others off the list.
 * - `ignored/superseded`: older than what is known, so an invitation that came later stands; or a former Organizer's word from before.
 * - `ignored/duplicate`: this CANCEL is known already.
 */
export function receiveCancel(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const { object } = state;
  if (!object) return { kind: "held", rule: "RFC 5546 §5.2.1", awaiting: "request", messages: [] };
  const organizer = organizerOf(object);
  // An object without an Organizer is its owner's.
  if (!organizer || context.addresses.has(organizer.address)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const scopes = objectComponents(message.object).filter(
    (scope) => mayExist(object, scope) && concernsOwner(object, scope, context),
  );
  if (scopes.length === 0) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "not-for-us" };
  const order = (scope: ObjectComponent): number =>
    isOfFormer(state, organizer, scope, evidence) ? -1 : orderOf(state, scope, context);
  const fresh = scopes.filter((scope) => order(scope) > 0);
  if (fresh.length === 0) {
    const older = scopes.some((scope) => order(scope) < 0);
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: older ? "superseded" : "duplicate" };
  }
  return recordCancels(state, object, fresh, context);
}

function recordCancels(
  state: SchedulingState,
  object: CalendarObject,
  scopes: readonly ObjectComponent[],
  context: Context,
): Outcome {
  const described = scopes.filter(({ key }) => key !== masterKey).map((scope) => describedBy(state, object, scope));
  const revisions = scopes.map((scope): [InstanceKey, ComponentRevisions] => {
    const known = readRegister(state.revisions, scope.key) ?? { latest: beginning, major: beginning };
    return [scope.key, { ...known, cancelled: clampRevision(scope.revision, context.now) }];
  });
  const merged = {
    object: described.length === 0 ? object : mergeComponents(object, object, described),
    revisions: writeRegisters(state.revisions, revisions),
  };
  const next: SchedulingState = { ...state, ...withoutProvisional(merged) };
  const changes = scopes.flatMap((scope) => cancelChange(state, object, scope, context));
  return { kind: "applied", rule: "RFC 5546 §3.2.5", state: next, messages: [], changes, tolerated: [] };
}

/**
 * The component a cancelled Instance has from then on: its own, of the range of the CANCEL; where none was ever sent, what the
 * newest CANCEL says of it, which is older than any REQUEST.
 */
function describedBy(state: SchedulingState, object: CalendarObject, scope: ObjectComponent): ObjectComponent {
  const known = object.overrides.get(scope.key);
  const latest = readRegister(state.revisions, scope.key)?.latest;
  const isSent = known && latest && compareRevisions(latest, beginning) > 0;
  return isSent ? withRangeOf(known, scope) : scope;
}

/** What a person is told: nothing where they were told before. */
function cancelChange(
  state: SchedulingState,
  object: CalendarObject,
  scope: ObjectComponent,
  context: Context,
): readonly Change[] {
  const range = isRange(scope) ? "this-and-future" : undefined;
  const known = componentAt(object, scope.key) ?? (scope.key === masterKey ? leadingComponent(object) : undefined);
  const isKnown = known && isCancelled(state, known);
  if (isKnown && (!range || known.recurrenceId?.range === range)) return [];
  const comment = commentOf(readText(scope.component, "COMMENT"), context);
  return [{ kind: "cancelled", key: scope.key, ...(range && { range }), ...comment }];
}

/**
 * Whether a former Organizer said it before they handed the role over: that counts no more (decision 0016). Products count SEQUENCE for each
 * component by itself, so DTSTAMP tells; and who is known to speak for the Organizer may write their address otherwise.
 */
function isOfFormer(
  { revisions }: SchedulingState,
  organizer: Organizer,
  { organizer: said, revision }: ObjectComponent,
  { from }: Evidence,
): boolean {
  if (!said || said.address === organizer.address || from === organizer.address || from === organizer.sentBy)
    return false;
  return revision.dtstamp < (readRegister(revisions, masterKey)?.latest.dtstamp ?? 0);
}

/** Orders a CANCEL against the text and the CANCELs known: 1 newer than both, 0 known already, -1 older than the text. */
function orderOf(state: SchedulingState, scope: ObjectComponent, context: Context): number {
  const known = readRegister(state.revisions, scope.key);
  if (!known) return 1;
  const revision = clampRevision(scope.revision, context.now);
  if (compareRevisions(revision, known.latest) < 0) return -1;
  return known.cancelled && compareRevisions(revision, known.cancelled) <= 0 ? 0 : 1;
}

/** Whether a component names something the object has or, as an Instance of a series, may have. */
function mayExist(object: CalendarObject, scope: ObjectComponent): boolean {
  if (scope.key === masterKey || object.overrides.has(scope.key)) return true;
  // Instances that came by an ADD make a series of what was none.
  return !object.master || recurs(object.master) || object.overrides.size > 0;
}

/** A CANCEL that lists only others takes them off the guest list; STATUS:CANCELLED or an empty list means everybody. */
function concernsOwner(object: CalendarObject, scope: ObjectComponent, context: Context): boolean {
  if (scope.attendees.size === 0 || saysCancelled(scope)) return true;
  const names = [...context.addresses, ...(context.groups ?? [])];
  const known = componentAt(object, scope.key) ?? leadingComponent(object);
  return names.some((name) => scope.attendees.has(name)) || !names.some((name) => known?.attendees.has(name));
}
