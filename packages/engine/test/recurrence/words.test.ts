import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DateOrDateTime, parseDateTime } from "../../src/icalendar/date-time.ts";
import { frequencies, type RecurrenceRule } from "../../src/recurrence/rule.ts";
import { parseRule } from "../../src/recurrence/rule-text.ts";
import type { RuleLanguage } from "../../src/recurrence/words/language.ts";
import { ruleInWords } from "../../src/recurrence/words/rule-in-words.ts";
import { fixedZone, utc, type Zone } from "../../src/recurrence/zone.ts";
import { rows } from "./words-table.ts";

const languages: readonly RuleLanguage[] = ["en", "de", "fr", "es", "ja", "ar"];

function ruleOf(text: string): RecurrenceRule {
  const { rule } = parseRule(text);
  if (!rule) throw new Error(`no rule: ${text}`);
  return rule;
}

function say(text: string, language: RuleLanguage = "en", zone: Zone = utc, start?: string): string {
  const value: DateOrDateTime | undefined = start === undefined ? undefined : parseDateTime(start);
  return ruleInWords(ruleOf(text), value ? { language, zone, start: value } : { language, zone });
}

describe.each(rows)("%s", (rule, ...sentences) => {
  test.each(languages.map((language, i) => [language, sentences[i] ?? ""] as const))("%s: %s", (language, sentence) =>
    expect(say(rule, language)).toBe(sentence),
  );
});

describe("what a rule takes from DTSTART is said with it", () => {
  test.each([
    ["FREQ=WEEKLY", "20270504T100000", "every Tuesday"],
    ["FREQ=WEEKLY;INTERVAL=2", "20270504", "every second Tuesday"],
    ["FREQ=MONTHLY", "20270504T100000", "every month on the 4th"],
    ["FREQ=MONTHLY;BYMONTH=1,2", "20270104", "every month on the 4th, but only in January and February"],
    ["FREQ=YEARLY", "20270504T100000", "every year on 4 May"],
    ["FREQ=YEARLY;BYMONTH=3,6", "20270304T100000", "every year on the 4th of March and June"],
    ["FREQ=YEARLY;BYWEEKNO=18", "20270504T100000", "every year on Tuesday in week 18 of the year"],
    ["FREQ=DAILY;BYHOUR=9,17", "20270504T093000", "every day at 09:30 and 17:30"],
    ["FREQ=DAILY;BYMINUTE=0,30", "20270504T090015", "every day at 09:00:15 and 09:30:15"],
    ["FREQ=DAILY;BYHOUR=9", "20270504", "every day"],
    ["FREQ=DAILY", "20270504T100000", "every day"],
  ])("%s from %s: %s", (rule, start, sentence) => expect(say(rule, "en", utc, start)).toBe(sentence));

  test.each([
    ["20270504T220000Z", undefined, "every day until 5 May 2027"],
    ["20270504T220000Z", "20270501T100000", "every day until 4 May 2027"],
    ["20270505T080000Z", "20270501T100000", "every day until 5 May 2027"],
    ["20270504T220000Z", "20270501", "every day until 5 May 2027"],
    ["20270505", "20270501T100000", "every day until 5 May 2027"],
  ])("UNTIL=%s in a zone two hours ahead, from %s: %s", (until, start, sentence) =>
    expect(say(`FREQ=DAILY;UNTIL=${until}`, "en", fixedZone("X", 7_200), start)).toBe(sentence),
  );
});

describe("weeks that do not begin on Monday", () => {
  test.each([
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", true],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", false],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU", false],
    ["FREQ=WEEKLY;BYDAY=TU,SU;WKST=SU", false],
    ["FREQ=WEEKLY;BYDAY=TU,SU;WKST=SU;BYSETPOS=1", true],
    ["FREQ=YEARLY;BYWEEKNO=1;WKST=SA", true],
    ["FREQ=MONTHLY;BYDAY=SU;WKST=SU", false],
  ])("%s: said %s", (rule, said) => expect(say(rule).includes("weeks that begin")).toBe(said));
});

