import type { Zone, ZoneProvider } from "../zone.ts";
import { decodeZone, type ZoneCode } from "./decode.ts";
import { intervals, rules, version, zones } from "./table.ts";

/** The edition of the IANA data that `builtInZones` has, such as "2025b". */
export const builtInZonesVersion: string = version;

/** A name as IANA writes it, and where in the table its zone stands. */
interface Entry {
  readonly name: string;
  readonly text: string;
}

/**
 * Gives the zones of the IANA data that come with the engine, old names and links included, each under the name asked
 * for. They are right from 1970 on; before that the first offset of 1970 is given. Read when first asked for, and kept.
 */
export const builtInZones: ZoneProvider = makeBuiltInZones();

function makeBuiltInZones(): ZoneProvider {
  // The table bounds both.
  const known = new Map<string, Zone>();
  let index: ReadonlyMap<string, Entry> | undefined;
  let code: ZoneCode | undefined;
  return {
    zone: (name) => {
      const key = name.toLowerCase();
      const present = known.get(key);
      if (present) return present;
      index ??= indexTable();
      const entry = index.get(key);
      if (!entry) return undefined;
      code ??= readCode();
      const zone = decodeZone(entry.name, entry.text, code);
      if (zone) known.set(key, zone);
      return zone;
    },
  };
}

/** Lists the names of all built-in zones, links included, in the order of the table. */
export function builtInZoneNames(): readonly string[] {
  return [...indexTable().values()].map(({ name }) => name);
}

function indexTable(): ReadonlyMap<string, Entry> {
  const index = new Map<string, Entry>();
  for (const line of zones.trim().split("\n")) {
    const bar = line.indexOf("|");
    const text = line.slice(bar + 1);
    for (const name of line.slice(0, bar).split(" ")) index.set(name.toLowerCase(), { name, text });
  }
  return index;
}

function readCode(): ZoneCode {
  const words = intervals.trim().split(/\s+/);
  return { intervals: words.map((word) => Number.parseInt(word, 36)), rules: rules.trim().split("\n") };
}
