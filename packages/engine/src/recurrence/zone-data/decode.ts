import { parsePosixRule } from "../posix-rule.ts";
import { zoneOfHistory } from "../tzif.ts";
import type { Zone, ZonePeriod } from "../zone.ts";

/** What the table of zones is written with. */
export interface ZoneCode {
  /** Seconds, in the order of `intervalLetters`. */
  readonly intervals: readonly number[];
  readonly rules: readonly string[];
}

/** The letters that stand for the most frequent intervals between two changes. */
export const intervalLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#%&()*+-./:<=>?@[]^_{}";

/** A letter for an interval that has none of its own: six digits in base 36 follow. */
const anyInterval = "~";
const anyIntervalDigits = 6;

/**
 * Reads one zone of the table: `60CET 120CEST|1A0B|3` are two kinds of time, told in minutes east of UTC, the first in
 * force until the first change; changes, each of the kind that begins (its number in base 36) and the interval since
 * the one before, at first since 1970; the number of the rule that follows the last change.
 */
export function decodeZone(name: string, text: string, code: ZoneCode): Zone | undefined {
  const [typesText = "", steps = "", ruleNumber = ""] = text.split("|");
  const types = typesText.split(" ").map(readType);
  const rule = parsePosixRule(code.rules[Number(ruleNumber)] ?? "");
  const periods: ZonePeriod[] = [];
  let from = -Infinity;
  let current = types[0];
  let at = 0;
  for (let i = 0; i < steps.length; i += 2) {
    const next = types[Number.parseInt(steps.charAt(i), 36)];
    const letter = steps.charAt(i + 1);
    if (!current || !next) return undefined;
    at += letter === anyInterval ? readInterval(steps, i + 2) : (code.intervals[intervalLetters.indexOf(letter)] ?? 0);
    if (letter === anyInterval) i += anyIntervalDigits;
    periods.push({ from, until: at, ...current });
    from = at;
    current = next;
  }
  if (!current || !rule) return undefined;
  return zoneOfHistory(name, [...periods, { from, until: Infinity, ...current }], rule);
}

function readType(text: string): Omit<ZonePeriod, "from" | "until"> {
  const [, minutes = "", abbreviation] = /^(-?[\d.]+)([A-Za-z]+)?$/.exec(text) ?? [];
  return { offset: Number(minutes) * 60, abbreviation };
}

function readInterval(steps: string, start: number): number {
  return Number.parseInt(steps.slice(start, start + anyIntervalDigits), 36);
}
