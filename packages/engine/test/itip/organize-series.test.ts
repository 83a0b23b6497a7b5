import { componentAt, currentAnswer, type InstanceKey, masterKey } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { begin, instance, on, type Part, put, reply, series, weekly } from "./organize-helpers.ts";
import { ben, clara } from "./world.ts";

const all = [ben, clara];
const whole: Part = { lines: weekly(), guests: all };

/** A change of a series: what it was, what it is, what leaves. */
type Row = readonly [what: string, before: readonly Part[], after: readonly Part[], leaves: readonly string[]];

const rows: readonly Row[] = [
  [
    "one Instance moved: its guests get that Instance, with a higher SEQUENCE",
    [whole],
    [whole, { lines: instance("0317", "11"), guests: all }],
    [`REQUEST to ben,clara: ${on("0317")}/1`],
  ],
  [
    "one Instance with another title: a new DTSTAMP, the same SEQUENCE",
    [whole],
    [whole, { lines: instance("0317", "09", "SUMMARY:Other"), guests: all }],
    [`REQUEST to ben,clara: ${on("0317")}/0`],
  ],
  [
    "the series changed: all of it, Instances that did not change with the SEQUENCE they had",
    [whole, { lines: instance("0317", "11"), guests: all }],
    [
      { lines: weekly("LOCATION:Room 5"), guests: all },
      { lines: instance("0317", "11"), guests: all },
    ],
    [`REQUEST to ben,clara: series/0, ${on("0317")}/0`],
  ],
  [
    "ITIP-2.1.4-01 the series moved: only it rises",
    [whole, { lines: instance("0317", "11"), guests: all }],
    [
      { lines: ["DTSTART:20270310T090000Z", "DTEND:20270310T113000Z", "RRULE:FREQ=WEEKLY;COUNT=6"], guests: all },
      { lines: instance("0317", "11"), guests: all },
    ],
    [`REQUEST to ben,clara: series/1, ${on("0317")}/0`],
  ],
  [
    "a guest fewer on one Instance: a CANCEL of just that, without STATUS; nobody else is told",
    [whole],
    [whole, { lines: instance("0317"), guests: [ben] }],
    [`CANCEL to clara: ${on("0317")}/1`],
  ],
  [
    "a guest fewer on one Instance, which moves",
    [whole],
    [whole, { lines: instance("0317", "11"), guests: [ben] }],
    [`CANCEL to clara: ${on("0317")}/1`, `REQUEST to ben: ${on("0317")}/1`],
  ],
  [
    "a guest for one Instance only: they get that Instance and nothing of the series",
    [{ lines: weekly(), guests: [ben] }],
    [
      { lines: weekly(), guests: [ben] },
      { lines: instance("0317"), guests: all },
    ],
    [`REQUEST to clara: ${on("0317")}/0`],
  ],
  [
    "a new guest of the series who is not on one Instance: EXDATE, and never that Instance",
    [
      { lines: weekly(), guests: [ben] },
      { lines: instance("0317", "11"), guests: [ben] },
    ],
    [whole, { lines: instance("0317", "11"), guests: [ben] }],
    [`REQUEST to clara: series -${on("0317")}/0`],
  ],
  [
    "the series changed for a guest who is not on one Instance",
    [whole, { lines: instance("0317", "11"), guests: [ben] }],
    [
      { lines: weekly("LOCATION:Room 5"), guests: all },
      { lines: instance("0317", "11"), guests: [ben] },
    ],
    [`REQUEST to ben: series/0, ${on("0317")}/0`, `REQUEST to clara: series -${on("0317")}/0`],
  ],
  [
    "ITIP-3.2.5-03 an Instance left out: a CANCEL of it, with STATUS:CANCELLED",
    [whole],
    [{ lines: weekly(`EXDATE:${on("0317")}`), guests: all }],
    [`CANCEL to ben,clara: ${on("0317")}!/1`],
  ],
  [
    "ITIP-3.2.5-05 two Instances left out",
    [whole],
    [{ lines: weekly(`EXDATE:${on("0317")},${on("0324")}`), guests: all }],
    [`CANCEL to ben,clara: ${on("0317")}!/1, ${on("0324")}!/1`],
  ],
  [
    "ITIP-3.2.2-04 an Instance with STATUS:CANCELLED",
    [whole, { lines: instance("0317", "11"), guests: [ben] }],
    [whole, { lines: instance("0317", "11", "STATUS:CANCELLED"), guests: [ben] }],
    [`CANCEL to ben: ${on("0317")}!/1`],
  ],
  [
    "what does not take place is not cancelled again",
    [whole, { lines: instance("0317", "09", "STATUS:CANCELLED"), guests: all }],
    [{ lines: weekly(`EXDATE:${on("0317")}`), guests: all }],
    [],
  ],
  [
    "an Instance is as the series says again: a REQUEST of it",
    [whole, { lines: instance("0317", "11"), guests: all }],
    [whole],
    [`REQUEST to ben,clara: ${on("0317")}/1`],
  ],
  [
    "an Instance is as the series says again, for one who was not on it: the series they have leaves it out",
    [whole, { lines: instance("0317"), guests: [ben] }],
    [whole],
    [`REQUEST to clara: series/0, ${on("0317")}/0`],
  ],
  [
    "an Instance takes place again: the series, and it by name",
    [{ lines: weekly(`EXDATE:${on("0317")}`), guests: all }],
    [whole],
    [`REQUEST to ben,clara: series/1, ${on("0317")}/1`],
  ],
  [
    "another rule: what it still has lives on, the rest goes, and who has nothing else is told",
    [
      whole,
      { lines: instance("0317", "11"), guests: [ben] },
      { lines: instance("0331", "11"), guests: ["eve@x.test"] },
    ],
    [
      { lines: ["DTSTART:20270310T090000Z", "DTEND:20270310T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3"], guests: all },
      { lines: instance("0317", "11"), guests: [ben] },
      { lines: instance("0331", "11"), guests: ["eve@x.test"] },
    ],
    [
      `CANCEL to eve: ${on("0331")}!/1`,
      `REQUEST to ben: series/1, ${on("0317")}/0`,
      `REQUEST to clara: series -${on("0317")}/1`,
    ],
  ],
  [
    "off the series, on one Instance still: all is taken back but that",
    [whole, { lines: instance("0317", "11"), guests: all }],
    [
      { lines: weekly(), guests: [ben] },
      { lines: instance("0317", "11"), guests: all },
    ],
    [`CANCEL to clara: series/1`, `REQUEST to clara: ${on("0317")}/0`],
  ],
  [
    "from one Instance to the whole series",
    [
      { lines: weekly(), guests: [ben] },
      { lines: instance("0317", "11"), guests: all },
    ],
    [whole, { lines: instance("0317", "11"), guests: all }],
    [`REQUEST to clara: series/0, ${on("0317")}/0`],
  ],
  [
    "ITIP-4.2.10-01 off the series and its Instances: one CANCEL of the whole",
    [whole, { lines: instance("0317", "11"), guests: all }],
    [
      { lines: weekly(), guests: [ben] },
      { lines: instance("0317", "11"), guests: [ben] },
    ],
    [`CANCEL to clara: series/1`],
  ],
  [
    "ITIP-3.2.5-02 all of it has STATUS:CANCELLED",
    [whole, { lines: instance("0317", "11"), guests: [ben, "eve@x.test"] }],
    [
      { lines: weekly("STATUS:CANCELLED"), guests: all },
      { lines: instance("0317", "11", "STATUS:CANCELLED"), guests: [ben, "eve@x.test"] },
    ],
    [`CANCEL to ben,clara: series!/1`, `CANCEL to eve: ${on("0317")}!/1`],
  ],
];

