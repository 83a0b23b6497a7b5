import type { ZoneProvider } from "../zone.ts";
import { intervals, rules, version, zones } from "./table.ts";
import { namesOfTable, zonesOfTable } from "./table-zones.ts";

/** The edition of the IANA data that `builtInZones` has, such as "2026f". */
export const builtInZonesVersion: string = version;

/**
 * Gives the zones of the IANA data that come with the engine, old names and links included, each under the name asked
 * for. They are right from 1970 on; before that the first offset of 1970 is given. Read when first asked for, and kept.
 */
export const builtInZones: ZoneProvider = zonesOfTable({ intervals, rules, zones });

/** Lists the names of all built-in zones, links included, in the order of the table. */
export function builtInZoneNames(): readonly string[] {
  return namesOfTable({ intervals, rules, zones });
}
