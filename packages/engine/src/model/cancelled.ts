import { firstProperty } from "../icalendar/component.ts";
import type { ObjectComponent } from "./calendar-object.ts";
import { rangeStarts } from "./ranges.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";
import { readRegister } from "./registers.ts";
import { compareRevisions } from "./revision.ts";
import type { ComponentRevisions, SchedulingState } from "./scheduling-state.ts";

/**
 * Tells whether a component is cancelled in this copy: its text says so, or a CANCEL of it, of a range it is in or of the whole
 * object was received that is not older than its text; or the series no longer has such an Instance (decision 0017).
 */
export function isCancelled(state: SchedulingState, component: ObjectComponent): boolean {
  if (saysCancelled(component)) return true;
  const { key, revision } = component;
  const own = readRegister(state.revisions, key);
  if (own && (own.stray === true || stands(own))) return true;
  if (key === masterKey) return false;
  const { dtstamp } = own?.latest ?? revision;
  const isEnded = (start: InstanceKey): boolean => ends(readRegister(state.revisions, start), dtstamp);
  const ranges = state.object ? rangeStarts(state.object) : [];
  return isEnded(masterKey) || ranges.some((start) => start < key && isEnded(start));
}

/**
 * Whether a CANCEL of several Instances ends one whose text is of that time. Products count SEQUENCE for each component by itself,
 * so such a CANCEL is older than an Instance only by time.
 */
function ends(revisions: ComponentRevisions | undefined, dtstamp: number): boolean {
  return revisions?.cancelled !== undefined && stands(revisions) && dtstamp <= revisions.cancelled.dtstamp;
}

/** Whether a CANCEL was received that is not older than the text. */
function stands({ cancelled, latest }: ComponentRevisions): boolean {
  return cancelled !== undefined && compareRevisions(cancelled, latest) >= 0;
}

/** Tells whether the text of a component says STATUS:CANCELLED. */
export function saysCancelled(component: ObjectComponent): boolean {
  return firstProperty(component.component, "STATUS")?.value.trim().toUpperCase() === "CANCELLED";
}
