import { parseDateTime } from "../../src/icalendar/date-time.ts";
import { resolveInstant } from "../../src/recurrence/resolve.ts";
import { utc } from "../../src/recurrence/zone.ts";
import { testProvider } from "../recurrence/zone-helpers.ts";
import { type Difference, type Explanation, explain } from "./differences.ts";
import { type OracleAnswer, type OracleCase, partsOf } from "./oracle-case.ts";
import { askOracle, type Oracle } from "./oracle-process.ts";
import { type OurAnswer, ourAnswer, seeksAsItScans } from "./ours.ts";

/** What came of asking everybody the same cases. */
export interface Comparison {
  readonly cases: number;
  /** For each oracle, how many of its answers are the same as ours, explained, and so on. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** How often each row of differences.tsv was needed. */
  readonly used: ReadonlyMap<Explanation, number>;
  readonly unexplained: readonly Difference[];
  /** Cases in which all oracles that gave instances gave others than we: explained or not, nobody is with us. */
  readonly alone: readonly OracleCase[];
  /** Cases of which no oracle said anything. */
  readonly unanswered: number;
  /** Cases of which a bound of ours ended the search: they are compared as far as it went. */
  readonly incomplete: number;
  /** Cases in which a search that begins in the middle finds something else than one from the start. */
  readonly badSeeks: readonly OracleCase[];
}

/** What the answers of one oracle came to. */
export interface Tally {
  same: number;
  explained: number;
  unexplained: number;
  cut: number;
  notAsked: number;
}

/** Asks all oracles all cases, all at once, and compares what they say with what the engine does. */
export async function compare(
  cases: readonly OracleCase[],
  oracles: readonly Oracle[],
  explanations: readonly Explanation[],
): Promise<Comparison> {
  const asked = await Promise.all(oracles.map(async (oracle) => await askOracle(oracle, cases)));
  const tallies = new Map(oracles.map(({ name }) => [name, { ...emptyTally }]));
  const used = new Map<Explanation, number>();
  const [unexplained, alone, badSeeks]: [Difference[], OracleCase[], OracleCase[]] = [[], [], []];
  let [unanswered, incomplete] = [0, 0];
  for (const [i, question] of cases.entries()) {
    const ours = ourAnswer(question);
    if (ours.isIncomplete) incomplete++;
    if (!seeksAsItScans(question, ours)) badSeeks.push(question);
    const answers = asked.map((list) => withStart(question, list[i] ?? { kind: "cut" }, ours));
    for (const [which, theirs] of answers.entries()) {
      const oracle = oracles[which]?.name ?? "";
      const difference = { oracle, question, ours: ours.instances, theirs };
      const row = isDifference(theirs, ours) ? explain(difference, explanations) : undefined;
      count(tallies.get(oracle), theirs, isDifference(theirs, ours), row !== undefined);
      if (row) used.set(row, (used.get(row) ?? 0) + 1);
      if (!row && isDifference(theirs, ours)) unexplained.push(difference);
    }
    const given = answers.filter((answer) => answer.kind === "instances");
    if (given.length === 0) unanswered++;
    if (given.length > 0 && given.every((answer) => isDifference(answer, ours))) alone.push(question);
  }
  return { cases: cases.length, tallies, used, unexplained, alone, unanswered, incomplete, badSeeks };
}

const emptyTally: Readonly<Tally> = { same: 0, explained: 0, unexplained: 0, cut: 0, notAsked: 0 };

function count(tally: Tally | undefined, theirs: OracleAnswer, differs: boolean, isExplained: boolean): void {
  if (!tally) return;
  if (theirs.kind === "cut") tally.cut++;
  else if (theirs.kind === "not-asked") tally.notAsked++;
  else if (!differs) tally.same++;
  else if (isExplained) tally.explained++;
  else tally.unexplained++;
}

/**
 * Adds DTSTART to the answer of an oracle that expands the rule only: of a set, it is the first instance whether or not the
 * rule generates it, and counts for COUNT (RFC 5545 §3.8.5.3 and §3.3.10). Of more than is asked for, the end is cut off.
 */
function withStart(question: OracleCase, answer: OracleAnswer, ours: OurAnswer): OracleAnswer {
  if (answer.kind !== "instances") return answer;
  const start = startOf(question);
  // One before DTSTART is one whose time the clocks show before that of a DTSTART they skip; that is generated then.
  const isGenerated = (answer.instances[0] ?? Infinity) <= start;
  const all = isGenerated ? answer.instances : [start, ...answer.instances];
  const most = Math.min(question.take, Number(partsOf(question.rule).get("COUNT") ?? Infinity));
  const known = ours.isIncomplete ? Math.min(most, ours.instances.length) : most;
  return { kind: "instances", instances: all.slice(0, known) };
}

function startOf({ kind, start, zone }: OracleCase): number {
  const value = parseDateTime(kind === "utc" ? `${start}Z` : start, zone);
  const instant = value && resolveInstant(value, (tzid) => testProvider.zone(tzid), utc);
  if (instant === undefined) throw new Error(`not a start: ${start} ${zone}`);
  return instant;
}

function isDifference(theirs: OracleAnswer, { instances }: OurAnswer): boolean {
  if (theirs.kind === "error") return true;
  if (theirs.kind !== "instances") return false;
  return theirs.instances.length !== instances.length || theirs.instances.some((each, i) => each !== instances[i]);
}
