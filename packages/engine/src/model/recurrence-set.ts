import { allProperties, type Component, firstProperty } from "../icalendar/component.ts";
import { type DateOrDateTime, parseDuration, readDateTime, readDateTimes } from "../icalendar/date-time.ts";
import { parameterValue } from "../icalendar/parameter.ts";
import { type Period, readPeriods } from "../icalendar/period.ts";
import { type Limits, maxRulesOfSet } from "../limits.ts";
import type {
  InstanceLength,
  RecurrenceDate,
  RecurrenceMaster,
  RecurrenceOverride,
  RecurrenceSet,
} from "../recurrence/recurrence-set.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import { frequencies, type RecurrenceRule, type RuleProblemKind } from "../recurrence/rule.ts";
import { parseRule } from "../recurrence/rule-text.ts";
import type { CalendarObject, ObjectComponent } from "./calendar-object.ts";
import { saysCancelled } from "./cancelled.ts";
import { withoutRange } from "./ranges.ts";
import { readTimeSpan } from "./time-span.ts";

/** How an object is read. */
export interface RecurrenceReading {
  /** Says whether a component is cancelled; without it its STATUS does. */
  readonly isCancelled?: (component: ObjectComponent) => boolean;
  /** Outlook writes UNTIL as midnight in UTC and means the end of that day. Only for what Outlook wrote. */
  readonly isMidnightWholeDay?: boolean;
}

/** Why a rule of a component is not followed as written. */
export type RecurrenceProblemKind =
  | RuleProblemKind
  /** A rule, or a part of one, that repeats within a day, where DTSTART is a date; it counts for nothing. RFC 5545 §3.3.10. */
  | "not-with-date"
  /** More RRULEs than are read; the last ones are left out. */
  | "too-many-rules"
  /** An EXRULE, which RFC 5545 §A.3 gave up: what it takes away takes place all the same. */
  | "excluding-rule";

/** A problem in the rules of a component, and the name of the rule part it is in; empty where it is in all of it. */
export interface RecurrenceProblem {
  readonly kind: RecurrenceProblemKind;
  readonly part: string;
}

const noLength: InstanceLength = { days: 0, seconds: 0 };
const dayInSeconds = 86_400;

/**
 * Reads when an object takes place. Components without a time are left out; so are rules that cannot be read, those beyond
 * `maxRulesOfSet`, and those written twice; and overrides beyond `limits.maxOverrides`.
 */
export function readRecurrenceSet(
  object: CalendarObject,
  zones: ZoneResolver,
  limits: Limits,
  reading: RecurrenceReading = {},
): RecurrenceSet {
  const master = object.master && readMaster(object.master, zones, reading);
  const overrides = [...object.overrides.values()].slice(0, limits.maxOverrides);
  return {
    ...(master && { master }),
    overrides: overrides
      // What speaks for all after an Instance says nothing where its series does not take place: only that Instance is left.
      .map((component) => (master?.isCancelled ? withoutRange(component) : component))
      .flatMap((component) => readOverride(component, zones, reading) ?? []),
    zones,
  };
}

function readMaster(
  master: ObjectComponent,
  zones: ZoneResolver,
  reading: RecurrenceReading,
): RecurrenceMaster | undefined {
  const { component, key } = master;
  const start = readTimeSpan(component)?.start;
  if (!start) return undefined;
  const isCancelled = (reading.isCancelled ?? saysCancelled)(master);
  return {
    key,
    start,
    length: readLength(component, zones),
    rules: readRules(component, reading),
    dates: allProperties(component, "RDATE").flatMap((property) =>
      parameterValue(property, "VALUE")?.toUpperCase() === "PERIOD" || property.value.includes("/")
        ? readPeriods(property).map((period) => dateOfPeriod(period, zones))
        : readDateTimes(property).map((each): RecurrenceDate => ({ start: each })),
    ),
    exceptions: allProperties(component, "EXDATE").flatMap(readDateTimes),
    isCancelled,
  };
}

function readRules(component: Component, { isMidnightWholeDay }: RecurrenceReading): readonly RecurrenceRule[] {
  const rules = ruleTexts(component)
    .slice(0, maxRulesOfSet)
    .flatMap((text) => parseRule(text).rule ?? []);
  return isMidnightWholeDay ? rules.map(withWholeLastDay) : rules;
}

function ruleTexts(component: Component): readonly string[] {
  return [...new Set(allProperties(component, "RRULE").map(({ value }) => value.trim().toUpperCase()))];
}

