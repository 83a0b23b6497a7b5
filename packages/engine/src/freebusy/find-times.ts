import type { EpochSeconds } from "../icalendar/date-time.ts";
import { maxSlotsGiven } from "../limits.ts";
import { blockedStarts, type Run } from "./blocked-time.ts";
import { describeSlot, type PreparedGroup, prepareGroups, type Slot } from "./obstacles.ts";
import { countSlots, type SearchProblem, searchProblem, startOf, type TimeSearch } from "./time-search.ts";

/** What came of a search. `slots` is empty only where the range is shorter than the meeting. */
export type FoundTimes =
  | { readonly kind: "found"; readonly slots: readonly Slot[] }
  | { readonly kind: "refused"; readonly problem: SearchProblem };

/**
 * Finds the best times for a meeting, exactly: every start of the grid is weighed. Better is, in this order (decision 0022):
 *
 * 1. fewer missing: required people, and what the choices lack;
 * 2. fewer optional people missing;
 * 3. fewer of those who are needed only tentatively busy;
 * 4. fewer optional people tentatively busy;
 * 5. earlier.
 *
 * Where nothing suits everybody the first Slots do not work, and say who is in the way. Takes time linear in busy periods and in
 * starts, but for sorting.
 */
export function findTimes(search: TimeSearch): FoundTimes {
  const problem = searchProblem(search);
  if (problem) return { kind: "refused", problem };
  const groups = prepareGroups(search);
  const costs = weighStarts(groups, search);
  const count = Math.min(search.count ?? 10, maxSlotsGiven);
  return {
    kind: "found",
    slots: pickBest(costs, count).map((slot) => describeSlot(groups, startOf(search, slot), search)),
  };
}

/**
 * Says of one start why it is no better: who is in the way, and how it is weighed. The start need not be on the grid of the
 * search, nor in its range. `undefined` for a search `findTimes` refuses.
 */
export function whyNot(search: TimeSearch, start: EpochSeconds): Slot | undefined {
  if (searchProblem(search)) return undefined;
  const slot = { from: start, to: start + search.durationSeconds };
  const isWithin = slot.from >= search.range.from && slot.to <= search.range.to;
  // Working hours are placed over the range: for a start outside of it, over the meeting.
  const placed = isWithin ? search : { ...search, range: slot };
  return describeSlot(prepareGroups(placed), start, placed);
}

/** How bad each start is, as one number: digits of a base no count can reach, the most important first. */
function weighStarts(groups: readonly PreparedGroup[], search: TimeSearch): Float64Array {
  const slots = countSlots(search);
  const costs = new Float64Array(slots);
  // A choice of nobody lacks as many as are needed, so what it needs counts for at most one more than it has.
  const base = groups.reduce((sum, { candidates }) => sum + candidates.length + 1, 1);
  for (const group of groups) {
    const most = Math.min(group.atLeast, group.candidates.length + 1);
    const all = group.candidates.length;
    const { blocked, blockedOrTentative } = countBlocked(group, search, slots);
    const isOptional = group.role === "optional";
    const missingWeight = base ** (isOptional ? 2 : 3);
    const tentativeWeight = isOptional ? 1 : base;
    for (let slot = 0; slot < slots; slot++) {
      const able = all - (blocked[slot] ?? 0);
      const free = all - (blockedOrTentative[slot] ?? 0);
      const missing = Math.max(0, most - able);
      const tentative = Math.max(0, Math.min(most, able) - free);
      costs[slot] = (costs[slot] ?? 0) + missing * missingWeight + tentative * tentativeWeight;
    }
  }
  return costs;
}

/** Counts for each start how many of a group cannot come, and how many cannot or perhaps not. */
function countBlocked(
  { times }: PreparedGroup,
  search: TimeSearch,
  slots: number,
): { readonly blocked: Int32Array; readonly blockedOrTentative: Int32Array } {
  const blocked = new Int32Array(slots + 1);
  const blockedOrTentative = new Int32Array(slots + 1);
  for (const time of times) {
    const starts = blockedStarts(time, search);
    addRuns(blocked, starts.blocked);
    addRuns(blockedOrTentative, starts.blockedOrTentative);
  }
  accumulate(blocked);
  accumulate(blockedOrTentative);
  return { blocked, blockedOrTentative };
}

/** Notes where runs begin and end; `accumulate` makes counts of it. */
function addRuns(changes: Int32Array, runs: readonly Run[]): void {
  for (const [from, to] of runs) {
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  }
}

function accumulate(changes: Int32Array): void {
  let sum = 0;
  for (let slot = 0; slot < changes.length; slot++) {
    sum += changes[slot] ?? 0;
    changes[slot] = sum;
  }
}

/** Picks the least costly starts in order, of equal ones the earlier. */
function pickBest(costs: Float64Array, count: number): readonly number[] {
  const best: number[] = [];
  const costOf = (slot: number | undefined): number => (slot === undefined ? Infinity : (costs[slot] ?? Infinity));
  for (let slot = 0; slot < costs.length; slot++) {
    if (best.length >= count && costOf(slot) >= costOf(best.at(-1))) continue;
    let low = 0;
    for (let high = best.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (costOf(best[middle]) > costOf(slot)) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, slot);
    if (best.length > count) best.pop();
  }
  return best;
}
