import { existsSync, globSync, readFileSync } from "node:fs";
import {
  type Component,
  firstProperty,
  formatCalendar,
  makeComponent,
  type Property,
  parseCalendar,
  withParameter,
} from "@parley/engine/icalendar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkStore } from "../../src/operation/check.ts";
import { addPerson } from "../../src/people.ts";
import { exportCalendar } from "../../src/scheduling/export-calendar.ts";
import type { House } from "../../src/scheduling/house.ts";
import { type ImportOptions, importObjects } from "../../src/scheduling/import-objects.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Calendar, Principal, Store } from "../../src/store/store.ts";
import { calendarOf, eventLines, unfold } from "./calendar-world.ts";
import { houseOver, storeOptions } from "./house.ts";

let store: Store;
let house: House;
let ann: Principal;
let calendar: Calendar;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  house = houseOver(store);
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "Europe/Berlin" });
  calendar = await newCalendar("files");
});
afterEach(() => store.close());

async function newCalendar(slug: string, more: object = {}): Promise<Calendar> {
  const made = await store.write(({ calendars }) => calendars.add(ann.id, { slug, name: slug, ...more }));
  if (typeof made === "string") throw new Error(made);
  return made;
}

function take(text: string, options?: ImportOptions, into = calendar) {
  return importObjects(house, { caller: ann, owner: ann }, into.id, text, options);
}

async function give(from = calendar): Promise<string> {
  const text = await store.read((transaction) => exportCalendar(house, transaction, { caller: ann, owner: ann }, from));
  if (text === undefined) throw new Error("it is too large");
  return text;
}

/** What of a file an import takes: each object by its UID, its components in an order of their own, with the zones they name. */
function objectsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const { calendar: file } = parseCalendar(text, house.limits);
  const objects = new Map<string, string[]>();
  for (const component of file?.components ?? []) {
    const uid = component.name === "VTIMEZONE" ? undefined : firstProperty(component, "UID")?.value.trim();
    if (uid) objects.set(uid, [...(objects.get(uid) ?? []), textOf(component)].sort());
  }
  return objects;
}

function textOf(component: Component): string {
  const properties = component.properties.map(withoutInward).sort(byText);
  return formatCalendar(makeComponent(component.name, properties, component.components));
}

/** What a client and its server say to each other is of no file: RFC 6638 §7.2 and §7.3. */
function withoutInward(property: Property): Property {
  return withParameter(withParameter(property, "SCHEDULE-STATUS", undefined), "SCHEDULE-FORCE-SEND", undefined);
}

function byText(a: Property, b: Property): number {
  return lineOf(a) < lineOf(b) ? -1 : 1;
}

function lineOf(property: Property): string {
  return JSON.stringify([property.name, property.value, property.parameters]);
}

const guests = [
  "ORGANIZER:mailto:ann@example.test",
  "SEQUENCE:7",
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:gus@elsewhere.test",
];

