import { firstProperty, makeComponent, withProperty } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { decodeText, makeTextProperty } from "../../icalendar/text.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  organizerOf,
} from "../../model/calendar-object.ts";
import { isCancelled, saysCancelled } from "../../model/cancelled.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegisters } from "../../model/registers.ts";
import { clampRevision, compareRevisions, type Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { ComponentRevisions, SchedulingState } from "../../model/scheduling-state.ts";
import { recurs } from "../../model/times.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Change, Outcome } from "../outcome.ts";
import { mergeComponents } from "./request.ts";

/**
 * Records in an Attendee's copy that an object, or the Instances a CANCEL names, are cancelled. RFC 5546 §3.2.5. The text stays
 * as the Organizer wrote it, and visible until the owner removes it (decision 0006).
 *
 * - `held`: it came before what it cancels (RFC 5546 §5.2.1).
 * - `ignored/not-for-us`: the owner organizes it, or the CANCEL takes others off the list.
 * - `ignored/superseded`: older than what is known, so an invitation that came later stands.
 * - `ignored/duplicate`: this CANCEL is known already.
 */
export function receiveCancel(
  state: SchedulingState,
  message: SchedulingMessage,
  _evidence: Evidence,
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
  const fresh = scopes.filter((scope) => orderOf(state, scope, context) > 0);
  if (fresh.length === 0) {
    const older = scopes.some((scope) => orderOf(state, scope, context) < 0);
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
  // An Instance the copy has no component of is kept as the CANCEL describes it, older than any REQUEST of it.
  const unknown = scopes.filter((scope) => scope.key !== masterKey && !object.overrides.has(scope.key));
  const revisions = scopes.map((scope): [InstanceKey, ComponentRevisions] => {
    const cancelled = clampRevision(scope.revision, context.now);
    const known = readRegister(state.revisions, scope.key);
    return [scope.key, { latest: known?.latest ?? beginning, major: known?.major ?? beginning, cancelled }];
  });
  const next: SchedulingState = {
    ...state,
    object: unknown.length === 0 ? object : mergeComponents(object, object, unknown),
    revisions: writeRegisters(state.revisions, revisions),
  };
  const changes = scopes.flatMap((scope) => cancelChange(state, object, scope));
  return { kind: "applied", rule: "RFC 5546 §3.2.5", state: next, messages: [], changes, tolerated: [] };
}

const beginning: Revision = { sequence: 0, dtstamp: 0 };

/** What a person is told: nothing where they were told before. */
function cancelChange(state: SchedulingState, object: CalendarObject, scope: ObjectComponent): readonly Change[] {
  const known = componentAt(object, scope.key) ?? (scope.key === masterKey ? leadingComponent(object) : undefined);
  if (known && isCancelled(state, known)) return [];
  const comment = commentOf(scope);
  return [{ kind: "cancelled", key: scope.key, ...(comment && { comment }) }];
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
  return !object.master || recurs(object.master);
}

/** A CANCEL that lists only others takes them off the guest list; STATUS:CANCELLED or an empty list means everybody. */
function concernsOwner(object: CalendarObject, scope: ObjectComponent, context: Context): boolean {
  if (scope.attendees.size === 0 || saysCancelled(scope)) return true;
  for (const address of context.addresses) if (scope.attendees.has(address)) return true;
  const known = componentAt(object, scope.key) ?? object.master;
  return ![...context.addresses].some((address) => known?.attendees.has(address));
}

/** Properties a CANCEL repeats, so that its reader recognises what is cancelled. RFC 5546 §3.2.5. */
const repeated: ReadonlySet<string> = new Set([
  "UID",
  "RECURRENCE-ID",
  "ORGANIZER",
  "SUMMARY",
  "DTSTART",
  "DTEND",
  "DURATION",
  "DUE",
  "LOCATION",
  "RRULE",
  "RDATE",
  "EXDATE",
]);

/**
 * Builds the CANCEL of a whole object, or the one that takes `recipients` off its guest list; the latter carries no STATUS.
 * RFC 5546 §3.2.5.
 */
export function buildCancel(
  object: CalendarObject,
  recipients: readonly CalendarUserAddress[],
  cancel: { readonly revision: Revision; readonly whole: boolean; readonly comment?: string },
  context: Context,
): SchedulingMessage {
  const listed = new Set(recipients);
  // The master speaks for all its Instances; where a copy has none, each Instance is named.
  const targets = object.master ? [object.master] : [...object.overrides.values()];
  const components = targets.map((target) => {
    const properties = target.component.properties.filter((property) => repeated.has(property.name));
    const attendees = [...target.attendees.values()].filter(({ address }) => cancel.whole || listed.has(address));
    return makeComponent(target.component.name, [
      ...properties,
      ...attendees.map(({ property }) => withParameter(property, "RSVP", undefined)),
      makeDtstamp(cancel.revision.dtstamp),
      makeSequence(cancel.revision.sequence),
      ...(cancel.whole ? [makeTextProperty("STATUS", "CANCELLED")] : []),
      ...(cancel.comment ? [makeTextProperty("COMMENT", cancel.comment)] : []),
    ]);
  });
  return buildMessage({
    method: "CANCEL",
    originator: organizerOf(object)?.address ?? context.owner,
    recipients,
    type: object.type,
    components,
    timezones: object.timezones,
    context,
  });
}

/** Says STATUS:CANCELLED of a component. */
export function markCancelled(component: ObjectComponent): ObjectComponent {
  const status = makeTextProperty("STATUS", "CANCELLED");
  return { ...component, component: withProperty(component.component, "STATUS", status) };
}

function commentOf(component: ObjectComponent): string | undefined {
  const property = firstProperty(component.component, "COMMENT");
  return property ? decodeText(property.value).trim() || undefined : undefined;
}
