import type { Component } from "../icalendar/component.ts";
import { makeComponent } from "../icalendar/component.ts";
import { formatDateTime } from "../icalendar/date-time.ts";
import { parseCalendar } from "../icalendar/parse.ts";
import { decodeText } from "../icalendar/text.ts";
import { defaultLimits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { type CalendarObject, leadingComponent, organizerOf, readCalendarObject } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { instanceAt } from "../model/instance.ts";
import { type Method, parseMethod } from "../model/method.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import { currentAnswer, renderComponent } from "../model/render.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { readTimeSpan, resolveTimeSpan } from "../model/time-span.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { utc, type ZoneProvider } from "../recurrence/zone.ts";
import type { ViewSummary } from "./play.ts";

/** Reads a fixture that is an iTIP message. */
export function readMessage(text: string, provider: ZoneProvider, from: CalendarUserAddress): SchedulingMessage {
  const { calendar } = parseCalendar(text, defaultLimits);
  const method = calendar && methodOf(calendar);
  if (!calendar || !method) throw new Error("the fixture is no iTIP message");
  return { method, originator: from, recipients: [], object: readObject(text, provider), calendar, updates: [] };
}

function methodOf(calendar: Component): Method | undefined {
  return parseMethod(calendar.properties.find((property) => property.name === "METHOD")?.value ?? "");
}

/** Reads a fixture that is a calendar object; throws where it is none, for a fixture is ours. */
export function readObject(text: string, provider: ZoneProvider): CalendarObject {
  const { calendar } = parseCalendar(text, defaultLimits);
  const timezones = calendar?.components.filter((component) => component.name === "VTIMEZONE") ?? [];
  const zones = makeZoneResolver(timezones, provider, defaultLimits);
  const read = readCalendarObject(calendar ?? makeComponent("VCALENDAR"), zones, defaultLimits);
  if ("problem" in read) throw new Error(`the fixture is no calendar object: ${read.problem}`);
  return read.object;
}

/**
 * Says what a calendar shows of an event, or of one Instance of it, in a form two calendars can be compared by. `undefined` where
 * there is none.
 */
export function viewOf(state: SchedulingState, provider: ZoneProvider, key?: InstanceKey): ViewSummary | undefined {
  const { object } = state;
  const zones = makeZoneResolver(object?.timezones ?? [], provider, defaultLimits);
  const shown =
    object && (key === undefined ? leadingComponent(object) : instanceAt(object, key, zones, defaultLimits));
  if (!object || !shown) return undefined;
  const rendered = renderComponent(state, shown);
  const properties: Record<string, string> = {};
  for (const name of shownNames) {
    const property = rendered.properties.find((candidate) => candidate.name === name);
    if (property) properties[name] = decodeText(property.value);
  }
  if (isCancelled(state, shown)) properties["STATUS"] = "CANCELLED";
  const span = readTimeSpan(rendered);
  const times = span && resolveTimeSpan(span, zones, utc);
  if (times) {
    properties["DTSTART"] = formatDateTime({ kind: "utc", wall: times.starts });
    properties["DTEND"] = formatDateTime({ kind: "utc", wall: times.ends });
  }
  const organizer = organizerOf(object);
  if (organizer) properties["ORGANIZER"] = organizer.address;
  const answers: Record<string, ViewSummary["answers"][string]> = {};
  const percents: Record<string, number> = {};
  for (const attendee of shown.attendees.keys()) {
    const { partstat, participation } = currentAnswer(state, shown, attendee, key);
    answers[attendee] = partstat;
    if (participation?.percentComplete !== undefined) percents[attendee] = participation.percentComplete;
  }
  return { properties, answers, percents };
}

const shownNames = ["SUMMARY", "LOCATION", "DESCRIPTION", "STATUS"];
