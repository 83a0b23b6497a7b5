import { type DateOrDateTime, formatDateTime, parseDateTime } from "../icalendar/date-time.ts";
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
  type Skip,
  type Weekday,
} from "./rule.ts";

/** A rule on its way; what is missing has its default. */
type Draft = { -readonly [K in keyof RecurrenceRule]?: RecurrenceRule[K] };

/** Reads a rule part into the draft; `false` where its value cannot be read at all. */
type PartReader = (value: string, draft: Draft, report: Report) => boolean;
type Report = (kind: RuleProblemKind) => void;

const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/** RFC 5545 §3.3.10: the lists of numbers, their names and greatest values; those that may count from the end as well. */
const numberParts: Readonly<Record<string, readonly [part: NumberPart, least: number, greatest: number]>> = {
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
  ["FREQ", readFrequency],
  ["INTERVAL", readInterval],
  ["COUNT", readCount],
  ["UNTIL", readUntil],
  ["WKST", readWeekStart],
  ["BYDAY", readByDay],
  ["RSCALE", readRscale],
  ["SKIP", readSkip],
  ...Object.entries(numberParts).map(([name, [part, least, greatest]]): [string, PartReader] => [
    name,
    (value, draft, report) => {
      const numbers = readNumbers(value, least, greatest, report);
      if (numbers.length > 0) draft[part] = part === "bySecond" ? unique(numbers.map(withoutLeap)) : numbers;
      return numbers.length > 0;
    },
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
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const report: Report = (kind) => problems.push({ kind, part: name.slice(0, 32) });
    const reader = equals < 0 ? undefined : readers.get(name);
    if (!reader) report("unknown-part");
    else if (seen.has(name)) report("repeated-part");
    else if (!reader(part.slice(equals + 1), draft, report) && !dispensable.has(name)) isSound = false;
    seen.add(name);
  }
  if (!draft.frequency) problems.push({ kind: "no-frequency", part: "FREQ" });
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

function readFrequency(value: string, draft: Draft): boolean {
  const frequency = frequencies.find((each) => each === value);
  if (frequency) draft.frequency = frequency;
  return true;
}

function readInterval(value: string, draft: Draft, report: Report): boolean {
  draft.interval = readPositive(value) ?? 1;
  if (readPositive(value) === undefined) report("bad-value");
  return true;
}

function readCount(value: string, draft: Draft, report: Report): boolean {
  const count = readPositive(value);
  if (count === undefined) report("bad-value");
  else draft.count = count;
  return count !== undefined;
}

/** Numbers of more than nine digits are held at the largest of nine: no calendar lasts that long. */
function readPositive(value: string): number | undefined {
  const number = /^\+?\d+$/.test(value) ? Math.min(Number(value), 999_999_999) : 0;
  return number > 0 ? number : undefined;
}

function readUntil(value: string, draft: Draft, report: Report): boolean {
  // Some write the value as in a property, its parameters before a colon, or with the separators of ISO 8601.
  const until: DateOrDateTime | undefined = parseDateTime(value.replace(/[-:]/g, ""));
  if (until) draft.until = until;
  else report("bad-value");
  return until !== undefined;
}

function readWeekStart(value: string, draft: Draft, report: Report): boolean {
  const weekday = readWeekday(value);
  if (weekday === undefined) report("bad-value");
  else draft.weekStart = weekday;
  return weekday !== undefined;
}

function readWeekday(name: string): Weekday | undefined {
  const index = (weekdayNames as readonly string[]).indexOf(name);
  return index < 0 ? undefined : (index as Weekday);
}

function readByDay(value: string, draft: Draft, report: Report): boolean {
  const days = new Map<string, NumberedWeekday>();
  for (const each of splitList(value, report)) {
    const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(each);
    const weekday = readWeekday(match?.[2] ?? "");
    const nth = Number(match?.[1] ?? 0);
    if (weekday === undefined || Math.abs(nth) > 53 || (nth === 0 && match?.[1])) report("bad-value");
    else days.set(`${nth} ${weekday}`, { weekday, nth: nth + 0 });
  }
  if (days.size > 0) draft.byDay = [...days.values()];
  return days.size > 0;
}

function withoutNumbers(days: readonly NumberedWeekday[]): readonly NumberedWeekday[] {
  return unique(days.map(({ weekday }) => weekday)).map((weekday) => ({ weekday, nth: 0 }));
}

/** RFC 7529 §4.2 marks leap months by an L; the Gregorian calendar has none. */
function readNumbers(value: string, least: number, greatest: number, report: Report): readonly number[] {
  const numbers: number[] = [];
  for (const each of splitList(value, report)) {
    const number = /^[+-]?\d{1,3}$/.test(each) ? Number(each) + 0 : Number.NaN;
    const isBad = !(number >= least && number <= greatest) || (least !== 0 && number === 0);
    if (isBad) report("bad-value");
    else numbers.push(number);
  }
  return unique(numbers);
}

function splitList(value: string, report: Report): readonly string[] {
  const list = value.split(",", maxRuleList + 1);
  if (list.length > maxRuleList) {
    report("too-long");
    return [];
  }
  return list.filter((each) => each !== "");
}

function unique<T>(list: readonly T[]): readonly T[] {
  return [...new Set(list)];
}

function withoutLeap(second: number): number {
  return Math.min(second, 59);
}

function readRscale(value: string, _draft: Draft, report: Report): boolean {
  if (value !== "GREGORIAN") report("unsupported-rscale");
  return value === "GREGORIAN";
}

function readSkip(value: string, draft: Draft, report: Report): boolean {
  const skip = (["OMIT", "BACKWARD", "FORWARD"] as const).find((each): each is Skip => each === value);
  if (skip) draft.skip = skip;
  else report("bad-value");
  return skip !== undefined;
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
