import { type Component, firstProperty, withProperty } from "../../icalendar/component.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, organizerOf } from "../../model/calendar-object.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { buildMessage } from "../build.ts";
import type { Context } from "../context.ts";

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
