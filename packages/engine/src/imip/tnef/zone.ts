import { type Component, makeComponent, type Property } from "../../icalendar/component.ts";
import { formatWall, type WallSeconds } from "../../icalendar/date-time.ts";
import { formatUtcOffset } from "../../icalendar/number.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { property } from "./names.ts";
import { decodeWide, type Octets, openOctets, readNumber, readOctets, readSigned } from "./octets.ts";
import { type MapiProperties, octetsOf, secondsFrom1601, textOf } from "./properties.ts";

/** The rules of a time zone that hold now, as Windows keeps them. */
export interface TnefZone {
  readonly tzid: string;
  /** Seconds to add to UTC. */
  readonly standard: number;
  readonly daylight: number;
  /** When each begins, for a zone that changes its clocks. */
  readonly changes?: { readonly standard: YearlyChange; readonly daylight: YearlyChange };
}

/** `nth` of a weekday in a month, 5 being the last; Sunday is 0. */
interface YearlyChange {
  readonly month: number;
  readonly weekday: number;
  readonly nth: number;
  /** Seconds since midnight. */
  readonly at: number;
}

/** Finds the zone of a meeting: MS-OXOCAL section 2.2.1.41 (named, with rules), else section 2.2.1.39 (rules alone). */
export function readZone(properties: MapiProperties): TnefZone | undefined {
  const named = octetsOf(properties, property.zoneOfSeries, property.zoneOfStart);
  const rules = octetsOf(properties, property.zone);
  return (named && readDefinition(named)) ?? (rules && readRegistered(openOctets(rules), wordsOf(properties)));
}

function wordsOf(properties: MapiProperties): string {
  return textOf(properties, property.zoneWords)?.slice(0, 200) ?? "Outlook";
}

const inForce = 0x0002;

/** Reads a name and several years' rules; those in force count. */
function readDefinition(bytes: Uint8Array): TnefZone | undefined {
  const octets = openOctets(bytes);
  const version = readNumber(octets, 2);
  readNumber(octets, 4);
  const tzid = decodeWide(readOctets(octets, readNumber(octets, 2) * 2)).slice(0, 200);
  const count = readNumber(octets, 2);
  let zone: TnefZone | undefined;
  for (let i = 0; i < count && !octets.short; i++) {
    readNumber(octets, 4);
    const flags = readNumber(octets, 2);
    readOctets(octets, 16);
    const biases = [readSigned(octets), readSigned(octets), readSigned(octets)] as const;
    const read = makeZone(tzid, biases, readChange(octets), readChange(octets));
    if (!octets.short && (flags & inForce) !== 0) zone = read;
  }
  return version === 0x0102 && tzid !== "" ? zone : undefined;
}

function readRegistered(octets: Octets, tzid: string): TnefZone | undefined {
  const biases = [readSigned(octets), readSigned(octets), readSigned(octets)] as const;
  readNumber(octets, 2);
  const standard = readChange(octets);
  readNumber(octets, 2);
  const daylight = readChange(octets);
  return octets.short ? undefined : makeZone(tzid, biases, standard, daylight);
}

type Change = YearlyChange | "none" | "unknown";

/** Reads a SYSTEMTIME that stands for a day of every year: its year is 0, and its day counts weekdays. */
function readChange(octets: Octets): Change {
  const [year = 0, month = 0, weekday = 0, nth = 0, hour = 0, minute = 0, second = 0] = Array.from({ length: 8 }, () =>
    readNumber(octets, 2),
  );
  if (month === 0) return "none";
  if (year !== 0 || month > 12 || weekday > 6 || nth < 1 || nth > 5 || hour > 23) return "unknown";
  return { month, weekday, nth, at: hour * 3_600 + (minute % 60) * 60 + (second % 60) };
}

/** Biases are minutes from local time to UTC: of the zone, and what standard and daylight time add. */
function makeZone(
  tzid: string,
  [bias, standardBias, daylightBias]: readonly [number, number, number],
  standard: Change,
  daylight: Change,
): TnefZone | undefined {
  if (standard === "unknown" || daylight === "unknown") return undefined;
  const [winter, summer] = [-(bias + standardBias) * 60, -(bias + daylightBias) * 60];
  if (Math.abs(winter) > 86_400 || Math.abs(summer) > 86_400) return undefined;
  if (standard === "none" || daylight === "none") return { tzid, standard: winter, daylight: winter };
  return { tzid, standard: winter, daylight: summer, changes: { standard, daylight } };
}

/** Makes the VTIMEZONE of a zone. */
export function makeTnefVtimezone(zone: TnefZone): Component {
  const { tzid, standard, daylight, changes } = zone;
  const blocks = changes
    ? [
        observance("STANDARD", daylight, standard, changes.standard),
        observance("DAYLIGHT", standard, daylight, changes.daylight),
      ]
    : [observance("STANDARD", standard, standard)];
  return makeComponent("VTIMEZONE", [makeTextProperty("TZID", tzid)], blocks);
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

function observance(name: string, from: number, to: number, change?: YearlyChange): Component {
  const start: WallSeconds = -secondsFrom1601 + (change?.at ?? 0);
  const lines: Property[] = [
    plain("DTSTART", formatWall(start)),
    plain("TZOFFSETFROM", formatUtcOffset(from)),
    plain("TZOFFSETTO", formatUtcOffset(to)),
  ];
  if (change) {
    const nth = change.nth === 5 ? -1 : change.nth;
    lines.push(plain("RRULE", `FREQ=YEARLY;BYMONTH=${change.month};BYDAY=${nth}${weekdays[change.weekday]}`));
  }
  return makeComponent(name, lines);
}

function plain(name: string, value: string): Property {
  return { name, parameters: [], value };
}

/** Finds the day that begins at an instant by the clocks of a zone; without a zone by UTC. */
export function dayOf(instant: number, zone: TnefZone | undefined): WallSeconds | undefined {
  const offsets = zone ? [zone.standard, zone.daylight] : [0];
  return offsets.map((offset) => instant + offset).find((wall) => wall % 86_400 === 0);
}
