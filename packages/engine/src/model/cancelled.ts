import { firstProperty } from "../icalendar/component.ts";
import type { ObjectComponent } from "./calendar-object.ts";
import { masterKey } from "./recurrence-id.ts";
import { readRegister } from "./registers.ts";
import { compareRevisions } from "./revision.ts";
import type { ComponentRevisions, SchedulingState } from "./scheduling-state.ts";

/**
 * Tells whether a component is cancelled in this copy: its text says so, or a CANCEL of it or of the whole object was received
 * that is not older than its text.
 */
export function isCancelled(state: SchedulingState, component: ObjectComponent): boolean {
  if (saysCancelled(component)) return true;
  const own = readRegister(state.revisions, component.key);
  if (own && stands(own)) return true;
  if (component.key === masterKey) return false;
  // Products count SEQUENCE for each component by itself, so a CANCEL of the whole is older than an Instance only by time.
  const whole = readRegister(state.revisions, masterKey);
  const latest = own?.latest ?? component.revision;
  return whole?.cancelled !== undefined && stands(whole) && latest.dtstamp <= whole.cancelled.dtstamp;
}

/** Whether a CANCEL was received that is not older than the text. */
function stands({ cancelled, latest }: ComponentRevisions): boolean {
  return cancelled !== undefined && compareRevisions(cancelled, latest) >= 0;
}

/** Tells whether the text of a component says STATUS:CANCELLED. */
export function saysCancelled(component: ObjectComponent): boolean {
  return firstProperty(component.component, "STATUS")?.value.trim().toUpperCase() === "CANCELLED";
}
