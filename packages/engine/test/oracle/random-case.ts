import { civilFromDays, daysFromCivil, daysInMonth, formatWall } from "../../src/icalendar/date-time.ts";
import type { OracleCase, StartKind } from "./oracle-case.ts";

type Frequency = (typeof frequencies)[number];

/** What a part of a rule may hold given the start it should match. */
interface Start {
  readonly kind: StartKind;
  readonly wall: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

interface Random {
  /** Whole, from 0 up to below `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  pick<T extends readonly [unknown, ...unknown[]]>(list: T): T[number];
}

const frequencies = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
/** Zones whose offset changes by an hour, half an hour, at midnight, in the south, or never; and their least offsets. */
const zones = [
  ["Europe/Berlin", 3_600],
  ["America/New_York", -5 * 3_600],
  ["Europe/London", 0],
  ["Australia/Lord_Howe", 10.5 * 3_600],
  ["Pacific/Auckland", 12 * 3_600],
  ["America/Sao_Paulo", -3 * 3_600],
  ["America/St_Johns", -3.5 * 3_600],
  ["Asia/Kolkata", 5.5 * 3_600],
] as const;
const kinds = ["zoned", "zoned", "utc", "floating", "date"] as const;
const seconds: Readonly<Record<Frequency, number>> = {
  SECONDLY: 1,
  MINUTELY: 60,
  HOURLY: 3_600,
  DAILY: 86_400,
  WEEKLY: 7 * 86_400,
  MONTHLY: 30 * 86_400,
  YEARLY: 365 * 86_400,
};

/** The time between two values of a part: it expands what has a longer period, and limits all else. */
const spans: Readonly<Record<string, number>> = {
  BYMONTH: seconds.MONTHLY,
  BYWEEKNO: seconds.WEEKLY,
  BYYEARDAY: seconds.DAILY,
  BYMONTHDAY: seconds.DAILY,
  BYDAY: seconds.DAILY,
  BYHOUR: seconds.HOURLY,
  BYMINUTE: seconds.MINUTELY,
  BYSECOND: seconds.SECONDLY,
};

/**
 * How likely a rule of that FREQ has a part; where RFC 5545 §3.3.10 says N/A, it never has. BYSECOND=60 is not made:
 * no oracle has a leap second.
 */
const chances: Readonly<Record<string, Readonly<Partial<Record<Frequency, number>>>>> = {
  BYMONTH: { SECONDLY: 0.1, MINUTELY: 0.1, HOURLY: 0.15, DAILY: 0.2, WEEKLY: 0.2, MONTHLY: 0.25, YEARLY: 0.45 },
  BYWEEKNO: { YEARLY: 0.2 },
  BYYEARDAY: { SECONDLY: 0.05, MINUTELY: 0.05, HOURLY: 0.1, YEARLY: 0.2 },
  BYMONTHDAY: { SECONDLY: 0.1, MINUTELY: 0.1, HOURLY: 0.15, DAILY: 0.2, MONTHLY: 0.45, YEARLY: 0.25 },
  BYDAY: { SECONDLY: 0.1, MINUTELY: 0.15, HOURLY: 0.2, DAILY: 0.25, WEEKLY: 0.6, MONTHLY: 0.45, YEARLY: 0.45 },
  BYHOUR: { SECONDLY: 0.2, MINUTELY: 0.25, HOURLY: 0.3, DAILY: 0.2, WEEKLY: 0.15, MONTHLY: 0.15, YEARLY: 0.1 },
  BYMINUTE: { SECONDLY: 0.2, MINUTELY: 0.25, HOURLY: 0.25, DAILY: 0.15, WEEKLY: 0.1, MONTHLY: 0.1, YEARLY: 0.1 },
  BYSECOND: { SECONDLY: 0.3, MINUTELY: 0.2, HOURLY: 0.1, DAILY: 0.05, WEEKLY: 0.05, MONTHLY: 0.05, YEARLY: 0.05 },
};

/** Makes the valid rule, with a start, of that number: the same one for the same seed and number, everywhere. */
export function randomCase(seed: number, number: number): OracleCase {
  const random = makeRandom(seed, number);
  const kind = random.pick(kinds);
  const [zone, offset] = kind === "zoned" ? random.pick(zones) : ["", 0];
  const start = randomStart(kind, random);
  const frequency = random.pick(frequencies.slice(kind === "date" ? 3 : 0) as [Frequency, ...Frequency[]]);
  const rule = [...randomRule(frequency, start, random), ...randomEnd(frequency, start, offset, random)].join(";");
  return { name: `${seed}:${number}`, kind, start: written(start.wall, kind), zone, rule, take: 25 };
}

function randomRule(frequency: Frequency, start: Start, random: Random): readonly string[] {
  const interval = random.chance(0.4) ? 1 + random.below(random.chance(0.2) ? 40 : 6) : 1;
  const parts = [`FREQ=${frequency}`, ...(interval > 1 ? [`INTERVAL=${interval}`] : [])];
  // Half of the rules match their start, so that the first instance is DTSTART; the others seldom do.
  const matching = random.chance(0.5);
  const by = Object.entries(chances).flatMap(([name, of]) => {
    if (!random.chance(of[frequency] ?? 0) || (start.kind === "date" && isOfTime(name))) return [];
    const near = matching || isSlow(frequency, random);
    const part = `${name}=${randomList(name, start, near, weeksOf(frequency, parts), random)}`;
    parts.push(part);
    return [part];
  });
  if (by.length > 0 && random.chance(0.2)) parts.push(`BYSETPOS=${randomPositions(sizeOf(frequency, by), random)}`);
  if (random.chance(0.3)) parts.push(`WKST=${random.pick(weekdays)}`);
  return parts;
}

/** How far a BYDAY may count: the weeks of a month or year; 0 where it must not have a number. */
function weeksOf(frequency: Frequency, parts: readonly string[]): number {
  const has = (name: string): boolean => parts.some((part) => part.startsWith(name));
  if (frequency === "MONTHLY") return 5;
  if (frequency !== "YEARLY" || has("BYWEEKNO")) return 0;
  return has("BYMONTH=") ? 5 : 53;
}

/** Frequencies that step through months of seconds towards a part far from the start. */
function isSlow(frequency: Frequency, random: Random): boolean {
  return seconds[frequency] < 86_400 && random.chance(0.95);
}

function isOfTime(name: string): boolean {
  return name === "BYHOUR" || name === "BYMINUTE" || name === "BYSECOND";
}

function randomList(name: string, start: Start, matching: boolean, weeks: number, random: Random): string {
  const value = makers[name] ?? (() => "1");
  const length = random.chance(0.5) ? 1 : 1 + random.below(4);
  const list = Array.from({ length }, () => value(start, false, weeks, random));
  if (matching) list[random.below(length)] = value(start, true, weeks, random);
  return [...new Set(list)].join(",");
}

type Maker = (start: Start, matching: boolean, weeks: number, random: Random) => string;

const makers: Readonly<Record<string, Maker>> = {
  BYMONTH: ({ month }, matching, _, random) => `${matching ? month : 1 + random.below(12)}`,
  BYWEEKNO: (start, matching, _, random) => {
    const near = Math.ceil(dayOfYear(start) / 7);
    return signed(matching ? near : 1 + random.below(53), 53, random);
  },
  BYYEARDAY: (start, matching, _, random) => {
    if (!matching) return signed(1 + random.below(366), 367, random);
    const length = daysFromCivil(start.year + 1, 1, 1) - daysFromCivil(start.year, 1, 1);
    return signed(dayOfYear(start), length + 1, random);
  },
  BYMONTHDAY: (start, matching, _, random) => {
    if (!matching) return signed(1 + random.below(31), 32, random);
    return signed(start.day, daysInMonth(start.year, start.month) + 1, random);
  },
  BYDAY: (start, matching, weeks, random) => {
    const weekday = weekdays[matching ? start.weekday : random.below(7)];
    if (weeks === 0 || random.chance(0.5)) return `${weekday}`;
    if (matching) return `${Math.ceil((weeks === 5 ? start.day : dayOfYear(start)) / 7)}${weekday}`;
    return `${signed(1 + random.below(random.chance(0.8) ? 5 : weeks), 0, random)}${weekday}`;
  },
  BYHOUR: ({ wall }, matching, _, random) =>
    `${matching ? Math.floor(modulo(wall, 86_400) / 3_600) : random.below(24)}`,
  BYMINUTE: ({ wall }, matching, _, random) => `${matching ? Math.floor(modulo(wall, 3_600) / 60) : random.below(60)}`,
  BYSECOND: ({ wall }, matching, _, random) => `${matching ? modulo(wall, 60) : random.below(60)}`,
};

/** Counts a third of the numbers from the end: `end` is the number after the last one; 0 is for just the sign. */
function signed(number: number, end: number, random: Random): string {
  if (!random.chance(0.33)) return `${number}`;
  return end === 0 ? `-${number}` : `${Math.min(number - end, -1)}`;
}

/** Guesses how many instances one period has, of which BYSETPOS chooses: as many as the parts that expand say. */
function sizeOf(frequency: Frequency, by: readonly string[]): number {
  return by.reduce((size, part) => {
    const [name = "", list = ""] = part.split("=");
    const length = list.split(",").length;
    if ((spans[name] ?? 0) >= seconds[frequency]) return size;
    return size * (name === "BYDAY" && seconds[frequency] > seconds.WEEKLY && !/\d/.test(list) ? length * 4 : length);
  }, 1);
}

function randomPositions(size: number, random: Random): string {
  const length = 1 + random.below(3);
  const one = () => (random.chance(0.02) ? 1 + random.below(366) : 1 + random.below(Math.min(size, 6)));
  return [...new Set(Array.from({ length }, () => (random.chance(0.4) ? -1 : 1) * one()))].join(",");
}

function randomEnd(frequency: Frequency, start: Start, offset: number, random: Random): readonly string[] {
  const choice = random.below(10);
  if (choice < 3) return [`COUNT=${1 + random.below(30)}`];
  if (choice > 5) return [];
  const span = 1 + random.below(seconds[frequency] * 80);
  const until = start.wall + (start.kind === "date" ? span - (span % 86_400) : span - offset);
  return [`UNTIL=${written(until, start.kind)}${start.kind === "zoned" || start.kind === "utc" ? "Z" : ""}`];
}

function randomStart(kind: StartKind, random: Random): Start {
  const year = random.chance(0.1) ? 2_000 + random.below(20) * 4 : 1_997 + random.below(40);
  // Clocks are changed at the ends of these months and early on days near Sunday.
  const change = random.chance(0.4);
  const month = change ? random.pick([2, 3, 4, 9, 10, 11]) : 1 + random.below(12);
  const day = random.chance(0.15) ? daysInMonth(year, month) : 1 + random.below(daysInMonth(year, month));
  const hour = change ? random.below(4) : random.below(24);
  const time =
    hour * 3_600 + random.pick([0, 0, 15, 30, random.below(60)]) * 60 + (random.chance(0.2) ? random.below(60) : 0);
  const days = daysFromCivil(year, month, day);
  return {
    kind,
    wall: days * 86_400 + (kind === "date" ? 0 : time),
    ...civilFromDays(days),
    weekday: modulo(days + 4, 7),
  };
}

function dayOfYear({ year, month, day }: Start): number {
  return daysFromCivil(year, month, day) - daysFromCivil(year, 1, 1) + 1;
}

function written(wall: number, kind: StartKind): string {
  return kind === "date" ? formatWall(wall).slice(0, 8) : formatWall(wall);
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}

/** Makes a generator by counting and mixing (SplitMix32), so that near seeds and numbers have nothing in common. */
function makeRandom(seed: number, number: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    below: (end) => Math.floor(next() * end),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
}
