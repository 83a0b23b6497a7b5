import { type Component, makeComponent, type Property } from "../../icalendar/component.ts";
import { makeDateTimeProperty } from "../../icalendar/date-time.ts";
import { makeParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import type { Limits } from "../../limits.ts";
import { type CalendarUserAddress, formatAddress } from "../../model/address.ts";
import type { Method } from "../../model/method.ts";
import type { MailHeader } from "../mail.ts";
import { readTnef, type TnefMail } from "./attributes.ts";
import { type MeetingId, readGlobalObjectId } from "./global-object-id.ts";
import { property } from "./names.ts";
import { findPeople, invitedOf, type TnefPeople } from "./people.ts";
import { isTrue, numberOf, octetsOf, textOf, timeOf } from "./properties.ts";
import { readTimes, type TimesProblem } from "./times.ts";

/** What Outlook's own form of a mail holds: a meeting, nothing that is one, or one that cannot be put into iCalendar. */
export type TnefReading =
  | { readonly kind: "meeting"; readonly calendar: Component }
  /** A letter with calendars attached. */
  | { readonly kind: "attached"; readonly calendars: readonly Uint8Array[] }
  | { readonly kind: "no-meeting" }
  | { readonly kind: "unreadable"; readonly detail: string };

/** What a message class means; without a METHOD it is an entry of somebody's calendar. */
interface Meaning {
  readonly method?: Method;
  readonly partstat?: string;
}

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["ipm.schedule.meeting.request", { method: "REQUEST" }],
  ["ipm.schedule.meeting.canceled", { method: "CANCEL" }],
  ["ipm.schedule.meeting.resp.pos", { method: "REPLY", partstat: "ACCEPTED" }],
  ["ipm.schedule.meeting.resp.neg", { method: "REPLY", partstat: "DECLINED" }],
  ["ipm.schedule.meeting.resp.tent", { method: "REPLY", partstat: "TENTATIVE" }],
  ["ipm.appointment", {}],
]);

/** Classes of calendars and tasks that mean something to Outlook, but nothing we know. */
const unknownMeeting = /^ipm\.(schedule|microsoft schedule|task|taskrequest)\b/;

/**
 * Reads the meeting of a `winmail.dat` into iCalendar: MS-OXTNEF for the form, MS-OXOCAL for what it means. Invitations, cancellations,
 * answers, new times proposed, and entries somebody attached. What cannot be told surely is not guessed: then `detail` says why.
 * The mail around it tells who it is between where the meeting names nobody.
 */
export function readTnefMeeting(bytes: Uint8Array, header: MailHeader, limits: Limits): TnefReading {
  const tnef = readTnef(bytes, limits);
  if (!tnef) return unreadable("it is damaged");
  const name = textOf(tnef.properties, property.messageClass)?.toLowerCase() ?? tnef.messageClass;
  const meaning = meanings.get(name) ?? meanings.get(tnef.messageClass);
  if (!meaning && tnef.calendars.length > 0) return { kind: "attached", calendars: tnef.calendars };
  if (!meaning)
    return unknownMeeting.test(name) ? unreadable("it is of a kind not known here") : { kind: "no-meeting" };
  const { method } = meaning;
  const id = readId(tnef, method);
  if (!id) return unreadable("it does not say which meeting it is");
  const times = readTimes(tnef.properties, id, method === undefined || method === "REQUEST");
  if (typeof times === "string") return unreadable(timesWords[times]);
  const proposed = method === "REPLY" ? proposedTimes(tnef) : undefined;
  const event = makeComponent("VEVENT", [
    makeTextProperty("UID", id.uid),
    ...(proposed ?? []),
    ...times.properties.filter(({ name: line }) => !proposed?.some((other) => other.name === line)),
    ...peopleLines(tnef, header, meaning, proposed !== undefined),
    ...wordLines(tnef, method),
    ...stateLines(tnef, method),
  ]);
  const said = proposed ? "COUNTER" : method;
  const head = [makeTextProperty("VERSION", "2.0"), makeTextProperty("PRODID", "-//Microsoft//TNEF//EN")];
  const lines = said ? [...head, makeTextProperty("METHOD", said)] : head;
  return { kind: "meeting", calendar: makeComponent("VCALENDAR", lines, [...times.timezones, event]) };
}

