import { type PosixRule, parsePosixRule, posixOnsetsAround, readAbbreviation } from "./posix-rule.ts";
import { fixedZone, maxOffsetSeconds, type Zone, type ZonePeriod, zoneOfPeriods } from "./zone.ts";
import { cutYear, findByYear, findPeriod, type Onset } from "./zone-years.ts";

/** The counts of a TZif header, RFC 9636, and where the data after it begin. */
interface Header {
  readonly version: number;
  readonly utcIndicators: number;
  readonly standardIndicators: number;
  readonly leapSeconds: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
  readonly start: number;
}

const headerLength = 44;
const typeLength = 6;
const maxFooterLength = 128;
const maxNameLength = 32;

/**
 * Reads a compiled time zone, RFC 9636, versions 1 to 4: of versions 2 and up the 64-bit block and the rule at the end
 * of the file, by which the years after its last change are computed. `undefined` for anything else or malformed, and
 * for files that count leap seconds, as their times are not those of a calendar. Never throws.
 */
export function parseTzif(bytes: Uint8Array, name: string): Zone | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = readHeader(view, 0);
  if (!first) return undefined;
  if (first.version === 1) return readBlock(view, first, 4, undefined, name);
  const header = readHeader(view, first.start + blockLength(first, 4));
  if (!header || header.version !== first.version) return undefined;
  const footer = readFooter(bytes, header.start + blockLength(header, 8));
  if (footer === undefined) return undefined;
  const rule = footer === "" ? undefined : parsePosixRule(footer);
  if (footer !== "" && !rule) return undefined;
  return readBlock(view, header, 8, rule, name);
}

function readHeader(view: DataView, start: number): Header | undefined {
  if (start + headerLength > view.byteLength || view.getUint32(start) !== 0x545a6966) return undefined;
  const version = versionOf(view.getUint8(start + 4));
  if (version === undefined) return undefined;
  const count = (index: number) => view.getUint32(start + 20 + index * 4);
  const header: Header = {
    version,
    utcIndicators: count(0),
    standardIndicators: count(1),
    leapSeconds: count(2),
    times: count(3),
    types: count(4),
    characters: count(5),
    start: start + headerLength,
  };
  return isPlausible(header) ? header : undefined;
}

function versionOf(byte: number): number | undefined {
  if (byte === 0) return 1;
  return byte >= 0x32 && byte <= 0x34 ? byte - 0x30 : undefined;
}

function isPlausible(header: Header): boolean {
  if (header.utcIndicators !== 0 && header.utcIndicators !== header.types) return false;
  if (header.standardIndicators !== 0 && header.standardIndicators !== header.types) return false;
  return header.types <= 256;
}

function blockLength(header: Header, timeLength: number): number {
  return (
    header.times * (timeLength + 1) +
    header.types * typeLength +
    header.characters +
    header.leapSeconds * (timeLength + 4) +
    header.standardIndicators +
    header.utcIndicators
  );
}

/** The text between the two newlines at the end; `undefined` where they are not there. */
function readFooter(bytes: Uint8Array, start: number): string | undefined {
  if (start >= bytes.length || bytes[start] !== 0x0a) return undefined;
  const end = bytes.indexOf(0x0a, start + 1);
  if (end < 0 || end - start > maxFooterLength) return undefined;
  return String.fromCharCode(...bytes.subarray(start + 1, end));
}

function readBlock(
  view: DataView,
  header: Header,
  timeLength: 4 | 8,
  rule: PosixRule | undefined,
  name: string,
): Zone | undefined {
  if (header.types === 0 || header.characters === 0 || header.leapSeconds > 0) return undefined;
  if (header.start + blockLength(header, timeLength) > view.byteLength) return undefined;
  const types = readTypes(view, header, header.start + header.times * (timeLength + 1));
  const periods = types && readPeriods(view, header, timeLength, types);
  return periods && zoneOfHistory(name, periods, rule);
}

/** What holds from a change on: its offset and name. */
type LocalTime = Omit<Onset, "at">;

function readTypes(view: DataView, header: Header, start: number): readonly LocalTime[] | undefined {
  const types: LocalTime[] = [];
  const names = start + header.types * typeLength;
  for (let i = 0; i < header.types; i++) {
    const offset = view.getInt32(start + i * typeLength);
    if (Math.abs(offset) > maxOffsetSeconds) return undefined;
    const name = readName(view, names + view.getUint8(start + i * typeLength + 5), names + header.characters);
    types.push({ offset, abbreviation: readAbbreviation(name) });
  }
  return types;
}

/** Reads up to the next NUL, or to `end`, or as much as a name may have. */
function readName(view: DataView, start: number, end: number): string {
  let name = "";
  for (let i = start; i < Math.min(end, start + maxNameLength) && view.getUint8(i) !== 0; i++)
    name += String.fromCharCode(view.getUint8(i));
  return name;
}

/** Reads the changes as periods; the first is without beginning and of type 0, the last without end. */
function readPeriods(
  view: DataView,
  header: Header,
  timeLength: 4 | 8,
  types: readonly LocalTime[],
): readonly ZonePeriod[] | undefined {
  const periods: ZonePeriod[] = [];
  let from = -Infinity;
  let current = types[0] as LocalTime;
  for (let i = 0; i < header.times; i++) {
    const at = readTime(view, header.start + i * timeLength, timeLength);
    const next = types[view.getUint8(header.start + header.times * timeLength + i)];
    if (at <= from || next === undefined) return undefined;
    periods.push({ from, until: at, ...current });
    from = at;
    current = next;
  }
  periods.push({ from, until: Infinity, ...current });
  return periods;
}

function readTime(view: DataView, start: number, length: 4 | 8): number {
  if (length === 4) return view.getInt32(start);
  return view.getInt32(start) * 0x1_0000_0000 + view.getUint32(start + 4);
}

/**
 * Makes a zone of periods without holes, the first without beginning and the last without end, and of the rule that
 * takes over where the last one begins.
 */
export function zoneOfHistory(name: string, periods: readonly ZonePeriod[], rule: PosixRule | undefined): Zone {
  const last = periods.at(-1) as ZonePeriod;
  if (rule?.daylight) return withRule(name, periods, last, rule);
  const { offset, abbreviation } = rule ? { offset: rule.standard, abbreviation: rule.abbreviation } : last;
  if (periods.length === 1) return fixedZone(name, offset, abbreviation);
  return inPeriods(name, [...periods.slice(0, -1), { ...last, offset, abbreviation }]);
}

function inPeriods(name: string, periods: readonly ZonePeriod[]): Zone {
  return zoneOfPeriods(name, (instant) => findPeriod(periods, instant));
}

/** From the last change of the file on, the rule says what holds; without any change it always does. */
function withRule(name: string, periods: readonly ZonePeriod[], last: ZonePeriod, rule: PosixRule): Zone {
  const byRule = findByYear((year) => cutYear(year, rule.standard, posixOnsetsAround(rule, year)));
  return zoneOfPeriods(name, (instant) => {
    if (instant < last.from) return findPeriod(periods, instant);
    const period = byRule(instant);
    return period.from < last.from ? { ...period, from: last.from } : period;
  });
}
