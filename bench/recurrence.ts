import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@parley/engine";
import { daysFromCivil, parseDateTime } from "@parley/engine/icalendar";
import { expand, parseRule, type RecurrenceSet } from "@parley/engine/recurrence";
import ical from "ical.js";
import { RRuleTemporal } from "rrule-temporal";
import { systemZones } from "../packages/server/src/zones.ts";
import { type Libical, makeLibical } from "./libical.ts";
import { type Contender, inProcess, printSideBySide } from "./side-by-side.ts";

// Its package tells older resolvers only where its types are.
const { DateTime, RRuleSet } = createRequire(import.meta.url)("rrule-rust") as typeof import("rrule-rust");

/** A Friday, the last working day of its month: each of the rules generates it. */
const start = "20270129T090000";
const years = 10;
const rules = [
  ["weekly on 3 days", "FREQ=WEEKLY;BYDAY=MO,WE,FR"],
  ["monthly, last working day", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
  ["daily", "FREQ=DAILY"],
] as const;

/** Measures expanding rules, beside ical.js, rrule-temporal, rrule-rust and libical. */
export async function benchRecurrence(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  try {
    const libical = makeLibical(folder);
    for (const zone of ["UTC", "Europe/Berlin"]) for (const [name, rule] of rules) benchRule(name, rule, zone, libical);
    benchSeek();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function benchRule(name: string, rule: string, zone: string, libical: Libical | undefined): void {
  const from = instantOf(2027);
  const to = instantOf(2027 + years);
  const ours = expandOurs(rule, zone, from, to);
  const count = ours();
  const contenders: Contender[] = [
    inProcess("ours", same(count, ours)),
    inProcess("rrule-rust between", same(count, expandRust(rule, zone, from, to))),
    inProcess("rrule-temporal", same(count, expandTemporal(rule, zone, from, to))),
    ...(zone === "UTC" ? [inProcess("ical.js", same(count, expandIcalJs(rule, to)))] : []),
    ...(libical ? [libical.expand(zone === "UTC" ? `${start}Z` : start, zone, rule, count)] : []),
  ];
  printSideBySide(`${name}, ${years} years in ${zone}: ${count} instances`, "instances", count, contenders);
}

/** Weeks long after DTSTART: what they cost must not grow with the distance. */
function benchSeek(): void {
  for (const distance of [1, 10, 100]) {
    const from = instantOf(2027 + distance);
    const to = from + 7 * 86_400;
    const ours = expandOurs("FREQ=DAILY", "Europe/Berlin", from, to);
    printSideBySide(`daily, one week ${distance} years after DTSTART`, "windows", 1, [
      inProcess("ours", same(7, ours)),
      inProcess("rrule-rust between", same(7, expandRust("FREQ=DAILY", "Europe/Berlin", from, to))),
    ]);
  }
}

/** Whoever expands something else, or less, is not compared. */
function same(count: number, work: () => number): () => number {
  const found = work();
  if (found !== count) throw new Error(`${found} instances where there should be ${count}`);
  return work;
}

function expandOurs(text: string, zone: string, from: number, to: number): () => number {
  const value = parseDateTime(zone === "UTC" ? `${start}Z` : start, zone === "UTC" ? undefined : zone);
  const { rule } = parseRule(text);
  if (!value || !rule) throw new Error(`the bench's rule cannot be read: ${text}`);
  const provider = systemZones();
  const length = { days: 0, seconds: 3_600 };
  const set: RecurrenceSet = {
    master: { key: "master", start: value, length, rules: [rule], dates: [], exceptions: [], isCancelled: false },
    overrides: [],
    zones: (tzid) => provider.zone(tzid),
  };
  return () => {
    const expansion = expand(set, { from, to }, defaultLimits);
    let count = 0;
    for (let next = expansion.next(); next; next = expansion.next()) count++;
    return count;
  };
}

function expandRust(rule: string, zone: string, from: number, to: number): () => number {
  const set = RRuleSet.fromString(contentLines(rule, zone));
  set.cache.disable();
  const [after, before] = [DateTime.fromTimestamp(from * 1_000), DateTime.fromTimestamp(to * 1_000 - 1_000)];
  return () => set.between(after, before, true).length;
}

function expandTemporal(rule: string, zone: string, from: number, to: number): () => number {
  const made = new RRuleTemporal({ rruleString: contentLines(rule, zone), cache: false });
  const [after, before] = [new Date(from * 1_000), new Date(to * 1_000 - 1_000)];
  return () => made.between(after, before, true).length;
}

function expandIcalJs(rule: string, to: number): () => number {
  const recur = ical.Recur.fromString(rule);
  const first = ical.Time.fromData(
    { year: 2027, month: 1, day: 29, hour: 9, minute: 0, second: 0 },
    ical.Timezone.utcTimezone,
  );
  return () => {
    const iterator = recur.iterator(first);
    let count = 0;
    for (let next = iterator.next(); next && next.toUnixTime() < to; next = iterator.next()) count++;
    return count;
  };
}

function contentLines(rule: string, zone: string): string {
  return zone === "UTC" ? `DTSTART:${start}Z\nRRULE:${rule}` : `DTSTART;TZID=${zone}:${start}\nRRULE:${rule}`;
}

function instantOf(year: number): number {
  return daysFromCivil(year, 1, 1) * 86_400;
}
