import { type Component, firstProperty, makeComponent } from "../../icalendar/component.ts";
import { formatCalendar } from "../../icalendar/format.ts";
import { parseCalendar } from "../../icalendar/parse.ts";
import { defaultLimits } from "../../limits.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { organizerOf, readCalendarObject } from "../../model/calendar-object.ts";
import { parseMethod, speakers } from "../../model/method.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import type { Letter } from "./calendar.ts";
import { systemOf } from "./systems.ts";

/** Writes a message as the system of its sender does. */
export function writeLetter(from: CalendarUserAddress, message: SchedulingMessage): string {
  const { rewrite } = systemOf(from);
  const { calendar, method, object } = message;
  const components = calendar.components.map((one) => (one.name === object.type ? rewrite(method, one) : one));
  return formatCalendar({ ...calendar, components });
}

/** Reads a letter, as whoever takes mail in does. */
export function readLetter({ text, from }: Letter, provider: ZoneProvider): SchedulingMessage {
  const calendar: Component = parseCalendar(text, defaultLimits).calendar ?? makeComponent("VCALENDAR");
  const method = parseMethod(firstProperty(calendar, "METHOD")?.value ?? "");
  const timezones = calendar.components.filter(({ name }) => name === "VTIMEZONE");
  const read = readCalendarObject(calendar, makeZoneResolver(timezones, provider, defaultLimits), defaultLimits);
  if (!method || "problem" in read) throw new Error(`a letter cannot be read:\n${text}`);
  const organizer = organizerOf(read.object)?.address;
  const originator = speakers[method] === "attendee" ? from : organizer;
  return { method, ...(originator && { originator }), recipients: [], object: read.object, calendar, updates: [] };
}
