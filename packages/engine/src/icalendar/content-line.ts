import type { Parameter, Property } from "./component.ts";
import { isNameCode, knownNameAt, readName } from "./name.ts";
import { type CalendarProblemKind, quoteForDetail } from "./problem.ts";

/** One unfolded content line: a span of `source`, whose name ends at `nameEnd` with `;` or `:`. */
export interface LineSpan {
  readonly source: string;
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
}

/** Told of each deviation in a line. */
export type ReportFlaw = (kind: CalendarProblemKind, detail: string) => void;

/**
 * Reads a content line, RFC 5545 §3.1: name, parameters, value, none of them decoded. Takes time linear in the line.
 * `undefined` for a line without a colon outside quotes, also when its quotes are read as ordinary characters.
 * Parameters beyond `maxParameters` are dropped. `last` is the property read before: Attendees follow one another and
 * have most parameters in common, which they then share.
 */
export function readContentLine(
  line: LineSpan,
  last: Property | undefined,
  maxParameters: number,
  report: ReportFlaw,
): Property | undefined {
  const { source, start, nameEnd } = line;
  let end = line.end;
  if (source.charCodeAt(nameEnd) === colon)
    return makeProperty(line, noParameters, source.slice(nameEnd + 1, end), report);
  let read = readParameters(line, last?.parameters ?? noParameters, maxParameters, true);
  if (read.valueStart < 0 && source.slice(nameEnd, end).includes('"')) {
    const shown = quoteForDetail(source.slice(start, nameEnd));
    report("unterminated-quote", `the quotes of ${shown} do not close; they are read as ordinary characters`);
    read = readParameters(line, noParameters, maxParameters, false);
    end = withoutLooseQuote(source, read.valueStart, end);
  }
  if (read.valueStart < 0) {
    const shown = quoteForDetail(source.slice(start, Math.min(end, start + 41)));
    report("missing-colon", `${shown} has no value and is left out`);
    return undefined;
  }
  const parameters = read.flaws === 0 ? read.parameters : settleFlaws(read, source.slice(start, nameEnd), report);
  const value = source.slice(read.valueStart, end);
  const path = value.startsWith("//") ? pathOfTzid(parameters.at(-1), value) : "";
  const tzid = parameters.at(-1);
  if (path === "" || !tzid) return makeProperty(line, parameters, value, report);
  const shown = quoteForDetail(source.slice(start, nameEnd));
  report("unquoted-colon", `the TZID of ${shown} has a colon and no quotes; it is read whole`);
  const whole = parameters.with(-1, { ...tzid, value: `"${tzid.value}:${path}"` });
  return makeProperty(line, whole, value.slice(path.length + 1), report);
}

