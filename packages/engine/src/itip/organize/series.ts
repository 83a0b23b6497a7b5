import type { Limits } from "../../limits.ts";
import { type CalendarObject, governingComponent, type ObjectComponent } from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { makeInstance, parseInstanceKey } from "../../model/instance.ts";
import { isRange } from "../../model/ranges.ts";
import { type InstanceKey, instanceKey } from "../../model/recurrence-id.ts";
import { readRecurrenceSet } from "../../model/recurrence-set.ts";
import { expand } from "../../recurrence/expand.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";

/** What a series says of Instances that have no component of their own. */
export interface Series {
  /** Whether the series has that Instance; one beyond the bounds of the search is taken for one. */
  has(key: InstanceKey): boolean;
  /** The Instance as the series says it is. */
  at(key: InstanceKey): ObjectComponent | undefined;
  /** The key of the component that speaks for that Instance where it has none of its own. */
  governing(key: InstanceKey): InstanceKey | undefined;
}

/** Reads a series as far as some Instances of it are concerned: one walk through it, however many they are. */
export function readSeries(
  object: CalendarObject | undefined,
  keys: Iterable<InstanceKey>,
  zones: ZoneResolver,
  limits: Limits,
): Series {
  if (!object?.master || saysCancelled(object.master)) return noSeries;
  const ranges = [...object.overrides].filter(([, one]) => isRange(one));
  const bare: CalendarObject = { ...object, overrides: new Map(ranges) };
  const has = membership(bare, keys, zones, limits);
  return {
    has,
    at(key) {
      const id = parseInstanceKey(key);
      const governing = governingComponent(bare, key);
      return id && governing && !saysCancelled(governing) && has(key)
        ? makeInstance(bare, governing, id, zones, limits)
        : undefined;
    },
    governing: (key) => governingComponent(bare, key)?.key,
  };
}

const noSeries: Series = { has: () => false, at: () => undefined, governing: () => undefined };

function membership(
  object: CalendarObject,
  keys: Iterable<InstanceKey>,
  zones: ZoneResolver,
  limits: Limits,
): (key: InstanceKey) => boolean {
  const asked = new Set<InstanceKey>();
  let [from, to] = [Infinity, -Infinity];
  for (const key of keys) {
    const id = parseInstanceKey(key);
    if (!id) continue;
    asked.add(key);
    from = Math.min(from, id.at);
    to = Math.max(to, id.at + 1);
  }
  if (asked.size === 0) return () => false;
  const expansion = expand(readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits), { from, to }, limits);
  const found = new Set<InstanceKey>();
  let last: InstanceKey = "";
  for (const { recurrenceId } of expansion) {
    last = instanceKey({ ...recurrenceId, range: "this" });
    if (asked.has(last)) found.add(last);
  }
  return (key) => found.has(key) || (expansion.isIncomplete && asked.has(key) && key > last);
}
