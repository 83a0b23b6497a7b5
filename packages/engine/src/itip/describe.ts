import { type DateOrDateTime, parseDateTime } from "../icalendar/date-time.ts";
import { decodeText } from "../icalendar/text.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { Partstat } from "../model/calendar-user.ts";
import type { FreeBusyAnswer } from "../model/free-busy.ts";
import { describeStatusCode } from "../model/request-status.ts";
import type { PropertyUpdate } from "../model/scheduling-message.ts";
import type { TimeSpan } from "../model/time-span.ts";
import { spanInWords, timeInWords } from "../model/time-words.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { Zone } from "../recurrence/zone.ts";
import type { Change, Outcome, Question } from "./outcome.ts";

/** For whom sentences are made: the zone they see times in, and what TZIDs of the object mean. */
export interface Viewer {
  readonly zone: Zone;
  readonly zones: ZoneResolver;
  /** Names of people; who has none is called by their address. */
  readonly names?: ReadonlyMap<CalendarUserAddress, string>;
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
  ORGANIZER: "Organizer",
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

/**
 * Says changes in English sentences, for a ledger or a mail: each one line, bounded in length. A start and an end that both
 * changed are one move.
 */
export function describeChanges(changes: readonly Change[], viewer: Viewer): readonly string[] {
  const starts = changes.filter((change) => change.kind === "property" && change.name === "DTSTART");
  const sentences = changes.map((change) => {
    if (change.kind !== "property" || change.name === "DTSTART") return describeChange(change, viewer);
    const start = change.name === "DTEND" ? starts.find(({ key }) => key === change.key) : undefined;
    return start ? "" : describeChange(change, viewer);
  });
  return sentences
    .map((sentence, index) => {
      const start = changes[index];
      if (start?.kind !== "property" || start.name !== "DTSTART") return sentence;
      const end = changes.find(
        (other) => other.kind === "property" && other.name === "DTEND" && other.key === start.key,
      );
      return end?.kind === "property" ? (describeMove(start, end, viewer) ?? sentence) : sentence;
    })
    .filter((sentence) => sentence !== "");
}

function describeMove(start: PropertyUpdate, end: PropertyUpdate, viewer: Viewer): string | undefined {
  const before = spanOf(start.old, end.old);
  const after = spanOf(start.new, end.new);
  if (!before || !after) return undefined;
  const [from, to] = [before, after].map((span) => spanInWords(span, viewer.zones, viewer.zone));
  return `Moved to ${to}; it was ${from}.`;
}

function spanOf(start: string | undefined, end: string | undefined): TimeSpan | undefined {
  const [first, last] = [start, end].map((text) => (text === undefined ? undefined : readTime(text)));
  return first && last && { start: first, end: last };
}

function describeChange(change: Change, viewer: Viewer): string {
  switch (change.kind) {
    case "created":
      return "New in the calendar.";
    case "cancelled": {
      const what = change.range ? "Cancelled from then on" : "Cancelled";
      return change.comment ? `${what}: “${quote(change.comment)}”` : `${what}.`;
    }
    case "free-busy":
      return describeBusyTime(change.answer, viewer);
    case "attendee-added":
      return `${nameOf(change.attendee, viewer)} was added.`;
    case "attendee-removed":
      return `${nameOf(change.attendee, viewer)} was taken off the guest list.`;
    case "sent-again":
      return `${nameOf(change.attendee, viewer)} was sent the present version again.`;
    case "refused":
      return `${nameOf(change.attendee, viewer)} was told that they are not invited.`;
    case "participation":
      return describeAnswer(change, viewer);
    case "proposal":
      return describeProposal(change, viewer);
    case "property":
      return describeProperty(change, viewer);
  }
}

function describeBusyTime(answer: FreeBusyAnswer, viewer: Viewer): string {
  if (answer.kind === "report") return `${nameOf(answer.report.address, viewer)} told when they are busy.`;
  return `${nameOf(answer.address, viewer)} did not tell when they are busy: ${quote(answer.status.description)}.`;
}

function nameOf(attendee: CalendarUserAddress, viewer: Viewer): string {
  return quote(viewer.names?.get(attendee) ?? attendee);
}

function describeAnswer(change: Extract<Change, { kind: "participation" }>, viewer: Viewer): string {
  const { delegatedTo, percentComplete, requestStatus } = change;
  const delegates = delegatedTo ? ` to ${delegatedTo.map((each) => nameOf(each, viewer)).join(" and ")}` : "";
  const notes = [
    ...(percentComplete === undefined ? [] : [`${percentComplete} %`]),
    ...(change.range ? ["for this time and all after"] : []),
    ...(change.outdated ? ["an answer to an older time, which does not count"] : []),
    ...(requestStatus ? [`their calendar says: ${quote(requestStatus.description)}`] : []),
  ];
  const said = `${nameOf(change.attendee, viewer)} ${answerWords[change.new]}${delegates}`;
  const noted = notes.length > 0 ? `${said} (${notes.join("; ")})` : said;
  return change.comment ? `${noted}: “${quote(change.comment)}”` : `${noted}.`;
}

function describeProposal(change: Extract<Change, { kind: "proposal" }>, viewer: Viewer): string {
  const name = nameOf(change.attendee, viewer);
  const said = change.comment ? `: “${quote(change.comment)}”` : ".";
  switch (change.status) {
    case "accepted":
      return `The proposal of ${name} was taken up${said}`;
    case "declined":
      return `The proposal of ${name} was declined${said}`;
    case "withdrawn":
      return `${name} proposed another way and has since agreed to this one${said}`;
    case "open":
      return `${name} proposes ${wishesInWords(change.updates, viewer)}${said}`;
    case "outdated":
      return `${name} proposed ${wishesInWords(change.updates, viewer)} (to what has changed since)${said}`;
  }
}

/** What a proposal would change, in one line; a start and an end are one time. */
function wishesInWords(updates: readonly PropertyUpdate[], viewer: Viewer): string {
  const [start, end] = ["DTSTART", "DTEND"].map((name) => updates.find((update) => update.name === name));
  const [before, after] = [spanOf(start?.old, end?.old), spanOf(start?.new, end?.new)];
  const [was, would] = [before, after].map((span) => span && spanInWords(span, viewer.zones, viewer.zone));
  const others = updates.filter((update) => !(would && (update === start || update === end)));
  const wishes = others.map((update) => {
    const name = propertyWords[update.name] ?? update.name;
    const now = update.new === undefined ? "none" : valueInWords(update.name, update.new, viewer);
    return update.old === undefined
      ? `${name}: ${now}`
      : `${name}: ${now} instead of ${valueInWords(update.name, update.old, viewer)}`;
  });
  const all = [...(would ? [was ? `${would} instead of ${was}` : would] : []), ...wishes];
  return all.length > 0 ? all.join("; ") : "no change";
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
  const value = readTime(text);
  return value ? timeInWords(value, viewer.zones, viewer.zone) : quote(text);
}

/** Reads a time as changes have it, its TZID before it. */
function readTime(text: string): DateOrDateTime | undefined {
  const zoned = /^TZID=("?)(.*)\1:(.*)$/s.exec(text);
  return zoned ? parseDateTime(zoned[3] ?? "", zoned[2]) : parseDateTime(text);
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
  "too-often": "Its sender was sent the present version as often today as the house allows.",
  "no-proposal": "There is no proposal that waits for a decision.",
  "no-counters": "The organizer takes no proposals for it.",
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
  const why = first?.detail ?? describeStatusCode(outcome.status.code)?.purpose;
  return why ? `Refused (${status}): ${why}` : `Refused (${status}).`;
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
      return `${question.from} ${answerWords[question.partstat]}, but was not invited${question.key ? " to that time" : ""}. Add them to the guest list?`;
    case "free-busy-request":
      return question.isProven
        ? `${question.request.organizer} asks when you are busy.`
        : `Somebody who says to be ${question.request.organizer} asks when you are busy; this could not be proven.`;
    case "uninvited-counter":
      return `${question.from} proposes a change, but was not invited. Do you want to see it among the proposals?`;
    case "new-organizer":
      return `It names another organizer, ${question.organizer}. Do you accept that?`;
  }
}
