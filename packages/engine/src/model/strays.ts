import type { Limits } from "../limits.ts";
import { expand } from "../recurrence/expand.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { type CalendarObject, type ObjectComponent, recurrenceIdOf } from "./calendar-object.ts";
import { type InstanceKey, masterKey, type RecurrenceId } from "./recurrence-id.ts";
import { readRecurrenceSet } from "./recurrence-set.ts";
import { type Registers, readRegister, writeRegisters } from "./registers.ts";
import { compareRevisions } from "./revision.ts";
import { beginning, type ComponentRevisions } from "./scheduling-state.ts";
import { readTimeSpan } from "./time-span.ts";

/**
 * Marks the Instances with a component of their own that the series, in a version later than theirs, no longer has: they do not
 * take place (decision 0017). It follows from the present versions alone, so it is the same whichever came first. One walk
 * through the series, bounded by `limits`: what lies beyond stays as it is.
 */
export function markStrays(
  object: CalendarObject,
  revisions: Registers<ComponentRevisions>,
  zones: ZoneResolver,
  limits: Limits,
): Registers<ComponentRevisions> {
  const strays = findStrays(object, revisions, zones, limits);
  const changed: [InstanceKey, ComponentRevisions][] = [];
  for (const key of object.overrides.keys()) {
    const known = readRegister(revisions, key);
    if (!known || (known.stray === true) === strays.has(key)) continue;
    const { stray: _before, ...versions } = known;
    changed.push([key, { ...versions, ...(strays.has(key) && { stray: true }) }]);
  }
  return changed.length === 0 ? revisions : writeRegisters(revisions, changed);
}

function findStrays(
  object: CalendarObject,
  revisions: Registers<ComponentRevisions>,
  zones: ZoneResolver,
  limits: Limits,
): ReadonlySet<InstanceKey> {
  const older = olderThanSeries(object, revisions);
  if (older.length === 0) return new Set();
  const series = walkSeries(
    object,
    older.map(({ id }) => id),
    zones,
    limits,
  );
  return new Set(older.filter(({ id }) => series(id) === "absent").map(({ key }) => key));
}

/** Whether a series itself, without components for single Instances, has one; `unknown` beyond what `limits` allows. */
export type InSeries = "present" | "absent" | "unknown";

/**
 * Looks up many Instances in a series in one walk through it. One of another kind than those of the series is `unknown`: what
 * stands there cannot be compared.
 */
export function walkSeries(
  object: CalendarObject,
  ids: readonly RecurrenceId[],
  zones: ZoneResolver,
  limits: Limits,
): (id: RecurrenceId) => InSeries {
  const from = ids.reduce((first, { at }) => Math.min(first, at), Infinity);
  const to = ids.reduce((last, { at }) => Math.max(last, at), -Infinity) + 1;
  const series = expand(readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits), { from, to }, limits);
  const present = new Set<number>();
  let seen = -Infinity;
  for (const { recurrenceId } of series) {
    present.add(recurrenceId.at);
    seen = Math.max(seen, recurrenceId.at);
  }
  const kind = object.master && kindOfSeries(object.master, zones);
  const end = series.isIncomplete ? seen : Infinity;
  return (id) => {
    if (id.kind !== kind) return "unknown";
    if (present.has(id.at)) return "present";
    return id.at <= end ? "absent" : "unknown";
  };
}

function kindOfSeries({ component }: ObjectComponent, zones: ZoneResolver): RecurrenceId["kind"] | undefined {
  const start = readTimeSpan(component)?.start;
  return start && recurrenceIdOf(start, "this", zones).kind;
}

/** The Instances named like those of the series whose component is older, by the clock: SEQUENCE is counted for each by itself. */
function olderThanSeries({ master, overrides }: CalendarObject, revisions: Registers<ComponentRevisions>) {
  const series = master && readRegister(revisions, masterKey);
  const older: { readonly key: InstanceKey; readonly id: RecurrenceId }[] = [];
  if (!series) return older;
  for (const { key, recurrenceId: id } of overrides.values()) {
    const own = readRegister(revisions, key);
    const isSent = own && compareRevisions(own.latest, beginning) > 0;
    if (isSent && id?.range === "this" && own.latest.dtstamp < series.latest.dtstamp) older.push({ key, id });
  }
  return older;
}
