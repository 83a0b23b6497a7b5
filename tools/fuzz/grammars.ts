import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";

const fixtures = resolve(import.meta.dirname, "../../fixtures");

/** Words that mean something to the engine, whole and cut in two. */
const words = (
  "BEGIN: END: BEGIN:VCALENDAR END:VCALENDAR BEGIN:VEVENT END:VEVENT BEGIN:VTIMEZONE END:VTIMEZONE BEGIN:STANDARD END:STANDARD UID: " +
  "DTSTART DTEND RRULE: RDATE EXDATE RECURRENCE-ID ;VALUE=DATE ;VALUE=PERIOD ;TZID= ;RANGE=THISANDFUTURE ;ENCODING=BASE64 ;CN= " +
  "20270301 20270301T090000 20270301T090000Z 99991231T235959Z 00000101 P1D -PT1H /P1W FREQ= SECONDLY DAILY YEARLY BYDAY=-1SU " +
  'BYMONTHDAY=30 COUNT= INTERVAL= 2147483648 -0 1e9 \\n \\, \\; ^n ^\' " "" ; : , = / \\ __proto__ constructor Europe/Berlin +9999'
).split(" ");
const breaks = [
  "\r\n",
  "\n",
  "\r",
  "\r\n ",
  "\n\t",
  " ",
  "\t",
  "\0",
  "\ufeff",
  "\u2028",
  "\u{1f600}",
  "\ud800",
  "e\u0301",
];

const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...words) },
  { weight: 3, arbitrary: fc.constantFrom(...breaks) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);

/** A text of words in any order, inside a calendar. */
export const soup: fc.Arbitrary<string> = fc
  .array(word, { maxLength: 80 })
  .map((drawn) => `BEGIN:VCALENDAR\r\n${drawn.join("")}`);

/** A kept text with a few changes: bytes lost, doubled, replaced, moved, or words put in. */
export const mutated: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.nat(),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 64 }), fc.nat({ max: 4 }), word), { minLength: 1, maxLength: 12 }),
  )
  .map(([chosen, changes]) => {
    const seeds = readSeeds();
    return changes.reduce(change, seeds[chosen % seeds.length] ?? Buffer.alloc(0));
  });

function change(bytes: Buffer, [at, length, kind, put]: readonly [number, number, number, string]): Buffer {
  const from = at % (bytes.length + 1);
  const to = Math.min(from + length, bytes.length);
  const [before, piece, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  const inserted = Buffer.from(put);
  if (kind === 0) return Buffer.concat([before, after]);
  if (kind === 1) return Buffer.concat([before, piece, piece, after]);
  if (kind === 2) return Buffer.concat([before, inserted, after]);
  if (kind === 3) return Buffer.concat([piece, before, after]);
  return Buffer.concat([before, Buffer.from(piece.map((byte) => byte ^ (1 << (length % 8)))), after]);
}

let kept: readonly Buffer[] = [];

/** The fixtures that are calendars. */
function readSeeds(): readonly Buffer[] {
  if (kept.length === 0)
    kept = globSync("**/*.ics", { cwd: fixtures })
      .sort()
      .map((file) => readFileSync(`${fixtures}/${file}`));
  return kept;
}

const name = fc.oneof(
  fc.constantFrom("SUMMARY", "ATTENDEE", "X-Own", "dtstart", "X-1"),
  fc.stringMatching(/^[A-Za-z0-9-]{1,9}$/),
);
const letter = fc.oneof(
  fc.constantFrom(..." ,;:\\^'nN/="),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
);
const characters = fc
  .string({ unit: letter, maxLength: 90 })
  .map((text) => text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ""));
const parameterValue = fc.oneof(
  characters.map((text) => text.replace(/[",;:]/g, "")),
  characters.map((text) => `"${text.replaceAll('"', "")}"`),
);
const parameter = fc
  .tuple(name, fc.array(parameterValue, { minLength: 1, maxLength: 3 }))
  .map(([key, values]) => `;${key}=${values.join(",")}`);
const line = fc
  .tuple(name, fc.array(parameter, { maxLength: 3 }), characters)
  .filter(([key]) => !/^(?:begin|end)$/i.test(key))
  .map(([key, parameters, value]) => `${key}${parameters.join("")}:${value}`);

const components = (parts: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly string[]> =>
  fc
    .array(fc.tuple(fc.stringMatching(/^X-[A-Z]{1,5}$/), fc.array(line, { maxLength: 5 }), parts), { maxLength: 3 })
    .map((drawn) => drawn.flatMap(([own, lines, inner]) => [`BEGIN:${own}`, ...lines, ...inner, `END:${own}`]));

/** A calendar by the grammar of RFC 5545 §3.4, of any properties and components, as lines without folds. */
export const legalLines: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.array(line, { maxLength: 3 }), components(components(fc.constant([]))))
  .map(([lines, parts]) => ["BEGIN:VCALENDAR", ...lines, ...parts, "END:VCALENDAR"]);

const number = fc.oneof(
  fc.integer({ min: -60, max: 400 }).map(String),
  fc.constantFrom("0", "1e9", "2147483648", "-", "5L", ""),
);
const numbers = fc.array(number, { minLength: 1, maxLength: 4 }).map((list) => list.join(","));
const weekday = fc.tuple(fc.constantFrom("", "1", "-1", "5", "53", "-54"), fc.constantFrom("MO", "SU", "XX", "we"));
const weekdays = fc
  .array(weekday, { minLength: 1, maxLength: 4 })
  .map((list) => list.map((pair) => pair.join("")).join(","));
const part = fc.oneof(
  fc.tuple(
    fc.constantFrom("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"),
    numbers,
  ),
  fc.tuple(fc.constantFrom("INTERVAL", "COUNT"), number),
  fc.tuple(fc.constant("UNTIL"), fc.constantFrom("20270401", "20270401T000000Z", "99991231T235959", "0", "19700101")),
  fc.tuple(fc.constantFrom("BYDAY", "WKST"), weekdays),
  fc.tuple(
    fc.constantFrom("RSCALE", "SKIP", "X-OWN", "__proto__"),
    fc.constantFrom("GREGORIAN", "HEBREW", "FORWARD", "BACKWARD", ""),
  ),
);

/** An RRULE, most often by the grammar. */
export const rule: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "", "daily "),
    fc.array(part, { maxLength: 6 }),
    fc.option(word, { freq: 9 }),
  )
  .map(
    ([frequency, parts, odd]) => [`FREQ=${frequency}`, ...parts.map((pair) => pair.join("="))].join(";") + (odd ?? ""),
  );

/** A TZID as products write them, and as nobody should. */
export const tzid: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "Europe",
        "Berlin",
        "America/New_York",
        "UTC",
        "GMT",
        "Etc",
        "EST5EDT",
        "Pacific Standard Time",
        "(UTC+01:00)",
      ),
      fc.constantFrom(
        "/",
        "//",
        "+",
        "-",
        ":",
        "05:30",
        "0530",
        "99",
        " ",
        ",",
        "_",
        "\\,",
        "Own/Zone",
        "freeassociation.sourceforge.net",
      ),
      fc.string({ maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((pieces) => pieces.join("").replace(/[\u0000-\u001f\u007f"]/g, ""));
