import { describe, expect, test } from "vitest";
import { importObjects } from "../../src/scheduling/import-objects.ts";
import { moveObject } from "../../src/scheduling/move-object.ts";
import { putObject } from "../../src/scheduling/put-object.ts";
import { deleteObject, removeCalendar } from "../../src/scheduling/remove-object.ts";
import { renderObjects } from "../../src/scheduling/render-object.ts";
import type { DelegationScope, Principal } from "../../src/store/store.ts";
import { withStore } from "../store/bench.ts";
import { sqliteBench } from "../store/benches.ts";
import { calendarOf, eventLines, meeting, type TwoCalendars, twoCalendars } from "./calendar-world.ts";
import { storeOptions } from "./house.ts";

function inWorld(run: (world: TwoCalendars) => Promise<void>): () => Promise<void> {
  return withStore(
    () => sqliteBench(storeOptions),
    async (store) => run(await twoCalendars(store)),
  );
}

const self = (who: Principal) => ({ caller: who, owner: who });

describe("a PUT breaks a precondition of RFC 4791 §5.3.2.1", () => {
  const event = calendarOf(eventLines());
  const rows: (readonly [string, string, string])[] = [
    ["valid-calendar-data", "no calendar", "hello"],
    ["valid-calendar-data", "no end", event.replace("END:VCALENDAR\r\n", "")],
    ["valid-calendar-data", "no DTSTART", event.replace(/DTSTART.*\r\n/, "")],
    ["valid-calendar-object-resource", "a METHOD", event.replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST")],
    ["valid-calendar-object-resource", "two UIDs", calendarOf(eventLines(), ["UID:other", ...eventLines().slice(1)])],
    [
      "valid-calendar-object-resource",
      "two types",
      calendarOf(eventLines(), ["BEGIN:VTODO", "UID:one@example.test", "END:VTODO"]),
    ],
    ["valid-calendar-object-resource", "no UID", calendarOf(eventLines().slice(1))],
    ["valid-calendar-object-resource", "one Instance twice", calendarOf(eventLines(), eventLines())],
    [
      "supported-calendar-component",
      "a VFREEBUSY",
      calendarOf(["BEGIN:VFREEBUSY", "UID:f", "DTSTAMP:20270301T090000Z", "END:VFREEBUSY"]),
    ],
    ["supported-calendar-component", "nothing", calendarOf()],
    ["min-date-time", "long ago", event.replace("DTSTART:2027", "DTSTART:1627")],
    ["max-date-time", "far ahead", event.replace("DTSTART:2027", "DTSTART:2627").replace("DTEND:2027", "DTEND:2627")],
    ["max-instances", "endlessly often", calendarOf(eventLines("RRULE:FREQ=SECONDLY;COUNT=99999999"))],
    ["max-resource-size", "too long", calendarOf(eventLines(`DESCRIPTION:${"x".repeat(11_000_000)}`))],
    [
      "same-organizer-in-all-components",
      "CALSCHED-3.2.4.2-01: two Organizers",
      calendarOf(eventLines("ORGANIZER:mailto:ann@example.test"), [
        ...eventLines("ORGANIZER:mailto:ben@example.test", "RECURRENCE-ID:20270302T090000Z"),
      ]),
    ],
    [
      "valid-calendar-object-resource",
      "CALSCHED-3.2.2.2-01: two SCHEDULE-AGENTs for the Organizer",
      calendarOf(eventLines("ORGANIZER;SCHEDULE-AGENT=CLIENT:mailto:o@elsewhere.test"), [
        ...eventLines("ORGANIZER:mailto:o@elsewhere.test", "RECURRENCE-ID:20270302T090000Z"),
      ]),
    ],
  ];
  rows.push([
    "valid-calendar-object-resource",
    "CALSCHED-7.1-03: two SCHEDULE-AGENTs for one Attendee",
    calendarOf(
      eventLines("ORGANIZER:mailto:ann@example.test", "ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:ben@example.test"),
      [
        ...eventLines("ORGANIZER:mailto:ann@example.test", "RECURRENCE-ID:20270302T090000Z"),
        "ATTENDEE:mailto:ben@example.test",
      ],
    ),
  ]);
  for (const [name, title, text] of rows) {
    test(
      `${name}: ${title}`,
      inWorld(async ({ ann, put, names }) => {
        expect(await put(ann, "a.ics", text)).toMatchObject({ kind: "precondition", name });
        expect(await names(ann)).toEqual([]);
      }),
    );
  }

  test(
    "max-attendees-per-instance",
    inWorld(async ({ ann, put }) => {
      const guests = Array.from({ length: 10_001 }, (_, number) => `:mailto:g${number}@elsewhere.test`);
      expect(await put(ann, "a.ics", meeting(guests))).toMatchObject({ name: "max-attendees-per-instance" });
    }),
  );

  test(
    "a calendar takes only the components it is for",
    inWorld(async ({ ann, house, second }) => {
      const todo = calendarOf(["BEGIN:VTODO", "UID:t", "DTSTAMP:20270301T090000Z", "SUMMARY:Do", "END:VTODO"]);
      const at = { calendar: second.id, name: "t.ics" };
      expect(await putObject(house, self(ann), at, todo)).toMatchObject({ name: "supported-calendar-component" });
    }),
  );

  test(
    "CALSCHED-3.2.4.1-01, CALSCHED-3.2.4.1-02 and CALSCHED-3.2.1-03: a UID is there once, and where is told to its owner alone",
    inWorld(async ({ ann, ben, house, keep, put, first, second }) => {
      await keep(ann, "a.ics", calendarOf(eventLines()));
      const here = { calendar: first.id, slug: "calendar", name: "a.ics" };
      expect(await put(ann, "b.ics", calendarOf(eventLines()))).toMatchObject({
        name: "no-uid-conflict",
        conflict: here,
      });
      expect(await put(ann, "a.ics", calendarOf(["UID:other", ...eventLines().slice(1)]))).toMatchObject({
        name: "no-uid-conflict",
        conflict: here,
      });
      const there = { calendar: second.id, name: "b.ics" };
      await house.store.write(({ calendars }) => calendars.share(ann.id, second.id, ben.id, "write"));
      const byBen = () => putObject(house, { caller: ben, owner: ann }, there, calendarOf(eventLines()));
      expect(await byBen()).toMatchObject({ kind: "precondition", name: "no-uid-conflict" });
      expect(await byBen()).not.toHaveProperty("conflict");
      await keep(ann, "a.ics", meeting([":mailto:ben@example.test"]));
      expect(await byBen()).toMatchObject({ kind: "precondition", name: "unique-scheduling-object-resource" });
      expect(await byBen()).not.toHaveProperty("conflict");
    }),
  );

  test(
    "a name that is no segment of a URL is refused",
    inWorld(async ({ ann, put }) => {
      for (const name of ["", ".", "..", "a/b", "a\nb", "x".repeat(256)]) {
        expect(await put(ann, name, calendarOf(eventLines()))).toEqual({ kind: "name-refused" });
      }
    }),
  );
});

describe("conditions hold in the transaction that writes", () => {
  const text = calendarOf(eventLines());
  test(
    "If-Match and If-None-Match",
    inWorld(async ({ ann, put, keep, remove }) => {
      const failed = { kind: "condition-failed" };
      expect(await put(ann, "a.ics", text, { ifMatch: "*" })).toEqual(failed);
      expect(await remove(ann, "a.ics", { conditions: { ifMatch: ["1"] } })).toEqual(failed);
      const { etag } = await keep(ann, "a.ics", text, { ifNoneMatch: "*" });
      expect(await put(ann, "a.ics", text, { ifNoneMatch: "*" })).toEqual(failed);
      expect(await put(ann, "a.ics", text, { ifNoneMatch: [etag] })).toEqual(failed);
      expect(await put(ann, "a.ics", text, { ifMatch: ["other"] })).toEqual(failed);
      await keep(ann, "a.ics", text, { ifMatch: ["other", etag] });
      expect(await remove(ann, "a.ics", { conditions: { ifMatch: [etag] } })).toEqual(failed);
    }),
  );
});

describe("who may write", () => {
  const scopes: readonly (DelegationScope | "share read" | "share write" | undefined)[] = [
    undefined,
    "freebusy",
    "read",
    "respond",
    "organize",
    "share read",
    "share write",
  ];
  const may: Readonly<Record<string, readonly [create: string, answer: string, remove: string]>> = {
    undefined: ["not-found", "not-found", "not-found"],
    freebusy: ["not-found", "not-found", "not-found"],
    read: ["not-allowed", "not-allowed", "not-allowed"],
    respond: ["not-allowed", "done", "not-allowed"],
    organize: ["done", "done", "done"],
    "share read": ["not-allowed", "not-allowed", "not-allowed"],
    "share write": ["done", "done", "done"],
  };
  for (const scope of scopes) {
    test(
      `CALSCHED-6.2-02 and CALSCHED-11.2-02: ${scope ?? "nobody"}`,
      inWorld(async ({ ann, ben, carl, house, first, keep, deliver, names }) => {
        await keep(
          ben,
          "m.ics",
          meeting([":mailto:ann@example.test"]).replace("ORGANIZER:mailto:ann", "ORGANIZER:mailto:ben"),
        );
        await deliver();
        const [copy = ""] = await names(ann);
        await house.store.write(async ({ calendars, principals }) => {
          if (scope === "share read") await calendars.share(ann.id, first.id, carl.id, "read");
          else if (scope === "share write") await calendars.share(ann.id, first.id, carl.id, "write");
          else await principals.delegate(ann.id, carl.id, scope);
        });
        const actor = { caller: carl, owner: ann };
        const lines = meeting([";PARTSTAT=ACCEPTED:mailto:ann@example.test"]).replace(
          "ORGANIZER:mailto:ann",
          "ORGANIZER:mailto:ben",
        );
        const other = calendarOf(["UID:two", ...eventLines().slice(1)]);
        const kinds = [
          await putObject(house, actor, { calendar: first.id, name: "new.ics" }, other),
          await putObject(house, actor, { calendar: first.id, name: copy }, lines),
          await deleteObject(house, actor, { calendar: first.id, name: copy }),
        ].map(({ kind }) => kind);
        expect(kinds).toEqual(may[String(scope)]);
        const sent = await deliver();
        const answers = sent.filter((one) => one === "REPLY ben@example.test");
        expect(answers).toHaveLength(kinds.slice(1).filter((kind) => kind === "done").length);
      }),
    );
  }

  test(
    "who may only answer does no more by saying that a program looks after it, nor where the owner has no part",
    inWorld(async ({ ann, ben, carl, house, first, keep, deliver, names, get }) => {
      await keep(
        ben,
        "m.ics",
        meeting([":mailto:ann@example.test"]).replace("ORGANIZER:mailto:ann", "ORGANIZER:mailto:ben"),
      );
      await deliver();
      const [copy = ""] = await names(ann);
      const others = ["ORGANIZER:mailto:o@elsewhere.test", "ATTENDEE:mailto:x@elsewhere.test"];
      const plain = calendarOf(["UID:two", ...eventLines(...others).slice(1)]);
      await keep(ann, "two.ics", plain);
      await house.store.write(({ principals }) => principals.delegate(ann.id, carl.id, "respond"));
      const actor = { caller: carl, owner: ann };
      const agent = ((await get(ann, copy)) ?? "").replace(/ORGANIZER[^:\n]*:/, "ORGANIZER;SCHEDULE-AGENT=CLIENT:");
      const put = (name: string, text: string) => putObject(house, actor, { calendar: first.id, name }, text);
      expect(await put(copy, agent.replace("Planning", "Party").replaceAll("\n", "\r\n"))).toEqual({
        kind: "not-allowed",
      });
      expect(await put("two.ics", plain.replace("Planning", "Party"))).toEqual({ kind: "not-allowed" });
    }),
  );

  test(
    "CALSCHED-11.2-04 and CALSCHED-11.2-05: nobody makes somebody else's meeting their own",
    inWorld(async ({ ann, ben, keep, deliver, names, get }) => {
      await keep(ann, "a.ics", meeting([":mailto:ben@example.test", ":mailto:eva@elsewhere.test"]));
      await deliver();
      const [copy = ""] = await names(ben);
      const text = (await get(ben, copy)) ?? "";
      for (const organizer of [
        "ORGANIZER;SCHEDULE-AGENT=CLIENT:mailto:ben@example.test",
        "ORGANIZER:mailto:ben@example.test",
      ]) {
        const own = text.replace(/ORGANIZER[^\n]*/, organizer).replace("Planning", "Party");
        await keep(ben, copy, own.replaceAll("\n", "\r\n"));
        expect(await get(ben, copy)).toBe(text);
        expect(await deliver()).toEqual([]);
      }
    }),
  );

  test(
    "what is private is shown to others without its content, and not changed by them",
    inWorld(async ({ ann, ben, house, first, keep }) => {
      const { object, name } = await keep(ann, "a.ics", calendarOf(eventLines("CLASS:PRIVATE", "LOCATION:Clinic")));
      await house.store.write(({ principals }) => principals.delegate(ann.id, ben.id, "organize"));
      const actor = { caller: ben, owner: ann };
      const texts = await house.store.read(async (transaction) =>
        renderObjects(house, transaction, actor, await transaction.objects.byIds(ann.id, [object])),
      );
      expect(texts.get(object)).toContain("DTSTART:20270302T090000Z");
      expect(texts.get(object)).not.toMatch(/Planning|Clinic/);
      const at = { calendar: first.id, name };
      expect(await putObject(house, actor, at, calendarOf(eventLines()))).toEqual({ kind: "not-allowed" });
      expect(await deleteObject(house, actor, at)).toEqual({ kind: "not-allowed" });
      expect(await moveObject(house, actor, at, { ...at, name: "b.ics" })).toEqual({ kind: "not-allowed" });
    }),
  );
});

describe("a move", () => {
  test(
    "CALSCHED-3.2.3.4-01, CALSCHED-3.2.10.2-01: sends nothing, and is a change of both calendars",
    inWorld(async ({ ann, house, first, second, keep, deliver, member }) => {
      await keep(ann, "a.ics", meeting([":mailto:ben@example.test"]));
      await deliver();
      const made = await member(ann, "a.ics");
      const [from, to] = [
        { calendar: first.id, name: "a.ics" },
        { calendar: second.id, name: "b.ics" },
      ];
      const tag = (ifScheduleTagMatch: string) => ({ conditions: { ifScheduleTagMatch } });
      expect(await moveObject(house, self(ann), from, to, tag("old"))).toEqual({ kind: "condition-failed" });
      const before = await house.store.read(({ calendars }) => calendars.byId(ann.id, first.id));
      const moved = await moveObject(house, self(ann), from, to, tag(made?.scheduleTag ?? ""));
      expect(moved).toMatchObject({ kind: "done", isNew: true, member: { name: "b.ics", object: made?.object } });
      expect(await deliver()).toEqual([]);
      const changes = await house.store.read(async ({ calendars }) => [
        await calendars.changesSince(first.id, before?.revision ?? 0, 10),
        await calendars.changesSince(second.id, 0, 10),
      ]);
      expect(changes).toMatchObject([
        { changed: [], removed: ["a.ics"] },
        { changed: [{ name: "b.ics" }], removed: [] },
      ]);
      await keep(ann, "c.ics", calendarOf(["UID:two", ...eventLines().slice(1)]));
      const over = { calendar: first.id, name: "c.ics" };
      expect(await moveObject(house, self(ann), over, to, { overwrite: false })).toEqual({ kind: "condition-failed" });
      expect(await moveObject(house, self(ann), over, to)).toMatchObject({ kind: "done", isNew: false });
      expect(await deliver()).toEqual(["CANCEL ben@example.test"]);
    }),
  );
});

describe("a calendar that is removed", () => {
  test(
    "CALSCHED-3.2.3.2-02 and CALSCHED-4.3-04: takes what is in it along, each as if it were removed alone; the default one stays",
    inWorld(async ({ ann, house, first, second, deliver }) => {
      for (let number = 0; number < 120; number++) {
        const text = number < 3 ? meeting([":mailto:ben@example.test"]) : calendarOf(eventLines());
        const at = { calendar: second.id, name: `${number}.ics` };
        expect(await putObject(house, self(ann), at, text.replace("UID:one", `UID:${number}`))).toMatchObject({
          kind: "done",
        });
      }
      await deliver();
      expect(await removeCalendar(house, self(ann), first.id)).toEqual({ kind: "not-allowed" });
      expect(await removeCalendar(house, self(ann), second.id)).toEqual({ kind: "done" });
      expect(await deliver()).toEqual(Array(3).fill("CANCEL ben@example.test"));
      expect(await house.store.read(({ calendars }) => calendars.byId(ann.id, second.id))).toBeUndefined();
      // What comes late is still known to be late.
      const late = await house.store.read(({ objects }) => objects.byUid(ann.id, "0@example.test"));
      expect(late?.state.revisions.stored.size).toBe(1);
    }),
  );
});

describe("an import", () => {
  test(
    "keeps each object as it is, mails nobody, and leaves out what is there already or cannot be kept",
    inWorld(async ({ ann, house, first, deliver, get, keep }) => {
      await keep(ann, "known.ics", calendarOf(["UID:known", ...eventLines().slice(1)]));
      const guests = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.test";
      const file = calendarOf(
        ["UID:known", ...eventLines().slice(1)],
        eventLines("ORGANIZER:mailto:ann@example.test", guests),
        ["UID:bad", "SUMMARY:no start"],
        ["BEGIN:VTODO", "UID:todo", "SUMMARY:Do", "END:VTODO"],
      );
      const result = await importObjects(house, self(ann), first.id, file);
      expect(result).toMatchObject({
        kind: "done",
        added: [
          { uid: "one@example.test", name: "one@example.test.ics" },
          { uid: "todo", component: "VTODO" },
        ],
        skipped: [{ uid: "bad" }, { uid: "known" }],
      });
      expect(await deliver()).toEqual([]);
      expect(await get(ann, "one@example.test.ics")).toContain(guests);
      // What its Organizer changes then is told to all.
      await keep(ann, "one@example.test.ics", meeting([":mailto:ben@example.test"], "LOCATION:There"));
      expect(await deliver()).toEqual(["REQUEST ben@example.test"]);
    }),
  );
});
