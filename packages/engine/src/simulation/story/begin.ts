import { makeComponent } from "../../icalendar/component.ts";
import { parseCalendar } from "../../icalendar/parse.ts";
import { defaultLimits } from "../../limits.ts";
import { type CalendarUserAddress, formatAddress } from "../../model/address.ts";
import { type CalendarObject, readCalendarObject } from "../../model/calendar-object.ts";
import { makeVtimezone } from "../../recurrence/make-vtimezone.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import { beginningOfStory, type Form } from "./story.ts";

const zone = "Europe/Berlin";
const event = ["DTSTART:20270405T090000Z", "DTEND:20270405T100000Z"];
const zoned = [`DTSTART;TZID=${zone}:20270315T090000`, `DTEND;TZID=${zone}:20270315T103000`];
const days = ["DTSTART;VALUE=DATE:20270406", "DTEND;VALUE=DATE:20270407"];
const task = ["DTSTART:20270407T080000Z", "DUE:20270407T160000Z", "PRIORITY:5"];

/** When an object of each form takes place. */
const times: Readonly<Record<Form, readonly string[]>> = {
  single: event,
  zoned,
  "all-day": days,
  daily: [...event, "RRULE:FREQ=DAILY;COUNT=5"],
  weekly: [...event, "RRULE:FREQ=WEEKLY;COUNT=6"],
  "weekly-zoned": [...zoned, "RRULE:FREQ=WEEKLY;COUNT=7"],
  monthly: [...event, "RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=4"],
  "all-day-weekly": [...days, "RRULE:FREQ=WEEKLY;COUNT=4"],
  "to-do": task,
  "to-do-weekly": [...task, "RRULE:FREQ=WEEKLY;COUNT=4"],
};

/** Makes a new object, as the program of its Organizer would write it. */
export function beginObject(
  uid: string,
  form: Form,
  organizer: CalendarUserAddress,
  guests: readonly CalendarUserAddress[],
  provider: ZoneProvider,
): CalendarObject {
  const type = form.startsWith("to-do") ? "VTODO" : "VEVENT";
  const people = [
    `ORGANIZER:${formatAddress(organizer)}`,
    `ATTENDEE;PARTSTAT=ACCEPTED:${formatAddress(organizer)}`,
    ...guests.map((guest) => `ATTENDEE:${formatAddress(guest)}`),
  ];
  const lines = [`BEGIN:${type}`, `UID:${uid}`, "DTSTAMP:20270301T080000Z", "SUMMARY:Meeting", ...times[form]];
  const text = ["BEGIN:VCALENDAR", ...lines, ...(guests.length > 0 ? people : []), `END:${type}`, "END:VCALENDAR", ""];
  const read = parseCalendar(text.join("\r\n"), defaultLimits).calendar ?? makeComponent("VCALENDAR");
  const range = { from: beginningOfStory, to: beginningOfStory + 366 * 86_400 };
  const timezone = form.endsWith("zoned") ? makeVtimezone(zone, range, provider) : undefined;
  const timezones = timezone ? [timezone] : [];
  const calendar = { ...read, components: [...timezones, ...read.components] };
  const zones = makeZoneResolver(timezones, provider, defaultLimits);
  const result = readCalendarObject(calendar, zones, defaultLimits);
  if ("problem" in result) throw new Error(`a story begins with no object: ${result.problem}`);
  return result.object;
}
