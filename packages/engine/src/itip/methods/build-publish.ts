import { firstProperty, withoutProperties, withProperty } from "../../icalendar/component.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, objectComponents, organizerOf } from "../../model/calendar-object.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { buildMessage } from "../build.ts";
import type { Context } from "../context.ts";
import { organizerProperty } from "../organize/stamp.ts";

/** What a publication says nothing of: who is invited, and what calendars answered. RFC 5546 §3.2.1. */
const unpublished: ReadonlySet<string> = new Set(["ATTENDEE", "REQUEST-STATUS"]);

/** Builds the PUBLISH of an object: for anybody to take, for nobody to answer. RFC 5546 §3.2.1, §3.4.1 and §3.5.1. */
export function buildPublish(
  object: CalendarObject,
  recipients: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  const organizer = organizerProperty(undefined, object, context);
  const components = objectComponents(object).map(({ component }) => {
    const bare = withoutProperties(component, unpublished);
    const titled = firstProperty(bare, "SUMMARY")
      ? bare
      : withProperty(bare, "SUMMARY", makeTextProperty("SUMMARY", ""));
    return withProperty(titled, "ORGANIZER", organizer);
  });
  return buildMessage({
    method: "PUBLISH",
    originator: organizerOf(object)?.address ?? context.owner,
    recipients,
    type: object.type,
    components,
    timezones: object.timezones,
    context,
  });
}
