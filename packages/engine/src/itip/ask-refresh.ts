import { isMailAddress } from "../model/address.ts";
import { type CalendarObject, organizerOf } from "../model/calendar-object.ts";
import { masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister } from "../model/registers.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { walkSeries } from "../model/strays.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Context } from "./context.ts";
import { countHealing } from "./healing.ts";
import { buildRefresh } from "./methods/build-refresh.ts";
import type { TakenComponent } from "./own-answers.ts";
import { checkRestrictions } from "./restrictions/check.ts";

/**
 * Tells whether a REQUEST of Instances shows that versions were missed: an update of an Instance never seen of a series never
 * seen, one by more than one SEQUENCE later than all that is known, or one of no later SEQUENCE of an Instance the series does not
 * have (RFC 5546 §4.7.2). A REQUEST with the series is whole by itself. Decision 0018.
 */
export function lacksVersions(before: SchedulingState, taken: readonly TakenComponent[], context: Context): boolean {
  if (taken.some(({ component }) => component.key === masterKey)) return false;
  const { object } = before;
  if (!object?.master) {
    return taken.some(({ component: { key }, revision }) => revision.sequence > 0 && !isKnown(before, key));
  }
  const highest = highestSequence(before);
  if (taken.some(({ revision }) => revision.sequence > highest + 1)) return true;
  const unseen = taken.flatMap(({ component: { key, recurrenceId }, revision }) =>
    recurrenceId && revision.sequence <= highest && !isKnown(before, key) ? [recurrenceId] : [],
  );
  if (unseen.length === 0) return false;
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const series = walkSeries(object, unseen, zones, context.limits);
  return unseen.some((id) => series(id) === "absent");
}

function isKnown(state: SchedulingState, key: string): boolean {
  return readRegister(state.revisions, key) !== undefined;
}

/** The highest SEQUENCE of anything that is known of an object. */
export function highestSequence(state: SchedulingState): number {
  let highest = 0;
  for (const { latest, cancelled } of allRegisters(state.revisions).values()) {
    highest = Math.max(highest, latest.sequence, cancelled?.sequence ?? 0);
  }
  return highest;
}

/**
 * Asks the Organizer for the present version, RFC 5546 §3.2.6, as often a day as policy allows. Nothing leaves where the Organizer
 * has no mail address, or the REFRESH would break its table.
 */
export function askRefresh(
  state: SchedulingState,
  object: CalendarObject,
  context: Context,
): { readonly state: SchedulingState; readonly messages: readonly SchedulingMessage[] } {
  const organizer = organizerOf(object)?.address;
  const refresh =
    organizer && isMailAddress(organizer) ? buildRefresh(object, undefined, undefined, context) : undefined;
  if (!organizer || !refresh || checkRestrictions(refresh).length > 0) return { state, messages: [] };
  const counted = countHealing(state, organizer, context);
  return counted ? { state: counted, messages: [refresh] } : { state, messages: [] };
}
