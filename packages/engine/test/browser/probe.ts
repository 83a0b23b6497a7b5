import { daysFromCivil } from "../../src/icalendar/date-time.ts";
import { formatCalendar } from "../../src/icalendar/format.ts";
import { parseCalendar } from "../../src/icalendar/parse.ts";
import { defaultLimits } from "../../src/limits.ts";
import { expand } from "../../src/recurrence/expand.ts";
import { intlZoneProvider } from "../../src/recurrence/intl-zone.ts";
import { parseRule } from "../../src/recurrence/rule-text.ts";
import { parseTzif } from "../../src/recurrence/tzif.ts";
import { toInstant, type Zone } from "../../src/recurrence/zone.ts";
import { builtInZones } from "../../src/recurrence/zone-data/index.ts";
import { zoneSamples } from "./zone-samples.ts";

/** What the engine is given, in Node and in a browser alike. */
export interface ProbeInput {
  readonly texts: readonly string[];
  readonly rules: readonly string[];
  readonly zoneNames: readonly string[];
  /** Octets of one TZif file. */
  readonly tzif: readonly number[];
}

/** Does with the engine what a program does with it, and answers with all that came of it. */
export function probe(input: ProbeInput): unknown {
  return {
    texts: input.texts.map((text) => {
      const { calendar, problems } = parseCalendar(text, defaultLimits);
      return { problems, written: calendar && formatCalendar(calendar) };
    }),
    instances: input.rules.flatMap((rule) => input.zoneNames.map((zone) => firstInstances(rule, zone))),
    builtIn: input.zoneNames.map((name) => instantsIn(builtInZones.zone(name))),
    intl: input.zoneNames.map((name) => instantsIn(intlZoneProvider.zone(name))),
    tzif: instantsIn(parseTzif(Uint8Array.from(input.tzif), "probe")),
  };
}

/** Of a rule that begins an hour before the clocks change in Berlin. */
function firstInstances(text: string, tzid: string): unknown {
  const { rule, problems } = parseRule(text);
  if (!rule) return problems;
  const start = { kind: "zoned", wall: daysFromCivil(2027, 3, 28) * 86_400 + 3_600, tzid } as const;
  const length = { days: 0, seconds: 1_800 };
  const master = { key: "master", start, length, rules: [rule], dates: [], exceptions: [], isCancelled: false };
  const set = { master, overrides: [], zones: (name: string) => builtInZones.zone(name) };
  const expansion = expand(set, { from: -Infinity, to: Infinity }, defaultLimits);
  const instances = Array.from({ length: 40 }, () => expansion.next());
  return { problems, instances, isIncomplete: expansion.isIncomplete };
}

function instantsIn(zone: Zone | undefined): readonly number[] | undefined {
  return zone && zoneSamples.map((wall) => toInstant(wall, zone));
}

// A page has no imports: this is where its test finds the function.
(globalThis as { parleyProbe?: typeof probe }).parleyProbe = probe;
