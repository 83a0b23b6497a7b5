import type { Limits } from "../limits.ts";
import type { Component, Property } from "./component.ts";
import { type ReportFlaw, readContentLine } from "./content-line.ts";
import { decodeBytes } from "./decode.ts";
import { readName } from "./name.ts";
import {
  type CalendarProblem,
  type CalendarProblemKind,
  finishProblems,
  noteProblem,
  type ProblemList,
  quoteForDetail,
} from "./problem.ts";
import { type LineCursor, nextLine, openLines } from "./unfold.ts";

/**
 * Reads an iCalendar text, RFC 5545 §3.4, and returns what it understood: `calendar` is the first VCALENDAR, whether or
 * not it ends; `undefined` where there is none. Names are compared without case; nothing is decoded, checked or dropped
 * but what a problem names. Components of later VCALENDARs of the same METHOD are added to the first, for a series of
 * texts in one file is how some programs export; later ones of another METHOD are left out.
 *
 * Bytes are read as UTF-8, see `decodeBytes`; a string skips that. Total and bounded by `limits`; time is linear.
 */
export function parseCalendar(
  input: string | Uint8Array,
  limits: Limits,
): { readonly calendar: Component | undefined; readonly problems: readonly CalendarProblem[] } {
  const problems: ProblemList = { items: [], max: limits.maxProblems, count: 0 };
  const text = input.length > limits.maxCalendarBytes ? undefined : readCharacters(input, limits, problems);
  if (text === undefined) {
    noteProblem(problems, 1, "too-long", `the text is longer than ${limits.maxCalendarBytes} octets and is not read`);
    return { calendar: undefined, problems: finishProblems(problems) };
  }
  const reading = openReading(text, limits, problems);
  while (nextLine(reading.lines)) readLine(reading);
  if (reading.open.length > 0) {
    note(reading, "missing-end", `the text ends before the END of ${shownName(reading.open.at(-1))}`);
    closeAll(reading);
  }
  if (!reading.first) noteProblem(problems, 1, "no-calendar", "the text has no BEGIN:VCALENDAR");
  return { calendar: reading.first, problems: finishProblems(problems) };
}

/** A component whose END has not been read. It becomes a `Component` by being left alone. */
interface Draft {
  readonly name: string;
  readonly properties: Property[];
  readonly components: Draft[];
  readonly written?: string;
}

interface Reading {
  readonly lines: LineCursor;
  readonly limits: Limits;
  readonly problems: ProblemList;
  readonly report: ReportFlaw;
  /** The components not yet ended, outermost first. */
  readonly open: Draft[];
  first: Draft | undefined;
  properties: number;
  components: number;
  /** Depth of the components inside one that is left out; 0 outside such. */
  skipping: number;
  /** The property read last, where nothing was wrong with it. */
  last: Property | undefined;
  /** Name of the component that ended last, in the one now innermost. */
  lastEnded: string | undefined;
  /** Kinds of which one problem is enough: of the whole text, or of one stretch between calendars. */
  readonly told: Set<CalendarProblemKind>;
}

function openReading(text: string, limits: Limits, problems: ProblemList): Reading {
  const lines = openLines(text, limits.maxLineBytes);
  const report: ReportFlaw = (kind, detail) => noteProblem(problems, lines.number, kind, detail);
  const counts = { first: undefined, properties: 0, components: 0, skipping: 0, last: undefined, lastEnded: undefined };
  return { lines, limits, problems, report, open: [], ...counts, told: new Set() };
}

function note(reading: Reading, kind: CalendarProblemKind, detail: string): void {
  noteProblem(reading.problems, reading.lines.number, kind, detail);
}

function noteOnce(reading: Reading, kind: CalendarProblemKind, detail: string): void {
  if (reading.told.has(kind)) return;
  reading.told.add(kind);
  note(reading, kind, detail);
}

