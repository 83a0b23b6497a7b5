import { makeComponent } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, type ObjectComponent, organizerOf } from "../../model/calendar-object.ts";
import type { Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import type { Context } from "../context.ts";

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

/** What a CANCEL takes back. */
export interface Cancellation {
  readonly revision: Revision;
  /** It does not take place at all, for anybody; else only `recipients` are taken off the guest list. */
  readonly whole: boolean;
  readonly comment?: string;
  /** The components named; without them the object: its master, which speaks for all, or each Instance where there is none. */
  readonly targets?: readonly ObjectComponent[];
}

/**
 * Builds a CANCEL: of something that does not take place, or the one that takes `recipients` off a guest list; the latter carries
 * no STATUS, and no other guests. RFC 5546 §3.2.5.
 */
export function buildCancel(
  object: CalendarObject,
  recipients: readonly CalendarUserAddress[],
  cancel: Cancellation,
  context: Context,
): SchedulingMessage {
  const listed = new Set(recipients);
  const targets = cancel.targets ?? (object.master ? [object.master] : [...object.overrides.values()]);
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
