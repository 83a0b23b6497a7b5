import { allProperties } from "../icalendar/component.ts";
import { formatDateTime } from "../icalendar/date-time.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { ObjectComponent } from "./calendar-object.ts";
import { readTimeSpan, resolveTimeSpan } from "./time-span.ts";

/**
 * Tells when a component takes place in one comparable text: start, end, repetition, and what policy counts like them. Two
 * components with the same text take place at the same instants: a change of zone that moves nothing is no change. Answers
 * to another text than the present one no longer count (decision 0006).
 */
export function timesOf(component: ObjectComponent, zones: ZoneResolver, alsoMajor: ReadonlySet<string>): string {
  const span = readTimeSpan(component.component);
  const instants = span && resolveTimeSpan(span, zones);
  const time = instants
    ? `${instants.starts}/${instants.ends}`
    : span && `${span.start.kind} ${formatDateTime(span.start)}/${formatDateTime(span.end)}`;
  // A series moves with its zone: the same first instant in another zone gives other later ones.
  const zone = recurs(component) && span?.start.kind === "zoned" ? span.start.tzid : "";
  return [time ?? "", zone, ...["RRULE", "RDATE", ...alsoMajor].map((name) => valuesOf(component, name))].join("\n");
}

/**
 * Tells all that raises SEQUENCE when it changes, RFC 5546 §2.1.4, in one comparable text: the times, and EXDATE and STATUS,
 * which move no Instance and so leave the answers alone.
 */
export function scheduleOf(component: ObjectComponent, zones: ZoneResolver, alsoMajor: ReadonlySet<string>): string {
  return [timesOf(component, zones, alsoMajor), valuesOf(component, "EXDATE"), valuesOf(component, "STATUS")].join(
    "\n",
  );
}

function valuesOf(component: ObjectComponent, name: string): string {
  const values = allProperties(component.component, name).map((property) => property.value.trim().toUpperCase());
  return values.sort().join("|");
}

/** Tells whether a component stands for more than one Instance. */
export function recurs(component: ObjectComponent): boolean {
  return component.component.properties.some((property) => property.name === "RRULE" || property.name === "RDATE");
}
