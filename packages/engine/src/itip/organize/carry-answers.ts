import { maxInstancesNamed } from "../../limits.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import type { CalendarObject } from "../../model/calendar-object.ts";
import { parseInstanceKey } from "../../model/instance.ts";
import { type InstanceKey, instanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRecurrenceSet } from "../../model/recurrence-set.ts";
import { allRegisters, writeRegisters } from "../../model/registers.ts";
import { isStanding, majorSequence } from "../../model/render.ts";
import {
  carriedAlong,
  type Participation,
  participationKey,
  type SchedulingState,
  unknownState,
  writeParticipation,
} from "../../model/scheduling-state.ts";
import { expand } from "../../recurrence/expand.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Context } from "../context.ts";
import { compareVersions } from "./compare.ts";

/** Answers that go along into the latter half of a series. */
export interface CarriedAnswers extends Pick<SchedulingState, "participations" | "answerRanges"> {
  /** Instances they are to, which their Attendees have to be shown by name: at most `maxInstancesNamed`. */
  readonly instances: readonly InstanceKey[];
}

/**
 * Carries answers into the latter half of a split series, as answers to its first revision: those to the whole, or to a range that
 * reaches so far, become answers to all of it, those to its Instances stay. What does not count, or is to a time that moved, stays
 * behind. One walk through the registers.
 */
export function carryAnswers(
  state: SchedulingState,
  key: InstanceKey,
  present: CalendarObject,
  latter: CalendarObject,
  context: Context,
): CarriedAnswers {
  const zones = {
    before: makeZoneResolver(present.timezones, context.zones, context.limits),
    after: makeZoneResolver([...latter.timezones, ...present.timezones], context.zones, context.limits),
  };
  const { differences } = compareVersions(present, latter, zones, context);
  const moves = (instance: InstanceKey): boolean =>
    (differences.get(instance) ?? differences.get(masterKey))?.moved === true;
  const toAll = new Map<CalendarUserAddress, Participation>();
  const toOne: Participation[] = [];
  for (const said of allRegisters(state.participations).values()) {
    if (said.answeredSequence < majorSequence(state, said.key) || !isStanding(state, said)) continue;
    const isToAll = said.key === masterKey || (said.range && said.key <= key);
    if (isToAll) toAll.set(said.attendee, laterStart(said, toAll.get(said.attendee)));
    else if (said.key >= key) toOne.push(said);
  }
  const whole = moves(masterKey) ? [] : [...toAll.values()].map((said) => ({ ...said, key: masterKey }));
  const single = toOne.filter((said) => !moves(said.key));
  const registers = [...whole.map(({ range: _range, ...said }) => said), ...single.filter(({ range }) => !range)];
  const participations = writeRegisters(
    unknownState.participations,
    registers.map((said) => [participationKey(said.attendee, said.key), asFirst(said)] as const),
  );
  const ranged = single.filter(({ range }) => range !== undefined);
  const start: SchedulingState = { ...unknownState, participations };
  const carried = ranged.reduce((next, said) => writeParticipation(next, asFirst(said)), start);
  const instances = instancesOf(single, latter, zones.after, context);
  return { participations: carried.participations, answerRanges: carried.answerRanges, instances };
}

/** The Instances that are answered by themselves, or with all after another. */
function instancesOf(
  answers: readonly Participation[],
  latter: CalendarObject,
  zones: ZoneResolver,
  { limits }: Context,
): readonly InstanceKey[] {
  const keys = new Set(answers.map(({ key }) => key));
  const [first] = answers.flatMap(({ key, range }) => (range ? [key] : [])).sort();
  const from = parseInstanceKey(first ?? "");
  const set = readRecurrenceSet(latter, zones, limits);
  for (const { recurrenceId } of from ? expand(set, { from: from.at, to: Infinity }, limits) : []) {
    if (keys.size >= maxInstancesNamed) break;
    keys.add(instanceKey({ ...recurrenceId, range: "this" }));
  }
  return [...keys].slice(0, maxInstancesNamed);
}

function laterStart(one: Participation, other: Participation | undefined): Participation {
  return other && other.key > one.key ? other : one;
}

/** An answer to what is version 0 of another object, older than whatever is said of that. */
function asFirst(said: Participation): Participation {
  return { ...said, answeredSequence: 0, reply: { sequence: carriedAlong, dtstamp: 0 } };
}