test("Arabic counts as its numbers ask for", () => {
  const counts = [1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111].map((count) => say(`FREQ=DAILY;COUNT=${count}`, "ar"));
  const said = [
    "مرة واحدة",
    "مرتين",
    "3 مرات",
    "10 مرات",
    "11 مرة",
    "99 مرة",
    "100 مرة",
    "101 مرة",
    "102 مرة",
    "103 مرات",
    "111 مرة",
  ];
  expect(counts).toEqual(said.map((each) => `كل يوم، ${each}`));
  const days = [1, 2, 3, 11, 100].map((interval) => say(`FREQ=DAILY;INTERVAL=${interval}`, "ar"));
  expect(days).toEqual(["كل يوم", "كل يومين", "كل 3 أيام", "كل 11 يومًا", "كل 100 يوم"]);
});

test("English ordinals", () => {
  const days = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111, 112, 121, 366];
  const said = days.map((day) => /the (\S+)/.exec(say(`FREQ=YEARLY;BYYEARDAY=${day}`))?.[1]);
  expect(said).toEqual([
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "23rd",
    "101st",
    "111th",
    "112th",
    "121st",
    "366th",
  ]);
});

const numbers = (min: number, max: number) => fc.uniqueArray(fc.integer({ min, max }), { maxLength: 4 });
const withoutZero = (most: number) => numbers(-most, most).map((list) => list.filter((each) => each !== 0));
const end = fc.record(
  {
    count: fc.integer({ min: 1, max: 10_000 }),
    until: fc.integer({ min: -6e10, max: 2e11 }).map((wall): DateOrDateTime => ({ kind: "utc", wall })),
  },
  { requiredKeys: [] },
);
const parts = fc.record({
  frequency: fc.constantFrom(...frequencies),
  interval: fc.integer({ min: 1, max: 1_000 }),
  weekStart: fc.constantFrom(0, 1, 2, 3, 4, 5, 6),
  byMonth: numbers(1, 12),
  byWeekNumber: withoutZero(53),
  byYearDay: withoutZero(366),
  byMonthDay: withoutZero(31),
  byDay: fc.uniqueArray(
    fc.record({ weekday: fc.constantFrom(0, 1, 2, 3, 4, 5, 6), nth: fc.constantFrom(0, 0, 1, 2, 5, -1, -2, -5) }),
    { maxLength: 7, selector: ({ weekday, nth }) => `${weekday} ${nth}` },
  ),
  byHour: numbers(0, 23),
  byMinute: numbers(0, 59),
  bySecond: numbers(0, 59),
  bySetPosition: withoutZero(366),
  skip: fc.constantFrom("OMIT", "BACKWARD", "FORWARD"),
});
const anyRule = fc.tuple(parts, end).map(([rule, ends]): RecurrenceRule => ({ ...rule, ...ends }));

