import type { EpochSeconds } from "../icalendar/date-time.ts";
import { type Limits, maxCandidates, maxSearchDays, maxSlots } from "../limits.ts";
import type { BusyPeriod } from "../model/busy-time.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import type { Availability } from "./availability.ts";
import type { WorkingHours } from "./working-hours.ts";

/** A person or a room, and when they cannot be had. */
export interface Candidate {
  /** Names them in the result. */
  readonly id: string;
  /** Their busy time, in any order, over the range and the buffers around it. */
  readonly busy: readonly BusyPeriod[];
  /** When they work: every week, or as their VAVAILABILITYs say; always, where nothing is said. */
  readonly hours?: WorkingHours | readonly Availability[];
}

/** Some of whom are needed: any one room of a set, a quorum of a committee. */
export interface Choice {
  /** Names it in the result. */
  readonly id: string;
  /** Those preferred come first. */
  readonly candidates: readonly Candidate[];
  /** How many of them are needed. */
  readonly atLeast: number;
}

/** What is sought: a time at which all `required` and enough of each of `choices` are free. */
export interface TimeSearch {
  /** The meeting lies within; both ends are finite. */
  readonly range: InstantRange;
  readonly durationSeconds: number;
  /** Meetings start whole steps after the beginning of the range. */
  readonly stepSeconds: number;
  /** Seconds before and after the meeting in which nobody may be busy; they may lie outside of working hours. */
  readonly bufferBeforeSeconds?: number;
  readonly bufferAfterSeconds?: number;
  readonly required: readonly Candidate[];
  readonly optional?: readonly Candidate[];
  readonly choices?: readonly Choice[];
  /** How many Slots are given; 10 where nothing is said, `maxSlotsGiven` at most. */
  readonly count?: number;
  /** Bounds the expansion of VAVAILABILITYs. */
  readonly limits: Limits;
}

/** Why a search is none: a number in it makes no sense, or it is larger than anybody needs (`limits.ts`). */
export type SearchProblem = "not-a-number" | "range-too-long" | "too-many-slots" | "too-many-candidates";

/** Says what is wrong with a search; `undefined` where it can be done. */
export function searchProblem(search: TimeSearch): SearchProblem | undefined {
  const { range, durationSeconds, stepSeconds } = search;
  const atLeasts = (search.choices ?? []).map(({ atLeast }) => atLeast);
  const numbers = [range.from, range.to, durationSeconds, stepSeconds, ...buffersOf(search), ...atLeasts];
  if (!numbers.every(Number.isSafeInteger) || durationSeconds <= 0 || stepSeconds <= 0) return "not-a-number";
  if ([...buffersOf(search), ...atLeasts].some((number) => number < 0)) return "not-a-number";
  if (range.to - range.from > maxSearchDays * 86_400) return "range-too-long";
  if (countSlots(search) > maxSlots) return "too-many-slots";
  const groups = groupsOf(search);
  const candidates = groups.reduce((count, group) => count + group.candidates.length, groups.length);
  return candidates > maxCandidates ? "too-many-candidates" : undefined;
}

/** The seconds kept free before and after the meeting. */
export function buffersOf({ bufferBeforeSeconds = 0, bufferAfterSeconds = 0 }: TimeSearch): readonly [number, number] {
  return [bufferBeforeSeconds, bufferAfterSeconds];
}

/** Counts the starts a meeting may have. */
export function countSlots({ range, durationSeconds, stepSeconds }: TimeSearch): number {
  return Math.max(0, Math.floor((range.to - range.from - durationSeconds) / stepSeconds) + 1);
}

/** The start of a meeting by its number, counted from 0. */
export function startOf({ range, stepSeconds }: TimeSearch, slot: number): EpochSeconds {
  return range.from + slot * stepSeconds;
}

/** People of whom some are needed, and what they are to the meeting. */
export interface Group extends Choice {
  readonly role: "required" | "optional" | "choice";
}

/** Lists all who take part: of the required all are needed, of the optional all are wished for. */
export function groupsOf({ required, optional = [], choices = [] }: TimeSearch): readonly Group[] {
  return [
    { id: "", role: "required", candidates: required, atLeast: required.length },
    { id: "", role: "optional", candidates: optional, atLeast: optional.length },
    ...choices.map((choice): Group => ({ ...choice, role: "choice" })),
  ];
}
