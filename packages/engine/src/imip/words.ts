import { firstProperty } from "../icalendar/component.ts";
import type { DateOrDateTime } from "../icalendar/date-time.ts";
import { decodeText, readText } from "../icalendar/text.ts";
import { type Limits, maxDatesNamed, maxGuestsNamed, maxRuleLength } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { leadingComponent, type ObjectComponent, objectComponents, organizerOf } from "../model/calendar-object.ts";
import type { Partstat } from "../model/calendar-user.ts";
import type { Method, ObjectType } from "../model/method.ts";
import { cut, foreignLine, oneLine } from "../model/one-line.ts";
import { gravestStatus, purposeOfCode } from "../model/request-status.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { readTimeSpan } from "../model/time-span.ts";
import { spanInWords } from "../model/time-words.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { parseRule } from "../recurrence/rule-text.ts";
import { english } from "../recurrence/words/english.ts";
import { sayRule } from "../recurrence/words/say-rule.ts";
import { utc, type Zone } from "../recurrence/zone.ts";

/** A scheduling message in English, ready to be laid out. Texts are free of controls but line breaks in `Paragraph`s. */
export interface Words {
  /** One line. */
  readonly subject: string;
  /** Who does what, one sentence. */
  readonly opening: string;
  readonly title: string;
  readonly facts: readonly Fact[];
  /** What is new since the last message, or proposed, one sentence each. */
  readonly changes: readonly string[];
  /** What stands above them. */
  readonly changesTitle: string;
  /** What the sender adds; may have line breaks. */
  readonly comment: string;
  /** May have line breaks. */
  readonly description: string;
  /** What the reader can do, one sentence; empty where there is nothing. */
  readonly closing: string;
}

/** One thing to know, such as `When`, on one or more lines. */
export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
}

/** For whom a message is put into words. */
export interface Telling {
  /** Name of who sends it; its address where empty. */
  readonly senderName: string;
  /** What changed, or would in a COUNTER, in sentences; none makes a REQUEST a first invitation. */
  readonly changes: readonly string[];
  /** What TZIDs of the message mean. */
  readonly zones: ZoneResolver;
  /** The zone times are said in beside their own. */
  readonly zone?: Zone;
  readonly limits: Limits;
}

/** Puts a message into English words. */
export function sayMessage(message: SchedulingMessage, telling: Telling): Words {
  const { object } = message;
  const leading = leadingComponent(object);
  const saying = sayings[message.method](message, leading, isUpdate(message, telling));
  const title = foreignLine(readText(leading.component, "SUMMARY") ?? "") || untitled[object.type];
  const name = foreignLine(telling.senderName) || message.originator || "Somebody";
  return {
    subject: `${saying.subject}: ${title}`,
    opening: `${name} ${saying.does}`,
    title,
    facts: factsOf(message, telling),
    changes: tellsChanges(message, telling) ? telling.changes.map(oneLine).filter((change) => change !== "") : [],
    changesTitle: message.method === "COUNTER" ? "What would change" : "What changed",
    comment: paragraph(leading, "COMMENT", telling.limits),
    description: saying.brief ? "" : paragraph(leading, "DESCRIPTION", telling.limits),
    closing: saying.closing ?? "",
  };
}

interface Saying {
  readonly subject: string;
  /** Follows the sender's name. */
  readonly does: string;
  readonly closing?: string;
  /** The reader knows the description. */
  readonly brief?: boolean;
}

const nouns: Record<ObjectType, string> = {
  VEVENT: "event",
  VTODO: "task",
  VJOURNAL: "journal entry",
  VFREEBUSY: "busy time",
};

const untitled: Record<ObjectType, string> = {
  VEVENT: "Event without a title",
  VTODO: "Task without a title",
  VJOURNAL: "Journal entry without a title",
  VFREEBUSY: "Busy time",
};

const answers: Record<Partstat, Saying> = {
  ACCEPTED: { subject: "Accepted", does: "accepted." },
  DECLINED: { subject: "Declined", does: "declined." },
  TENTATIVE: { subject: "Tentatively accepted", does: "accepted tentatively." },
  DELEGATED: { subject: "Delegated", does: "passed it on to somebody else." },
  "NEEDS-ACTION": { subject: "No answer yet", does: "has not decided yet." },
  COMPLETED: { subject: "Completed", does: "completed the task." },
  "IN-PROCESS": { subject: "In progress", does: "is working on the task." },
};

const howToAnswer = "To answer, open this mail in a program with a calendar.";

const sayings: Record<Method, (message: SchedulingMessage, leading: ObjectComponent, update: boolean) => Saying> = {
  PUBLISH: ({ object }) => ({ subject: "For your calendar", does: `shares this ${nouns[object.type]} with you.` }),
  REQUEST: ({ object }, _, update) => sayRequest(object.type, update),
  REPLY: (message, leading) => sayReply(message, leading),
  ADD: ({ object }) => ({
    subject: "More dates",
    does: `adds dates to this ${nouns[object.type]}.`,
    closing: howToAnswer,
  }),
  CANCEL: ({ object }, leading) => sayCancel(object.type, leading),
  REFRESH: ({ object }) => ({
    subject: "Please send again",
    does: `asks for the latest version of this ${nouns[object.type]}.`,
    brief: true,
  }),
  COUNTER: ({ object }) => ({
    subject: "Proposal",
    does: `proposes to change this ${nouns[object.type]} as follows.`,
    closing: howToAnswer,
  }),
  DECLINECOUNTER: ({ object }) => ({
    subject: "Proposal declined",
    does: `does not take up your proposal; the ${nouns[object.type]} stays as it was.`,
    brief: true,
  }),
};

