import { parseDateTime } from "../icalendar/date-time.ts";
import { decodeText } from "../icalendar/text.ts";
import type { Partstat } from "../model/calendar-user.ts";
import { timeInWords } from "../model/time-words.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { Zone } from "../recurrence/zone.ts";
import type { Change, Outcome, Question } from "./outcome.ts";

/** For whom sentences are made: the zone they see times in, and what TZIDs of the object mean. */
export interface Viewer {
  readonly zone: Zone;
  readonly zones: ZoneResolver;
}

const propertyWords: Readonly<Record<string, string>> = {
  SUMMARY: "Title",
  DTSTART: "Start",
  DTEND: "End",
  DUE: "Due",
  DURATION: "Length",
  RRULE: "Repetition",
  RDATE: "Extra dates",
  EXDATE: "Left-out dates",
  LOCATION: "Place",
  STATUS: "Status",
  DESCRIPTION: "Description",
  URL: "Link",
  PRIORITY: "Priority",
  GEO: "Position",
  RESOURCES: "Resources",
  ATTACH: "Attachments",
};

const answerWords: Readonly<Record<Partstat, string>> = {
  "NEEDS-ACTION": "has not answered",
  ACCEPTED: "accepted",
  DECLINED: "declined",
  TENTATIVE: "accepted tentatively",
  DELEGATED: "delegated it",
  COMPLETED: "completed it",
  "IN-PROCESS": "is working on it",
};

const timeNames: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DUE"]);
const maxQuoted = 200;

/** Says one change in one English sentence, for a ledger or a mail. Bounded in length; one line. */
export function describeChange(change: Change, viewer: Viewer): string {
  switch (change.kind) {
    case "created":
      return "New.";
    case "cancelled":
      return change.comment ? `Cancelled: “${quote(change.comment)}”.` : "Cancelled.";
    case "attendee-added":
      return `${change.attendee} was added.`;
    case "attendee-removed":
      return `${change.attendee} was taken off the guest list.`;
    case "participation":
      return describeAnswer(change);
    case "property":
      return describeProperty(change, viewer);
  }
}

function describeAnswer(change: Extract<Change, { kind: "participation" }>): string {
  const said = `${change.attendee} ${answerWords[change.new]}`;
  const comment = change.comment ? `: “${quote(change.comment)}”` : "";
  return `${said}${comment}${change.outdated ? " (an answer to an older time, which does not count)" : ""}.`;
}

function describeProperty(change: Extract<Change, { kind: "property" }>, viewer: Viewer): string {
  const name = propertyWords[change.name] ?? change.name;
  const old = change.old === undefined ? undefined : valueInWords(change.name, change.old, viewer);
  const now = change.new === undefined ? undefined : valueInWords(change.name, change.new, viewer);
  if (old === undefined) return `${name}: ${now}.`;
  if (now === undefined) return `${name} removed (it was ${old}).`;
  return `${name}: ${now} (it was ${old}).`;
}

function valueInWords(name: string, text: string, viewer: Viewer): string {
  if (!timeNames.has(name)) return quote(decodeText(text));
  const zoned = /^TZID=("?)(.*)\1:(.*)$/s.exec(text);
  const value = zoned ? parseDateTime(zoned[3] ?? "", zoned[2]) : parseDateTime(text);
  return value ? timeInWords(value, viewer.zones, viewer.zone) : quote(text);
}

function quote(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return line.length > maxQuoted ? `${line.slice(0, maxQuoted - 1)}…` : line;
}

const ignoredWords: Readonly<Record<Extract<Outcome, { kind: "ignored" }>["reason"], string>> = {
  superseded: "A newer version is known already.",
  duplicate: "This version is known already.",
  "unknown-uid": "Nothing of this kind is in the calendar.",
  "not-for-us": "It does not concern this calendar's copy, or its sender's part does not allow it.",
  "nothing-changed": "Nothing changed.",
  cancelled: "It is cancelled.",
};

const heldWords: Readonly<Record<Extract<Outcome, { kind: "held" }>["awaiting"], string>> = {
  request: "It came before the invitation it speaks of, and waits for that.",
  delegation: "It came before the answer that delegates to its sender, and waits for that.",
  series: "It came before the series it belongs to, and waits for that.",
};

/** Says in one English sentence why an outcome is what it is. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "applied":
      return outcome.changes.length > 0 ? "Taken into the calendar." : "Confirmed; nothing in the calendar changed.";
    case "ignored":
      return ignoredWords[outcome.reason];
    case "held":
      return heldWords[outcome.awaiting];
    case "undecided":
      return describeQuestion(outcome.question);
    case "rejected":
      return describeRejection(outcome);
  }
}

function describeRejection(outcome: Extract<Outcome, { kind: "rejected" }>): string {
  const first = outcome.violations[0];
  const status = `${outcome.status.code.join(".")} ${outcome.status.description}`;
  return first ? `Refused (${status}): ${first.detail}` : `Refused (${status}).`;
}

/** Says what the owner is asked. */
export function describeQuestion(question: Question): string {
  switch (question.kind) {
    case "stranger":
      return `${question.from ?? "Somebody"} has not written to you before. Do you want this in your calendar?`;
    case "unverified-sender":
      return question.suspicious
        ? `It may not be from ${question.from ?? "whom it says"}: nothing proves who sent it. Apply it only if you expected it.`
        : `It says it is from ${question.from ?? "somebody"}, but this could not be proven. Apply it?`;
    case "forwarded":
      return `${question.from} sent you this; it is organized by ${question.organizer}. Do you want it in your calendar?`;
    case "uninvited-reply":
      return `${question.from} ${answerWords[question.partstat]}, but was not invited. Add them to the guest list?`;
    case "new-organizer":
      return `It names another organizer, ${question.organizer}. Do you accept that?`;
  }
}
