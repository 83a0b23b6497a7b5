import type { EpochSeconds } from "../../icalendar/date-time.ts";
import type { Context } from "../../itip/context.ts";
import { defaultQuirks } from "../../itip/quirks/index.ts";
import { defaultLimits } from "../../limits.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  organizerOf,
} from "../../model/calendar-object.ts";
import type { Partstat } from "../../model/calendar-user.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { type InstanceKey, instanceKey } from "../../model/recurrence-id.ts";
import { readRecurrenceSet } from "../../model/recurrence-set.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { recurs } from "../../model/times.ts";
import { expand } from "../../recurrence/expand.ts";
import type { Instance } from "../../recurrence/recurrence-set.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import { beginningOfStory } from "./story.ts";
import { systemOf } from "./systems.ts";

/** A letter on its way: text, as all mail is. */
export interface Letter {
  readonly from: CalendarUserAddress;
  readonly to: CalendarUserAddress;
  readonly text: string;
  /** What its reader answers at once, to whom it was forwarded. */
  readonly thenSay?: Partstat;
}

/** What one person has. */
export interface Calendar {
  readonly owner: CalendarUserAddress;
  readonly objects: Map<string, SchedulingState>;
  /** What came too early, by UID. */
  readonly held: Map<string, { readonly letter: Letter; readonly since: EpochSeconds }[]>;
  /** The last REQUEST that came, by UID. */
  readonly requests: Map<string, Letter>;
}

/** Makes an empty calendar. */
export function makeCalendar(owner: CalendarUserAddress): Calendar {
  return { owner, objects: new Map(), held: new Map(), requests: new Map() };
}

/** What the engine is told of an owner. */
export function contextOf(owner: CalendarUserAddress, now: EpochSeconds, zones: ZoneProvider): Context {
  const { policy } = systemOf(owner);
  return { owner, addresses: new Set([owner]), now, zones, limits: defaultLimits, policy, quirks: defaultQuirks };
}

/** Tells whether somebody organizes what they have; what has no guests is their own too. */
export function isOrganizer(owner: CalendarUserAddress, object: CalendarObject): boolean {
  const organizer = organizerOf(object);
  return !organizer || organizer.address === owner;
}

/** What stories are looked at over: rules without end go on after it. */
const range = { from: beginningOfStory - 60 * 86_400, to: beginningOfStory + 150 * 86_400 };
const maxInstancesSeen = 40;

/** One Instance of an object, and the component that speaks for it. */
export interface Seen {
  readonly key: InstanceKey;
  readonly component: ObjectComponent;
  readonly instance: Instance;
  readonly isCancelled: boolean;
}

/** Lists the Instances a copy has, cancelled ones too. */
export function instancesOf(state: SchedulingState, provider: ZoneProvider): readonly Seen[] {
  const { object } = state;
  if (!object) return [];
  const zones = makeZoneResolver(object.timezones, provider, defaultLimits);
  const reading = { isCancelled: (component: ObjectComponent) => isCancelled(state, component) };
  const set = readRecurrenceSet(object, zones, defaultLimits, reading);
  const seen: Seen[] = [];
  for (const instance of expand(set, range, defaultLimits)) {
    const key = instanceKey({ ...instance.recurrenceId, range: "this" });
    const component = objectComponents(object).find((one) => one.key === instance.component);
    if (component) seen.push({ key, component, instance, isCancelled: instance.isCancelled });
    if (seen.length >= maxInstancesSeen) break;
  }
  return seen;
}

/** Tells whether an object has Instances that can be named. */
export function isRepeated({ master, overrides }: CalendarObject): boolean {
  return overrides.size > 0 || (master !== undefined && recurs(master));
}
