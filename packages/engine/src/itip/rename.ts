import { misnamedInstances } from "../model/align.ts";
import { type CalendarObject, type ObjectComponent, withComponents } from "../model/calendar-object.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import { type Registers, readRegister, writeRegister } from "../model/registers.ts";
import { compareRevisions, laterRevision } from "../model/revision.ts";
import {
  type ComponentRevisions,
  participationKey,
  type SchedulingState,
  writeParticipation,
} from "../model/scheduling-state.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { Context } from "./context.ts";

type Known = SchedulingState & { readonly object: CalendarObject };

/**
 * Names Instances that came before their series as the series does, where a program named them by a value of another type. What
 * is known of them, and what the owner said, goes along.
 */
export function renameInstances(state: Known, zones: ZoneResolver, context: Context): Known {
  if (!context.quirks.has("recurrence-id-of-other-type")) return state;
  const misnamed = misnamedInstances(state.object, zones);
  if (misnamed.length === 0) return state;
  const overrides = new Map(state.object.overrides);
  let next: SchedulingState = state;
  for (const { key, component } of misnamed) {
    const present = overrides.get(component.key);
    overrides.delete(key);
    if (!present || isNewer(next, key, component.key)) overrides.set(component.key, component);
    next = moveRegisters(next, key, component, context);
  }
  const { master } = state.object;
  const inOrder = [...overrides.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ...next, object: withComponents(state.object, master ? [master, ...inOrder] : inOrder) };
}

function isNewer({ revisions }: SchedulingState, key: InstanceKey, than: InstanceKey): boolean {
  const [one, other] = [readRegister(revisions, key), readRegister(revisions, than)];
  return one !== undefined && (!other || compareRevisions(one.latest, other.latest) > 0);
}

function moveRegisters(
  state: SchedulingState,
  from: InstanceKey,
  { key }: ObjectComponent,
  context: Context,
): SchedulingState {
  const own = readRegister(state.own, from);
  let next: SchedulingState = {
    ...state,
    revisions: joinRevisions(state.revisions, from, key),
    ...(own && { own: writeRegister(state.own, key, own) }),
  };
  for (const address of context.addresses) {
    for (const range of [undefined, "this-and-future"] as const) {
      const said = readRegister(state.participations, participationKey(address, from, range));
      if (said) next = writeParticipation(next, { ...said, key });
    }
  }
  return next;
}

function joinRevisions(
  revisions: Registers<ComponentRevisions>,
  from: InstanceKey,
  to: InstanceKey,
): Registers<ComponentRevisions> {
  const [one, other] = [readRegister(revisions, from), readRegister(revisions, to)];
  if (!one || !other) return one ? writeRegister(revisions, to, one) : revisions;
  const cancelled = one.cancelled && other.cancelled ? laterRevision(one.cancelled, other.cancelled) : undefined;
  const either = cancelled ?? one.cancelled ?? other.cancelled;
  return writeRegister(revisions, to, {
    latest: laterRevision(one.latest, other.latest),
    major: laterRevision(one.major, other.major),
    ...(either && { cancelled: either }),
    ...(one.provisional && other.provisional && { provisional: true }),
  });
}
