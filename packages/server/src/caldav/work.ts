import { tooMuch } from "../dav/refusal.ts";

/** How much may still be looked at for one answer. A unit is about a quarter of a microsecond. */
export interface Work {
  left: number;
}

/** What looking at something takes. */
export const workOf = { instance: 4, date: 4, step: 1, alarm: 20 } as const;

/** Far more than a filter takes that looks into 50,000 objects. */
const maxWork = 4_000_000;
const charactersOfUnit = 16;

/** Makes what one answer may take: who asks for more keeps everybody else waiting. */
export function makeWork(): Work {
  return { left: maxWork };
}

/** Takes from what may be looked at; throws where nothing is left. */
export function spendWork(work: Work, units: number): void {
  work.left -= units;
  if (work.left < 0) throw tooMuch("It takes too long to find out: ask for less at once.");
}

/** Counts what it takes to compare a text. */
export function workOfText(text: string): number {
  return 1 + text.length / charactersOfUnit;
}
