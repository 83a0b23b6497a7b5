import { defaultLimits } from "@parley/engine";
import { intlZoneProvider, makeZoneResolver, utc } from "@parley/engine/recurrence";
import { readObject } from "../../src/caldav/read-object.ts";
import type { Placing } from "../../src/caldav/time-range.ts";
import { makeWork } from "../../src/caldav/work.ts";
import type { XmlElement } from "../../src/dav/xml.ts";
import { readXml } from "../../src/dav/xml-reader.ts";
import type { House } from "../../src/scheduling/house.ts";
import { calendarText } from "./server.ts";

const house = { zones: intlZoneProvider, limits: defaultLimits } as House;

/** An element of CalDAV's namespace. */
export function element(inner: string): XmlElement {
  const reading = readXml(
    new TextEncoder().encode(inner.replace(/^<([\w-]+)/, '<$1 xmlns="urn:ietf:params:xml:ns:caldav"')),
  );
  if (reading.kind !== "read") throw new Error(JSON.stringify(reading));
  return reading.root;
}

/** The object a text is. */
export function read(text: string) {
  const found = readObject(house, text);
  if (!found) throw new Error(`it is no object: ${text}`);
  return found;
}

/** With what its times are placed. */
export function placing(text: string, localZone = utc): Placing {
  return {
    zones: makeZoneResolver(read(text).object.timezones, intlZoneProvider, defaultLimits),
    localZone,
    limits: defaultLimits,
    work: makeWork(),
  };
}

/** A calendar of one component. */
export function component(name: string, ...lines: readonly string[]): string {
  return calendarText(`BEGIN:${name}`, "UID:x", "DTSTAMP:20270101T000000Z", ...lines, `END:${name}`);
}

/** A series with one Instance that was moved. */
export const series = calendarText(
  "BEGIN:VEVENT",
  "UID:x",
  "DTSTAMP:20270101T000000Z",
  "DTSTART:20270301T090000Z",
  "DTEND:20270301T100000Z",
  "RRULE:FREQ=DAILY;COUNT=5",
  "SUMMARY:Series",
  "BEGIN:VALARM",
  "ACTION:DISPLAY",
  "DESCRIPTION:x",
  "TRIGGER:-PT1H",
  "END:VALARM",
  "END:VEVENT",
  "BEGIN:VEVENT",
  "UID:x",
  "DTSTAMP:20270101T000000Z",
  "RECURRENCE-ID:20270303T090000Z",
  "DTSTART:20270310T090000Z",
  "DTEND:20270310T100000Z",
  "SUMMARY:Moved",
  "END:VEVENT",
);
