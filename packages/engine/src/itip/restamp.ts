import { withProperty } from "../icalendar/component.ts";
import type { EpochSeconds } from "../icalendar/date-time.ts";
import { type ObjectComponent, readObjectComponent } from "../model/calendar-object.ts";
import { allRegisters } from "../model/registers.ts";
import { revisionsFor, sequenceAfter } from "../model/render.ts";
import { maxSequence, type Revision } from "../model/revision.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeDtstamp, makeSequence } from "./build.ts";
import type { Context } from "./context.ts";

/** Finds a DTSTAMP later than that of any version there was, also where two are made in one second. */
export function nextDtstamp(state: SchedulingState, context: Context): EpochSeconds {
  let dtstamp = context.now;
  for (const { latest } of allRegisters(state.revisions).values()) dtstamp = Math.max(dtstamp, latest.dtstamp + 1);
  return dtstamp;
}

/** Makes the revision of a CANCEL: its SEQUENCE is one higher than that of any version there was, RFC 5546 §2.1.4. */
export function raisedRevision(state: SchedulingState, context: Context): Revision {
  let sequence = 0;
  for (const { latest } of allRegisters(state.revisions).values()) sequence = Math.max(sequence, latest.sequence);
  return { sequence: Math.min(sequence + 1, maxSequence), dtstamp: nextDtstamp(state, context) };
}

/** Finds the SEQUENCE a component has; of an Instance without one of its own, that of the component that speaks for it. */
export function sequenceOf(state: SchedulingState, component: ObjectComponent): number {
  const { key } = component;
  const known = revisionsFor(state, key)?.latest.sequence ?? component.revision.sequence;
  // Who never heard of one it had once has it with the SEQUENCE of what speaks for it.
  return state.object?.overrides.has(key) ? known : Math.max(known, sequenceAfter(state, key));
}

/** Writes a revision into a component; `undefined` where it has more Attendees than `limits` allows. */
export function stamp(
  component: ObjectComponent,
  revision: Revision,
  zones: ZoneResolver,
  context: Context,
): ObjectComponent | undefined {
  const dated = withProperty(component.component, "DTSTAMP", makeDtstamp(revision.dtstamp));
  return readObjectComponent(withProperty(dated, "SEQUENCE", makeSequence(revision.sequence)), zones, context.limits);
}
