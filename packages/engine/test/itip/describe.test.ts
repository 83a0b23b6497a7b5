import { type Change, masterKey, receive, schedule, unknownState } from "@parley/engine";
import { german, languageOf } from "@parley/engine/languages";
import { fixedZone, parseRule, ruleInWords, utc } from "@parley/engine/recurrence";
import { describeChanges, describeOutcome, describeQuestion, summarizeChanges } from "@parley/engine/sentences";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxChangesNamed, maxDatesNamed } from "../../src/limits.ts";
import { allChanges, allOutcomes, allQuestions, changed, move, tongues, viewer } from "./describe-samples.ts";
import { ann, ben, clara, contextOf, evidenceOf, message } from "./world.ts";

const key = masterKey;
const foreign = tongues.filter(({ code }) => code !== "en");

/** What each language says: English, German, French, Spanish, Japanese, Arabic. */
const table: readonly (readonly [name: string, changes: readonly Change[], ...sentences: string[]])[] = [
  [
    "moved, and somebody added",
    [...move, { kind: "attendee-added", key, attendee: ben }],
    "Moved from Wednesday, 10 March 2027, 10:00–11:00 to Thursday, 11 March 2027, 15:00–16:00 (Europe/Berlin); Ben was added.",
    "Verschoben von Mittwoch, 10. März 2027, 10:00–11:00 Uhr auf Donnerstag, 11. März 2027, 15:00–16:00 Uhr (Europe/Berlin); Ben wurde hinzugefügt.",
    "Nouvel horaire\u00a0: jeudi 11 mars 2027 de 15:00 à 16:00 (Europe/Berlin) (auparavant\u00a0: mercredi 10 mars 2027 de 10:00 à 11:00)\u00a0; Ben fait maintenant partie des invités.",
    "Nuevo horario: jueves, 11 de marzo de 2027, de 15:00 a 16:00 (Europe/Berlin) (antes: miércoles, 10 de marzo de 2027, de 10:00 a 11:00); se ha invitado también a Ben.",
    "日時が2027年3月10日（水曜日）10:00～11:00から2027年3月11日（木曜日）15:00～16:00 (Europe/Berlin)に変更されました。Benが追加されました。",
    "الموعد الجديد: الخميس، 11 مارس 2027، من 15:00 إلى 16:00 (Europe/Berlin) (سابقًا: الأربعاء، 10 مارس 2027، من 10:00 إلى 11:00)؛ تمت إضافة \u2068Ben\u2069.",
  ],
  [
    "a rule",
    [changed("RRULE", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270504")],
    "Repetition: every second Tuesday until 4 May 2027 (it was every Tuesday).",
    "Wiederholung: jeden zweiten Dienstag bis zum 4. Mai 2027 (bisher: jeden Dienstag).",
    "Répétition\u00a0: un mardi sur deux jusqu'au 4 mai 2027 (auparavant\u00a0: chaque mardi).",
    "Repetición: cada dos martes hasta el 4 de mayo de 2027 (antes: todos los martes).",
    "繰り返し：隔週火曜日、2027年5月4日まで（変更前：毎週火曜日）。",
    "التكرار: كل أسبوعين يوم الثلاثاء حتى 4 مايو 2027 (سابقًا: كل أسبوع يوم الثلاثاء).",
  ],
  [
    "an answer with all that goes with one",
    [
      {
        kind: "participation",
        key,
        attendee: ben,
        old: "NEEDS-ACTION",
        new: "DELEGATED",
        delegatedTo: [ann, clara],
        range: "this-and-future",
        comment: "Sorry!",
        outdated: false,
      },
    ],
    "Ben delegated it to ann@example.test and clara@partner.test (for this time and all after): “Sorry!”",
    "Ben hat es weitergegeben an ann@example.test und clara@partner.test (für diesen Termin und alle späteren): „Sorry!“",
    "Ben a délégué à ann@example.test et clara@partner.test (pour cette date et toutes les suivantes)\u00a0: «\u00a0Sorry!\u00a0»",
    "Ben ha delegado en ann@example.test y clara@partner.test (para esta fecha y todas las siguientes): «Sorry!»",
    "Benがann@example.test、clara@partner.testに委任しました（この回以降すべて）：「Sorry!」",
    "رد \u2068Ben\u2069: تفويض إلى \u2068ann@example.test\u2069 و\u2068clara@partner.test\u2069 (لهذا الموعد وكل ما بعده): «\u2068Sorry!\u2069»",
  ],
  [
    "a length, and a place that goes",
    [changed("DURATION", "PT45M", "PT1H30M"), changed("LOCATION", "Room 5.")],
    "Length: 1:30 h (it was 0:45 h); place removed (it was Room 5.).",
    "Dauer: 1:30 h (bisher: 0:45 h); Ort: entfällt (bisher: Room 5.).",
    "Durée\u00a0: 1:30\u00a0h (auparavant\u00a0: 0:45\u00a0h)\u00a0; lieu\u00a0: aucune valeur (auparavant\u00a0: Room 5.).",
    "Duración: 1:30 h (antes: 0:45 h); lugar: sin valor (antes: Room 5.).",
    "所要時間：1時間30分（変更前：0時間45分）。場所：なし（変更前：Room 5.）。",
    "المدة: 1:30 ساعة (سابقًا: 0:45 ساعة)؛ المكان: بلا قيمة (سابقًا: \u2068Room 5.\u2069).",
  ],
  [
    "a proposal",
    [{ kind: "proposal", key, attendee: ben, status: "open", updates: [changed("STATUS", "TENTATIVE", "CONFIRMED")] }],
    "Ben proposes status: confirmed instead of tentative.",
    "Ben schlägt vor: Status: bestätigt statt vorläufig.",
    "Ben propose\u00a0: état\u00a0: confirmé au lieu de provisoire.",
    "Ben propone: estado: confirmado en lugar de provisional.",
    "Benの提案：状態：確定（現在：仮）。",
    "اقتراح \u2068Ben\u2069: الحالة: مؤكد بدلًا من مبدئي.",
  ],
];

describe.each(table.map(([name, changes, ...sentences]) => ({ name, changes, sentences })))(
  "$name",
  ({ changes, sentences }) => {
    test.each(tongues.map((language, index) => ({ language, sentence: sentences[index] })))(
      "$language.code",
      ({ language, sentence }) => expect(summarizeChanges(changes, { ...viewer, language })).toBe(sentence),
    );
  },
);

test.each([
  ["en", "It says it is from ann@example.test, but this could not be proven. Apply it?"],
  ["de", "Angeblich kommt es von ann@example.test, doch das ließ sich nicht belegen. Übernehmen?"],
  ["ar", "يُذكر أن هذه الرسالة من \u2068ann@example.test\u2069، لكن تعذر إثبات ذلك. هل تطبقها؟"],
])("a question in %s", (code, sentence) => {
  expect(describeQuestion({ kind: "unverified-sender", from: ann, suspicious: false }, languageOf(code))).toBe(
    sentence,
  );
});

test("a real outcome is said, and so is why there is none", () => {
  const before = message({ method: "REQUEST", attendees: [`:mailto:${ben}`] }).object;
  const first = schedule(unknownState, before, contextOf(ann));
  if (first.kind !== "applied" || !first.messages[0]) throw new Error(describeOutcome(first));
  const after = message({ method: "REQUEST", summary: "Other", attendees: [`:mailto:${clara}`] }).object;
  const second = schedule(first.state, after, contextOf(ann));
  expect(second.kind === "applied" && describeChanges(second.changes, { ...viewer, language: german })).toEqual([
    expect.stringMatching(/^Titel: Other \(bisher: .+\)\.$/),
    "clara@partner.test wurde hinzugefügt.",
    "Ben wurde von der Gästeliste genommen.",
  ]);
  const [request] = first.messages;
  const copy = receive(unknownState, request, evidenceOf(ann), contextOf(ben));
  const again = copy.kind === "applied" ? receive(copy.state, request, evidenceOf(ann), contextOf(ben)) : copy;
  expect(describeOutcome(again, german)).toBe("Diese Fassung ist schon bekannt.");
});

describe("every language", () => {
  const english = { ...viewer };
  test.each(foreign.map((language) => [language.code, language] as const))(
    "%s says all of it, in its own words",
    (_, language) => {
      const said = [
        ...allChanges.map((change) => [
          describeChanges([change], english),
          describeChanges([change], { ...viewer, language }),
        ]),
        ...allOutcomes.map((outcome) => [describeOutcome(outcome), describeOutcome(outcome, language)]),
        ...allQuestions.map((question) => [describeQuestion(question), describeQuestion(question, language)]),
      ];
      for (const [inEnglish, inForeign] of said) {
        expect(String(inForeign)).not.toBe(String(inEnglish));
        expect(String(inForeign)).toMatch(/^.{5,}$/u);
        expect(String(inForeign)).not.toMatch(/undefined|null|NaN|[{}=]|\[object|\.\.|。。| {2}|: *\.|：。/);
      }
    },
  );

  test("says different things differently", () => {
    for (const language of tongues) {
      const changes = allChanges.map((change) => describeChanges([change], { ...viewer, language })[0]);
      const outcomes = allOutcomes.map((outcome) => describeOutcome(outcome, language));
      expect(new Set(changes).size, language.code).toBe(changes.length);
      expect(new Set(outcomes).size, language.code).toBe(outcomes.length);
    }
  });

  test("says rules as `ruleInWords` does", () => {
    const { rule } = parseRule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=5");
    for (const language of tongues) {
      const [sentence] = describeChanges([changed("RRULE", undefined, "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5")], {
        ...viewer,
        language,
      });
      expect(rule && sentence).toContain(rule && ruleInWords(rule, { language: language.code, zone: utc }));
    }
  });

  test.each([
    ["de", "de"],
    ["de-AT", "de"],
    ["FR_ca", "fr"],
    ["es-419", "es"],
    ["ja-JP-u-ca-japanese", "ja"],
    ["ar-EG", "ar"],
    ["xx", "en"],
    ["den", "en"],
    ["constructor", "en"],
    ["", "en"],
    ["\u0130", "en"],
  ])("of %j is %s", (locale, code) => expect(languageOf(locale).code).toBe(code));
});

describe("what others wrote", () => {
  const hostile = "\u202egnp\u202c \u2069\u2066a\r\nb\u2028c\u0000d\u0085e";
  test("keeps to its place: no line ends, no controls, nothing that turns the direction", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."ab\n\r\u0000\u0085\u2028\u202a\u202e\u2066\u2067\u2068\u2069\u05d0 .{}") }),
    );
    const law = fc.property(text, text, fc.constantFrom(...tongues), (name, comment, language) => {
      const changes: readonly Change[] = [
        { kind: "participation", key, attendee: ben, old: "NEEDS-ACTION", new: "DECLINED", comment, outdated: true },
        changed("LOCATION", name, comment),
        changed("STATUS", name, comment),
        changed("RRULE", name, comment),
        changed("DTSTART", name, comment),
        changed("EXDATE", name, comment),
      ];
      const some = { ...viewer, language, names: new Map([[ben, name]]) };
      for (const sentence of [...describeChanges(changes, some), summarizeChanges(changes, some)]) {
        expect(sentence).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066\u2067]/u);
        // Every mark of a foreign text that opens closes, and none stands within another.
        expect(sentence.replace(/\u2068[^\u2068\u2069]*\u2069/g, "")).not.toMatch(/[\u2068\u2069]/);
      }
    });
    fc.assert(law, { numRuns: 500 });
  });

  test.each([
    ["en", "Ben", "Ben was added."],
    ["en", "בן", "\u2068בן\u2069 was added."],
    ["en", "Ben \u200f", "\u2068Ben \u200f\u2069 was added."],
    ["en", hostile, "gnp a b c d e was added."],
    ["en", "{name}", "{name} was added."],
    ["de", "ليلى", "\u2068ليلى\u2069 wurde hinzugefügt."],
    ["ja", "Ben", "Benが追加されました。"],
    ["ar", "ليلى", "تمت إضافة \u2068ليلى\u2069."],
    ["ar", hostile, "تمت إضافة \u2068gnp a b c d e\u2069."],
  ])("in %s, the name %j", (code, name, sentence) => {
    const some = { ...viewer, language: languageOf(code), names: new Map([[ben, name]]) };
    expect(describeChanges([{ kind: "attendee-added", key, attendee: ben }], some)).toEqual([sentence]);
  });

  test("keeps its case at the beginning, and a full stop of its own", () => {
    expect(describeChanges([{ kind: "attendee-added", key, attendee: clara }], viewer)).toEqual([
      "clara@partner.test was added.",
    ]);
    expect(describeChanges([changed("SUMMARY", undefined, "Stop.")], viewer)).toEqual(["Title: Stop."]);
  });

  test("is bounded, however much it is", () => {
    const added = Array.from({ length: 500 }, (): Change => ({ kind: "attendee-added", key, attendee: ben }));
    const days = Array.from({ length: 500 }, () => "20270310").join(",");
    const long = "x".repeat(100_000);
    for (const language of tongues) {
      const some = { ...viewer, language, names: new Map([[ben, "B"]]) };
      expect(summarizeChanges(added, some).split("B")).toHaveLength(maxChangesNamed + 1);
      expect(describeChanges([changed("EXDATE", undefined, days)], some)[0]?.split("2027")).toHaveLength(
        maxDatesNamed + 1,
      );
      expect(describeChanges([changed("RRULE", long, `FREQ=DAILY;${long}`)], some)[0]?.length).toBeLessThan(500);
    }
    expect(summarizeChanges([], viewer)).toBe("");
  });
});

