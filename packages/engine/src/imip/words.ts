import { firstProperty } from "../icalendar/component.ts";
import type { DateOrDateTime } from "../icalendar/date-time.ts";
import { decodeText, readText } from "../icalendar/text.ts";
import {
  type Limits,
  maxChangeInWords,
  maxChangesNamed,
  maxDatesNamed,
  maxGuestsNamed,
  maxLinkLength,
  maxRuleLength,
} from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { leadingComponent, type ObjectComponent, objectComponents, organizerOf } from "../model/calendar-object.ts";
import { partstats } from "../model/calendar-user.ts";
import type { Method } from "../model/method.ts";
import { cut, foreignLine } from "../model/one-line.ts";
import { quote, unquote } from "../model/quote.ts";
import { gravestStatus } from "../model/request-status.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { readTimeSpan } from "../model/time-span.ts";
import { spanInWords, zoneInWords } from "../model/time-words.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { parseRule } from "../recurrence/rule-text.ts";
import { sayRule } from "../recurrence/words/say-rule.ts";
import { utc, type Zone } from "../recurrence/zone.ts";
import type { Label, LinkName, MailLanguage, Purpose } from "./words/language.ts";

/** A scheduling message in words, ready to be laid out. Texts are free of controls but line breaks in `Paragraph`s. */
export interface Words {
  /** One line. */
  readonly subject: string;
  /** Who does what, one sentence. */
  readonly opening: string;
  readonly title: Fact;
  readonly facts: readonly Fact[];
  /** What is new since the last message, or proposed, one sentence each, and what stands above them. */
  readonly changes: Fact;
  /** What the sender adds; may have line breaks. */
  readonly comment: string;
  /** May have line breaks. */
  readonly description: Fact;
  /** Where the reader can answer; one line each. */
  readonly links: readonly Link[];
  readonly linksTitle: string;
  /** What the reader can do, one sentence; empty where there is nothing. */
  readonly closing: string;
}

/** One thing to know, such as `When`, on one or more lines. */
export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Where a reader can answer. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** Addresses of the web at which one reader can answer: personal ones, so of a mail to one recipient. */
export type AnswerLinks = Readonly<Partial<Record<LinkName, string>>>;

/** For whom a message is put into words. */
export interface Telling {
  readonly language: MailLanguage;
  /** Name of who sends it; its address where empty. */
  readonly senderName: string;
  /** What changed, or would in a COUNTER, in sentences; none makes a REQUEST a first invitation. */
  readonly changes: readonly string[];
  /** What TZIDs of the message mean. */
  readonly zones: ZoneResolver;
  /** The sender's: times are said in it beside their own. */
  readonly zone?: Zone;
  /** The reader's: times are said in it first, and in one other. */
  readonly readerZone?: Zone;
  readonly links?: AnswerLinks;
  readonly limits: Limits;
}

/** Puts a message into words. */
export function sayMessage(message: SchedulingMessage, telling: Telling): Words {
  const { language } = telling;
  const leading = leadingComponent(message.object);
  const purpose = purposeOf(message, leading, telling);
  const [, opening] = language.purposes[purpose];
  const ours = (text: string): string => unquote(text, language.direction);
  const name = foreignLine(telling.senderName) || message.originator || language.somebody;
  const links = asksForAnswer.has(purpose) ? linksOf(telling) : [];
  const { alone, afterLinks } = language.howToAnswer;
  const why = purpose === "refuse" ? language.refusal(gravestStatus(leading.component).code) : "";
  return {
    subject: saySubject(message, telling),
    opening: ours(opening(quote(name), message.object.type, why)).trim(),
    title: { label: language.labels.title, lines: [ours(titleOf(message, leading, language))] },
    facts: factsOf(message, telling).map(({ label, lines }) => ({ label, lines: lines.map(ours) })),
    changes: {
      label: language.labels[purpose === "counter" ? "wouldChange" : "changed"],
      lines: tellsChanges.has(purpose) ? changesOf(telling) : [],
    },
    comment: paragraph(leading, "COMMENT", telling.limits),
    description: {
      label: language.labels.description,
      lines: known.has(purpose) ? [] : paragraphLines(leading, telling.limits),
    },
    links,
    linksTitle: language.links.title,
    closing: knowsHowToAnswer.has(purpose) ? (links.length > 0 ? afterLinks : alone) : "",
  };
}

