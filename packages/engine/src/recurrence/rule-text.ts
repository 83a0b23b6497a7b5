import { formatDateTime, parseDateTime } from "../icalendar/date-time.ts";
import { maxRuleList, maxRuleParts, maxRuleTextLength } from "../limits.ts";
import {
  type Frequency,
  frequencies,
  type NumberedWeekday,
  type NumberPart,
  partEffect,
  type RecurrenceRule,
  type RuleProblem,
  type RuleProblemKind,
  type RuleReading,
  type Weekday,
} from "./rule.ts";
import { modulo } from "./rule-days.ts";

/** A rule on its way; what is missing has its default. */
type Draft = { -readonly [K in keyof RecurrenceRule]?: RecurrenceRule[K] };

type Report = (kind: RuleProblemKind) => void;
/** Reads the value of a rule part; `undefined` where nothing in it can be read. */
type ValueReader<T> = (value: string, report: Report) => T | undefined;
/** Reads a rule part into the draft; `false` where nothing in it can be read. */
type PartReader = (value: string, report: Report, draft: Draft) => boolean;

type NumberBounds = readonly [part: NumberPart, least: number, greatest: number];

const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
const skips = ["OMIT", "BACKWARD", "FORWARD"] as const;

/** RFC 5545 §3.3.10: the lists of numbers, their names and greatest values; those that may count from the end as well. */
const numberParts: Readonly<Record<string, NumberBounds>> = {
  BYMONTH: ["byMonth", 1, 12],
  BYWEEKNO: ["byWeekNumber", -53, 53],
  BYYEARDAY: ["byYearDay", -366, 366],
  BYMONTHDAY: ["byMonthDay", -31, 31],
  BYHOUR: ["byHour", 0, 23],
  BYMINUTE: ["byMinute", 0, 59],
  BYSECOND: ["bySecond", 0, 60],
  BYSETPOS: ["bySetPosition", -366, 366],
};

const readers: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ["FREQ", readInto("frequency", (value) => frequencies.find((each) => each === value))],
  ["INTERVAL", readInto("interval", readPositive)],
  ["COUNT", readInto("count", readPositive)],
  // Some write the value as in a property, its parameters before a colon, or with the separators of ISO 8601.
  ["UNTIL", readInto("until", (value) => parseDateTime(value.replace(/[-:]/g, "")))],
  ["WKST", readInto("weekStart", readWeekday)],
  ["BYDAY", readInto("byDay", readByDay)],
  ["RSCALE", readRscale],
  ["SKIP", readInto("skip", (value) => skips.find((each) => each === value))],
  ...Object.entries(numberParts).map(([name, bounds]): [string, PartReader] => [
    name,
    readInto(bounds[0], (value, report) => readList(value, report, (each) => readNumber(each, bounds))),
  ]),
]);

const withoutParts = {
  interval: 1,
  weekStart: 1,
  byMonth: [],
  byWeekNumber: [],
  byYearDay: [],
  byMonthDay: [],
  byHour: [],
  byMinute: [],
  bySecond: [],
  bySetPosition: [],
} as const;

/** Parts a rule can be understood without: it then repeats as if they were not there. */
const dispensable = new Set(["INTERVAL", "COUNT", "WKST", "SKIP"]);

/**
 * Reads an RRULE, RFC 5545 §3.3.10 and RFC 7529 §4, as products write it: in any case and order, with spaces and empty parts.
 * INTERVAL=0 is read as 1, and COUNT=0 as no COUNT, as in vCalendar. Never throws, whatever the text.
 */
export function parseRule(text: string): RuleReading {
  const problems: RuleProblem[] = [];
  const compact = text.length > maxRuleTextLength ? "" : text.replace(/\s+/g, "").toUpperCase();
  const parts = compact.split(";", maxRuleParts + 1).filter((part) => part !== "");
  if (text.length > maxRuleTextLength || parts.length > maxRuleParts)
    return { problems: [{ kind: "too-long", part: "" }] };
  const draft: Draft = {};
  const seen = new Set<string>();
  let isSound = true;
  for (const part of parts) {
    const [, name = part, value] = /^([^=]*)=(.*)/.exec(part) ?? [];
    const report: Report = (kind) => problems.push({ kind, part: name.slice(0, 32) });
    const read = value === undefined ? undefined : readers.get(name);
    const reported = problems.length;
    if (!read) report("unknown-part");
    else if (seen.has(name)) report("repeated-part");
    else if (!read(value as string, report, draft)) {
      if (problems.length === reported) report(name === "FREQ" ? "no-frequency" : "bad-value");
      if (!dispensable.has(name)) isSound = false;
    }
    if (read) seen.add(name);
  }
  if (!seen.has("FREQ")) problems.push({ kind: "no-frequency", part: "FREQ" });
  if (!draft.frequency || !isSound) return { problems };
  return { rule: finish(draft, draft.frequency, seen, problems), problems };
}

