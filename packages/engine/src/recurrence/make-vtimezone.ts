import { type Component, makeComponent, type Property } from "../icalendar/component.ts";
import { type EpochSeconds, formatWall } from "../icalendar/date-time.ts";
import { formatUtcOffset } from "../icalendar/number.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import { maxVtimezoneYears } from "../limits.ts";
import type { Zone, ZoneProvider } from "./zone.ts";
import { findRuns, listChanges, type ZoneChange } from "./zone-changes.ts";
import { startOfYear, yearOf } from "./zone-years.ts";

/** An observance to be written: STANDARD or DAYLIGHT. */
interface Observance {
  readonly changes: readonly ZoneChange[];
  /** Absent where the changes follow no rule and are listed. */
  readonly rule: string | undefined;
}

/** Weekdays come round to the same dates after so many years, so a rule that held them all is not held by chance. */
const yearsAhead = 28;
const yearSeconds = 366 * 86_400;
const firstYear = 1;
const lastYear = 9_950;

/**
 * Makes the VTIMEZONE of a zone, RFC 5545 §3.6.5, for the times from one instant to another, both included. It begins
 * with the observance in force at `from` and says nothing of the time before. Changes that come by a rule have an RRULE,
 * without UNTIL where the data know of no end; others are listed. TZID is the zone's name, TZNAME what people call the
 * time, if the data have a word for it.
 *
 * `undefined` where the provider does not know the zone. A range of more than `maxVtimezoneYears` is cut off.
 */
export function makeVtimezone(
  name: string,
  range: { readonly from: EpochSeconds; readonly to: EpochSeconds },
  provider: ZoneProvider,
): Component | undefined {
  const zone = provider.zone(name);
  if (!zone) return undefined;
  const from = Math.min(Math.max(range.from, startOfYear(firstYear)), startOfYear(lastYear - maxVtimezoneYears));
  const to = Math.min(Math.max(range.to, from), startOfYear(yearOf(from) + maxVtimezoneYears));
  const end = startOfYear(yearOf(to) + yearsAhead);
  const changes = listChanges(zone, from, end);
  const observances = [...groupByKind(changes).values()]
    .flatMap((group) => observancesOf(group, to, end))
    .sort((a, b) => startOf(a) - startOf(b));
  const first = observances[0];
  const begun = first !== undefined && startOf(first) <= from;
  return makeComponent(
    "VTIMEZONE",
    [makeTextProperty("TZID", zone.name)],
    [...(begun ? [] : [makeFirst(zone, from)]), ...observances.map(makeObservance)],
  );
}

function startOf(observance: Observance): EpochSeconds {
  return observance.changes[0]?.at ?? Infinity;
}

/** Puts together what can share an observance; those that share a time of day, too, may share a rule. */
function groupByKind(changes: readonly ZoneChange[]): ReadonlyMap<string, readonly ZoneChange[]> {
  const groups = new Map<string, ZoneChange[]>();
  for (const change of changes) {
    const key = `${change.offsetFrom} ${change.offsetTo} ${change.abbreviation ?? ""} ${change.daylight}`;
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return groups;
}

/** Writes as rules what can be, of what begins by `to`; `end` is where the data were last looked at. */
function observancesOf(changes: readonly ZoneChange[], to: EpochSeconds, end: EpochSeconds): readonly Observance[] {
  const times = new Map<number, ZoneChange[]>();
  for (const change of changes) {
    const time = (change.at + change.offsetFrom) % 86_400;
    times.set(time, [...(times.get(time) ?? []), change]);
  }
  const found = [...times.values()].map(findRuns);
  const ruled = found.flatMap(({ runs }) => runs).filter((run) => (run.changes[0]?.at ?? Infinity) <= to);
  const listed = found.flatMap(({ others }) => others).filter((change) => change.at <= to);
  const observances = ruled.flatMap(({ changes: all, rules }) => {
    const last = all.at(-1)?.at ?? 0;
    // The next change would come after all that was looked at.
    const until = last + yearSeconds + 7 * 86_400 > end ? "" : `;UNTIL=${formatWall(last)}Z`;
    return rules.map((rule) => ({ changes: rule.changes, rule: `FREQ=YEARLY${until};${rule.parts}` }));
  });
  if (listed.length === 0) return observances;
  return [...observances, { changes: listed.sort((a, b) => a.at - b.at), rule: undefined }];
}

function makeObservance({ changes, rule }: Observance): Component {
  const [first] = changes as readonly [ZoneChange, ...ZoneChange[]];
  const { offsetFrom, offsetTo, abbreviation, daylight } = first;
  const local = (change: ZoneChange): string => formatWall(change.at + offsetFrom);
  const more: Property[] = [];
  if (rule !== undefined) more.push(property("RRULE", rule));
  // Some programs read no more than the first date of a list, and nothing of DTSTART where there is an RDATE.
  if (rule === undefined && changes.length > 1) more.push(...changes.map((each) => property("RDATE", local(each))));
  if (abbreviation !== undefined) more.push(makeTextProperty("TZNAME", abbreviation));
  return makeComponent(daylight ? "DAYLIGHT" : "STANDARD", [
    property("DTSTART", local(first)),
    property("TZOFFSETFROM", formatUtcOffset(offsetFrom)),
    property("TZOFFSETTO", formatUtcOffset(offsetTo)),
    ...more,
  ]);
}

/** Makes the observance of an offset that held before all that the data tell. */
function makeFirst(zone: Zone, from: EpochSeconds): Component {
  const { offset, abbreviation } = zone.periodAt(from);
  const start = startOfYear(Math.min(yearOf(from) - 1, 1_970));
  return makeComponent("STANDARD", [
    property("DTSTART", formatWall(start)),
    property("TZOFFSETFROM", formatUtcOffset(offset)),
    property("TZOFFSETTO", formatUtcOffset(offset)),
    ...(abbreviation === undefined ? [] : [makeTextProperty("TZNAME", abbreviation)]),
  ]);
}

function property(name: string, value: string): Property {
  return { name, parameters: [], value };
}