/** Lists what is odd with the rules of a component, each kind once for each part. Empty where all are followed as written. */
export function recurrenceProblems(component: Component): readonly RecurrenceProblem[] {
  const texts = ruleTexts(component);
  const isDate = readTimeSpan(component)?.start.kind === "date";
  const found = texts.slice(0, maxRulesOfSet).flatMap((text): readonly RecurrenceProblem[] => {
    const { rule, problems } = parseRule(text);
    if (!rule || !isDate) return problems;
    return [...problems, ...timeParts(rule).map((part) => ({ kind: "not-with-date", part }) as const)];
  });
  if (texts.length > maxRulesOfSet) found.push({ kind: "too-many-rules", part: "" });
  if (firstProperty(component, "EXRULE")) found.push({ kind: "excluding-rule", part: "" });
  return [...new Map(found.map((problem) => [`${problem.kind} ${problem.part}`, problem])).values()];
}

/** Names the parts of a rule that tell times of day. */
function timeParts({ frequency, byHour, byMinute, bySecond }: RecurrenceRule): readonly string[] {
  const isWithinDay = frequencies.indexOf(frequency) < frequencies.indexOf("DAILY");
  return [
    ...(isWithinDay ? ["FREQ"] : []),
    ...(byHour.length > 0 ? ["BYHOUR"] : []),
    ...(byMinute.length > 0 ? ["BYMINUTE"] : []),
    ...(bySecond.length > 0 ? ["BYSECOND"] : []),
  ];
}

function withWholeLastDay(rule: RecurrenceRule): RecurrenceRule {
  const { until } = rule;
  if (until?.kind !== "utc" || until.wall % dayInSeconds !== 0) return rule;
  return { ...rule, until: { kind: "date", wall: until.wall } };
}

function readOverride(
  override: ObjectComponent,
  zones: ZoneResolver,
  reading: RecurrenceReading,
): RecurrenceOverride | undefined {
  const { component, key } = override;
  const property = firstProperty(component, "RECURRENCE-ID");
  const recurrenceId = property && readDateTime(property);
  if (!recurrenceId) return undefined;
  // A component that cancels an Instance often has no time of its own.
  const start = readTimeSpan(component)?.start ?? recurrenceId;
  return {
    key,
    recurrenceId,
    range: override.recurrenceId?.range ?? "this",
    start,
    length: readLength(component, zones),
    isCancelled: (reading.isCancelled ?? saysCancelled)(override),
  };
}

/**
 * Reads how long a component takes. RFC 5545 §3.8.5.3: DTEND and DUE tell an exact duration, DURATION a nominal one, whose days are
 * as long as the clocks make them. Between dates all days are such.
 */
function readLength(component: Component, zones: ZoneResolver): InstanceLength {
  const hasEnd = firstProperty(component, "DTEND") ?? firstProperty(component, "DUE");
  const duration = firstProperty(component, "DURATION")?.value;
  const nominal = duration === undefined ? undefined : parseNominal(duration);
  const span = readTimeSpan(component);
  if (!span) return noLength;
  if (nominal && !hasEnd) return span.start.kind === "date" && nominal.days === 0 ? { days: 1, seconds: 0 } : nominal;
  return lengthBetween(span.start, span.end, zones);
}

function lengthBetween(start: DateOrDateTime, end: DateOrDateTime, zones: ZoneResolver): InstanceLength {
  const starts = resolveInstant(start, zones);
  const ends = resolveInstant(end, zones);
  if (starts !== undefined && ends !== undefined) return { days: 0, seconds: Math.max(0, ends - starts) };
  const seconds = Math.max(0, end.wall - start.wall);
  if (start.kind !== "date") return { days: 0, seconds };
  return { days: Math.max(1, Math.ceil(seconds / dayInSeconds)), seconds: 0 };
}

/** Reads a DURATION with its days apart from its time; a negative one takes no time. */
function parseNominal(text: string): InstanceLength | undefined {
  const total = parseDuration(text);
  if (total === undefined) return undefined;
  const dateText = text.trim().toUpperCase().split("T")[0] ?? "";
  const days = (parseDuration(dateText) ?? 0) / dayInSeconds;
  return total < 0 ? noLength : { days, seconds: total - days * dayInSeconds };
}

function dateOfPeriod(period: Period, zones: ZoneResolver): RecurrenceDate {
  const { start } = period;
  if (period.kind === "start") return { start, length: { days: 0, seconds: period.seconds } };
  return { start, length: lengthBetween(start, period.end, zones) };
}