/** Finds the rest of a TZID such as "tzone://Microsoft/Custom": the colon that counts is the one before a date. */
function pathOfTzid(last: Parameter | undefined, value: string): string {
  if (last?.name !== "TZID" || !/^[a-z]+$/i.test(last.value)) return "";
  return /^\/\/[^":;,]*(?=:\d{8})/.exec(value)?.[0] ?? "";
}

/** Passes over a quote that ends the value and has no other in it: it closes one that was opened in a parameter. */
function withoutLooseQuote(source: string, valueStart: number, end: number): number {
  const first = valueStart < 0 ? -1 : source.indexOf('"', valueStart);
  return first === end - 1 ? first : end;
}

function makeProperty(
  { source, start, nameEnd }: LineSpan,
  parameters: readonly Parameter[],
  value: string,
  report: ReportFlaw,
): Property {
  const known = knownNameAt(source, start, nameEnd);
  if (known !== undefined) return { name: known, parameters, value };
  const raw = source.slice(start, nameEnd);
  if (raw.includes("_")) report("bad-name", `${quoteForDetail(raw)} is no name; it is read as one`);
  const { name, written } = readName(raw);
  return written === undefined ? { name, parameters, value } : { name, parameters, value, written };
}

interface ReadParameters {
  readonly parameters: Parameter[];
  /** Where the value begins; -1 where no colon was found. */
  valueStart: number;
  /** What was wrong with them: a sum of the flaw constants below. */
  flaws: number;
}

function readParameters(
  line: LineSpan,
  last: readonly Parameter[],
  maxParameters: number,
  quoting: boolean,
): ReadParameters {
  const { source, end } = line;
  const read: ReadParameters = { parameters: [], valueStart: -1, flaws: 0 };
  let i = line.nameEnd;
  while (i < end && source.charCodeAt(i) === semicolon) {
    const nameStart = i + 1;
    const same = last[read.parameters.length];
    if (same !== undefined && standsAt(same, source, nameStart, end)) {
      i = nameStart + same.name.length + 1 + same.value.length;
      read.parameters.push(same);
      continue;
    }
    const nameEnd = endOfParameterName(source, nameStart, end, read);
    const valueStart = nameEnd < end && source.charCodeAt(nameEnd) === equals ? nameEnd + 1 : nameEnd;
    i = endOfParameterValue(source, valueStart, end, quoting);
    if (valueStart === nameEnd) read.flaws |= nameEnd === nameStart ? flawEmpty : flawNoValue;
    if (read.parameters.length >= maxParameters) read.flaws |= flawTooMany;
    else read.parameters.push(makeNamed(source, nameStart, nameEnd, source.slice(valueStart, i)));
  }
  if (i < end) read.valueStart = i + 1;
  return read;
}

/** Whether that very parameter stands there, and ends there. */
function standsAt({ name, value, written }: Parameter, source: string, start: number, end: number): boolean {
  const nameEnd = start + name.length;
  const valueEnd = nameEnd + 1 + value.length;
  if (written !== undefined || valueEnd >= end || source.charCodeAt(nameEnd) !== equals) return false;
  const next = source.charCodeAt(valueEnd);
  if (next !== semicolon && next !== colon) return false;
  return source.startsWith(value, nameEnd + 1) && source.startsWith(name, start);
}

function makeNamed(source: string, start: number, end: number, value: string): Parameter {
  const known = knownNameAt(source, start, end);
  if (known !== undefined) return { name: known, value };
  const { name, written } = readName(source.slice(start, end));
  return written === undefined ? { name, value } : { name, value, written };
}

function endOfParameterName(source: string, start: number, end: number, read: ReadParameters): number {
  for (let i = start; i < end; i++) {
    const code = source.charCodeAt(i);
    if (isNameCode(code)) continue;
    if (code === equals && i === start) read.flaws |= flawEmpty;
    if (code === equals || code === semicolon || code === colon) return i;
    read.flaws |= flawBadName;
  }
  return end;
}

function endOfParameterValue(source: string, start: number, end: number, quoting: boolean): number {
  let quoted = false;
  for (let i = start; i < end; i++) {
    const code = source.charCodeAt(i);
    if (code > semicolon) continue;
    if (code === quote) quoted = quoting && !quoted;
    else if ((code === semicolon || code === colon) && !quoted) return i;
  }
  return end;
}

function settleFlaws(read: ReadParameters, raw: string, report: ReportFlaw): readonly Parameter[] {
  const shown = quoteForDetail(raw);
  if (read.flaws & flawTooMany)
    report("too-many-parameters", `${shown} has too many parameters; the last ones are left out`);
  if (read.flaws & flawNoValue)
    report("parameter-without-value", `a parameter of ${shown} has no "="; its value is empty`);
  if (read.flaws & flawBadName)
    report("bad-name", `a parameter of ${shown} has a name with other characters; it is read`);
  if (!(read.flaws & flawEmpty)) return read.parameters;
  report("empty-parameter", `a parameter of ${shown} has no name and is left out`);
  return read.parameters.filter((parameter) => parameter.name !== "");
}

const [quote, colon, semicolon, equals] = [0x22, 0x3a, 0x3b, 0x3d];
const [flawEmpty, flawNoValue, flawBadName, flawTooMany] = [1, 2, 4, 8];
const noParameters: readonly Parameter[] = [];
