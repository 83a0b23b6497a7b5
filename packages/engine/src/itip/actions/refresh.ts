import { isMailAddress } from "../../model/address.ts";
import { type CalendarObject, organizerOf } from "../../model/calendar-object.ts";
import { makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { buildRefresh } from "../methods/build-refresh.ts";
import { isPublication } from "../methods/receive-publish.ts";
import type { Outcome } from "../outcome.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Asks the Organizer for the present version of an object, or of one Instance. RFC 5546 §3.2.6 and §3.4.6. It is the owner who asks,
 * so it is not counted among the healings.
 *
 * - `ignored/not-for-us`: it is published, and its Organizer knows nobody of those who have it.
 * - `rejected`: the Organizer has no mail address, or there is no REFRESH of such an object.
 */
export function refresh(
  state: SchedulingState,
  object: CalendarObject,
  action: Extract<Action, { kind: "refresh" }>,
  context: Context,
): Outcome {
  if (isPublication(object)) return { kind: "ignored", rule: "RFC 5546 §3.2.1", reason: "not-for-us" };
  const id = action.key ? parseInstanceKey(action.key) : undefined;
  if (action.key && !id) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const instance = id && makeRecurrenceId(id, object.master, zones);
  const message = buildRefresh(object, instance, action.comment?.trim(), context);
  const organizer = organizerOf(object)?.address;
  if (!message || !organizer || !isMailAddress(organizer)) {
    const status = makeRequestStatus("3.7", `ORGANIZER:${organizer ?? ""}`);
    return { kind: "rejected", rule: "RFC 5546 §3.6.20", status, violations: [] };
  }
  const unsendable = rejectUnsendable([message], "RFC 5546 §3.2.6");
  if (unsendable) return unsendable;
  return { kind: "applied", rule: "RFC 5546 §3.2.6", state, messages: [message], changes: [], tolerated: [] };
}