describe("decision 0014: what each guest of a series is told", () => {
  test.each(rows)("%s", (_, before, after, leaves) => {
    const organizing = begin(series(before));
    expect(put(organizing, series(after)).sort()).toEqual([...leaves].sort());
  });

  test.each(rows)("and then nothing more is to be told: %s", (_, before, after) => {
    const organizing = begin(series(before));
    put(organizing, series(after));
    const { object } = organizing.state;
    expect(() => put(organizing, object)).toThrow("nothing-changed");
  });
});

test("what concerns the Organizer alone is kept and told nobody, with the revision it has", () => {
  const organizing = begin(series([whole]));
  const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "END:VALARM"];
  expect(put(organizing, series([{ lines: weekly("TRANSP:TRANSPARENT", ...alarm), guests: all }]))).toEqual([]);
  const master = organizing.state.object?.master;
  expect(master?.component.components.map(({ name }) => name)).toEqual(["VALARM"]);
  expect(master?.revision).toEqual({ sequence: 0, dtstamp: organizing.now - 60 });
});

test("another ORGANIZER in the text of the owner's program counts for nothing", () => {
  const organizing = begin(series([whole]));
  const people = ["ORGANIZER:mailto:mallory@elsewhere.test", ...all.map((guest) => `ATTENDEE:mailto:${guest}`)];
  put(organizing, series([{ lines: weekly("LOCATION:Room 5", ...people) }]));
  expect(organizing.state.object?.master?.organizer?.address).toBe("ann@example.test");
});

