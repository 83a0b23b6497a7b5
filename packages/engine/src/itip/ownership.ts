import { firstProperty } from "../icalendar/component.ts";
import { type EpochSeconds, readDateTime } from "../icalendar/date-time.ts";
import { readInteger, readText } from "../icalendar/text.ts";
import { type Limits, maxDelegates } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { ObjectComponent } from "../model/calendar-object.ts";
import type { Attendee, Partstat } from "../model/calendar-user.ts";
import type { ObjectType } from "../model/method.ts";
import { isRange } from "../model/ranges.ts";
import { gravestStatus, type RequestStatus } from "../model/request-status.ts";
import type { Revision } from "../model/revision.ts";
import type { Participation } from "../model/scheduling-state.ts";
import { commentOf } from "./comment.ts";

/**
 * What an Attendee may say of each kind of object, RFC 5545 §3.2.12. Anything else a REPLY says is read as NEEDS-ACTION.
 */
const answers: Record<ObjectType, ReadonlySet<Partstat>> = {
  VEVENT: new Set(["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"]),
  VTODO: new Set(["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "COMPLETED", "IN-PROCESS"]),
  VJOURNAL: new Set(["NEEDS-ACTION", "ACCEPTED", "DECLINED"]),
  VFREEBUSY: new Set(["NEEDS-ACTION"]),
};

/** Tells whether an Attendee may say that of an object of that type. */
export function isAnswer(type: ObjectType, partstat: Partstat): boolean {
  return answers[type].has(partstat);
}

/**
 * Reads from a component of a REPLY all that its Attendee owns, and nothing else: PARTSTAT, delegation and SENT-BY of
 * their own ATTENDEE, COMMENT, REQUEST-STATUS, and of a to-do PERCENT-COMPLETE and COMPLETED. Whatever else the component says is
 * not theirs to say (RFC 5546 §3.2.3).
 */
export function readParticipation(
  type: ObjectType,
  component: ObjectComponent,
  attendee: Attendee,
  revision: Revision,
  limits: Limits,
): Participation {
  const requestStatus = readStatus(component, limits);
  const partstat = readPartstat(type, attendee.partstat, requestStatus);
  const delegatedTo = partstat === "DELEGATED" ? readDelegates(component, attendee) : [];
  return {
    attendee: attendee.address,
    key: component.key,
    ...(isRange(component) && { range: "this-and-future" }),
    partstat,
    reply: revision,
    answeredSequence: revision.sequence,
    // An empty COMMENT, as Outlook sends it, is none.
    ...commentOf(readText(component.component, "COMMENT"), { limits }),
    ...(type === "VTODO" && readProgress(component)),
    ...(requestStatus && { requestStatus }),
    ...(attendee.sentBy && { sentBy: attendee.sentBy }),
    ...(delegatedTo.length > 0 && { delegatedTo }),
    ...(attendee.delegatedFrom.length > 0 && { delegatedFrom: attendee.delegatedFrom.slice(0, maxDelegates) }),
    ...(partstat === "DELEGATED" && wantsUpdates(attendee) && { informed: true }),
  };
}

/** Where the request could not be served, its Attendee has said nothing yet but a refusal (decision 0019). */
function readPartstat(type: ObjectType, said: Partstat, status: RequestStatus | undefined): Partstat {
  const failed = status?.code[0] === 3 || status?.code[0] === 5;
  return answers[type].has(said) && !(failed && said !== "DECLINED") ? said : "NEEDS-ACTION";
}

/** The gravest status, where it is not plain success: RFC 5546 §3.6 has 2.0 for none. */
function readStatus({ component }: ObjectComponent, limits: Limits): RequestStatus | undefined {
  const { code, description, exception } = gravestStatus(component);
  if (code[0] < 2 || (code[0] === 2 && code[1] === 0)) return undefined;
  return {
    code,
    description: description.slice(0, limits.maxCommentLength),
    ...(exception && { exception: exception.slice(0, limits.maxCommentLength) }),
  };
}

/** Those DELEGATED-TO names, and those the message shows as having it from this Attendee: RFC 5546 §3.2.2.3. */
function readDelegates(component: ObjectComponent, { address, delegatedTo }: Attendee): readonly CalendarUserAddress[] {
  const delegates = new Set(delegatedTo);
  for (const other of component.attendees.values()) {
    if (other.delegatedFrom.includes(address)) delegates.add(other.address);
  }
  return [...delegates].slice(0, maxDelegates);
}

/** Who delegates may go on hearing of changes: RSVP=TRUE says so in RFC 5546 §4.2.5, the ROLE in §3.2.2.3. */
export function wantsUpdates({ rsvp, role }: Attendee): boolean {
  return rsvp || role === "NON-PARTICIPANT";
}

function readProgress({ component }: ObjectComponent): {
  readonly percentComplete?: number;
  readonly completed?: EpochSeconds;
} {
  const percent = readInteger(component, "PERCENT-COMPLETE");
  const property = firstProperty(component, "COMPLETED");
  const completed = property && readDateTime(property);
  return {
    ...(percent !== undefined && { percentComplete: Math.min(Math.max(percent, 0), 100) }),
    // RFC 5545 §3.8.2.1 wants it in UTC; where it is not, its day at least is right.
    ...(completed && { completed: completed.wall }),
  };
}