function readLine(reading: Reading): void {
  const { lines } = reading;
  const length = lines.nameEnd - lines.start;
  if (length === 5 || length === 3) {
    const name = lines.source.slice(lines.start, lines.nameEnd).toUpperCase();
    if (name === "BEGIN") return beginComponent(reading, frameName(lines));
    if (name === "END") return endComponent(reading, frameName(lines));
  }
  const component = reading.open.at(-1);
  if (!component) return noteOnce(reading, "text-outside", "text outside of BEGIN and END:VCALENDAR is left out");
  if (reading.skipping > 0) return;
  if (lines.nameEnd < 0)
    return note(reading, "broken-line", "a line without a name follows BEGIN or END and is left out");
  if (lines.joined) note(reading, "broken-line", "lines without a name are joined to this one");
  if (++reading.properties > reading.limits.maxProperties) {
    const detail = `properties beyond ${reading.limits.maxProperties} are left out`;
    return noteOnce(reading, "too-many-properties", detail);
  }
  shortenLine(reading);
  const { count } = reading.problems;
  const property = readContentLine(lines, reading.last, reading.limits.maxParameters, reading.report);
  if (property) component.properties.push(property);
  reading.last = count === reading.problems.count ? property : undefined;
}

/** The component's name after BEGIN or END; parameters there mean nothing. */
function frameName(lines: LineCursor): string {
  for (let i = lines.nameEnd; i < lines.end; i++) {
    if (lines.source[i] === ":") return lines.source.slice(i + 1, lines.end).trim();
  }
  return "";
}

function beginComponent(reading: Reading, raw: string): void {
  const { limits, open } = reading;
  const { name, written } = readName(raw);
  if (name === "VCALENDAR" && open.length > 0) {
    note(reading, "missing-end", "a VCALENDAR begins inside another, which is taken to end there");
    closeAll(reading);
  }
  if (name !== "VCALENDAR" && open.length === 0) {
    return noteOnce(reading, "text-outside", "text outside of BEGIN and END:VCALENDAR is left out");
  }
  if (reading.skipping > 0) {
    reading.skipping++;
    return;
  }
  if (open.length > 1 && standAlone.has(name) && standAlone.has(open[1]?.name ?? "")) {
    note(reading, "missing-end", `${name} begins inside ${open[1]?.name}, which is taken to end there`);
    open.length = 1;
  }
  if (++reading.components > limits.maxComponents) {
    noteOnce(reading, "too-many-components", `components beyond ${limits.maxComponents} are left out`);
    if (open.length > 0) reading.skipping = 1;
    return;
  }
  if (open.length >= limits.maxDepth) {
    noteOnce(reading, "too-deep", `components deeper than ${limits.maxDepth} are left out`);
    reading.skipping = 1;
    return;
  }
  if (!/^[A-Za-z0-9-]+$/.test(raw)) note(reading, "bad-name", `${quoteForDetail(raw)} is no name of a component`);
  openDraft(reading, name, written);
}

function shownName(draft: Draft | undefined): string {
  return quoteForDetail(draft?.name ?? "");
}

function openDraft(reading: Reading, name: string, written: string | undefined): void {
  const draft: Draft =
    written === undefined
      ? { name, properties: [], components: [] }
      : { name, properties: [], components: [], written };
  reading.open.at(-1)?.components.push(draft);
  reading.open.push(draft);
  reading.lastEnded = undefined;
  if (reading.open.length > 1) return;
  reading.told.delete("text-outside");
  reading.first ??= draft;
}

function endComponent(reading: Reading, raw: string): void {
  const { open } = reading;
  const { name } = readName(raw);
  if (open.length === 0)
    return noteOnce(reading, "text-outside", "text outside of BEGIN and END:VCALENDAR is left out");
  if (reading.skipping > 0 && name !== "VCALENDAR") {
    reading.skipping--;
    return;
  }
  const index = open.findLastIndex((draft) => draft.name === name);
  if (index >= 0) {
    if (index < open.length - 1)
      note(reading, "missing-end", `END:${quoteForDetail(raw)} also ends ${shownName(open[index + 1])} inside it`);
    return closeFrom(reading, index);
  }
  // One END too many is passed over; one misspelt ends what is open, but never the calendar.
  const stray = name === reading.lastEnded || open.length === 1;
  const reads = stray ? "and is passed over" : `and is read as that of ${shownName(open.at(-1))}`;
  note(reading, "wrong-end", `END:${quoteForDetail(raw)} ends nothing that is open ${reads}`);
  if (!stray) closeFrom(reading, open.length - 1);
}

