import { type Limits, maxObjectsOfMail } from "../limits.ts";
import { objectComponents } from "../model/calendar-object.ts";
import type { ZoneProvider } from "../recurrence/zone.ts";
import { findAutomaticMark } from "./automatic-mail.ts";
import { readDeliveryReport } from "./dsn.ts";
import { type CalendarPart, type CalendarParts, findCalendarParts } from "./find-calendar-parts.ts";
import { type JudgedPart, type MessagePart, type UnreadablePart, unreadable } from "./judged-part.ts";
import type { Mail } from "./mail.ts";
import { type ReadPart, readCalendarPart, tooMany } from "./read-calendar-part.ts";

/** What a mail asks of a calendar. */
export interface MailReading {
  /** At least one: the messages in the order of the mail, then what cannot be acted on. */
  readonly parts: readonly JudgedPart[];
  /** What was odd about the mail as a whole, in words. */
  readonly problems: readonly string[];
}

/** The choices of a reader. */
export interface ReadMailOptions {
  /** Lower-case language tags, the dearest first: which of an invitation's languages to read. */
  readonly languages?: readonly string[];
  /** Whom the envelope says the mail is from, empty for a report: tells an automatic mail. RFC 3834 §2. */
  readonly envelopeSender?: string;
}

/**
 * Reads the scheduling messages of a mail, RFC 6047 §2, and judges each calendar in it alone. Nothing of the mail's header but
 * From and Date is looked at, and From only to tell which of several Attendees speaks; who may say what is for `receive` to
 * judge. Recipients stay empty: whose copy it is for is known to the envelope. Never throws.
 *
 * Of the choices of a `multipart/alternative` one is read; two copies of a message are one; of what says no METHOD nothing is
 * left where the same object comes with one. At most `maxObjectsOfMail` messages.
 */
export function readSchedulingMail(
  mail: Mail,
  zones: ZoneProvider,
  limits: Limits,
  options: ReadMailOptions = {},
): MailReading {
  const found = findCalendarParts(mail, limits);
  if (found.kind === "none")
    return { parts: [judgeOther(mail, found, limits, options.envelopeSender)], problems: mail.problems };
  const problems = [...mail.problems, ...found.problems];
  const read = found.parts.map((part) => ({ part, judged: readCalendarPart(part, mail, zones, limits) }));
  const chosen = chooseAlternatives(read, options.languages ?? [], problems).flat();
  const messages = withoutCopies(chosen.filter((one) => one.kind === "message"));
  const parts: JudgedPart[] = [
    ...messages.slice(0, maxObjectsOfMail),
    ...withoutEchoes(chosen.filter((one) => one.kind === "unreadable")).slice(0, maxObjectsOfMail),
  ];
  if (messages.length > maxObjectsOfMail) parts.push(tooMany(messages.length));
  return { parts, problems: problems.slice(0, limits.maxProblems) };
}

/** Judges a mail without a calendar to act on. */
function judgeOther(
  mail: Mail,
  found: Extract<CalendarParts, { kind: "none" }>,
  limits: Limits,
  envelopeSender: string | undefined,
): JudgedPart {
  if (found.reason === "tnef") return unreadable("tnef", { detail: found.detail });
  const report = readDeliveryReport(mail, limits);
  if (report) {
    const [first] = report.recipients;
    const more = report.recipients.length > 1 ? ` and ${report.recipients.length - 1} more` : "";
    const detail = `This is a report about another mail: ${first?.action} for ${first?.recipient}${more}.`;
    return { kind: "report", report, detail };
  }
  if (found.reason === "delivery-report") return unreadable("delivery-report");
  if (isReadingReceipt(mail)) return { kind: "ignored", detail: "This says that a mail was shown to its reader." };
  const mark = findAutomaticMark(mail, envelopeSender);
  if (mark === undefined) return unreadable("no-calendar");
  return { kind: "ignored", detail: `This is an automatic mail without a calendar: ${mark}.` };
}

function isReadingReceipt({ root }: Mail): boolean {
  const type = root.parameters["report-type"]?.trim().toLowerCase();
  return root.contentType === "multipart/report" && type === "disposition-notification";
}

