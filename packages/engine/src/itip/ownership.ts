import { firstProperty, type Property } from "../icalendar/component.ts";
import { parameterValue } from "../icalendar/parameter.ts";
import { decodeText, readInteger } from "../icalendar/text.ts";
import type { Limits } from "../limits.ts";
import type { ObjectComponent } from "../model/calendar-object.ts";
import type { Attendee, Partstat } from "../model/calendar-user.ts";
import type { ObjectType } from "../model/method.ts";
import type { Revision } from "../model/revision.ts";
import type { Participation } from "../model/scheduling-state.ts";

/**
 * What an Attendee may say of each kind of object, RFC 5545 §3.2.12. Anything else a REPLY says is read as NEEDS-ACTION.
 */
const answers: Record<ObjectType, ReadonlySet<Partstat>> = {
  VEVENT: new Set(["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"]),
  VTODO: new Set(["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "COMPLETED", "IN-PROCESS"]),
  VJOURNAL: new Set(["NEEDS-ACTION", "ACCEPTED", "DECLINED"]),
  VFREEBUSY: new Set(["NEEDS-ACTION"]),
};

/**
 * Reads from a component of a REPLY all that its Attendee owns, and nothing else: PARTSTAT, delegation and SENT-BY of
 * their own ATTENDEE, COMMENT, PERCENT-COMPLETE. Whatever else the component says is not theirs to say (RFC 5546 §3.2.3).
 */
export function readParticipation(
  type: ObjectType,
  component: ObjectComponent,
  attendee: Attendee,
  revision: Revision,
  limits: Limits,
): Participation {
  const comment = readComment(component, attendee.property)?.slice(0, limits.maxCommentLength);
  const percentComplete = type === "VTODO" ? readInteger(component.component, "PERCENT-COMPLETE") : undefined;
  return {
    attendee: attendee.address,
    key: component.key,
    partstat: answers[type].has(attendee.partstat) ? attendee.partstat : "NEEDS-ACTION",
    reply: revision,
    answeredSequence: revision.sequence,
    ...(comment && { comment }),
    ...(percentComplete !== undefined && { percentComplete: Math.min(Math.max(percentComplete, 0), 100) }),
    ...(attendee.sentBy && { sentBy: attendee.sentBy }),
    ...(attendee.delegatedTo.length > 0 && { delegatedTo: attendee.delegatedTo }),
    ...(attendee.delegatedFrom.length > 0 && { delegatedFrom: attendee.delegatedFrom }),
  };
}

/** Google's guests write into a parameter of their ATTENDEE; an empty COMMENT, as Outlook sends it, is none. */
function readComment(component: ObjectComponent, attendee: Property): string | undefined {
  const comment = firstProperty(component.component, "COMMENT");
  const text = comment ? decodeText(comment.value).trim() : "";
  return text || parameterValue(attendee, "X-RESPONSE-COMMENT")?.trim() || undefined;
}
