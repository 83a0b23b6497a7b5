export { intlZoneProvider, isZoneName, zoneOfOffsets } from "./intl-zone.ts";
export type { ZoneResolver } from "./resolve.ts";
export { resolveInstant } from "./resolve.ts";
export { makeZoneResolver } from "./resolver.ts";
export { parseTzif } from "./tzif.ts";
export { zoneFromVtimezone } from "./vtimezone.ts";
export type { Zone, ZonePeriod, ZoneProvider } from "./zone.ts";
export { fixedZone, toInstant, toWall, utc } from "./zone.ts";