/** Says the subject of a mail: what it is for, and about what. One line. */
export function saySubject(message: SchedulingMessage, telling: Pick<Telling, "language" | "changes">): string {
  const { language } = telling;
  const leading = leadingComponent(message.object);
  const [subject] = language.purposes[purposeOf(message, leading, telling)];
  if (message.object.type === "VFREEBUSY") return subject;
  return unquote(`${subject}${language.colon}${titleOf(message, leading, language)}`, language.direction);
}

function titleOf({ object }: SchedulingMessage, leading: ObjectComponent, language: MailLanguage): string {
  const summary = foreignLine(readText(leading.component, "SUMMARY") ?? "");
  return summary === "" ? language.untitled[object.type] : quote(summary);
}

const asksForAnswer: ReadonlySet<Purpose> = new Set(["invite", "assign", "update", "add"]);
const knowsHowToAnswer: ReadonlySet<Purpose> = new Set([...asksForAnswer, "counter"]);
/** Others than updates and proposals have nothing that is new to whom they are for. */
const tellsChanges: ReadonlySet<Purpose> = new Set(["update", "counter"]);
/** Of all others the reader knows the description. */
const known: ReadonlySet<Purpose> = new Set<Purpose>([
  "ask-busy-time",
  "tell-busy-time",
  "cancel",
  "uninvite",
  "refresh",
  "decline-counter",
  "refuse",
  ...partstats,
]);

function purposeOf(
  message: SchedulingMessage,
  leading: ObjectComponent,
  { changes }: Pick<Telling, "changes">,
): Purpose {
  const { method, object } = message;
  switch (method) {
    case "PUBLISH":
      return "publish";
    case "REQUEST":
      if (object.type === "VFREEBUSY") return "ask-busy-time";
      return changes.length > 0 ? "update" : object.type === "VTODO" ? "assign" : "invite";
    case "REPLY":
      return answerOf(message, leading);
    case "ADD":
      return "add";
    case "CANCEL":
      return isOff(leading) ? "cancel" : "uninvite";
    case "REFRESH":
      return "refresh";
    case "COUNTER":
      return "counter";
    case "DECLINECOUNTER":
      return "decline-counter";
  }
}

function answerOf({ object, originator }: SchedulingMessage, leading: ObjectComponent): Purpose {
  const [kind] = gravestStatus(leading.component).code;
  if (kind === 3 || kind === 5) return "refuse";
  if (object.type === "VFREEBUSY") return "tell-busy-time";
  return (originator && leading.attendees.get(originator)?.partstat) ?? "NEEDS-ACTION";
}

/** RFC 5546 §3.2.5: without STATUS:CANCELLED it goes on, but without the recipient. */
function isOff({ component }: ObjectComponent): boolean {
  return firstProperty(component, "STATUS")?.value.trim().toUpperCase() === "CANCELLED";
}

/** Each is one line; of very many, the first. */
function changesOf({ changes }: Telling): readonly string[] {
  const lines = changes.slice(0, maxChangesNamed).map((change) => {
    const line = change.replace(lineBreaks, " ").trim();
    return line.length > maxChangeInWords ? closed(`${cut(line, maxChangeInWords)}…`) : line;
  });
  return [...lines.filter((line) => line !== ""), ...(changes.length > maxChangesNamed ? ["…"] : [])];
}

/** Closes what `quote` opened and a cut left open. */
function closed(text: string): string {
  return text + "\u2069".repeat(Math.max(0, text.split("\u2068").length - text.split("\u2069").length));
}