describe("times", () => {
  const when = (start: readonly [string, string], end: readonly [string, string], some = viewer) =>
    describeChanges([changed("DTSTART", ...start), changed("DTEND", ...end)], some)[0];

  test.each([
    [
      "UTC, over the beginning of summer time",
      ["20270327T090000Z", "20270328T090000Z"],
      ["20270327T100000Z", "20270328T100000Z"],
      "Moved from Saturday, 27 March 2027, 10:00–11:00 to Sunday, 28 March 2027, 11:00–12:00 (Europe/Berlin).",
    ],
    [
      "one zone, over it",
      ["TZID=Europe/Berlin:20270327T090000", "TZID=Europe/Berlin:20270328T090000"],
      ["TZID=Europe/Berlin:20270327T100000", "TZID=Europe/Berlin:20270328T100000"],
      "Moved from Saturday, 27 March 2027, 09:00–10:00 to Sunday, 28 March 2027, 09:00–10:00 (Europe/Berlin).",
    ],
    [
      "another zone, whose summer time begins earlier",
      ["TZID=America/New_York:20270313T090000", "TZID=America/New_York:20270315T090000"],
      ["TZID=America/New_York:20270313T100000", "TZID=America/New_York:20270315T100000"],
      "Moved from Saturday, 13 March 2027, 15:00–16:00 to Monday, 15 March 2027, 14:00–15:00 (Europe/Berlin).",
    ],
    [
      "an hour in which the clocks are put back",
      ["20271031T000000Z", "20271031T003000Z"],
      ["20271031T010000Z", "20271031T013000Z"],
      "Moved from Sunday, 31 October 2027, 02:00–02:00 to Sunday, 31 October 2027, 02:30–02:30 (Europe/Berlin).",
    ],
    [
      "a zone nobody knows, as it is written",
      ["TZID=Nowhere:20270310T090000", "20270311T090000"],
      ["TZID=Nowhere:20270310T090000", "20270311T100000"],
      "Moved from Wednesday, 10 March 2027, 09:00 to Thursday, 11 March 2027, 09:00–10:00.",
    ],
    [
      "whole days, with the last one",
      ["20270310", "20270312"],
      ["20270311", "20270314"],
      "Moved from Wednesday, 10 March 2027 to Friday, 12 March 2027 – Saturday, 13 March 2027.",
    ],
    [
      "from a day to a time",
      ["20270310", "20270310T200000Z"],
      ["20270311", "20270311T000000Z"],
      "Moved from Wednesday, 10 March 2027 to Wednesday, 10 March 2027, 21:00 – Thursday, 11 March 2027, 01:00 (Europe/Berlin).",
    ],
    ["that cannot be read, as they are written", ["x", "y"], ["v", "w"], "Start: y (it was x)."],
  ] as const)("of %s", (_, start, end, sentence) => expect(when(start, end)).toBe(sentence));

  test("are those of the viewer", () => {
    const there = { ...viewer, zone: fixedZone("There", -11 * 3_600), language: german };
    expect(when(["20270310T090000Z", "20270310T120000Z"], ["20270310T100000Z", "20270310T130000Z"], there)).toBe(
      "Verschoben von Dienstag, 9. März 2027, 22:00–23:00 Uhr auf Mittwoch, 10. März 2027, 01:00–02:00 Uhr (There).",
    );
  });

  test("of a to-do are one move too; those of two Instances are two", () => {
    const due: readonly Change[] = [
      changed("DTSTART", "20270310T090000Z", "20270311T090000Z"),
      changed("DUE", "20270310T100000Z", "20270311T100000Z"),
    ];
    const other = move.map((change) => ({ ...change, key: "20270310T090000Z" }));
    expect(describeChanges(due, viewer)).toHaveLength(1);
    expect(describeChanges([...move, ...other], viewer)).toHaveLength(2);
    expect(describeChanges([changed("DTEND", "20270311", "20270313")], viewer)).toEqual([
      "End: Friday, 12 March 2027 (it was Wednesday, 10 March 2027).",
    ]);
  });
});

describe("what is of one Instance", () => {
  const key = "20270310T090000Z";
  const added: Change = { kind: "attendee-added", key, attendee: ann };
  test.each([
    ["en", "Wednesday, 10 March 2027, 09:00: ann@example.test was added."],
    ["fr", /^Mercredi 10 mars 2027.*\u00a0: ann@example\.test/],
    ["ja", /^2027年3月10日.*：.*ann@example\.test/],
  ] as const)("begins with its time: %s", (code, sentence) => {
    const [said] = describeChanges([added], { ...viewer, zone: utc, language: languageOf(code) });
    if (typeof sentence === "string") expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  test("of whole days begins with the day, of the whole with nothing", () => {
    const said = [
      { ...added, key: "20270310" },
      { ...added, key: "" },
    ].map((change) => describeChanges([change], viewer));
    expect(said).toEqual([["Wednesday, 10 March 2027: ann@example.test was added."], ["ann@example.test was added."]]);
  });

  test("a move says by itself of what it is", () => {
    const other = move.map((change) => ({ ...change, key }));
    expect(describeChanges(other, viewer)).toEqual(describeChanges(move, viewer));
  });
});