function closeFrom(reading: Reading, index: number): void {
  if (index === 0) return closeAll(reading);
  reading.lastEnded = reading.open[index]?.name;
  reading.open.length = index;
}

function closeAll(reading: Reading): void {
  const calendar = reading.open[0];
  reading.open.length = 0;
  reading.skipping = 0;
  reading.lastEnded = undefined;
  reading.told.delete("text-outside");
  const { first } = reading;
  if (!calendar || !first || calendar === first) return;
  const same = methodOf(calendar) === methodOf(first);
  const reads = same ? "its components are added to the first" : "it has another METHOD and is left out";
  note(reading, "further-calendar", `the text holds a further VCALENDAR; ${reads}`);
  if (same) for (const component of calendar.components) first.components.push(component);
}

function methodOf(calendar: Draft): string | undefined {
  return calendar.properties
    .find((property) => property.name === "METHOD")
    ?.value.trim()
    .toUpperCase();
}

/**
 * Gives the text without the controls no content line may hold, RFC 5545 §3.1, so that none of them gets any further;
 * `undefined` where a string is longer than allowed.
 */
function readCharacters(input: string | Uint8Array, limits: Limits, problems: ProblemList): string | undefined {
  const text = typeof input === "string" ? input : textOf(input, limits, problems);
  let control = -1;
  let others = 0;
  const unusual = /[^\t\n\r\u0020-\u007e]+/g;
  for (let match = unusual.exec(text); match; match = unusual.exec(text)) {
    others += match[0].length;
    if (control < 0) control = firstControl(text, match.index, unusual.lastIndex);
  }
  // A UTF-16 unit stands for one to three octets.
  const mayExceed = typeof input === "string" && text.length + 2 * others > limits.maxCalendarBytes;
  if (mayExceed && endOfOctets(text, 0, text.length, limits.maxCalendarBytes) < text.length) return undefined;
  if (control < 0) return text;
  const line = text.slice(0, control).split(/\r\n|\r|\n/).length;
  noteProblem(problems, line, "control-character", "control characters are left out, here and further on");
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "");
}

function firstControl(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return i;
  }
  return -1;
}

function textOf(bytes: Uint8Array, limits: Limits, problems: ProblemList): string {
  const { text, otherLines } = decodeBytes(bytes, limits.maxProblems);
  for (const line of otherLines)
    noteProblem(problems, line, "not-utf-8", "the line is not UTF-8; it is read as windows-1252");
  return text;
}

/** Cuts a line that is too long, between two characters. */
function shortenLine(reading: Reading): void {
  const { lines, limits } = reading;
  if ((lines.end - lines.start) * 3 <= limits.maxLineBytes) return;
  const end = endOfOctets(lines.source, lines.start, lines.end, limits.maxLineBytes);
  if (end === lines.end) return;
  note(reading, "line-too-long", `the line is longer than ${limits.maxLineBytes} octets; the rest is left out`);
  lines.end = end;
  if (lines.nameEnd >= end) lines.nameEnd = end;
}

/** The end of the longest part of at most `max` octets in UTF-8 that splits no character. */
function endOfOctets(text: string, start: number, end: number, max: number): number {
  let octets = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const pair = code >= 0xd800 && code < 0xdc00 && i + 1 < end;
    octets += code < 0x80 ? 1 : code < 0x800 ? 2 : pair ? 4 : 3;
    if (octets > max) return i;
    if (pair) i++;
  }
  return end;
}

/** The components that stand directly in a VCALENDAR and never in one another, RFC 5545 §3.6. */
const standAlone: ReadonlySet<string> = new Set(["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"]);
