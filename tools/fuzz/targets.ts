import assert from "node:assert/strict";
import { defaultLimits } from "@parley/engine";
import { formatCalendar, parseCalendar } from "@parley/engine/icalendar";
import fc from "fast-check";
import { fromJcal, toJcal } from "../../packages/engine/src/icalendar/jcal.ts";
import { legalLines, mutated, rule, soup, tzid } from "./grammars.ts";
import { useCalendar } from "./use-calendar.ts";

/** What is fuzzed: texts, and what must hold for each. */
export interface FuzzTarget {
  readonly name: string;
  readonly texts: fc.Arbitrary<string | Uint8Array>;
  /** Throws where something does not hold. */
  readonly check: (text: string | Uint8Array) => void;
}

const date = fc.constantFrom(
  ":20270301T090000Z",
  ":20270301T090000",
  ";VALUE=DATE:20270301",
  ";TZID=Europe/Berlin:20270328T023000",
);
const offset = fc.constantFrom("+0100", "-0800", "+013045", "+2359", "-9999", "x");

/** What can be fuzzed. */
export const targets: readonly FuzzTarget[] = [
  { name: "parse", texts: fc.oneof(soup, mutated), check: useCalendar },
  { name: "format", texts: legalLines.map((lines) => lines.map((line) => `${line}\r\n`).join("")), check: checkFormat },
  {
    name: "rule",
    texts: fc
      .tuple(
        date,
        fc.array(fc.tuple(fc.constantFrom("RRULE:", "EXRULE:", "RDATE:", "EXDATE:"), rule), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([start, rules]) => calendarOf([], [`DTSTART${start}`, ...rules.map((pair) => pair.join(""))])),
    check: useCalendar,
  },
  {
    name: "tzid",
    texts: fc
      .tuple(tzid, tzid, rule, offset, offset, fc.constantFrom("STANDARD", "DAYLIGHT", "X-OTHER"))
      .map(([used, defined, recurs, from, to, kind]) => {
        const own = [
          `BEGIN:${kind}`,
          "DTSTART:19701025T030000",
          `TZOFFSETFROM:${from}`,
          `TZOFFSETTO:${to}`,
          `RRULE:${recurs}`,
        ];
        const zone = ["BEGIN:VTIMEZONE", `TZID:${defined}`, ...own, `END:${kind}`, "END:VTIMEZONE"];
        return calendarOf(zone, [`DTSTART;TZID="${used}":20270301T090000`, `DTEND;TZID="${defined}":20270301T100000`]);
      }),
    check: useCalendar,
  },
  { name: "jcal", texts: jcalTexts(), check: checkJcal },
];

function calendarOf(zone: readonly string[], event: readonly string[]): string {
  const lines = [
    "BEGIN:VCALENDAR",
    ...zone,
    "BEGIN:VEVENT",
    "UID:a@example.com",
    ...event,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return lines.join("\r\n");
}

/** A legal calendar is written as it was read, but for the folds. */
function checkFormat(text: string | Uint8Array): void {
  const { calendar, problems } = parseCalendar(text, defaultLimits);
  assert.deepEqual(problems, []);
  assert.ok(calendar);
  const written = formatCalendar(calendar);
  assert.equal(written.replaceAll("\r\n ", ""), text.toString());
  assert.deepEqual(parseCalendar(Buffer.from(written), defaultLimits).calendar, calendar);
  useCalendar(text);
}

function jcalTexts(): fc.Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom("vevent", "dtstart", "rrule", "geo", "x-a", "begin", "__proto__"), fc.string());
  const type = fc.constantFrom("text", "date", "date-time", "period", "recur", "float", "integer", "unknown", "x-own");
  const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), object);
  const property = fc
    .tuple(name, object, type, fc.array(value, { maxLength: 3 }))
    .map(([first, second, third, rest]) => [first, second, third, ...rest]);
  const properties = fc.array(fc.oneof({ weight: 9, arbitrary: property }, { weight: 1, arbitrary: value }));
  return fc
    .tuple(properties, fc.array(fc.tuple(name, properties, fc.array(value, { maxLength: 1 }))))
    .map(([own, parts]) => JSON.stringify(["vcalendar", own, parts]));
}

/** Checks that what is read of a text of jCal can be written, and as jCal again. */
export function checkJcal(text: string | Uint8Array): void {
  const { calendar, problems } = fromJcal(JSON.parse(text.toString()), defaultLimits);
  assert.ok(problems.length <= defaultLimits.maxProblems);
  if (!calendar) return;
  const sent = JSON.stringify(toJcal(calendar));
  const again = fromJcal(JSON.parse(sent), defaultLimits);
  assert.deepEqual(again.problems, []);
  assert.equal(JSON.stringify(toJcal(again.calendar ?? calendar)), sent);
  useCalendar(formatCalendar(calendar));
}