function sayRequest(type: ObjectType, update: boolean): Saying {
  if (type === "VFREEBUSY") return { subject: "When are you free?", does: "asks when you are busy.", brief: true };
  if (update) return { subject: "Updated", does: `changed this ${nouns[type]}.`, closing: howToAnswer };
  if (type === "VTODO") return { subject: "Task", does: "asks you to do this.", closing: howToAnswer };
  return { subject: "Invitation", does: "invites you.", closing: howToAnswer };
}

function sayReply({ object, originator }: SchedulingMessage, leading: ObjectComponent): Saying {
  const { code } = gravestStatus(leading.component);
  if (code[0] === 3 || code[0] === 5) {
    const why = purposeOfCode(code) ?? "";
    return { subject: "Not taken", does: `has a calendar that could not take this. ${why}`.trim(), brief: true };
  }
  if (object.type === "VFREEBUSY") return { subject: "Busy times", does: "tells you when they are busy.", brief: true };
  const attendee = originator && leading.attendees.get(originator);
  return { ...answers[attendee?.partstat ?? "NEEDS-ACTION"], brief: true };
}

/** RFC 5546 §3.2.5: without STATUS:CANCELLED it goes on, but without the recipient. */
function sayCancel(type: ObjectType, leading: ObjectComponent): Saying {
  const status = firstProperty(leading.component, "STATUS")?.value.trim().toUpperCase();
  if (status === "CANCELLED") return { subject: "Cancelled", does: `cancelled this ${nouns[type]}.`, brief: true };
  return { subject: "No longer invited", does: `took you off this ${nouns[type]}.`, brief: true };
}

function isUpdate(message: SchedulingMessage, telling: Telling): boolean {
  return message.method === "REQUEST" && telling.changes.length > 0;
}

/** Others than updates and proposals have nothing that is new to whom they are for. */
function tellsChanges(message: SchedulingMessage, telling: Telling): boolean {
  return isUpdate(message, telling) || message.method === "COUNTER";
}

function factsOf(message: SchedulingMessage, telling: Telling): readonly Fact[] {
  const leading = leadingComponent(message.object);
  const organizer = organizerOf(message.object);
  const facts: Fact[] = [
    { label: "When", lines: datesOf(message, telling) },
    { label: "Repeats", lines: repetitionOf(leading, telling) },
    { label: "Where", lines: [foreignLine(readText(leading.component, "LOCATION") ?? "")] },
    { label: "Organizer", lines: organizer ? [personInWords(organizer.name, organizer.address)] : [] },
    { label: "Guests", lines: speaksOfGuests.has(message.method) ? guestsOf(leading) : [] },
  ];
  return facts
    .map((fact) => ({ ...fact, lines: fact.lines.filter((line) => line !== "") }))
    .filter((fact) => fact.lines.length > 0);
}

/** The others tell the Organizer, who knows, or somebody who is out. */
const speaksOfGuests: ReadonlySet<Method> = new Set(["REQUEST", "ADD"]);

function datesOf({ object }: SchedulingMessage, telling: Telling): readonly string[] {
  const components = objectComponents(object);
  const lines = components.slice(0, maxDatesNamed).flatMap((component) => timesOf(component, telling));
  return components.length > maxDatesNamed ? [...lines, `and ${components.length - maxDatesNamed} more dates`] : lines;
}

/** Says a time in its own zone and, where that is another, in the one asked for. */
function timesOf(component: ObjectComponent, telling: Telling): readonly string[] {
  const span = readTimeSpan(component.component);
  if (!span) return [];
  const own = span.start.kind === "zoned" ? telling.zones(span.start.tzid) : undefined;
  const viewers = [own, telling.zone].filter((zone) => zone !== undefined);
  const said = new Map<string, string>();
  for (const zone of viewers.length > 0 ? viewers : [utc]) {
    const words = spanInWords(span, telling.zones, zone);
    // Zones that agree are said once, by the better known name: the later one.
    said.set(words.replace(` (${zone.name})`, ""), words);
  }
  return [...said.values()];
}

function repetitionOf(leading: ObjectComponent, telling: Telling): readonly string[] {
  const rule = firstProperty(leading.component, "RRULE");
  const start = readTimeSpan(leading.component)?.start;
  const own = start?.kind === "zoned" ? telling.zones(start.tzid) : undefined;
  return rule ? [oneLine(repeats(rule.value, own ?? telling.zone ?? utc, start))] : [];
}

function repeats(text: string, zone: Zone, start: DateOrDateTime | undefined): string {
  if (text.length > maxRuleLength) return "in a pattern too long to say here";
  const { rule } = parseRule(text);
  if (!rule) return "in a pattern that cannot be read";
  // A day told in UTC may be another where the reader is.
  const said = start && start.kind !== "utc" ? { start } : {};
  return sayRule(rule, english, { zone, ...said });
}

function guestsOf(leading: ObjectComponent): readonly string[] {
  const guests = [...leading.attendees.values()];
  const named = guests.slice(0, maxGuestsNamed).map(({ name, address }) => personInWords(name, address));
  return guests.length > maxGuestsNamed ? [...named, `and ${guests.length - maxGuestsNamed} more`] : named;
}

function personInWords(name: string | undefined, address: CalendarUserAddress): string {
  const written = foreignLine(name ?? "");
  return written === "" || written.toLowerCase() === address ? address : `${written} <${address}>`;
}

function paragraph(component: ObjectComponent, name: string, limits: Limits): string {
  const property = firstProperty(component.component, name);
  const text = property ? decodeText(property.value).replace(/\r\n?/g, "\n").replace(controls, "").trim() : "";
  return text.length > limits.maxCommentLength ? `${cut(text, limits.maxCommentLength)}…` : text;
}

/** Controls but tab and line feed, and the two line ends only Unicode knows. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
