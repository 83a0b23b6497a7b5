import { withProperty } from "../../icalendar/component.ts";
import { type CalendarObject, leadingComponent } from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { buildCancel } from "../methods/build-cancel.ts";
import { buildPublish } from "../methods/build-publish.ts";
import { organizerProperty } from "../organize/stamp.ts";
import type { Outcome } from "../outcome.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Publishes the present version to whomever the owner names, RFC 5546 §3.2.1; of what is cancelled they are told that, §3.2.5. No
 * guest leaves with it, and the copy does not change: who it was published to is nobody's business later.
 */
export function publish(
  state: SchedulingState,
  object: CalendarObject,
  { to }: Extract<Action, { kind: "publish" }>,
  context: Context,
): Outcome {
  const message = saysCancelled(leadingComponent(object))
    ? cancelPublished(object, to, context)
    : buildPublish(object, to, context);
  const unsendable = rejectUnsendable([message]);
  if (unsendable) return unsendable;
  return { kind: "applied", rule: "RFC 5546 §3.2.1", state, messages: [message], changes: [], tolerated: [] };
}

function cancelPublished(object: CalendarObject, to: Extract<Action, { kind: "publish" }>["to"], context: Context) {
  const leading = leadingComponent(object);
  const component = withProperty(leading.component, "ORGANIZER", organizerProperty(undefined, object, context));
  const target = { ...leading, component, attendees: new Map() };
  return buildCancel(object, to, { revision: leading.revision, whole: true, targets: [target] }, context);
}
