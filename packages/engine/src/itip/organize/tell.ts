import { maxInstancesNamed } from "../../limits.ts";
import { isRangeStart } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import type { Comparison } from "./compare.ts";
import type { Difference } from "./difference.ts";
import type { GuestGroup } from "./guests.ts";

/** What guests who see the same are to be told. */
export interface Telling {
  /** What is taken back from them. */
  readonly cancels: readonly CancelledPart[];
  /** Keys of the components of their REQUEST, the series first; Instances may be as the series says. Empty for no REQUEST. */
  readonly requested: readonly InstanceKey[];
  /** They know of the object: what is new is said in the mail. */
  readonly knowing: boolean;
  /** The whole was cancelled under the components of their REQUEST: those need a later revision to stand. */
  readonly renews: boolean;
}

/** A component, or an Instance, that guests lose. */
export interface CancelledPart {
  readonly key: InstanceKey;
  /** It does not take place for anybody; else it goes on without them. */
  readonly whole: boolean;
}

/**
 * Finds what guests of one view are to be told of a new version (decision 0014):
 *
 * - A new guest is sent all they are on, and by name what is as the series says again. Who lost everything is sent a CANCEL of it.
 * - Who is on the series is sent all they see where the series changed, else the Instances that changed.
 * - Lost Instances are cancelled by name, but for those a changed series says do not exist.
 * - An Instance that is as the series says again is sent as the series says.
 */
export function tellGroup({ had, has }: GuestGroup, what: Comparison): Telling {
  if (has.length === 0) return { ...nothing, cancels: lostEntirely(had, what) };
  if (had.length === 0) return { ...nothing, requested: withOthers(has, againOf(has, what)) };
  const [knewSeries, hasSeries] = [had.includes(masterKey), has.includes(masterKey)];
  if (knewSeries && !hasSeries) {
    return { cancels: lostEntirely([masterKey], what), requested: has, knowing: true, renews: true };
  }
  const series = what.differences.get(masterKey);
  const isWhole = hasSeries && (!knewSeries || series?.told === true);
  const keys = hasSeries ? what.differences.keys() : new Set([...had, ...has]);
  const [hadKeys, hasKeys] = [new Set(had), new Set(has)];
  const cancels: CancelledPart[] = [];
  const told: InstanceKey[] = [];
  for (const key of keys) {
    const difference = key === masterKey ? undefined : what.differences.get(key);
    if (!difference) continue;
    const knew = isShownBy(difference.from, key, hadKeys);
    const goesOn = isShownBy(difference.to, key, hasKeys);
    if (goesOn && (!knew || difference.told)) told.push(key);
    if (knew && !goesOn && !(isWhole && isSaidBySeries(difference, what))) {
      cancels.push({ key, whole: difference.after === undefined });
    }
  }
  // What is taken back from an Instance on takes all after with it, whatever of that goes on.
  const ended = cancels.map(({ key }) => key).filter((key) => isRangeStart(what.after, key))[0];
  if (ended !== undefined) {
    const later = isWhole ? has : has.filter((key) => key > ended);
    return { cancels, requested: withOthers(later, told), knowing: true, renews: true };
  }
  if (!isWhole) {
    // The series they have may leave out what is theirs now.
    const joined = hasSeries && told.some((key) => what.before?.overrides.has(key) && !isKnown(key, hadKeys, what));
    return { ...nothing, cancels, requested: joined ? withOthers(has, told) : told, knowing: true, renews: joined };
  }
  return { ...nothing, cancels, requested: withOthers(has, told), knowing: true };
}

function withOthers(has: readonly InstanceKey[], told: readonly InstanceKey[]): readonly InstanceKey[] {
  return [...new Set([...has, ...told])];
}

/**
 * Instances they may have a CANCEL of, which the series alone does not bring back, or that have a later revision than the series;
 * `maxInstancesNamed` at most.
 */
function againOf(has: readonly InstanceKey[], { again }: Comparison): readonly InstanceKey[] {
  const keys = new Set(has);
  const shown = [...again].filter(([key, { from }]) => isShownBy(from, key, keys));
  return shown.map(([key]) => key).slice(0, maxInstancesNamed);
}

/** Whether who is on some components sees an Instance by one of them: one for all after says nothing without its series. */
function isShownBy(speaker: InstanceKey | undefined, key: InstanceKey, keys: ReadonlySet<InstanceKey>): boolean {
  if (speaker === undefined || !keys.has(speaker)) return false;
  return speaker === key || speaker === masterKey || keys.has(masterKey);
}

function isKnown(key: InstanceKey, had: ReadonlySet<InstanceKey>, { differences }: Comparison): boolean {
  const from = differences.get(key)?.from;
  return from !== undefined && had.has(from);
}

const nothing: Telling = { cancels: [], requested: [], knowing: false, renews: false };

/** Takes back all that guests have: the series by itself, which speaks for all its Instances, else each Instance. */
function lostEntirely(had: readonly InstanceKey[], { differences }: Comparison): readonly CancelledPart[] {
  const keys = had.includes(masterKey) ? [masterKey] : had;
  return keys.map((key) => {
    const difference = differences.get(key);
    return { key, whole: difference !== undefined && !difference.after };
  });
}

/**
 * Whether the series as it is now says by itself that an Instance does not take place: its repetition does not have it, or it is
 * left out and was never anything but one of the series.
 */
function isSaidBySeries({ key, from }: Difference, { after, excluded }: Comparison): boolean {
  if (after.overrides.has(key)) return false;
  return !excluded.has(key) || from !== key;
}
