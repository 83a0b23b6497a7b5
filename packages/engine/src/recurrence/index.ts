export type { ZoneComparison } from "./compare-zones.ts";
export { compareZones } from "./compare-zones.ts";
export { expand } from "./expand.ts";
export type { InstanceCount, LastInstance, SomeInstances } from "./instances.ts";
export { countInstances, isInstance, lastInstance, nextInstances } from "./instances.ts";
export { intlZoneProvider, isZoneName, zoneOfOffsets } from "./intl-zone.ts";
export { makeVtimezone } from "./make-vtimezone.ts";
export type {
  Expansion,
  ExpansionOptions,
  Instance,
  InstanceId,
  InstanceKind,
  InstanceLength,
  InstantRange,
  RecurrenceDate,
  RecurrenceMaster,
  RecurrenceOverride,
  RecurrenceSet,
} from "./recurrence-set.ts";
export type { ZoneResolver } from "./resolve.ts";
export { resolveInstant } from "./resolve.ts";
export { makeZoneResolver } from "./resolver.ts";
export type {
  Frequency,
  NumberedWeekday,
  RecurrenceRule,
  RuleProblem,
  RuleProblemKind,
  RuleReading,
  Skip,
  Weekday,
} from "./rule.ts";
export { formatRule, parseRule } from "./rule-text.ts";
export { parseTzif } from "./tzif.ts";
export { zoneFromVtimezone } from "./vtimezone.ts";
export type { RuleLanguage } from "./words/language.ts";
export type { WordsOptions } from "./words/rule-in-words.ts";
export { ruleInWords } from "./words/rule-in-words.ts";
export type { Zone, ZonePeriod, ZoneProvider } from "./zone.ts";
export { fixedZone, toInstant, toWall, utc } from "./zone.ts";
export type { ZoneProblem } from "./zone-problems.ts";
export { findZoneProblems } from "./zone-problems.ts";