/** An entry somebody attached may have no id of its own; the mail's does, for nobody answers it. */
function readId({ properties, messageId }: TnefMail, method: Method | undefined): MeetingId | undefined {
  const bytes = octetsOf(properties, property.globalId, property.cleanGlobalId);
  const id = bytes && readGlobalObjectId(bytes);
  return id ?? (method === undefined && messageId !== undefined ? { uid: messageId } : undefined);
}

function proposedTimes({ properties }: TnefMail): readonly Property[] | undefined {
  const start = timeOf(properties, property.proposedStart);
  const end = timeOf(properties, property.proposedEnd);
  if (!isTrue(properties, property.isProposal) || start === undefined || end === undefined || end < start)
    return undefined;
  return [
    makeDateTimeProperty("DTSTART", { kind: "utc", wall: start }),
    makeDateTimeProperty("DTEND", { kind: "utc", wall: end }),
  ];
}

function peopleLines(tnef: TnefMail, header: MailHeader, meaning: Meaning, isProposal: boolean): readonly Property[] {
  const { method, partstat } = meaning;
  const people = findPeople(tnef, header, partstat !== undefined);
  if (partstat === undefined) {
    const organizer = userLine("ORGANIZER", people.speaker, people, textOf(tnef.properties, property.representedName));
    return method ? [...organizer, ...invitedOf(tnef, header, people.speaker)] : organizer;
  }
  const answer = makeParameter("PARTSTAT", [isProposal && partstat === "ACCEPTED" ? "TENTATIVE" : partstat]);
  const attendee = userLine("ATTENDEE", people.speaker, people, undefined);
  return [
    ...userLine("ORGANIZER", people.receiver, {}, undefined),
    ...attendee.map((line) => ({ ...line, parameters: [answer, ...line.parameters] })),
  ];
}

function userLine(
  name: string,
  address: CalendarUserAddress | undefined,
  { sentBy }: TnefPeople,
  shown: string | undefined,
): readonly Property[] {
  if (!address) return [];
  const parameters = [
    ...(shown ? [makeParameter("CN", [shown])] : []),
    ...(sentBy ? [makeParameter("SENT-BY", [formatAddress(sentBy)])] : []),
  ];
  return [{ name, parameters, value: formatAddress(address) }];
}

/** The texts; what stands in an answer is the comment of who answers. */
function wordLines(tnef: TnefMail, method: Method | undefined): readonly Property[] {
  const { properties } = tnef;
  const subject = textOf(properties, property.normalizedSubject, property.topic, property.subject) ?? tnef.subject;
  const location = textOf(properties, property.location, property.where);
  const body = textOf(properties, property.body) ?? tnef.body;
  return [
    // MAPI marks the length of a prefix by two characters before it.
    ...(subject ? [makeTextProperty("SUMMARY", subject.replace(/^\u0001./s, ""))] : []),
    ...(location ? [makeTextProperty("LOCATION", location)] : []),
    ...(body ? [makeTextProperty(method === "REPLY" ? "COMMENT" : "DESCRIPTION", body)] : []),
  ];
}

function stateLines({ properties }: TnefMail, method: Method | undefined): readonly Property[] {
  const changed = method === "REPLY" ? property.attendeeChange : property.ownerChange;
  const stamp = timeOf(properties, changed, property.submitted);
  const sequence = numberOf(properties, property.sequence) ?? 0;
  const isFree = method !== "CANCEL" && numberOf(properties, property.busyStatus) === 0;
  return [
    ...(stamp === undefined ? [] : [makeDateTimeProperty("DTSTAMP", { kind: "utc", wall: stamp })]),
    makeTextProperty("SEQUENCE", String(Math.max(sequence, 0))),
    ...(isFree ? [makeTextProperty("TRANSP", "TRANSPARENT")] : []),
    ...(method === "CANCEL" ? [makeTextProperty("STATUS", "CANCELLED")] : []),
  ];
}

const timesWords: Record<TimesProblem, string> = {
  "no-time": "it does not say when it is",
  series: "how it repeats cannot be told surely",
  instance: "which one of a series it is cannot be told",
};

function unreadable(why: string): TnefReading {
  const detail = `The meeting is in Outlook's own form (winmail.dat), and ${why}; ask the sender for an iCalendar invitation.`;
  return { kind: "unreadable", detail };
}
