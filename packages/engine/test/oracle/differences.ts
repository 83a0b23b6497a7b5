import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDateTime } from "../../src/icalendar/date-time.ts";
import { toInstant, toWall, type Zone } from "../../src/recurrence/zone.ts";
import { testProvider } from "../recurrence/zone-helpers.ts";
import { type OracleAnswer, type OracleCase, partsOf } from "./oracle-case.ts";

/** A case for which an oracle says something else than we do. */
export interface Difference {
  readonly oracle: string;
  readonly question: OracleCase;
  readonly ours: readonly number[];
  readonly theirs: OracleAnswer;
}

/** A row of differences.tsv: of whom, when, and by which rule of the RFC we are right all the same. */
export interface Explanation {
  readonly oracles: readonly string[];
  readonly terms: readonly string[];
  readonly section: string;
  readonly why: string;
}

const file = join(import.meta.dirname, "differences.tsv");
const day = 86_400;

/** Reads the rows of differences.tsv; throws where one has a term nobody knows, or no reason. */
export function readExplanations(text: string = readFileSync(file, "utf8")): readonly Explanation[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.slice(1).map((line) => {
    const [oracles = "", terms = "", section = "", why = ""] = line.split("\t");
    if (why === "") throw new Error(`differences.tsv: a row without a reason: ${line}`);
    const listed = terms.split(" ");
    for (const term of listed) if (!isTerm(term)) throw new Error(`differences.tsv: no term "${term}"`);
    return { oracles: oracles.split(" "), terms: listed, section, why };
  });
}

/** Finds the first row that explains a difference. */
export function explain(difference: Difference, rows: readonly Explanation[]): Explanation | undefined {
  return rows.find(
    (row) => row.oracles.includes(difference.oracle) && row.terms.every((term) => holds(term, difference)),
  );
}

/** What a word says of a difference; besides these a row may say `NAME`, `!NAME` and `NAME=a|b` of a part of the rule. */
const words: Readonly<Record<string, (difference: Difference) => boolean>> = {
  error: ({ theirs }) => theirs.kind === "error",
  differs: ({ theirs }) => theirs.kind === "instances",
  /** The rule generates nothing but, perhaps, DTSTART. */
  none: ({ ours }) => ours.length <= 1,
  zoned: ({ question }) => question.kind === "zoned",
  date: ({ question }) => question.kind === "date",
  /** They have ours, some more than once. */
  repeats: ({ ours, theirs }) => {
    if (theirs.kind !== "instances") return false;
    const once = [...new Set(theirs.instances)];
    return once.length < theirs.instances.length && isPrefix(once, ours);
  },
  /** They have some that we do not have. */
  more: (difference) => without(theirInstances(difference), difference.ours).length > 0,
  /** They lack some that we have, up to their last one. */
  fewer: (difference) => {
    const theirs = theirInstances(difference);
    const last = theirs.at(-1) ?? Infinity;
    return without(difference.ours, theirs).some((each) => each <= last);
  },
  /** They have no instance where we have some. */
  empty: (difference) => difference.theirs.kind === "instances" && theirInstances(difference).length === 0,
  /** They end early and are the same up to there. */
  early: (difference) =>
    difference.theirs.kind === "instances" && isPrefix(theirInstances(difference), difference.ours),
  /** The first difference is within a day of a change of the zone's offset. */
  "at-change": (difference) => {
    const zone = testProvider.zone(difference.question.zone);
    const at = firstDifference(difference);
    return zone !== undefined && at !== undefined && hasChange(zone, at - day, at + day);
  },
  /** The first difference is within a change of the zone's offset by the length of a month; of a YEARLY rule, of a year. */
  "change-in-interval": (difference) => {
    const zone = testProvider.zone(difference.question.zone);
    const at = firstDifference(difference);
    const length = (partsOf(difference.question.rule).get("FREQ") === "YEARLY" ? 366 : 31) * day;
    return zone !== undefined && at !== undefined && changesWithin(zone, at - length, at + length);
  },
  /** The first difference is within four days of the turn of a year. */
  "at-new-year": (difference) => {
    const at = firstDifference(difference);
    if (at === undefined) return false;
    return new Date((at - 4 * day) * 1_000).getUTCFullYear() !== new Date((at + 4 * day) * 1_000).getUTCFullYear();
  },
  /** The clocks skip the time DTSTART names. */
  "start-in-gap": ({ question }) => {
    const zone = testProvider.zone(question.zone);
    const wall = parseDateTime(question.start)?.wall;
    return zone !== undefined && wall !== undefined && toWall(toInstant(wall, zone), zone) !== wall;
  },
  /** The first difference is in 2037 or later. */
  "after-2037": (difference) => (firstDifference(difference) ?? 0) >= Date.UTC(2037, 0, 1) / 1_000,
  "after-9999": (difference) => (firstDifference(difference) ?? 0) >= Date.UTC(10_000, 0, 1) / 1_000,
  /** The same instances in another order. */
  unsorted: (difference) =>
    JSON.stringify([...theirInstances(difference)].sort((a, b) => a - b)) === JSON.stringify(difference.ours),
  "BYDAY:numbered": ({ question }) => /\d/.test(partsOf(question.rule).get("BYDAY") ?? ""),
  /** Some of its days have a number and some have none. */
  "BYDAY:mixed": ({ question }) => {
    const days = (partsOf(question.rule).get("BYDAY") ?? "").split(",");
    return days.some((each) => /\d/.test(each)) && days.some((each) => !/\d/.test(each));
  },
};

const partPattern = /^(!?)([A-Z]+)(?::(list|negative))?(?:=([A-Z0-9|]+))?$/;

function isTerm(term: string): boolean {
  return Object.hasOwn(words, term) || partPattern.test(term);
}

function holds(term: string, difference: Difference): boolean {
  const word = words[term];
  if (word) return word(difference);
  const [, not, name = "", form, values] = partPattern.exec(term) ?? [];
  const value = partsOf(difference.question.rule).get(name);
  if (value === undefined) return not === "!";
  const matches =
    form === "list"
      ? value.includes(",")
      : form === "negative"
        ? value.includes("-")
        : values === undefined || values.split("|").includes(value);
  return matches === (not === "");
}

function theirInstances({ theirs }: Difference): readonly number[] {
  return theirs.kind === "instances" ? theirs.instances : [];
}

function firstDifference(difference: Difference): number | undefined {
  const { ours } = difference;
  const theirs = theirInstances(difference);
  const at = ours.findIndex((each, i) => each !== theirs[i]);
  if (at < 0) return theirs[ours.length];
  return Math.min(ours[at] ?? Infinity, theirs[at] ?? Infinity);
}

function hasChange(zone: Zone, from: number, until: number): boolean {
  return zone.offsetAt(from) !== zone.offsetAt(until);
}

/** Unlike `hasChange` also where the offset is the same again at the end. */
function changesWithin(zone: Zone, from: number, until: number): boolean {
  for (let at = from; at < until; at += day) if (hasChange(zone, at, at + day)) return true;
  return false;
}

function isPrefix(short: readonly number[], long: readonly number[]): boolean {
  return short.length <= long.length && short.every((each, i) => each === long[i]);
}

function without(list: readonly number[], other: readonly number[]): readonly number[] {
  const known = new Set(other);
  return list.filter((each) => !known.has(each));
}
