import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { parsePosixRule } from "../../packages/engine/src/recurrence/posix-rule.ts";
import { parseTzif, zoneOfHistory } from "../../packages/engine/src/recurrence/tzif.ts";
import type { Zone, ZonePeriod } from "../../packages/engine/src/recurrence/zone.ts";
import { intervalLetters } from "../../packages/engine/src/recurrence/zone-data/decode.ts";

/** Changes after the last a file lists follow its rule; no law is known further ahead than 2087. */
const lastInstant = 4_102_444_800;

/** A zone from 1970 on: what held then, and each change its rule does not account for. */
interface History {
  readonly first: string;
  readonly changes: readonly { readonly at: number; readonly type: string }[];
  readonly rule: string;
}

/** All there is to write: the histories that differ, with their names, and what they have in common. */
interface Contents {
  readonly histories: readonly { readonly names: readonly string[]; readonly history: History }[];
  readonly intervals: readonly number[];
  readonly rules: readonly string[];
}

/**
 * Makes the text of the module that holds all zones of a folder of compiled zones from 1970 on. Throws where the folder is
 * not one, or does not name the edition of its data.
 */
export function makeZoneTable(folder: string): string {
  const contents = readContents(folder);
  const { histories, intervals, rules } = contents;
  const version = readVersion(folder);
  const lines = histories.map(({ names, history }) => `${names.join(" ")}|${encode(history, contents)}`);
  return [
    `// table: time zones from 1970 on, tzdata ${version}, written by tools/zone-data.ts. See decode.ts for how to read it.`,
    "",
    "/** The edition of the data, such as 2026f. */",
    `export const version = "${version}";`,
    "",
    "/** Seconds between two changes, the most frequent ones, in base 36. */",
    `export const intervals = \`\n${wrap(intervals.map((each) => each.toString(36)))}\`;`,
    "",
    "/** The rules for the years after the last change listed. */",
    `export const rules = \`\n${rules.join("\n")}\`;`,
    "",
    "/** One line each: names, offsets in minutes with their abbreviations, changes, and number of the rule. */",
    `export const zones = \`\n${lines.join("\n")}\`;`,
    "",
  ].join("\n");
}

function readContents(folder: string): Contents {
  const found = new Map<string, { readonly names: string[]; readonly history: History }>();
  for (const name of listNames(folder)) {
    const history = readHistory(folder, name);
    if (!history) continue;
    const key = JSON.stringify(history);
    const present = found.get(key);
    if (present) present.names.push(name);
    else found.set(key, { names: [name], history });
  }
  const histories = [...found.values()];
  return {
    histories,
    intervals: rank(histories.flatMap(({ history }) => intervalsOf(history))).slice(0, intervalLetters.length),
    rules: rank(histories.map(({ history }) => history.rule)),
  };
}

function listNames(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((name) => /^(?!posix\/|right\/|posixrules$|localtime$)[A-Za-z][A-Za-z0-9_+/-]*$/.test(name))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

function readHistory(folder: string, name: string): History | undefined {
  const bytes = readFileSync(join(folder, name));
  const zone = parseTzif(bytes, name);
  if (!zone) return undefined;
  const text = bytes.toString("latin1").trimEnd();
  const footer = text.slice(text.lastIndexOf("\n") + 1);
  const rule = parsePosixRule(footer);
  if (!rule) throw new Error(`${name}: no rule for the years to come`);
  const ruled = zoneOfHistory(name, [{ from: -Infinity, until: Infinity, offset: 0 }], rule);
  const periods = listPeriods(zone);
  while (periods.length > 1 && isRuled(ruled, periods.at(-2), periods.at(-1))) periods.pop();
  const [first, ...later] = periods;
  if (!first) return undefined;
  return { first: typeOf(first), changes: later.map((each) => ({ at: each.from, type: typeOf(each) })), rule: footer };
}

/** Whether the rule, in force from the first period on, makes the second begin as it does. */
function isRuled(ruled: Zone, before: ZonePeriod | undefined, after: ZonePeriod | undefined): boolean {
  if (!before || !after || typeOf(ruled.periodAt(after.from)) !== typeOf(after)) return false;
  for (let at = before.from; at < after.from; at = ruled.periodAt(at).until) {
    if (typeOf(ruled.periodAt(at)) !== typeOf(before)) return false;
  }
  return ruled.offsetAt(after.from - 1) === before.offset;
}

/** Lists the periods from 1970 on, each as long as it can be. */
function listPeriods(zone: Zone): ZonePeriod[] {
  const periods: ZonePeriod[] = [];
  for (let at = 0; at < lastInstant; at = zone.periodAt(at).until) {
    const period = { ...zone.periodAt(at), from: at };
    const last = periods.at(-1);
    if (!last || typeOf(last) !== typeOf(period)) periods.push(period);
  }
  return periods;
}

function typeOf({ offset, abbreviation = "" }: ZonePeriod): string {
  return `${offset / 60}${abbreviation}`;
}

function intervalsOf({ changes }: History): readonly number[] {
  return changes.map(({ at }, i) => at - (changes[i - 1]?.at ?? 0));
}

/** Lists the different values, the most frequent first. */
function rank<T>(values: readonly T[]): readonly T[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
}

function encode(history: History, { intervals, rules }: Contents): string {
  const types = [...new Set([history.first, ...history.changes.map(({ type }) => type)])];
  const steps = intervalsOf(history).map((interval, i) => {
    const known = intervals.indexOf(interval);
    const written = known < 0 ? `~${interval.toString(36).padStart(6, "0")}` : intervalLetters[known];
    return `${types.indexOf(history.changes[i]?.type ?? "").toString(36)}${written}`;
  });
  return `${types.join(" ")}|${steps.join("")}|${rules.indexOf(history.rule)}`;
}

function wrap(words: readonly string[]): string {
  return words
    .map((word, i) => `${word}${i % 16 === 15 ? "\n" : " "}`)
    .join("")
    .trimEnd();
}

function readVersion(folder: string): string {
  const version = /^# version (\S{1,32})/.exec(readFileSync(join(folder, "tzdata.zi"), "utf8"))?.[1];
  if (version === undefined) throw new Error(`${folder}/tzdata.zi names no version`);
  return version;
}
