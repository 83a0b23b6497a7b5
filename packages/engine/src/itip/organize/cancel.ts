import { withProperty } from "../../icalendar/component.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  withComponents,
} from "../../model/calendar-object.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import { reviseAsOrganizer } from "../organize.ts";
import type { Outcome } from "../outcome.ts";
import { liveComponents } from "./difference.ts";

/** Cancels the whole object: RFC 5546 §3.2.5. The Organizer's copy stays, as STATUS:CANCELLED. */
export function cancelAsOrganizer(state: SchedulingState, text: string | undefined, context: Context): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §5.2.1", reason: "unknown-uid" };
  if (liveComponents(object).length === 0) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  const cancelled: CalendarObject = withComponents(object, objectComponents(object).map(markCancelled));
  const comment = commentOf(text, context);
  const outcome = reviseAsOrganizer(state, cancelled, context, comment);
  if (outcome.kind !== "applied") return outcome;
  return {
    ...outcome,
    rule: "RFC 5546 §3.2.5",
    changes: [{ kind: "cancelled", key: masterKey, ...comment }],
  };
}

/** Says STATUS:CANCELLED of a component. */
export function markCancelled(component: ObjectComponent): ObjectComponent {
  const status = makeTextProperty("STATUS", "CANCELLED");
  return { ...component, component: withProperty(component.component, "STATUS", status) };
}
