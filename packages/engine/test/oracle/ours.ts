import { parseDateTime } from "../../src/icalendar/date-time.ts";
import { defaultLimits } from "../../src/limits.ts";
import { expand } from "../../src/recurrence/expand.ts";
import type { RecurrenceSet } from "../../src/recurrence/recurrence-set.ts";
import { parseRule } from "../../src/recurrence/rule-text.ts";
import { testProvider } from "../recurrence/zone-helpers.ts";
import type { OracleCase } from "./oracle-case.ts";

/** What the engine says of a case, in the form of `OracleAnswer`. */
export interface OurAnswer {
  readonly instances: readonly number[];
  /** Whether a bound of the engine ended the search: there may be more. */
  readonly isIncomplete: boolean;
}

/** Expands a case with the engine. Throws where the engine finds a problem in a rule, as all rules asked are valid. */
export function ourAnswer(question: OracleCase, from = -Infinity): OurAnswer {
  const expansion = expand(setOf(question), { from, to: Infinity }, defaultLimits);
  const instances: number[] = [];
  while (instances.length < question.take) {
    const next = expansion.next();
    if (!next) break;
    instances.push(next.startAt);
  }
  return { instances, isIncomplete: expansion.isIncomplete };
}

/** Whether a search that begins in the middle finds what one from the start does. */
export function seeksAsItScans(question: OracleCase, { instances }: OurAnswer): boolean {
  const middle = Math.floor(instances.length / 2);
  const [before, at] = [instances[middle - 1], instances[middle]];
  if (at === undefined || before === undefined) return true;
  const rest = instances.slice(middle);
  // From the middle one, and from anywhere after the one before it.
  return [at, before + 1].every((from) => {
    const sought = ourAnswer({ ...question, take: rest.length }, from).instances;
    return sought.length === rest.length && sought.every((each, i) => each === rest[i]);
  });
}

function setOf({ kind, start, zone, rule: text, name }: OracleCase): RecurrenceSet {
  const value = parseDateTime(kind === "utc" ? `${start}Z` : start, zone);
  const { rule, problems } = parseRule(text);
  if (!value || !rule || problems.length > 0) throw new Error(`${name}: ${text}: ${JSON.stringify(problems)}`);
  const length = { days: 0, seconds: 0 };
  return {
    master: { key: "master", start: value, length, rules: [rule], dates: [], exceptions: [], isCancelled: false },
    overrides: [],
    zones: (tzid) => testProvider.zone(tzid),
  };
}
