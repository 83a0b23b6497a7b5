import { type Component, firstProperty, withoutProperties, withProperty } from "../../icalendar/component.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, organizerOf } from "../../model/calendar-object.ts";
import type { Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import type { Context } from "../context.ts";

/** What an ADD does not say: it is no Instance of the series yet, and repeats by itself not at all. RFC 5546 §3.2.4. */
const unsaid: ReadonlySet<string> = new Set(["RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "REQUEST-STATUS"]);

/** Builds the ADD of one new Instance to a series, RFC 5546 §3.2.4; its revision is that of the series that has it. */
export function buildAdd(
  object: CalendarObject,
  instance: Component,
  revision: Revision,
  recipients: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  let component = withoutProperties(instance, unsaid);
  if (!firstProperty(component, "SUMMARY")) {
    component = withProperty(component, "SUMMARY", makeTextProperty("SUMMARY", ""));
  }
  component = withProperty(component, "DTSTAMP", makeDtstamp(revision.dtstamp));
  component = withProperty(component, "SEQUENCE", makeSequence(revision.sequence));
  return buildMessage({
    method: "ADD",
    originator: organizerOf(object)?.address ?? context.owner,
    recipients,
    type: object.type,
    components: [component],
    timezones: object.timezones,
    context,
  });
}
