import type { Zone, ZoneProvider } from "../zone.ts";
import { decodeZone, type ZoneCode } from "./decode.ts";

/** A table of zones, as tools/zone-data.ts writes it. */
export interface ZoneTable {
  readonly intervals: string;
  readonly rules: string;
  readonly zones: string;
}

/** A name as IANA writes it, and where in the table its zone stands. */
interface Entry {
  readonly name: string;
  readonly text: string;
}

/** Gives the zones of a table, each under the name asked for. They are read when first asked for, and kept. */
export function zonesOfTable(table: ZoneTable): ZoneProvider {
  // The table bounds both.
  const known = new Map<string, Zone>();
  let index: ReadonlyMap<string, Entry> | undefined;
  let code: ZoneCode | undefined;
  return {
    zone: (name) => {
      const key = name.toLowerCase();
      const present = known.get(key);
      if (present) return present;
      index ??= indexTable(table);
      const entry = index.get(key);
      if (!entry) return undefined;
      code ??= readCode(table);
      const zone = decodeZone(entry.name, entry.text, code);
      if (zone) known.set(key, zone);
      return zone;
    },
  };
}

/** Lists the names of all zones of a table, links included, in its order. */
export function namesOfTable(table: ZoneTable): readonly string[] {
  return [...indexTable(table).values()].map(({ name }) => name);
}

function indexTable({ zones }: ZoneTable): ReadonlyMap<string, Entry> {
  const index = new Map<string, Entry>();
  for (const line of zones.trim().split("\n")) {
    const bar = line.indexOf("|");
    const text = line.slice(bar + 1);
    for (const name of line.slice(0, bar).split(" ")) index.set(name.toLowerCase(), { name, text });
  }
  return index;
}

function readCode({ intervals, rules }: ZoneTable): ZoneCode {
  const words = intervals.trim().split(/\s+/);
  return { intervals: words.map((word) => Number.parseInt(word, 36)), rules: rules.trim().split("\n") };
}
