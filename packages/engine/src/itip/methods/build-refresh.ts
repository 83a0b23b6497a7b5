import { makeComponent, type Property } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress } from "../../model/address.ts";
import { type CalendarObject, leadingComponent, organizerOf } from "../../model/calendar-object.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { buildMessage, makeDtstamp } from "../build.ts";
import type { Context } from "../context.ts";
import { invitedAs } from "../own-copy.ts";

/**
 * Builds the REFRESH that asks the Organizer for the present version of an object, or of one Instance of it. RFC 5546 §3.2.6 and
 * §3.4.6: who asks as the only ATTENDEE, and no SEQUENCE. `undefined` for an object without Organizer.
 */
export function buildRefresh(
  object: CalendarObject,
  recurrenceId: Property | undefined,
  comment: string | undefined,
  context: Context,
): SchedulingMessage | undefined {
  const organizer = organizerOf(object);
  if (!organizer) return undefined;
  const leading = leadingComponent(object);
  const asker = invitedAs(leading, context);
  return buildMessage({
    method: "REFRESH",
    originator: asker,
    recipients: [organizer.address],
    type: object.type,
    components: [
      makeComponent(leading.component.name, [
        makeTextProperty("UID", object.uid),
        ...(recurrenceId ? [recurrenceId] : []),
        organizer.property,
        askerLine(asker, context),
        makeDtstamp(context.now),
        ...(comment ? [makeTextProperty("COMMENT", comment)] : []),
      ]),
    ],
    timezones: object.timezones,
    context,
  });
}

function askerLine(asker: CalendarUserAddress, { actor }: Context): Property {
  const line: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(asker) };
  return actor ? withParameter(line, "SENT-BY", [formatAddress(actor)]) : line;
}
