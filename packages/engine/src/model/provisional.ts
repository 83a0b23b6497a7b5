import { type CalendarObject, objectComponents, withComponents } from "./calendar-object.ts";
import { isRange } from "./ranges.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";
import { type Registers, readRegister, writeRegisters } from "./registers.ts";
import { compareRevisions } from "./revision.ts";
import type { ComponentRevisions } from "./scheduling-state.ts";

/** An object and the versions of its components. */
interface Versions {
  readonly object: CalendarObject;
  readonly revisions: Registers<ComponentRevisions>;
}

/**
 * Leaves out the components that a newer series takes the place of (decision 0017): of Instances that are not the Organizer's own
 * word (`ComponentRevisions.provisional`), and those that speak for all Instances after, for these are named anew with each version
 * of the series, and a series that goes on after a CANCEL of a range ends before it. A single Instance that is cancelled stays so. It
 * follows from the present versions alone, so it does not matter which came first.
 */
export function withoutProvisional({ object, revisions }: Versions): Versions {
  const { master } = object;
  // What is published speaks for nothing one is invited to.
  const series = master && master.attendees.size > 0 ? readRegister(revisions, masterKey) : undefined;
  if (!series) return { object, revisions };
  const gone = new Map<InstanceKey, ComponentRevisions>();
  for (const component of object.overrides.values()) {
    const { key } = component;
    const own = readRegister(revisions, key);
    if (!own) continue;
    const cancelled = own.cancelled && compareRevisions(own.cancelled, own.latest) >= 0 ? own.cancelled : undefined;
    const age = series.latest.dtstamp - (cancelled ?? own.latest).dtstamp;
    const isReplaced = isRange(component) ? age > 0 : !cancelled && own.provisional === true && age >= 0;
    if (!isReplaced) continue;
    const { stray: _none, ...versions } = own;
    gone.set(key, { ...versions, provisional: true });
  }
  if (gone.size === 0) return { object, revisions };
  const left = objectComponents(object).filter(({ key }) => !gone.has(key));
  return { object: withComponents(object, left), revisions: writeRegisters(revisions, gone) };
}