describe("laws, in every language", () => {
  test("every rule has a sentence of one line, without words of RFC 5545 or of the code, or blanks too many", () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom(...languages), fc.boolean(), (rule, language, started) => {
        const start: DateOrDateTime = { kind: "floating", wall: 1_809_424_800 };
        const sentence = ruleInWords(rule, started ? { language, zone: utc, start } : { language, zone: utc });
        expect(sentence).not.toMatch(
          /[\r\n=;_]|undefined|NaN|\[object|FREQ|BY[A-Z]|UNTIL|COUNT|\b(?:MO|TU|WE|TH|FR|SA|SU)\b|^[ ,،、]|[ ,،、]$| {2}|، ،|, ,|、、/,
        );
        expect(sentence.length).toBeGreaterThan(1);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ["FREQ", frequencies.map((each) => `FREQ=${each}`)],
    ["INTERVAL", range(1, 120).map((each) => `FREQ=WEEKLY;BYDAY=TU;INTERVAL=${each}`)],
    ["COUNT", range(1, 120).map((each) => `FREQ=DAILY;COUNT=${each}`)],
    ["UNTIL", range(10, 28).map((each) => `FREQ=DAILY;UNTIL=202705${each}`)],
    ["BYMONTHDAY", ends(31).map((each) => `FREQ=MONTHLY;BYMONTHDAY=${each}`)],
    ["BYYEARDAY", ends(366).map((each) => `FREQ=YEARLY;BYYEARDAY=${each}`)],
    ["BYWEEKNO", ends(53).map((each) => `FREQ=YEARLY;BYWEEKNO=${each}`)],
    ["BYMONTH", range(1, 12).map((each) => `FREQ=YEARLY;BYMONTH=${each};BYMONTHDAY=1`)],
    ["BYDAY of months", [...ends(5), ""].flatMap((n) => weekdays().map((day) => `FREQ=MONTHLY;BYDAY=${n}${day}`))],
    ["BYDAY of years", [...ends(53), ""].flatMap((n) => weekdays().map((day) => `FREQ=YEARLY;BYDAY=${n}${day}`))],
    ["BYDAY of weeks", subsets(weekdays()).map((days) => `FREQ=WEEKLY;BYDAY=${days.join()}`)],
    ["BYDAY with BYMONTH", range(1, 12).map((month) => `FREQ=YEARLY;BYMONTH=${month};BYDAY=1MO`)],
    ["BYHOUR that limits", range(0, 23).map((each) => `FREQ=MINUTELY;BYHOUR=${each}`)],
    ["BYMINUTE", range(0, 59).map((each) => `FREQ=HOURLY;BYMINUTE=${each}`)],
    ["BYSECOND", range(0, 59).map((each) => `FREQ=MINUTELY;BYSECOND=${each}`)],
    ["BYSETPOS", ends(366).map((each) => `FREQ=YEARLY;BYMONTHDAY=1,2,3;BYDAY=MO,TU;BYSETPOS=${each}`)],
    ["WKST", weekdays().map((each) => `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST=${each}`)],
    ["SKIP", ["OMIT", "BACKWARD", "FORWARD"].map((each) => `RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=${each}`)],
    [
      "parts together",
      subsets(["BYMONTH=3", "BYMONTHDAY=13", "BYDAY=FR", "BYYEARDAY=72", "BYWEEKNO=11", "BYHOUR=9", "BYSETPOS=1"])
        .filter((parts) => parts.join() !== "BYSETPOS=1")
        .map((parts) => `FREQ=YEARLY;INTERVAL=2;${parts.join(";")}`),
    ],
  ])("rules that differ in %s are said differently", (_, rules) => {
    for (const language of languages) {
      const sentences = new Map<string, string>();
      for (const rule of rules) {
        const sentence = say(rule, language);
        expect([rule, sentence, sentences.get(sentence)]).toEqual([rule, sentence, undefined]);
        sentences.set(sentence, rule);
      }
    }
  });

  test("the order and repetition of values do not matter", () => {
    for (const language of languages) {
      expect(say("FREQ=WEEKLY;BYDAY=FR,MO,FR", language)).toBe(say("FREQ=WEEKLY;BYDAY=MO,FR", language));
      expect(say("FREQ=MONTHLY;BYMONTHDAY=-1,15,1", language)).toBe(say("FREQ=MONTHLY;BYMONTHDAY=1,15,-1", language));
    }
  });
});

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function ends(last: number): readonly (number | string)[] {
  return [...range(1, last), ...range(-last, -1)];
}

function weekdays(): readonly string[] {
  return ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
}

function subsets(items: readonly string[]): readonly (readonly string[])[] {
  return range(1, 2 ** items.length - 1).map((bits) => items.filter((_, i) => (bits >> i) & 1));
}
