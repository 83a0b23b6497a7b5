import { type Component, firstProperty, withProperty } from "../../icalendar/component.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, objectComponents, organizerOf } from "../../model/calendar-object.ts";
import { renderDocument } from "../../model/render.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { buildMessage } from "../build.ts";
import type { Context } from "../context.ts";

/** Builds the REQUEST of a whole object, with all answers as they count now. RFC 5546 §3.2.2. */
export function buildRequest(
  state: SchedulingState,
  object: CalendarObject,
  recipients: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  const components = objectComponents(object).map((component) => renderDocument(state, component));
  return buildRequestOf(object, components, recipients, context);
}

/** Builds the REQUEST of some components of an object, as its recipients are to see them. RFC 5546 §3.2.2 wants a SUMMARY. */
export function buildRequestOf(
  object: CalendarObject,
  components: readonly Component[],
  recipients: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  const empty = makeTextProperty("SUMMARY", "");
  return buildMessage({
    method: "REQUEST",
    originator: organizerOf(object)?.address ?? context.owner,
    recipients,
    type: object.type,
    components: components.map((one) => (firstProperty(one, "SUMMARY") ? one : withProperty(one, "SUMMARY", empty))),
    timezones: object.timezones,
    context,
  });
}
