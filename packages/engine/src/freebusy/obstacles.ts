import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { BusyType } from "../model/busy-time.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { type BlockedTime, blockedTime } from "./blocked-time.ts";
import { buffersOf, type Candidate, type Group, groupsOf, type TimeSearch } from "./time-search.ts";

/** Something in the way of a meeting: who cannot come or may not, why, and the time that is taken. */
export interface Obstacle {
  /** The id of the candidate. */
  readonly who: string;
  /** What they are to the meeting; `choice` names the choice they belong to. */
  readonly role: Group["role"];
  readonly choice?: string;
  readonly kind: "busy" | "unavailable" | "tentative" | "outside-hours";
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** Whom of a choice the meeting can have: those who are free first, then those who may be, in the order of the search. */
export interface Chosen {
  /** The id of the choice. */
  readonly choice: string;
  /** Ids of candidates, no more than are needed. */
  readonly candidates: readonly string[];
}

/** A time for the meeting, and what is to be said of it. */
export interface Slot {
  readonly start: EpochSeconds;
  readonly end: EpochSeconds;
  /** Everybody required can come and all choices can be made; somebody may only be tentatively busy. */
  readonly works: boolean;
  /** How many required are missing, of people and of choices; how many optional; then the same of those who may not come. */
  readonly missing: number;
  readonly optionalMissing: number;
  readonly tentative: number;
  readonly optionalTentative: number;
  readonly chosen: readonly Chosen[];
  /** Of a choice only where it cannot be made, or by those chosen all the same. */
  readonly obstacles: readonly Obstacle[];
}

/** A group whose candidates' blocked time is known. */
export interface PreparedGroup extends Group {
  readonly times: readonly BlockedTime[];
}

/** Prepares all candidates of a search; one who is named several times is prepared once. */
export function prepareGroups(search: TimeSearch): readonly PreparedGroup[] {
  const known = new Map<Candidate, BlockedTime>();
  const prepare = (candidate: Candidate): BlockedTime => {
    const time = known.get(candidate) ?? blockedTime(candidate, search);
    known.set(candidate, time);
    return time;
  };
  return groupsOf(search).map((group) => ({ ...group, times: group.candidates.map(prepare) }));
}

/** Describes a start, on the grid of the search or not: who can come, and who is in the way. */
export function describeSlot(groups: readonly PreparedGroup[], start: EpochSeconds, search: TimeSearch): Slot {
  const views = groups.map((group) => viewGroup(group, start, search));
  const sum = (isOptional: boolean, count: (view: GroupView) => number): number =>
    views.reduce((total, view) => total + ((view.group.role === "optional") === isOptional ? count(view) : 0), 0);
  const missing = sum(false, (view) => view.missing);
  return {
    start,
    end: start + search.durationSeconds,
    works: missing === 0,
    missing,
    optionalMissing: sum(true, (view) => view.missing),
    tentative: sum(false, (view) => view.tentative),
    optionalTentative: sum(true, (view) => view.tentative),
    chosen: views.flatMap(({ group, chosen }) =>
      group.role === "choice" ? [{ choice: group.id, candidates: chosen.map(({ id }) => id) }] : [],
    ),
    obstacles: views.flatMap((view) => view.obstacles),
  };
}

interface CandidateView {
  readonly id: string;
  readonly state: "free" | "tentative" | "blocked";
  readonly obstacles: readonly Obstacle[];
}

interface GroupView {
  readonly group: Group;
  readonly chosen: readonly CandidateView[];
  readonly missing: number;
  readonly tentative: number;
  readonly obstacles: readonly Obstacle[];
}

function viewGroup(group: PreparedGroup, start: EpochSeconds, search: TimeSearch): GroupView {
  const views = group.candidates.map(({ id }, index): CandidateView => {
    const time = group.times[index];
    const obstacles = time ? obstaclesOf(id, time, group, start, search) : [];
    const isBlocked = obstacles.some(({ kind }) => kind !== "tentative");
    return { id, state: isBlocked ? "blocked" : obstacles.length > 0 ? "tentative" : "free", obstacles };
  });
  const withState = (state: CandidateView["state"]): CandidateView[] => views.filter((view) => view.state === state);
  const [free, tentative, blocked] = [withState("free"), withState("tentative"), withState("blocked")];
  const chosen = [...free, ...tentative].slice(0, group.atLeast);
  const missing = group.atLeast - chosen.length;
  const inTheWay = new Set([...chosen, ...(missing > 0 ? blocked : [])]);
  return {
    group,
    chosen,
    missing,
    tentative: Math.max(0, chosen.length - free.length),
    obstacles: views.flatMap((view) => (inTheWay.has(view) ? view.obstacles : [])),
  };
}

const kinds: Readonly<Record<BusyType, Obstacle["kind"]>> = {
  "BUSY-UNAVAILABLE": "unavailable",
  BUSY: "busy",
  "BUSY-TENTATIVE": "tentative",
};

function obstaclesOf(
  who: string,
  { busy, outside }: BlockedTime,
  { id, role }: Group,
  start: EpochSeconds,
  search: TimeSearch,
): readonly Obstacle[] {
  const [before, after] = buffersOf(search);
  const end = start + search.durationSeconds;
  const about = { who, role, ...(role === "choice" && { choice: id }) };
  return [
    ...overlapping(busy, { from: start - before, to: end + after }).map(
      ({ from, to, type }): Obstacle => ({ ...about, kind: kinds[type], from, to }),
    ),
    ...overlapping(outside, { from: start, to: end }).map(
      ({ from, to }): Obstacle => ({ ...about, kind: "outside-hours", from, to }),
    ),
  ].sort((a, b) => a.from - b.from);
}

/** Finds the spans that have time in common with one, among spans in order and without overlaps. */
function overlapping<Span extends InstantRange>(spans: readonly Span[], { from, to }: InstantRange): readonly Span[] {
  let low = 0;
  for (let high = spans.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? Infinity) > from) high = middle;
    else low = middle + 1;
  }
  let next = low;
  while ((spans[next]?.from ?? Infinity) < to) next++;
  return spans.slice(low, next);
}