function finish(
  draft: Draft,
  frequency: Frequency,
  seen: ReadonlySet<string>,
  problems: RuleProblem[],
): RecurrenceRule {
  const complain = (kind: RuleProblemKind, part: string): number => problems.push({ kind, part });
  if (draft.count !== undefined && draft.until !== undefined) complain("count-and-until", "UNTIL");
  if (draft.skip !== undefined && !seen.has("RSCALE")) complain("skip-without-rscale", "SKIP");
  for (const [name, [part]] of Object.entries(numberParts)) {
    if (draft[part] && partEffect(part, frequency) === "N/A") complain("not-with-frequency", name);
  }
  const byDay = draft.byDay ?? [];
  const numbered = byDay.some(({ nth }) => nth !== 0);
  const mayNumber = frequency === "MONTHLY" || (frequency === "YEARLY" && !draft.byWeekNumber);
  if (numbered && !mayNumber) complain("not-with-frequency", "BYDAY");
  if (draft.bySetPosition && ![...seen].some((name) => name.startsWith("BY") && name !== "BYSETPOS"))
    complain("position-of-nothing", "BYSETPOS");
  const skip = (seen.has("RSCALE") && draft.skip) || "OMIT";
  return { ...withoutParts, ...draft, frequency, byDay: mayNumber ? byDay : withoutNumbers(byDay), skip };
}

function readInto<K extends keyof Draft>(part: K, read: ValueReader<Draft[K]>): PartReader {
  return (value, report, draft) => {
    const found = read(value, report);
    if (found !== undefined) draft[part] = found;
    return found !== undefined;
  };
}

/** Numbers of more than nine digits are held at the largest of nine: no calendar lasts that long. */
function readPositive(value: string): number | undefined {
  const number = /^\+?\d+$/.test(value) ? Math.min(Number(value), 999_999_999) : 0;
  return number > 0 ? number : undefined;
}

function readWeekday(name: string): Weekday | undefined {
  const index = (weekdayNames as readonly string[]).indexOf(name);
  return index < 0 ? undefined : (index as Weekday);
}

function readByDay(value: string, report: Report): readonly NumberedWeekday[] | undefined {
  const days = readList(value, report, (text) => {
    const [, number, name = ""] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
    const weekday = readWeekday(name);
    const nth = Number(number ?? 0);
    return weekday === undefined || Math.abs(nth) > 53 || (nth === 0 && number) ? undefined : nth * 7 + weekday;
  });
  return days?.map((day) => ({ weekday: modulo(day, 7) as Weekday, nth: Math.floor(day / 7) }));
}

function withoutNumbers(days: readonly NumberedWeekday[]): readonly NumberedWeekday[] {
  return [...new Set(days.map(({ weekday }) => weekday))].map((weekday) => ({ weekday, nth: 0 }));
}

/** RFC 7529 §4.2 marks leap months by an L; the Gregorian calendar has none. A leap second is read as second 59. */
function readNumber(text: string, [part, least, greatest]: NumberBounds): number | undefined {
  const number = /^[+-]?\d{1,3}$/.test(text) ? Number(text) + 0 : Number.NaN;
  if (!(number >= least && number <= greatest) || (least !== 0 && number === 0)) return undefined;
  return part === "bySecond" ? Math.min(number, 59) : number;
}

/** Reads a list; what is in it twice counts once. */
function readList(
  value: string,
  report: Report,
  read: (text: string) => number | undefined,
): readonly number[] | undefined {
  const texts = value.split(",", maxRuleList + 1);
  if (texts.length > maxRuleList) {
    report("too-long");
    return undefined;
  }
  const found = new Set<number>();
  for (const text of texts) {
    const number = text && read(text);
    if (number === undefined) report("bad-value");
    else if (number !== "") found.add(number);
  }
  return found.size > 0 ? [...found] : undefined;
}

function readRscale(value: string, report: Report): boolean {
  if (value !== "GREGORIAN") report("unsupported-rscale");
  return value === "GREGORIAN";
}

/** Formats an RRULE, FREQ first. Reading it gives the same rule. */
export function formatRule(rule: RecurrenceRule): string {
  const lists = Object.entries(numberParts).map(([name, [part]]) => [name, rule[part].join()] as const);
  const byDay = rule.byDay.map(({ weekday, nth }) => `${nth || ""}${weekdayNames[weekday]}`).join();
  const parts: readonly (readonly [string, string])[] = [
    ["RSCALE", rule.skip === "OMIT" ? "" : "GREGORIAN"],
    ["INTERVAL", rule.interval === 1 ? "" : `${rule.interval}`],
    ["COUNT", `${rule.count ?? ""}`],
    ["UNTIL", rule.until ? formatDateTime(rule.until) : ""],
    ["WKST", rule.weekStart === 1 ? "" : weekdayNames[rule.weekStart]],
    ...lists.slice(0, 4),
    ["BYDAY", byDay],
    ...lists.slice(4),
    ["SKIP", rule.skip === "OMIT" ? "" : rule.skip],
  ];
  return [`FREQ=${rule.frequency}`, ...parts.flatMap(([name, value]) => (value ? [`${name}=${value}`] : []))].join(";");
}
