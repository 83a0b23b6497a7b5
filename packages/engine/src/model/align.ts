import { firstProperty } from "../icalendar/component.ts";
import { type DateOrDateTime, readDateTime } from "../icalendar/date-time.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  recurrenceIdOf,
  withComponents,
} from "./calendar-object.ts";
import { type InstanceKey, instanceKey } from "./recurrence-id.ts";

const dayInSeconds = 86_400;

/**
 * Names the Instances of a message as the known series does: Exchange names a day of an all-day series by its midnight, and
 * others a time of a series by its date. RFC 5545 §3.8.4.4 wants both to have the type of DTSTART. Without a known master,
 * and where the types agree, the object stays as it is.
 */
export function alignInstances(
  object: CalendarObject,
  master: ObjectComponent | undefined,
  zones: ZoneResolver,
): CalendarObject {
  const property = master && firstProperty(master.component, "DTSTART");
  const start = property && readDateTime(property);
  if (!start || object.overrides.size === 0) return object;
  const aligned = objectComponents(object).map((component) => alignComponent(component, start, zones));
  return withComponents(object, aligned);
}

/** Finds the Instances an object names otherwise than its own series does, each with its key and as it should be. */
export function misnamedInstances(
  object: CalendarObject,
  zones: ZoneResolver,
): readonly { readonly key: InstanceKey; readonly component: ObjectComponent }[] {
  const property = object.master && firstProperty(object.master.component, "DTSTART");
  const start = property && readDateTime(property);
  if (!start) return [];
  return [...object.overrides.values()].flatMap((named) => {
    const component = alignComponent(named, start, zones);
    return component.key === named.key ? [] : [{ key: named.key, component }];
  });
}

function alignComponent(component: ObjectComponent, start: DateOrDateTime, zones: ZoneResolver): ObjectComponent {
  const property = firstProperty(component.component, "RECURRENCE-ID");
  const written = property && readDateTime(property);
  const { recurrenceId } = component;
  if (!written || !recurrenceId || (written.kind === "date") === (start.kind === "date")) return component;
  const renamed = recurrenceIdOf(valueLike(written, start), recurrenceId.range, zones);
  return { ...component, recurrenceId: renamed, key: instanceKey(renamed) };
}

/** Says which Instance of a series a value names, where it may be of another type than DTSTART. */
export function alignValue(value: DateOrDateTime, series: ObjectComponent | undefined): DateOrDateTime {
  const property = series && firstProperty(series.component, "DTSTART");
  const start = property && readDateTime(property);
  return start && (value.kind === "date") !== (start.kind === "date") ? valueLike(value, start) : value;
}

function valueLike(value: DateOrDateTime, start: DateOrDateTime): DateOrDateTime {
  return start.kind === "date" ? dayOf(value) : timeOn(value, start);
}

function dayOf({ wall }: DateOrDateTime): DateOrDateTime {
  return { kind: "date", wall: Math.floor(wall / dayInSeconds) * dayInSeconds };
}

/** That day, at the time of day and in the zone the series has. */
function timeOn(day: DateOrDateTime, start: DateOrDateTime): DateOrDateTime {
  const clock = ((start.wall % dayInSeconds) + dayInSeconds) % dayInSeconds;
  return { ...start, wall: dayOf(day).wall + clock };
}
