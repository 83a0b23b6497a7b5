import { parseDateTime } from "../../icalendar/date-time.ts";
import { maxChangesNamed } from "../../limits.ts";
import type { FreeBusyAnswer } from "../../model/free-busy.ts";
import { quote } from "../../model/quote.ts";
import type { InstanceKey } from "../../model/recurrence-id.ts";
import type { PropertyUpdate } from "../../model/scheduling-message.ts";
import { timeInWords } from "../../model/time-words.ts";
import type { Change } from "../outcome.ts";
import { makeSentence } from "./sentence.ts";
import {
  languageFor,
  nameOf,
  namesOf,
  propertyInWords,
  spansInWords,
  statusInWords,
  type Viewer,
  valueInWords,
} from "./values.ts";

type Changed<K extends Change["kind"]> = Extract<Change, { kind: K }>;

/**
 * Says changes in sentences, for a ledger or a mail: each one line, bounded in length. A start and an end that both changed are
 * one move.
 */
export function describeChanges(changes: readonly Change[], viewer: Viewer): readonly string[] {
  return phrasesOf(changes, viewer).map((phrase) => makeSentence(phrase, languageFor(viewer)));
}

/**
 * Says changes in one sentence: "Moved from Tuesday … to Wednesday …; Bob was added." Of very many it says the first; of none, an
 * empty text.
 */
export function summarizeChanges(changes: readonly Change[], viewer: Viewer): string {
  const language = languageFor(viewer);
  const phrases = phrasesOf(changes, viewer);
  const named = phrases.slice(0, maxChangesNamed);
  if (phrases.length > named.length) named.push("…");
  return named.length > 0 ? makeSentence(named.join(language.marks.joint), language) : "";
}

function phrasesOf(changes: readonly Change[], viewer: Viewer): readonly string[] {
  const moves = movesOf(changes, viewer);
  return changes
    .map((change) => moves.get(change) ?? placed(describeChange(change, viewer), change.key, viewer))
    .filter((phrase) => phrase !== "");
}

/** What is of one Instance begins with the time the series has for it; a move says that by itself. */
function placed(phrase: string, key: InstanceKey, viewer: Viewer): string {
  const start = parseDateTime(key);
  if (!start) return phrase;
  const language = languageFor(viewer);
  return `${timeInWords(start, viewer.zones, viewer.zone, language.dates)}${language.marks.colon}${phrase}`;
}

/** What is said of each start and end that are told as one: all of it at the start, nothing at the end. */
function movesOf(changes: readonly Change[], viewer: Viewer): ReadonlyMap<Change, string> {
  const ends = new Map<string, PropertyUpdate>();
  for (const change of changes) {
    if (change.kind === "property" && isEnd(change)) ends.set(change.key, change);
  }
  const moves = new Map<Change, string>();
  for (const start of changes) {
    const end = start.kind === "property" && start.name === "DTSTART" ? ends.get(start.key) : undefined;
    const move = start.kind === "property" && end ? describeMove(start, end, viewer) : undefined;
    if (end && move !== undefined) moves.set(start, move).set(end, "");
  }
  return moves;
}

function isEnd({ name }: PropertyUpdate): boolean {
  return name === "DTEND" || name === "DUE";
}

/** The zone is said once, where it is the same. */
function describeMove(start: PropertyUpdate, end: PropertyUpdate, viewer: Viewer): string | undefined {
  const { from, to } = spansInWords(start, end, viewer) ?? {};
  if (from === undefined || to === undefined) return undefined;
  const zone = ` (${viewer.zone.name})`;
  const isSaid = from.endsWith(zone) && to.endsWith(zone);
  return languageFor(viewer).changes.moved(isSaid ? from.slice(0, -zone.length) : from, to);
}