/** A calendar of the mail and what it says. */
interface Reading {
  readonly part: CalendarPart;
  readonly judged: ReadPart;
}

/** Leaves one choice of each `multipart/alternative`, where its choices stand in the mail. */
function chooseAlternatives(
  readings: readonly Reading[],
  languages: readonly string[],
  problems: string[],
): readonly ReadPart[] {
  const groups = new Map<string, Reading[]>();
  for (const [index, reading] of readings.entries()) {
    const key = reading.part.alternative ?? `alone ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  return [...groups.values()].map((group) => chooseOne(group, languages, problems));
}

/**
 * Chooses among the alternatives of one object, RFC 6047 §2.4: what can be read before what cannot, what says its METHOD before
 * what does not, then the language asked for, then the last, which RFC 2046 §5.1.4 calls the best. Where they contradict each
 * other, one may be what another reader is meant to see, and none is read.
 */
function chooseOne(group: readonly Reading[], languages: readonly string[], problems: string[]): ReadPart {
  const [first] = group;
  if (!first || group.length === 1) return first?.judged ?? [];
  const contradiction = group.find(({ judged }) => isContradiction(judged));
  if (contradiction) return contradiction.judged;
  const readable = group.filter(({ judged }) => judged.some(isMessage));
  const asking = readable.filter(({ judged }) => judged.some((one) => isMessage(one) && one.offered !== "no-method"));
  const choices = asking.length > 0 ? asking : readable;
  if (new Set(choices.map(({ judged }) => aboutOf(judged))).size > 1) {
    return [unreadable("conflicting-parts", { path: first.part.alternative })];
  }
  const dropped = group.length - choices.length;
  if (choices.length > 0 && dropped > 0)
    problems.push(`Of several alternatives ${dropped} had less to say and were left out.`);
  const wanted = languages.map((language) => choices.find(({ part }) => speaksLanguage(part, language)));
  return (wanted.find((one) => one !== undefined) ?? choices.at(-1) ?? first).judged;
}

function isMessage(one: MessagePart | UnreadablePart): one is MessagePart {
  return one.kind === "message";
}

function isContradiction(judged: ReadPart): boolean {
  return judged.some((one) => one.kind === "unreadable" && one.reason === "conflicting-methods");
}

/** What a calendar is about: the METHOD and UID of each of its messages. */
function aboutOf(judged: ReadPart): string {
  const about = judged.filter(isMessage).map(({ message }) => `${message.method} ${message.object.uid}`);
  return about.sort().join("\n");
}

/** Tells whether a part is in that language, or in a kind of it: `de` is served by `de-at`. */
function speaksLanguage({ languages }: CalendarPart, wanted: string): boolean {
  return languages.some((tag) => tag === wanted || tag.startsWith(`${wanted}-`));
}

/**
 * Leaves out second copies of a message, however they are written: the same components in the same revisions. The copy of who
 * sent the mail goes before one that was passed on.
 */
function withoutCopies(messages: readonly MessagePart[]): readonly MessagePart[] {
  const asked = new Set(
    messages.flatMap(({ message, offered }) => (offered === "no-method" ? [] : message.object.uid)),
  );
  const best = new Map<string, MessagePart>();
  for (const one of messages) {
    if (one.offered === "no-method" && asked.has(one.message.object.uid)) continue;
    const key = contentOf(one);
    const earlier = best.get(key);
    if (!earlier || (earlier.offered && !one.offered)) best.set(key, one);
  }
  const kept = new Set(best.values());
  return messages.filter((one) => kept.has(one));
}

/** Leaves one of several parts that cannot be read for the same reason: nearly always they are copies. */
function withoutEchoes(parts: readonly UnreadablePart[]): readonly UnreadablePart[] {
  return [...new Map(parts.toReversed().map((part) => [`${part.reason} ${part.detail}`, part])).values()].toReversed();
}

function contentOf({ message: { method, object, originator } }: MessagePart): string {
  const revisions = objectComponents(object).map(
    ({ key, revision }) => `${key} ${revision.sequence} ${revision.dtstamp}`,
  );
  return [method, object.type, object.uid, originator ?? "", ...revisions.sort()].join("\n");
}
