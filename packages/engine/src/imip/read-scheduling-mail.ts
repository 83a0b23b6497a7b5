import { type Component, firstProperty } from "../icalendar/component.ts";
import { parseCalendar } from "../icalendar/parse.ts";
import { decodeText } from "../icalendar/text.ts";
import type { Limits } from "../limits.ts";
import { type CalendarUserAddress, parseMailbox } from "../model/address.ts";
import {
  type CalendarObject,
  type ObjectProblem,
  objectComponents,
  organizerOf,
  readCalendarObject,
} from "../model/calendar-object.ts";
import type { Attendee } from "../model/calendar-user.ts";
import { type Method, methods, parseMethod } from "../model/method.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { ZoneProvider } from "../recurrence/zone.ts";
import { decodeCalendarText } from "./charset.ts";
import { type CalendarPart, findCalendarParts } from "./find-calendar-parts.ts";
import type { Mail } from "./mail.ts";
import { repairByMail } from "./repair.ts";

/**
 * What a mail asks of a calendar:
 *
 * - `messages`: one, or several of one UID and METHOD, such as a series and an instance of it in parts of their own.
 *   `problems` says what was not as it should be and how it was read.
 * - `unreadable`: nothing that could be acted on; `detail` is one sentence for a person.
 */
export type MailReading =
  | {
      readonly kind: "messages";
      readonly messages: readonly SchedulingMessage[];
      readonly problems: readonly string[];
    }
  | { readonly kind: "unreadable"; readonly reason: UnreadableReason; readonly detail: string };

/** Why a mail could not be acted on, for a program; its sentence for a person is `detail`. */
export type UnreadableReason =
  | "no-calendar"
  | "auto-submitted"
  | "delivery-report"
  | "tnef"
  | "too-large"
  | "broken-calendar"
  | "no-method"
  | "unknown-method"
  | "conflicting-methods"
  | "conflicting-parts";

/**
 * Reads the scheduling messages of a mail, RFC 6047 §2. Nothing of the mail's header but From is looked at, and From only
 * to tell which of several Attendees speaks; who may say what is for `receive` to judge. Recipients stay empty: whose copy it
 * is for is known to the envelope. Never throws.
 *
 * A calendar that cannot be read does not harm another one beside it; two that contradict each other make the mail unreadable.
 */
export function readSchedulingMail(mail: Mail, zones: ZoneProvider, limits: Limits): MailReading {
  const found = findCalendarParts(mail, limits);
  if (found.kind === "none") {
    const replied = found.reason === "no-calendar" && mail.autoSubmitted !== undefined && mail.autoSubmitted !== "no";
    return unreadable(replied ? "auto-submitted" : found.reason);
  }
  const readings = found.parts.map((part) => readPart(part, mail, zones, limits));
  const read = readings.filter((reading) => reading.kind === "read");
  const failures = readings.filter((reading) => reading.kind === "unreadable");
  // A part that contradicts itself is no accident: the copy beside it may be what another reader is meant to see.
  const contradiction = failures.find((failure) => failure.reason === "conflicting-methods");
  if (contradiction) return contradiction;
  const [first] = read;
  if (!first) return failures[0] ?? unreadable("no-calendar");
  const distinct = read.filter(
    (reading, index) => !read.slice(0, index).some((earlier) => sameContent(earlier, reading)),
  );
  if (distinct.some((reading) => !belongTogether(first, reading))) return unreadable("conflicting-parts");
  const problems = [
    ...mail.problems,
    ...found.problems,
    ...read.flatMap((reading) => reading.problems),
    ...failures.map((failure) => `One of several calendars was left out: ${failure.detail}`),
  ];
  return {
    kind: "messages",
    messages: distinct.map((reading) => reading.message),
    problems: problems.slice(0, limits.maxProblems),
  };
}

interface ReadPart {
  readonly kind: "read";
  readonly message: SchedulingMessage;
  readonly problems: readonly string[];
}

type Unreadable = Extract<MailReading, { kind: "unreadable" }>;

function readPart(part: CalendarPart, mail: Mail, provider: ZoneProvider, limits: Limits): ReadPart | Unreadable {
  if (part.bytes.length > limits.maxCalendarBytes) return unreadable("too-large");
  const { calendar: written, problems } = parseCalendar(decodeCalendarText(part), limits);
  if (!written) return unreadable("broken-calendar");
  const method = readMethod(part, written);
  if (typeof method !== "string") return method;
  const { calendar, repairs } = repairByMail(written, method, mail);
  const timezones = calendar.components.filter((component) => component.name === "VTIMEZONE");
  const resolver = makeZoneResolver(timezones, provider, limits);
  const read = readCalendarObject(calendar, resolver, limits);
  if ("problem" in read) {
    const reason = read.problem === "too-many" ? "too-large" : "broken-calendar";
    return { kind: "unreadable", reason, detail: objectProblems[read.problem] };
  }
  const originator = findOriginator(method, read.object, mail);
  return {
    kind: "read",
    message: { method, ...(originator && { originator }), recipients: [], updates: [], object: read.object, calendar },
    problems: [...part.problems, ...repairs, ...problems.map((problem) => `Line ${problem.line}: ${problem.detail}`)],
  };
}

