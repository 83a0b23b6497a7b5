import { firstProperty, makeComponent, type Property } from "../icalendar/component.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress, isMailAddress } from "../model/address.ts";
import { leadingComponent, type ObjectComponent, objectComponents, organizerOf } from "../model/calendar-object.ts";
import type { Method } from "../model/method.ts";
import { formatRequestStatus, type RequestStatus } from "../model/request-status.ts";
import { clampRevision } from "../model/revision.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { buildMessage, makeDtstamp, makeSequence } from "./build.ts";
import type { Context } from "./context.ts";
import { type Evidence, isProven } from "./evidence.ts";
import { buildRefresh } from "./methods/build-refresh.ts";
import type { Rejected, Rule } from "./outcome.ts";
import { checkRestrictions } from "./restrictions/check.ts";

/**
 * Adds to a rejection the message that tells its status to whoever sent what was rejected, RFC 5546 §3.2.3 and §4.4.10: a REPLY to
 * a REQUEST or an ADD, a DECLINECOUNTER to a COUNTER. To an ADD that is not served a REFRESH goes beside it, §3.2.4.
 *
 * Nothing leaves to a sender who is not proven, who is not the one the message speaks for, or whom the owner has nothing to tell;
 * nothing in answer to an answer; nothing that would break a restriction table (decision 0024).
 */
export function answerRejected(
  rejected: Rejected,
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Rejected {
  const parties = isProven(evidence) ? partiesOf(state, message, evidence.from, context) : undefined;
  if (!parties) return rejected;
  const messages = [buildStatus(rejected.status, message, parties, context)];
  if (message.method === "ADD" && isUnservedAdd(rejected.rule)) {
    const refresh = buildRefresh(message.object, undefined, undefined, context);
    if (refresh) messages.push(refresh);
  }
  const sendable = messages.filter((answer) => checkRestrictions(answer).length === 0);
  return sendable.length > 0 ? { ...rejected, messages: sendable } : rejected;
}

/** RFC 5546 §3.2.4 and §3.4.4: whoever does not take an ADD asks for the whole instead. */
function isUnservedAdd(rule: Rule): boolean {
  return rule === "RFC 5546 §3.2.4" || rule === "RFC 5546 §3.4.4";
}

/** Who answers whom. */
interface Parties {
  readonly method: Method;
  readonly originator: CalendarUserAddress;
  readonly recipient: CalendarUserAddress;
  /** The Attendee spoken of: who answers, or whose COUNTER it is. */
  readonly attendee: CalendarUserAddress;
}

function partiesOf(
  state: SchedulingState,
  message: SchedulingMessage,
  from: CalendarUserAddress | undefined,
  context: Context,
): Parties | undefined {
  if (!from || !isMailAddress(from) || context.addresses.has(from)) return undefined;
  const leading = leadingComponent(message.object);
  switch (message.method) {
    case "REQUEST":
    case "ADD": {
      const own = ownAddress(leading, context);
      if (!own || organizerOf(message.object)?.address !== from) return undefined;
      return { method: "REPLY", originator: own, recipient: from, attendee: own };
    }
    case "COUNTER": {
      const organizer = state.object && organizerOf(state.object)?.address;
      if (!organizer || !context.addresses.has(organizer) || message.originator !== from) return undefined;
      if (!state.object || !objectComponents(state.object).some(({ attendees }) => attendees.has(from)))
        return undefined;
      return { method: "DECLINECOUNTER", originator: organizer, recipient: from, attendee: from };
    }
    default:
      return undefined;
  }
}

/** The address the message was sent to, as far as it names one of the owner's. */
function ownAddress(component: ObjectComponent, context: Context): CalendarUserAddress | undefined {
  for (const address of component.attendees.keys()) if (context.addresses.has(address)) return address;
  return undefined;
}

/** What the answer repeats, so that its reader knows what it is about; a VFREEBUSY is known by its window too. */
const repeated = ["UID", "RECURRENCE-ID", "ORGANIZER", "SUMMARY"];
const repeatedOfBusyTime = ["UID", "ORGANIZER", "DTSTART", "DTEND"];

function buildStatus(
  status: RequestStatus,
  message: SchedulingMessage,
  { method, originator, recipient, attendee }: Parties,
  context: Context,
): SchedulingMessage {
  const { component, revision } = leadingComponent(message.object);
  const { type } = message.object;
  const names = type === "VFREEBUSY" ? repeatedOfBusyTime : repeated;
  const properties = names.flatMap((name) => firstProperty(component, name) ?? []);
  const line: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(attendee) };
  // Never before what it answers, whatever its sender's clock said: it would be taken for an answer to something earlier.
  const { sequence, dtstamp } = clampRevision(revision, context.now);
  return buildMessage({
    method,
    originator,
    recipients: [recipient],
    type,
    components: [
      makeComponent(type, [
        ...properties.map((property) =>
          property.name === "UID" ? makeTextProperty("UID", message.object.uid) : property,
        ),
        line,
        ...(type === "VFREEBUSY" ? [] : [makeSequence(sequence)]),
        makeDtstamp(Math.max(context.now, dtstamp)),
        { name: "REQUEST-STATUS", parameters: [], value: formatRequestStatus(status) },
      ]),
    ],
    timezones: message.object.timezones,
    context,
  });
}