/** A link is used only as an address of the web in one piece. */
function linksOf({ links = {}, language }: Telling): readonly Link[] {
  return linkNames.flatMap((name) => {
    const url = links[name] ?? "";
    return url.length <= maxLinkLength && /^https?:\/\/[!#-;=?-~]+$/.test(url)
      ? [{ label: language.links[name], url }]
      : [];
  });
}

const linkNames: readonly LinkName[] = ["accept", "tentative", "decline", "propose"];

function factsOf(message: SchedulingMessage, telling: Telling): readonly Fact[] {
  const { labels } = telling.language;
  const leading = leadingComponent(message.object);
  const organizer = organizerOf(message.object);
  const isDue = !firstProperty(leading.component, "DTSTART") && firstProperty(leading.component, "DUE");
  const said: readonly (readonly [Label, readonly string[]])[] = [
    [isDue ? "due" : "when", datesOf(message, telling)],
    ["repeats", repetitionOf(leading, telling)],
    ["where", [foreignText(leading, "LOCATION")]],
    ["link", [foreignText(leading, "URL")]],
    ["organizer", organizer ? [personInWords(organizer.name, organizer.address)] : []],
    ["guests", speaksOfGuests.has(message.method) ? guestsOf(leading, telling.language) : []],
  ];
  return said
    .map(([label, lines]) => ({ label: labels[label], lines: lines.filter((line) => line !== "") }))
    .filter((fact) => fact.lines.length > 0);
}

function foreignText({ component }: ObjectComponent, name: string): string {
  const text = foreignLine(readText(component, name) ?? "");
  return text && quote(text);
}

/** The others tell the Organizer, who knows, or somebody who is out. */
const speaksOfGuests: ReadonlySet<Method> = new Set(["REQUEST", "ADD"]);

function datesOf({ object }: SchedulingMessage, telling: Telling): readonly string[] {
  const components = objectComponents(object);
  const lines = components.slice(0, maxDatesNamed).flatMap((component) => timesOf(component, telling));
  const rest = components.length - maxDatesNamed;
  return rest > 0 ? [...lines, telling.language.moreDates(rest)] : lines;
}

/** Says a time in two zones: the reader's where it is known, its own, the sender's. */
function timesOf(component: ObjectComponent, { language, zones, zone, readerZone }: Telling): readonly string[] {
  const span = readTimeSpan(component.component);
  if (!span) return [];
  const own = span.start.kind === "zoned" ? zones(span.start.tzid) : undefined;
  const viewers = [readerZone, own, zone].filter((each) => each !== undefined);
  const said = new Map<string, string>();
  for (const viewer of viewers.length > 0 ? viewers : [utc]) {
    const words = spanInWords(span, zones, viewer, language.dates);
    const place = zoneInWords(viewer);
    const time = words.endsWith(place) ? words.slice(0, -place.length) : words;
    if (said.size === 2 && !said.has(time)) break;
    // Zones that agree are said once, by the better known name: the later one.
    said.set(time, time === words ? words : `${time} (${quote(viewer.name)})`);
  }
  return [...said.values()];
}

function repetitionOf(leading: ObjectComponent, telling: Telling): readonly string[] {
  const rule = firstProperty(leading.component, "RRULE");
  const start = readTimeSpan(leading.component)?.start;
  const own = start?.kind === "zoned" ? telling.zones(start.tzid) : undefined;
  return rule ? [repeats(rule.value, telling.language, own ?? telling.zone ?? utc, start)] : [];
}

function repeats(text: string, { rules, dates }: MailLanguage, zone: Zone, start: DateOrDateTime | undefined): string {
  if (text.length > maxRuleLength) return rules.tooLong;
  const { rule } = parseRule(text);
  if (!rule) return rules.unreadable;
  // A day told in UTC may be another where the reader is.
  const said = start && start.kind !== "utc" ? { start } : {};
  return sayRule(rule, dates, { zone, ...said });
}

function guestsOf(leading: ObjectComponent, language: MailLanguage): readonly string[] {
  const guests = [...leading.attendees.values()];
  const named = guests.slice(0, maxGuestsNamed).map(({ name, address }) => personInWords(name, address));
  const rest = guests.length - maxGuestsNamed;
  return rest > 0 ? [...named, language.moreGuests(rest)] : named;
}

function personInWords(name: string | undefined, address: CalendarUserAddress): string {
  const written = foreignLine(name ?? "");
  if (written === "" || written.toLowerCase() === address) return quote(address);
  return `${quote(written)} <${quote(address)}>`;
}

function paragraphLines(component: ObjectComponent, limits: Limits): readonly string[] {
  const text = paragraph(component, "DESCRIPTION", limits);
  return text === "" ? [] : text.split("\n");
}

function paragraph(component: ObjectComponent, name: string, limits: Limits): string {
  const property = firstProperty(component.component, name);
  const text = property
    ? decodeText(property.value)
        .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
        .replace(controls, "")
        .trim()
    : "";
  return text.length > limits.maxCommentLength ? `${cut(text, limits.maxCommentLength)}…` : text;
}

/** Controls but line feed, and what turns the direction of what stands around it. */
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const lineBreaks = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