/** Reads the METHOD, said twice or once: RFC 6047 §2.4 wants the parameter and the property to be equal but for case. */
function readMethod(part: CalendarPart, calendar: Component): Method | Unreadable {
  const property = firstProperty(calendar, "METHOD");
  const written = property ? decodeText(property.value).trim().toUpperCase() : "";
  if (part.method && written && part.method !== written) return unreadable("conflicting-methods");
  const text = part.method || written;
  if (text === "") return unreadable("no-method");
  return parseMethod(text) ?? unreadable("unknown-method");
}

/** Who speaks in a message of that method, RFC 5546 §1.4. */
const speakers: Record<Method, "organizer" | "attendee"> = {
  PUBLISH: "organizer",
  REQUEST: "organizer",
  REPLY: "attendee",
  ADD: "organizer",
  CANCEL: "organizer",
  REFRESH: "attendee",
  COUNTER: "attendee",
  DECLINECOUNTER: "organizer",
};

/**
 * Finds who the message says it is from. Where an Attendee speaks and several are named, as when a delegate is shown beside
 * who delegated, it is the one the mail is From; where none is, the sender, who is then uninvited: RFC 5546 §3.2.3.
 */
function findOriginator(method: Method, object: CalendarObject, mail: Mail): CalendarUserAddress | undefined {
  if (speakers[method] === "organizer") return organizerOf(object)?.address;
  const [sender, ...others] = mail.from;
  const from = sender && others.length === 0 ? parseMailbox(sender.address) : undefined;
  const attendees = new Map<CalendarUserAddress, Attendee>();
  for (const component of objectComponents(object)) {
    for (const [address, attendee] of component.attendees) attendees.set(address, attendee);
  }
  const [only] = attendees.keys();
  if (attendees.size <= 1) return only ?? from;
  if (from && attendees.has(from)) return from;
  return [...attendees.values()].find((attendee) => from !== undefined && attendee.sentBy === from)?.address;
}

/** Whether a part is a second copy of another, however it is written: the same components in the same revisions. */
function sameContent(a: ReadPart, b: ReadPart): boolean {
  return belongTogether(a, b) && revisionsOf(a.message) === revisionsOf(b.message);
}

function revisionsOf({ object, originator }: SchedulingMessage): string {
  const revisions = objectComponents(object).map(
    ({ key, revision }) => `${key} ${revision.sequence} ${revision.dtstamp}`,
  );
  return [object.type, originator ?? "", ...revisions.sort()].join("\n");
}

function belongTogether(a: ReadPart, b: ReadPart): boolean {
  return a.message.method === b.message.method && a.message.object.uid === b.message.object.uid;
}

const details: Record<UnreadableReason, string> = {
  "no-calendar": "There is no calendar in this mail.",
  "auto-submitted": "This is an automatic answer without a calendar.",
  "delivery-report": "This is a report about a mail that was not delivered; the calendar in it was not acted on.",
  tnef: "The meeting is in Outlook's own form (winmail.dat), which cannot be read here; ask the sender for an iCalendar invitation.",
  "too-large": "The calendar in this mail is too large.",
  "broken-calendar": "The calendar in this mail cannot be read.",
  "no-method": "The calendar in this mail does not say what it is for: it has no METHOD.",
  "unknown-method": `The calendar in this mail has a METHOD that is none of ${methods.join(", ")}.`,
  "conflicting-methods": "The mail and the calendar in it name different METHODs.",
  "conflicting-parts": "There are several calendars in this mail, and they are not about one thing.",
};

const objectProblems: Record<ObjectProblem, string> = {
  "no-component": "The calendar in this mail holds no event, task, journal entry or busy time.",
  "several-types": "The calendar in this mail mixes events, tasks or other things.",
  "several-uids": "The calendar in this mail is about several things at once.",
  "no-uid": "The calendar in this mail has no UID.",
  "too-many": "The calendar in this mail names too many people or dates.",
};

function unreadable(reason: UnreadableReason): Unreadable {
  return { kind: "unreadable", reason, detail: details[reason] };
}
