import type { Parameter, Property } from "./component.ts";
import { isNameCode, knownNames, readName } from "./name.ts";
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
 * Parameters beyond `maxParameters` are dropped.
 */
export function readContentLine(line: LineSpan, maxParameters: number, report: ReportFlaw): Property | undefined {
  const { source, start, nameEnd } = line;
  let end = line.end;
  const raw = source.slice(start, nameEnd);
  if (source.charCodeAt(nameEnd) === colon)
    return makeProperty(raw, noParameters, source.slice(nameEnd + 1, end), report);
  let read = readParameters(line, maxParameters, true);
  if (read.valueStart < 0 && read.quotes) {
    report(
      "unterminated-quote",
      `the quotes of ${quoteForDetail(raw)} do not close; they are read as ordinary characters`,
    );
    read = readParameters(line, maxParameters, false);
    end = withoutLooseQuote(source, read.valueStart, end);
  }
  if (read.valueStart < 0) {
    const shown = quoteForDetail(source.slice(start, Math.min(end, start + 41)));
    report("missing-colon", `${shown} has no value and is left out`);
    return undefined;
  }
  const parameters = read.flaws === 0 ? read.parameters : settleFlaws(read, raw, report);
  return makeProperty(raw, parameters, source.slice(read.valueStart, end), report);
}

/** Passes over a quote that ends the value and has no other in it: it closes one that was opened in a parameter. */
function withoutLooseQuote(source: string, valueStart: number, end: number): number {
  const first = valueStart < 0 ? -1 : source.indexOf('"', valueStart);
  return first === end - 1 ? first : end;
}

function makeProperty(raw: string, parameters: readonly Parameter[], value: string, report: ReportFlaw): Property {
  const known = knownNames.get(raw);
  if (known !== undefined) return { name: known, parameters, value };
  if (raw.includes("_")) report("bad-name", `${quoteForDetail(raw)} is no name; it is read as one`);
  const { name, written } = readName(raw);
  return written === undefined ? { name, parameters, value } : { name, parameters, value, written };
}

interface ReadParameters {
  readonly parameters: Parameter[];
  /** Where the value begins; -1 where no colon was found. */
  valueStart: number;
  /** Whether there was a quote at all. */
  quotes: boolean;
  /** What was wrong with them: a sum of the flaw constants below. */
  flaws: number;
}

function readParameters(line: LineSpan, maxParameters: number, quoting: boolean): ReadParameters {
  const { source, end } = line;
  const read: ReadParameters = { parameters: [], valueStart: -1, quotes: false, flaws: 0 };
  let i = line.nameEnd;
  while (i < end && source.charCodeAt(i) === semicolon) {
    const nameStart = i + 1;
    const nameEnd = endOfParameterName(source, nameStart, end, read);
    const valueStart = nameEnd < end && source.charCodeAt(nameEnd) === equals ? nameEnd + 1 : nameEnd;
    i = endOfParameterValue(source, valueStart, end, quoting, read);
    if (valueStart === nameEnd) read.flaws |= nameEnd === nameStart ? flawEmpty : flawNoValue;
    if (read.parameters.length >= maxParameters) read.flaws |= flawTooMany;
    else read.parameters.push(makeNamed(source.slice(nameStart, nameEnd), source.slice(valueStart, i)));
  }
  if (i < end) read.valueStart = i + 1;
  return read;
}

function makeNamed(raw: string, value: string): Parameter {
  const known = knownNames.get(raw);
  if (known !== undefined) return { name: known, value };
  const { name, written } = readName(raw);
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

function endOfParameterValue(
  source: string,
  start: number,
  end: number,
  quoting: boolean,
  read: ReadParameters,
): number {
  let quoted = false;
  for (let i = start; i < end; i++) {
    const code = source.charCodeAt(i);
    if (code > semicolon) continue;
    if (code === quote) {
      read.quotes = true;
      quoted = quoting && !quoted;
    } else if ((code === semicolon || code === colon) && !quoted) {
      return i;
    }
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
