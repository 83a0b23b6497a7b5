import { createRequire } from "node:module";
import { expandByTheLetter } from "./by-the-letter.ts";
import type { OracleAnswer, OracleCase } from "./oracle-case.ts";

/** How one library answers a case. It may throw, and it may take for ever. */
export type Library = (question: OracleCase) => readonly number[] | "not-asked";

/**
 * What a worker can be told to load: libraries of npm, each loaded by the worker that asks it only, and our own reading of the
 * RFC, which is slow.
 */
export const libraries = {
  "by-the-letter": loadLetter,
  "rrule-rust": loadRruleRust,
  "rrule-temporal": loadRruleTemporal,
  rrule: loadRrule,
  "ical.js": loadIcalJs,
} as const satisfies Readonly<Record<string, () => Promise<Library>>>;

function loadLetter(): Promise<Library> {
  return Promise.resolve(expandByTheLetter);
}

async function loadRruleRust(): Promise<Library> {
  // It has types, but its package says of them only what older resolvers understand.
  const { RRuleSet } = createRequire(import.meta.url)("rrule-rust") as typeof import("rrule-rust");
  return (question) =>
    // It has no floating times and no dates: both are asked for in UTC, where they are what they are.
    RRuleSet.fromString(contentLines(question))
      .all(question.take)
      .map((found) => found.toTimestamp() / 1_000);
}

async function loadRruleTemporal(): Promise<Library> {
  const { RRuleTemporal } = await import("rrule-temporal");
  return (question) => {
    const rule = new RRuleTemporal({ rruleString: contentLines(question) });
    return rule.all((_, i) => i < question.take).map((found) => found.epochMilliseconds / 1_000);
  };
}

async function loadRrule(): Promise<Library> {
  const { RRule } = createRequire(import.meta.url)("rrule") as typeof import("rrule");
  return (question) => {
    if (question.kind === "zoned") return "not-asked";
    const rule = RRule.fromString(contentLines({ ...question, rule: sorted(question.rule) }));
    return rule.all((_, i) => i < question.take).map((found) => found.getTime() / 1_000);
  };
}

async function loadIcalJs(): Promise<Library> {
  const { default: ical } = await import("ical.js");
  return (question) => {
    if (question.kind === "zoned") return "not-asked";
    const start = ical.Time.fromString(
      question.kind === "utc" ? `${dashed(question)}Z` : dashed(question),
      undefined as never,
    );
    const iterator = ical.Recur.fromString(sorted(question.rule)).iterator(start);
    const found: number[] = [];
    for (let next = iterator.next(); next && found.length < question.take; next = iterator.next()) {
      found.push(utcSeconds(next.year, next.month, next.day, next.hour, next.minute, next.second));
    }
    return found;
  };
}

/** Writes a case as libraries read it; one without a zone as if its clock were in UTC. */
function contentLines({ kind, start, zone, rule }: OracleCase): string {
  if (kind === "zoned") return `DTSTART;TZID=${zone}:${start}\nRRULE:${rule}`;
  const inUtc = (text: string): string => `${text}${kind === "date" ? "T000000" : ""}${text.endsWith("Z") ? "" : "Z"}`;
  return `DTSTART:${inUtc(start)}\nRRULE:${rule.replace(/(?<=UNTIL=)[^;]+/, inUtc)}`;
}

/** Sorts the lists of numbers of a rule, for libraries that give instances in the order of its lists. */
function sorted(rule: string): string {
  return rule.replace(/(?<=(?:HOUR|MINUTE|SECOND|MONTH)=)[\d,]+/g, (list) =>
    list
      .split(",")
      .sort((a, b) => Number(a) - Number(b))
      .join(","),
  );
}

function dashed({ start }: OracleCase): string {
  return start.replace(/^(\d{4})(\d\d)(\d\d)/, "$1-$2-$3").replace(/T(\d\d)(\d\d)(\d\d)/, "T$1:$2:$3");
}

function utcSeconds(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1_000;
}

/** Turns what a library does with a case into an answer. */
export function answerOf(library: Library, question: OracleCase): OracleAnswer {
  try {
    const instances = library(question);
    return instances === "not-asked" ? { kind: "not-asked" } : { kind: "instances", instances };
  } catch (error) {
    const detail = String(error);
    return detail.includes("timed out") ? { kind: "cut" } : { kind: "error", detail };
  }
}
