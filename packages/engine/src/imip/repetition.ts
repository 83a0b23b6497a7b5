import { parseDateTime } from "../icalendar/date-time.ts";
import { maxRuleLength } from "../limits.ts";
import { dayInWords } from "../model/time-words.ts";
import { toWall, type Zone } from "../recurrence/zone.ts";

/**
 * Says an RRULE as people do: `every 2 weeks on Monday and Friday, 10 times`. A rule of a shape there are no words for is
 * quoted. UNTIL is said as a day of `zone`.
 */
export function repetitionInWords(rule: string, zone: Zone): string {
  const text = rule.replace(/\s+/g, "").toUpperCase();
  if (text.length > maxRuleLength) return "in a pattern too long to say here";
  const parts = new Map(
    text.split(";").flatMap((part): [string, string][] => {
      const [name = "", value = ""] = part.split("=");
      return name === "" || name === "WKST" ? [] : [[name, value]];
    }),
  );
  const words = [sayInterval(parts), sayDays(parts), sayEnd(parts, zone)];
  const known = [...parts.keys()].every((name) => sayable.has(name));
  if (!known || words.includes(undefined)) return `by the rule ${text}`;
  return words.join("");
}

const sayable: ReadonlySet<string> = new Set(["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL"]);

const units: Readonly<Record<string, string>> = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };

function sayInterval(parts: ReadonlyMap<string, string>): string | undefined {
  const unit = units[parts.get("FREQ") ?? ""];
  const interval = Number(parts.get("INTERVAL") ?? 1);
  if (unit === undefined || !Number.isSafeInteger(interval) || interval < 1) return undefined;
  return interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`;
}

const dayNames: Readonly<Record<string, string>> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};

const ordinals: Readonly<Record<string, string>> = {
  "1": "first",
  "2": "second",
  "3": "third",
  "4": "fourth",
  "5": "fifth",
  "-1": "last",
};

function sayDays(parts: ReadonlyMap<string, string>): string | undefined {
  const [weekdays, monthDays] = [parts.get("BYDAY"), parts.get("BYMONTHDAY")];
  if (weekdays === undefined && monthDays === undefined) return "";
  if (weekdays !== undefined && monthDays !== undefined) return undefined;
  if (monthDays !== undefined) return sayMonthDays(parts.get("FREQ"), monthDays);
  const monthly = parts.get("FREQ") === "MONTHLY";
  const names = (weekdays ?? "").split(",").map((day) => sayWeekday(day, monthly));
  return names.includes(undefined) ? undefined : ` on ${joinWords(names.filter((name) => name !== undefined))}`;
}

/** A number before the day has one meaning in a month only; in a year it counts weeks of that. */
function sayWeekday(day: string, monthly: boolean): string | undefined {
  const match = /^\+?(-?\d)?([A-Z]{2})$/.exec(day);
  const name = dayNames[match?.[2] ?? ""];
  const number = match?.[1];
  if (name === undefined || number === undefined) return name;
  const ordinal = ordinals[number];
  return monthly && ordinal ? `the ${ordinal} ${name}` : undefined;
}

function sayMonthDays(frequency: string | undefined, days: string): string | undefined {
  if (frequency !== "MONTHLY") return undefined;
  const names = days
    .split(",")
    .map((day) => (day === "-1" ? "the last day" : /^\d{1,2}$/.test(day) ? `day ${Number(day)}` : undefined));
  return names.includes(undefined) ? undefined : ` on ${joinWords(names.filter((name) => name !== undefined))}`;
}

function sayEnd(parts: ReadonlyMap<string, string>, zone: Zone): string | undefined {
  const [count, until] = [parts.get("COUNT"), parts.get("UNTIL")];
  if (count !== undefined)
    return /^\d{1,9}$/.test(count) ? `, ${Number(count) === 1 ? "once" : `${Number(count)} times`}` : undefined;
  if (until === undefined) return "";
  const value = parseDateTime(until);
  return value && `, until ${dayInWords(value.kind === "utc" ? toWall(value.wall, zone) : value.wall)}`;
}

/** Joins as in `one, two and three`. */
function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
