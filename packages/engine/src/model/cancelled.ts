import { firstProperty } from "../icalendar/component.ts";
import type { ObjectComponent } from "./calendar-object.ts";
import { masterKey } from "./recurrence-id.ts";
import { readRegister } from "./registers.ts";
import { compareRevisions } from "./revision.ts";
import type { SchedulingState } from "./scheduling-state.ts";

/**
 * Tells whether a component is cancelled in this copy: its text says so, or a CANCEL of it or of the whole object was received
 * that is not older than its text.
 */
export function isCancelled(state: SchedulingState, component: ObjectComponent): boolean {
  if (saysCancelled(component)) return true;
  const own = readRegister(state.revisions, component.key);
  const whole = readRegister(state.revisions, masterKey);
  const latest = own?.latest ?? component.revision;
  return [own?.cancelled, whole?.cancelled].some(
    (cancelled) => cancelled !== undefined && compareRevisions(cancelled, latest) >= 0,
  );
}

/** Tells whether the text of a component says STATUS:CANCELLED. */
export function saysCancelled(component: ObjectComponent): boolean {
  return firstProperty(component.component, "STATUS")?.value.trim().toUpperCase() === "CANCELLED";
}
