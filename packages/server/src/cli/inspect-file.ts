import { readFile, stat } from "node:fs/promises";
import { defaultLimits, type Limits } from "@parley/engine";
import { parseCalendar } from "@parley/engine/icalendar";
import { decodeCalendarText, findCalendarParts } from "@parley/engine/imip";
import { type CalendarInspection, inspectCalendar } from "@parley/engine/inspect";
import type { ZoneProvider } from "@parley/engine/recurrence";
import { parseMail } from "../mail/parse-mail.ts";

const maxFileMebibytes = 64;
const maxFileBytes = maxFileMebibytes * 1024 * 1024;

/** What was found in one file. */
export type FileReport =
  | {
      readonly kind: "read";
      readonly file: string;
      readonly form: "calendar" | "mail";
      readonly calendars: readonly CalendarReport[];
      /** What could not be read of the mail around the calendars, in words. */
      readonly problems: readonly string[];
    }
  | { readonly kind: "failed"; readonly file: string; readonly reason: string };

/** One calendar of a file. */
export interface CalendarReport {
  /** Where in a mail: the numbers of the parts, from the outermost. */
  readonly part?: string;
  /** The METHOD of its Content-Type. */
  readonly declaredMethod?: string;
  /** What could not be read of the text. */
  readonly problems: readonly string[];
  readonly inspection: CalendarInspection;
}

/** Reads and inspects one file; `failed` says why it could not be read. Throws only for a fault of ours. */
export async function inspectFile(file: string, zones: ZoneProvider): Promise<FileReport> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { kind: "failed", file, reason: "it is no file" };
    if (found.size > maxFileBytes) return { kind: "failed", file, reason: `it is larger than ${maxFileMebibytes} MiB` };
    return await inspectBytes(file, await readFile(file), zones, defaultLimits);
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT")
      return { kind: "failed", file, reason: "there is no such file" };
    if (isSystemError(error)) return { kind: "failed", file, reason: `it cannot be read (${error.code})` };
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** Inspects the content of a file: a calendar where it begins like one, else a mail. */
export async function inspectBytes(
  file: string,
  bytes: Uint8Array,
  zones: ZoneProvider,
  limits: Limits,
): Promise<FileReport> {
  if (beginsCalendar(bytes)) return inspectCalendarFile(file, bytes, zones, limits);
  const mail = await parseMail(bytes);
  const found = findCalendarParts(mail, limits);
  if (found.kind === "none") return inspectUnmarked(file, bytes, zones, limits, whyNone[found.reason]);
  const calendars: CalendarReport[] = [];
  const problems = [...mail.problems, ...found.problems];
  for (const part of found.parts) {
    const read = inspectText(decodeCalendarText(part), zones, limits);
    const place = { ...(part.path && { part: part.path }), ...(part.method && { declaredMethod: part.method }) };
    if (read) calendars.push({ ...place, ...read, problems: [...part.problems, ...read.problems] });
    else problems.push(part.path ? `Part ${part.path} is no calendar.` : "It says it is a calendar, but is none.");
  }
  if (calendars.length === 0) return { kind: "failed", file, reason: problems.at(-1) ?? whyNone["no-calendar"] };
  return { kind: "read", file, form: "mail", calendars, problems };
}

const whyNone = {
  "no-calendar": "it holds no calendar of its own",
  "delivery-report": "it is the report of a mail that was not delivered; the calendar in it is not acted on",
  tnef: "its calendar is inside a winmail.dat, which is not iCalendar",
} as const;

function inspectCalendarFile(file: string, bytes: Uint8Array, zones: ZoneProvider, limits: Limits): FileReport {
  const calendar = inspectText(bytes, zones, limits);
  if (!calendar) return { kind: "failed", file, reason: "it begins like a calendar, but cannot be read as one" };
  return { kind: "read", file, form: "calendar", calendars: [calendar], problems: [] };
}

/** A file that is no mail with a calendar may still be a calendar after some other lines. */
function inspectUnmarked(
  file: string,
  bytes: Uint8Array,
  zones: ZoneProvider,
  limits: Limits,
  reason: string,
): FileReport {
  if (!file.toLowerCase().endsWith(".ics")) return { kind: "failed", file, reason };
  const report = inspectCalendarFile(file, bytes, zones, limits);
  return report.kind === "read" ? report : { kind: "failed", file, reason };
}

function inspectText(
  text: string | Uint8Array,
  zones: ZoneProvider,
  limits: Limits,
): Omit<CalendarReport, "part"> | undefined {
  const { calendar, problems } = parseCalendar(text, limits);
  if (!calendar) return undefined;
  const inspection = inspectCalendar(calendar, { zones, limits });
  return { problems: problems.map(({ line, detail }) => `Line ${line}: ${detail}`), inspection };
}

/** Looks past a byte order mark and white space. */
function beginsCalendar(bytes: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  return /^(?:ï»¿)?\s*BEGIN:VCALENDAR/i.test(start);
}