describe("a file that is imported", () => {
  test("is kept as it is, and nobody is told: SEQUENCE and answers stay, a METHOD counts for nothing", async () => {
    const text = calendarOf(eventLines(...guests), ["UID:two", "DTSTAMP:20270301T080000Z", "DTSTART:20270302T090000Z"]);
    const result = await take(text.replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST"));
    expect(result).toMatchObject({ kind: "done", added: [{}, {}], replaced: [], skipped: [] });
    expect(unfold(await give())).toMatch(/SEQUENCE:7\n[\s\S]*PARTSTAT=ACCEPTED/);
    const counts = await store.read(async ({ upkeep }) => [
      await upkeep.count("messages"),
      await upkeep.count("deliveries"),
    ]);
    expect(counts).toEqual([0, 0]);
    expect((await checkStore(house)).faults).toEqual([]);
  });

  test("leaves what is there, or takes its place where one asks for that", async () => {
    const changed = calendarOf(eventLines(...guests, "LOCATION:Attic"));
    await take(calendarOf(eventLines(...guests)));
    const skipped = [{ uid: "one@example.test", detail: "It is there already." }];
    expect(await take(changed)).toMatchObject({ kind: "done", added: [], replaced: [], skipped });
    expect(await take(changed, { duplicates: "replace" })).toMatchObject({ added: [], replaced: [{}], skipped: [] });
    expect(await give()).toContain("LOCATION:Attic");
    const other = await newCalendar("other");
    const elsewhere = [{ uid: "one@example.test", detail: "It is in another calendar already." }];
    expect(await take(changed, { duplicates: "replace" }, other)).toMatchObject({
      added: [],
      replaced: [],
      skipped: elsewhere,
    });
    const counts = await store.read(async ({ upkeep }) => [
      await upkeep.count("messages"),
      await upkeep.count("deliveries"),
    ]);
    expect(counts).toEqual([0, 0]);
  });

  test("is taken as far as it can be: of the rest it is said why", async () => {
    const tasks = await newCalendar("tasks", { components: ["VTODO"] });
    const todo = ["BEGIN:VTODO", "UID:todo", "DTSTAMP:20270301T080000Z", "SUMMARY:Do", "END:VTODO"];
    const odd = ["UID:odd", "DTSTAMP:20270301T080000Z", "SUMMARY:No start"];
    const result = await take(calendarOf(eventLines(), odd, todo), {}, tasks);
    expect(result).toMatchObject({ added: [{ uid: "todo" }] });
    expect(result).toMatchObject({
      skipped: [
        { uid: "odd", detail: "It has an event without a DTSTART that can be read." },
        { uid: "one@example.test", detail: "This calendar holds no VEVENT." },
      ],
    });
  });

  test.each([
    ["nothing", ""],
    ["no calendar", "<html></html>"],
    ["a calendar that is cut off", calendarOf(eventLines()).slice(0, -17)],
  ])("that is %s is refused", async (_name, text) => {
    expect(await take(text)).toMatchObject({ kind: "precondition", name: "valid-calendar-data" });
  });

  test("goes to nobody else's calendar", async () => {
    const ben = await addPerson(store, { name: "Ben", addresses: ["ben@example.test"], timezone: "UTC" });
    const actor = { caller: ben, owner: ann };
    expect(await importObjects(house, actor, calendar.id, calendarOf(eventLines()))).toEqual({ kind: "not-found" });
    await store.write(({ calendars }) => calendars.share(ann.id, calendar.id, ben.id, "read"));
    expect(await importObjects(house, actor, calendar.id, calendarOf(eventLines()))).toEqual({ kind: "not-allowed" });
  });
});

describe("a file that is exported", () => {
  const zone = (tzid: string, offset: string): readonly string[] => [
    ...["BEGIN:VTIMEZONE", `TZID:${tzid}`, "BEGIN:STANDARD", "DTSTART:19700101T000000"],
    ...[`TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`, "END:STANDARD", "END:VTIMEZONE"],
  ];
  const at = (uid: string, tzid: string): readonly string[] => [
    `UID:${uid}`,
    "DTSTAMP:20270301T080000Z",
    `DTSTART;TZID=${tzid}:20270302T090000`,
  ];

  test("has each zone once, and keeps two apart that have one name", async () => {
    await take(calendarOf(zone("Own", "+0100"), at("one", "Own"), at("two", "Own")));
    await take(calendarOf(zone("Own", "+0500"), at("three", "Own")));
    const text = unfold(await give());
    expect(text.match(/TZID:.*/g)?.sort()).toEqual(["TZID:Own", "TZID:Own 2"]);
    const starts = [...text.matchAll(/UID:(\w+)\n|DTSTART;TZID=(.*):2027/g)].map(([, uid, tzid]) => uid ?? tzid);
    expect(starts).toHaveLength(6);
    const again = await newCalendar("again");
    await store.write(({ sharing }) => sharing.removeCopies(ann.id, calendar.id, []));
    const spansOf = async (of: Calendar) =>
      new Map(
        (await store.read(({ calendars }) => calendars.members(of.id, 10))).map(({ uid, span }) => [uid, span.starts]),
      );
    const before = await spansOf(calendar);
    const ids = (await store.read(({ calendars }) => calendars.members(calendar.id, 10))).map(({ object }) => object);
    await store.write(({ sharing }) => sharing.removeCopies(ann.id, calendar.id, ids));
    expect(await take(text.replaceAll("\n", "\r\n"), {}, again)).toMatchObject({ added: [{}, {}, {}], skipped: [] });
    expect(await spansOf(again)).toEqual(before);
    expect(before.get("one")).toBe((before.get("three") ?? 0) + 4 * 3_600);
  });

  test("shows others what is confidential by its times alone, and nothing of what is private", async () => {
    const ben = await addPerson(store, { name: "Ben", addresses: ["ben@example.test"], timezone: "UTC" });
    const event = (uid: string, ...lines: readonly string[]) => [`UID:${uid}`, ...eventLines(...lines).slice(1)];
    await take(
      calendarOf(event("a", "CLASS:PRIVATE"), event("b", "CLASS:CONFIDENTIAL"), event("c", "CLASS:X-OURS"), event("d")),
    );
    const text = await store.read((transaction) =>
      exportCalendar(house, transaction, { caller: ben, owner: ann }, calendar),
    );
    expect(unfold(text ?? "").match(/^(UID|SUMMARY):.*/gm)).toEqual([
      "UID:b",
      "SUMMARY:Busy",
      "UID:d",
      "SUMMARY:Planning",
    ]);
    expect((await give()).match(/^SUMMARY:.*/gm)).toHaveLength(4);
  });
});

const corpus = "/work/shared/corpus";
const files = [...globSync("fixtures/**/*.ics"), ...(existsSync(corpus) ? globSync(`${corpus}/**/*.ics`) : [])].sort();

test("law: what is exported is what was imported, of every fixture", async () => {
  let objects = 0;
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const into = await newCalendar(`file-${objects}-${files.indexOf(file)}`);
    const result = await take(text, {}, into);
    if (result.kind !== "done") continue;
    const given = objectsIn(await give(into));
    const taken = objectsIn(text);
    for (const { uid } of result.added) {
      objects++;
      expect({ file, parts: given.get(uid) }).toEqual({ file, parts: taken.get(uid) });
    }
    expect(given.size).toBe(result.added.length);
    const ids = result.added.map(({ object }) => object);
    await store.write(({ sharing }) => sharing.removeCopies(ann.id, into.id, ids));
    await store.write(({ calendars }) => calendars.remove(ann.id, into.id));
  }
  expect(objects).toBeGreaterThan(20);
}, 120_000);
