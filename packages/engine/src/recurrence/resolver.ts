import type { Component } from "../icalendar/component.ts";
import { decodeText, readText } from "../icalendar/text.ts";
import { type Limits, maxCachedZones, maxTzidLength, maxTzidPathParts } from "../limits.ts";
import { isZoneName } from "./intl-zone.ts";
import type { ZoneResolver } from "./resolve.ts";
import { zoneFromVtimezone } from "./vtimezone.ts";
import { windowsZone } from "./windows-names.ts";
import { fixedZone, utc, type Zone, type ZoneProvider } from "./zone.ts";

/** The VTIMEZONEs of one calendar, by TZID. */
interface OwnZones {
  zone(tzid: string): Zone | undefined;
  /** The IANA name its writer says one of that TZID stands for. */
  location(tzid: string): string | undefined;
}

/**
 * Makes the resolver of one calendar, which finds out what a TZID means in this order:
 *
 * 1. an IANA name with an area, also at the end of a path such as "/example.org/2001/Europe/Berlin": the provider's data
 *    win over the calendar's own VTIMEZONE, which seldom knows the past and never the latest law;
 * 2. the calendar's own VTIMEZONE of that TZID: of "EST", "Pacific Standard Time" or "(UTC+01:00) Amsterdam, ..." its
 *    rules count, as programs give these names to rules of their own;
 * 3. a name without area, such as "Japan" or "UTC", from the provider; then the names of Windows, Exchange and Notes;
 *    then a fixed offset such as "UTC-07:00";
 * 4. the X-LIC-LOCATION of a VTIMEZONE that could not be used.
 *
 * A TZID is unquoted, unescaped and compared without case or spaces. It is read only when asked for, and remembered.
 * The provider is asked only for what `isZoneName` accepts.
 */
export function makeZoneResolver(
  timezones: readonly Component[],
  provider: ZoneProvider,
  limits: Limits,
): ZoneResolver {
  const own = makeOwnZones(timezones, limits);
  const known = new Map<string, Zone | undefined>();
  return (tzid) => {
    const zone = known.get(tzid);
    if (zone || known.has(tzid)) return zone;
    if (known.size >= maxCachedZones) known.clear();
    const found = findZone(tzid, own, provider);
    known.set(tzid, found);
    return found;
  };
}

function findZone(tzid: string, own: OwnZones, provider: ZoneProvider): Zone | undefined {
  const name = plainName(tzid);
  if (name === "") return undefined;
  const found = zoneWithArea(name, provider) ?? own.zone(name) ?? zoneWithoutArea(name, provider);
  if (found) return found;
  const location = own.location(name);
  if (location === undefined) return undefined;
  return zoneWithArea(location, provider) ?? zoneWithoutArea(location, provider);
}

function plainName(text: string): string {
  return decodeText(text).replace(/"/g, "").trim();
}

function makeOwnZones(timezones: readonly Component[], limits: Limits): OwnZones {
  let index: ReadonlyMap<string, readonly Component[]> | undefined;
  const zones = new Map<string, Zone | undefined>();
  const named = (key: string): readonly Component[] => {
    index ??= indexByTzid(timezones.slice(0, limits.maxZones));
    return index.get(key) ?? [];
  };
  return {
    zone: (tzid) => {
      const key = keyOf(tzid);
      // Only the keys of the index are kept, so the index bounds them.
      if (named(key).length === 0) return undefined;
      if (!zones.has(key)) zones.set(key, firstUsable(named(key), limits));
      return zones.get(key);
    },
    location: (tzid) => {
      for (const component of named(keyOf(tzid))) {
        const location = plainName(readText(component, "X-LIC-LOCATION") ?? "");
        if (location !== "") return location;
      }
      return undefined;
    },
  };
}

function indexByTzid(timezones: readonly Component[]): ReadonlyMap<string, readonly Component[]> {
  const index = new Map<string, Component[]>();
  for (const timezone of timezones) {
    const tzid = readText(timezone, "TZID");
    if (tzid === undefined) continue;
    const key = keyOf(plainName(tzid));
    const present = index.get(key);
    if (present) present.push(timezone);
    if (!present) index.set(key, [timezone]);
  }
  return index;
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/\s/g, "");
}

function firstUsable(timezones: readonly Component[], limits: Limits): Zone | undefined {
  for (const timezone of timezones) {
    const zone = zoneFromVtimezone(timezone, limits);
    if (zone) return zone;
  }
  return undefined;
}

/** Looks for an IANA name with an area: the whole TZID, or the end of a path that begins with its writer's domain. */
function zoneWithArea(name: string, provider: ZoneProvider): Zone | undefined {
  if (name.length > maxTzidLength) return undefined;
  const parts = name.replace(/^\//, "").split("/", maxTzidPathParts);
  for (let i = 0; i < parts.length - 1; i++) {
    const zone = numberedZone(parts.slice(i).join("/"), provider);
    if (zone) return zone;
  }
  return undefined;
}

/** Evolution numbers its variants of a zone: "Europe/Berlin 1". */
function numberedZone(name: string, provider: ZoneProvider): Zone | undefined {
  const zone = askedZone(name, provider);
  if (zone || /^etc\//i.test(name)) return zone;
  const bare = name.replace(/[ _-]?\d{1,4}$/, "");
  return bare === name ? undefined : askedZone(bare, provider);
}

function askedZone(name: string, provider: ZoneProvider): Zone | undefined {
  return isZoneName(name) ? provider.zone(name) : undefined;
}

function zoneWithoutArea(name: string, provider: ZoneProvider): Zone | undefined {
  if (name.length > maxTzidLength) return undefined;
  const bare = name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) : name;
  if (/^(?:UTC|Z|tzone:\/\/Microsoft\/Utc)$/i.test(bare)) return utc;
  return askedZone(bare, provider) ?? askedZone(windowsZone(bare) ?? "", provider) ?? offsetZone(bare);
}

/** Reads an offset that is told as a name; east of Greenwich is plus, unlike in IANA's "Etc/GMT-1". */
function offsetZone(name: string): Zone | undefined {
  const match = /^(?:UTC|GMT) ?([+-])(\d{1,2})(?::?([0-5]\d))?$/i.exec(name);
  if (!match) return undefined;
  const seconds = Number(match[2]) * 3_600 + Number(match[3] ?? 0) * 60;
  if (seconds > 14 * 3_600) return undefined;
  return fixedZone(name, match[1] === "-" ? 0 - seconds : seconds);
}