describe("answers of a series", () => {
  function answers(organizing: ReturnType<typeof begin>, key: InstanceKey) {
    const { object } = organizing.state;
    const component = object && componentAt(object, key);
    if (!component) throw new Error(`no ${key}`);
    return all.map((guest) => currentAnswer(organizing.state, component, guest).partstat);
  }

  const moved: Part = { lines: instance("0317", "11"), guests: all };

  test("a moved Instance voids answers to that Instance alone", () => {
    const organizing = begin(series([whole]));
    reply(organizing, ben, "ACCEPTED", "SEQUENCE:0");
    put(organizing, series([whole, moved]));
    expect(answers(organizing, masterKey)).toEqual(["ACCEPTED", "NEEDS-ACTION"]);
    expect(answers(organizing, on("0317"))).toEqual(["NEEDS-ACTION", "NEEDS-ACTION"]);
  });

  test("an Instance with another title keeps the answers to the series", () => {
    const organizing = begin(series([whole]));
    reply(organizing, ben, "ACCEPTED", "SEQUENCE:0");
    put(organizing, series([whole, { lines: instance("0317", "09", "SUMMARY:Other"), guests: all }]));
    expect(answers(organizing, on("0317"))).toEqual(["ACCEPTED", "NEEDS-ACTION"]);
  });

  test("answers to an Instance survive a change of the series, those to the series do not", () => {
    const organizing = begin(series([whole, moved]));
    reply(organizing, ben, "TENTATIVE", "SEQUENCE:0", `RECURRENCE-ID:${on("0317")}`);
    reply(organizing, ben, "ACCEPTED", "SEQUENCE:0");
    const longer = ["DTSTART:20270310T090000Z", "DTEND:20270310T103000Z", "RRULE:FREQ=WEEKLY;COUNT=6"];
    put(organizing, series([{ lines: longer, guests: all }, moved]));
    expect(answers(organizing, masterKey)).toEqual(["NEEDS-ACTION", "NEEDS-ACTION"]);
    expect(answers(organizing, on("0317"))).toEqual(["TENTATIVE", "NEEDS-ACTION"]);
  });

  test("who was taken off one Instance and comes back has not answered it, and the series still", () => {
    const organizing = begin(series([whole, moved]));
    reply(organizing, clara, "ACCEPTED", "SEQUENCE:0", `RECURRENCE-ID:${on("0317")}`);
    reply(organizing, clara, "TENTATIVE", "SEQUENCE:0");
    put(organizing, series([whole, { lines: instance("0317", "11"), guests: [ben] }]));
    put(organizing, series([whole, moved]));
    expect(answers(organizing, on("0317"))).toEqual(["NEEDS-ACTION", "NEEDS-ACTION"]);
    expect(answers(organizing, masterKey)).toEqual(["NEEDS-ACTION", "TENTATIVE"]);
  });
});

describe("a series in another zone is another time only where an Instance moves; decision 0006", () => {
  const at = (start: string, rule: string): Part => ({
    lines: [`DTSTART${start}`, "DURATION:PT1H", `RRULE:${rule}`],
    guests: all,
  });
  const zone = (name: string, from: string, to: string): string[] => [
    "BEGIN:VTIMEZONE",
    `TZID:${name}`,
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    `TZOFFSETFROM:${to}`,
    `TZOFFSETTO:${from}`,
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:19970330T020000",
    `TZOFFSETFROM:${from}`,
    `TZOFFSETTO:${to}`,
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
  ];
  const zones = [...zone("Europe/Berlin", "+0100", "+0200"), ...zone("Europe/Paris", "+0100", "+0200")];
  const berlin = ";TZID=Europe/Berlin:20270310T100000";
  test.each([
    ["Paris, for ever", berlin, ";TZID=Europe/Paris:20270310T100000", "FREQ=WEEKLY", "/0"],
    ["UTC, before the clocks change", berlin, ":20270310T090000Z", "FREQ=WEEKLY;COUNT=3", "/0"],
    ["UTC, after the clocks change", berlin, ":20270310T090000Z", "FREQ=WEEKLY;COUNT=4", "/1"],
    ["UTC, for ever", berlin, ":20270310T090000Z", "FREQ=WEEKLY", "/1"],
  ])("%s", (_, from, to, rule, sequence) => {
    const organizing = begin(series([at(from, rule)], zones));
    expect(put(organizing, series([at(to, rule)], zones))).toEqual([`REQUEST to ben,clara: series${sequence}`]);
  });
});

test("a THISANDFUTURE component speaks for its guests alone", () => {
  const organizing = begin(series([whole]));
  const lines = instance("0324", "11").map((line) =>
    line.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE"),
  );
  expect(put(organizing, series([whole, { lines, guests: [ben] }]))).toEqual([
    `CANCEL to clara: ${on("0324")}+/1`,
    `REQUEST to ben: ${on("0324")}+/1`,
  ]);
  const eve = "eve@x.test";
  const later = series([
    { lines: weekly(), guests: [...all, eve] },
    { lines, guests: [ben] },
  ]);
  put(organizing, later);
  const text = organizing.state.sent;
  expect(text.stored.get(eve)?.instances).toEqual([masterKey]);
});
