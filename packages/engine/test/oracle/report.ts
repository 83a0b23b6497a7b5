import type { Comparison, Tally } from "./compare.ts";
import type { Difference, Explanation } from "./differences.ts";
import type { OracleCase } from "./oracle-case.ts";

/** Says in a line for each oracle what came of a comparison. */
export function describeComparison(comparison: Comparison): string {
  const { cases, tallies, unanswered, alone, incomplete, badSeeks } = comparison;
  const lines = [...tallies].map(([name, { same, explained, unexplained, cut, notAsked }]) => {
    const asked = cases - notAsked;
    return `${name.padEnd(16)}asked ${asked}: same ${same}, explained ${explained}, UNEXPLAINED ${unexplained}, no answer in time ${cut}`;
  });
  const rest = `of ${cases} rules no oracle answered ${unanswered}, nobody is with us in ${alone.length}, our bounds ended ${incomplete}, bad seeks ${badSeeks.length}`;
  return [...lines, rest].join("\n");
}

/** Adds up two comparisons of different cases. */
export function addComparisons(a: Comparison, b: Comparison): Comparison {
  const used = new Map<Explanation, number>(a.used);
  for (const [row, times] of b.used) used.set(row, (used.get(row) ?? 0) + times);
  return {
    cases: a.cases + b.cases,
    tallies: new Map([...a.tallies].map(([name, tally]) => [name, addTallies(tally, b.tallies.get(name) ?? tally)])),
    used,
    unexplained: [...a.unexplained, ...b.unexplained],
    alone: [...a.alone, ...b.alone],
    unanswered: a.unanswered + b.unanswered,
    incomplete: a.incomplete + b.incomplete,
    badSeeks: [...a.badSeeks, ...b.badSeeks],
  };
}

function addTallies(a: Tally, b: Tally): Tally {
  return {
    same: a.same + b.same,
    explained: a.explained + b.explained,
    unexplained: a.unexplained + b.unexplained,
    cut: a.cut + b.cut,
    notAsked: a.notAsked + b.notAsked,
  };
}

/** Says how often each row of differences.tsv was needed. */
export function describeUse({ used }: Comparison): string {
  return [...used]
    .sort((a, b) => b[1] - a[1])
    .map(
      ([{ oracles, terms, section }, times]) =>
        `${String(times).padStart(7)}  ${oracles.join(" ")}: ${terms.join(" ")} (${section})`,
    )
    .join("\n");
}

/** Says a difference in a few lines that can be searched for and repeated. */
export function describeDifference({ oracle, question, ours, theirs }: Difference): string {
  const said =
    theirs.kind === "instances" ? list(theirs.instances) : theirs.kind === "error" ? theirs.detail : theirs.kind;
  return `${describeCase(question)}\n  ${"ours".padEnd(16)}${list(ours)}\n  ${oracle.padEnd(16)}${said}`;
}

/** Says a case as the content lines it stands for, with the name it can be made again by. */
export function describeCase({ name, kind, start, zone, rule }: OracleCase): string {
  return `${name} ${kind} DTSTART${zone && `;TZID=${zone}`}:${start} RRULE:${rule}`;
}

function list(instances: readonly number[]): string {
  const shown = instances.slice(0, 8).map((each) => new Date(each * 1_000).toISOString().slice(0, 19));
  return `${instances.length}: ${shown.join(" ")}`;
}
