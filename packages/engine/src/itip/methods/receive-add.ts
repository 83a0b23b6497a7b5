import { type Component, withProperty } from "../../icalendar/component.ts";
import { maxRuleLength } from "../../limits.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  organizerOf,
  readObjectComponent,
  recurrenceIdOf,
} from "../../model/calendar-object.ts";
import { makeRecurrenceId } from "../../model/instance.ts";
import { parseObjectType } from "../../model/method.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { readTimeSpan } from "../../model/time-span.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { askRefresh, highestSequence } from "../ask-refresh.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Outcome } from "../outcome.ts";
import { pickNewer, takeComponents } from "../take.ts";

/**
 * Adds Instances to a series an Attendee's copy knows. RFC 5546 §3.2.4, §3.4.4 and §3.5.2: each component counts as if the series
 * had an RDATE for it, so its start is what it is named by.
 *
 * - `rejected`: it repeats, which an ADD never does.
 * - `held`: the series is not known; the Organizer is asked for it, as often as policy allows. There is no REFRESH of a VJOURNAL:
 *   of one the Instances are taken as they are (RFC 5546 §3.5.2).
 * - `ignored/not-for-us`: the owner organizes the object, or it is another Organizer's.
 * - `ignored/duplicate`, `ignored/superseded`: as for a REQUEST.
 */
export function receiveAdd(
  state: SchedulingState,
  message: SchedulingMessage,
  _evidence: Evidence,
  context: Context,
): Outcome {
  const organizer = organizerOf(message.object)?.address;
  const stored = state.object && organizerOf(state.object)?.address;
  const isOther = state.object !== undefined && (!stored || (organizer !== undefined && organizer !== stored));
  if (isOther || (organizer && context.addresses.has(stored ?? organizer))) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const repetition = partsOf(message).flatMap(({ properties }) =>
    properties.filter(({ name }) => repeats.has(name)),
  )[0];
  if (repetition) {
    const status = makeRequestStatus("3.13", `${repetition.name}:${repetition.value}`.slice(0, maxRuleLength));
    return { kind: "rejected", rule: "RFC 5546 §3.2.4", status, violations: [] };
  }
  const isJournal = message.object.type === "VJOURNAL";
  if (!state.object?.master && !isJournal) return holdAndAsk(state, message.object, context);
  const { newer, older } = pickNewer(state, addedInstances(state, message, context), context);
  if (newer.length === 0) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: older ? "superseded" : "duplicate" };
  }
  const taken = takeComponents(state, message.object, newer, context, isJournal ? "organizer" : "add");
  const highest = highestSequence(state);
  const isGap = !isJournal && newer.some(({ revision }) => revision.sequence > highest + 1);
  const asked = isGap ? askRefresh(taken.state, message.object, context) : { state: taken.state, messages: [] };
  return { kind: "applied", rule: "RFC 5546 §3.2.4", changes: taken.changes, ...asked, tolerated: [] };
}

/** What an ADD must not have, for it adds single Instances: RFC 5546 §3.2.4. */
const repeats: ReadonlySet<string> = new Set(["RRULE", "RDATE", "EXDATE"]);

/** All components of an ADD: as none has a RECURRENCE-ID, the object it is read as knows only the first. */
function partsOf({ calendar, object }: SchedulingMessage): readonly Component[] {
  return calendar.components.filter(({ name }) => parseObjectType(name) === object.type);
}

function holdAndAsk(state: SchedulingState, object: CalendarObject, context: Context): Outcome {
  const asked = askRefresh(state, object, context);
  return { kind: "held", rule: "RFC 5546 §3.2.4", awaiting: "series", ...asked };
}

/** The components of an ADD as Instances of the series: named by their start, in the form the series has. */
function addedInstances(
  { object }: SchedulingState,
  message: SchedulingMessage,
  { zones: provider, limits }: Context,
): readonly ObjectComponent[] {
  const zones = makeZoneResolver([...message.object.timezones, ...(object?.timezones ?? [])], provider, limits);
  return partsOf(message)
    .slice(0, limits.maxOverrides)
    .flatMap((part) => {
      const start = readTimeSpan(part)?.start;
      if (!start) return [];
      const id = recurrenceIdOf(start, "this", zones);
      const named = withProperty(part, "RECURRENCE-ID", makeRecurrenceId(id, object?.master, zones));
      return readObjectComponent(named, zones, limits) ?? [];
    });
}