function describeChange(change: Change, viewer: Viewer): string {
  const { changes } = languageFor(viewer);
  switch (change.kind) {
    case "created":
      return changes.created;
    case "cancelled":
      return withComment(change.range ? changes.cancelledFromThenOn : changes.cancelled, change.comment, viewer);
    case "free-busy":
      return describeBusyTime(change.answer, viewer);
    case "attendee-added":
      return changes.attendeeAdded(nameOf(change.attendee, viewer));
    case "attendee-removed":
      return changes.attendeeRemoved(nameOf(change.attendee, viewer));
    case "sent-again":
      return changes.sentAgain(nameOf(change.attendee, viewer));
    case "refused":
      return changes.refused(nameOf(change.attendee, viewer));
    case "participation":
      return describeAnswer(change, viewer);
    case "proposal":
      return describeProposal(change, viewer);
    case "property":
      return describeProperty(change, viewer);
  }
}

function withComment(phrase: string, comment: string | undefined, viewer: Viewer): string {
  const [before, after] = languageFor(viewer).marks.quotes;
  return comment ? `${phrase}${before}${quote(comment)}${after}` : phrase;
}

function describeBusyTime(answer: FreeBusyAnswer, viewer: Viewer): string {
  const language = languageFor(viewer);
  if (answer.kind === "report") return language.changes.busyTold(nameOf(answer.report.address, viewer));
  return language.changes.busyUntold(nameOf(answer.address, viewer), statusInWords(answer.status, language));
}

function describeAnswer(change: Changed<"participation">, viewer: Viewer): string {
  const { delegatedTo, percentComplete, requestStatus } = change;
  const language = languageFor(viewer);
  const said = language.answers[change.new](
    nameOf(change.attendee, viewer),
    delegatedTo && namesOf(delegatedTo, viewer),
  );
  const notes = [
    ...(percentComplete === undefined ? [] : [language.notes.percent(percentComplete)]),
    ...(change.range ? [language.notes.thisAndFuture] : []),
    ...(change.outdated ? [language.notes.outdated] : []),
    ...(requestStatus ? [language.notes.calendarSays(statusInWords(requestStatus, language))] : []),
  ];
  const [before, between, after] = language.marks.notes;
  return withComment(
    notes.length > 0 ? `${said}${before}${notes.join(between)}${after}` : said,
    change.comment,
    viewer,
  );
}

function describeProposal(change: Changed<"proposal">, viewer: Viewer): string {
  const said = languageFor(viewer).proposals[change.status];
  return withComment(
    said(nameOf(change.attendee, viewer), wishesInWords(change.updates, viewer)),
    change.comment,
    viewer,
  );
}

/** What a proposal would change, in one line; a start and an end are one time. */
function wishesInWords(updates: readonly PropertyUpdate[], viewer: Viewer): string {
  const { wishes } = languageFor(viewer);
  const start = updates.find(({ name }) => name === "DTSTART");
  const end = updates.find(isEnd);
  const time = spansInWords(start, end, viewer);
  const said = updates
    .filter((update) => !(time && (update === start || update === end)))
    .map((update) => sayWish(update, viewer));
  if (time) said.unshift(time.from === undefined ? time.to : wishes.instead(time.to, time.from));
  return said.length > 0 ? said.join(languageFor(viewer).marks.notes[1]) : wishes.nothing;
}

function sayWish(update: PropertyUpdate, viewer: Viewer): string {
  const { wishes } = languageFor(viewer);
  const now = update.new === undefined ? wishes.noValue : valueInWords(update.name, update.new, viewer);
  const old = update.old === undefined ? undefined : valueInWords(update.name, update.old, viewer);
  const name = propertyInWords(update.name, languageFor(viewer));
  return wishes.of(name, old === undefined ? now : wishes.instead(now, old));
}

function describeProperty(change: PropertyUpdate, viewer: Viewer): string {
  const language = languageFor(viewer);
  const name = propertyInWords(change.name, language);
  const [old, now] = [change.old, change.new].map((text) =>
    text === undefined ? undefined : valueInWords(change.name, text, viewer),
  );
  if (now === undefined) return language.changes.removed(name, old ?? language.wishes.noValue);
  return old === undefined ? language.changes.set(name, now) : language.changes.changed(name, now, old);
}
