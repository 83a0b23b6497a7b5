import { describe, expect, test } from "vitest";
import { withStore } from "../store/bench.ts";
import { sqliteBench } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines, meeting } from "./calendar-world.ts";
import { storeOptions } from "./house.ts";

const guests = [":mailto:ben@example.test", ":mailto:carl@example.test"];

interface Invited extends CalendarWorld {
  /** What Ben's copy is called, and its text as his program has it. */
  readonly name: string;
  readonly text: string;
  /** Ben's program writes his copy with some texts replaced; gives what that sends. */
  change(...replaced: readonly (readonly [string | RegExp, string])[]): Promise<readonly string[]>;
}

/** Ann has invited Ben and Carl. */
function invited(run: (world: Invited) => Promise<void>, text = meeting(guests)): () => Promise<void> {
  return withStore(
    () => sqliteBench(storeOptions),
    async (store) => {
      const world = await calendarWorld(store);
      await world.keep(world.ann, "a.ics", text);
      await world.deliver();
      const [name = ""] = await world.names(world.ben);
      const copy = (await world.get(world.ben, name)) ?? "";
      const change: Invited["change"] = async (...replaced) => {
        const written = replaced.reduce((whole, [from, to]) => whole.replace(from, to), copy);
        if (written === copy) throw new Error("nothing was replaced");
        await world.keep(world.ben, name, written.replaceAll("\n", "\r\n"));
        return world.deliver();
      };
      await run({ ...world, name, text: copy, change });
    },
  );
}

const own = /PARTSTAT=NEEDS-ACTION([^\n]*:mailto:ben@)/;
const reply = ["REPLY ann@example.test"];

describe("CALSCHED-3.2.2.1-01: what a guest may change is kept", () => {
  const rows: readonly (readonly [string, string | RegExp, string, readonly string[]])[] = [
    ["PARTSTAT", own, "PARTSTAT=ACCEPTED$1", reply],
    ["TRANSP", "END:VEVENT", "TRANSP:TRANSPARENT\nEND:VEVENT", []],
    ["an alarm", "END:VEVENT", "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT", []],
    ["CATEGORIES", "END:VEVENT", "CATEGORIES:Mine\nEND:VEVENT", []],
    ["X- properties", "END:VEVENT", "X-MOZ-LASTACK:20270301T000000Z\nEND:VEVENT", []],
  ];
  for (const [title, from, to, sent] of rows) {
    test(
      title,
      invited(async ({ change, get, ben, name }) => {
        expect(await change([from, to])).toEqual(sent);
        const added = typeof from === "string" ? to.replace(from, "").trim() : "PARTSTAT=ACCEPTED";
        expect(await get(ben, name)).toContain(added);
      }),
    );
  }

  const silent: readonly (readonly [string, string | RegExp, string])[] = [
    ["PRODID", /PRODID:[^\n]*/, "PRODID:other"],
    ["CALSCALE", "VERSION:2.0", "VERSION:2.0\nCALSCALE:GREGORIAN"],
    ["CREATED, DTSTAMP and LAST-MODIFIED", /DTSTAMP:[^\n]*/, "DTSTAMP:20270301T111111Z\nCREATED:20270301T111111Z"],
  ];
  for (const [title, from, to] of silent) {
    test(
      `${title} is taken, and means nothing`,
      invited(async ({ change, get, ben, name }) => {
        expect(await change([from, to])).toEqual([]);
        expect(await get(ben, name)).toContain("SUMMARY:Planning");
      }),
    );
  }
});

describe("what a guest may not change stays as it was, and is not refused", () => {
  const rows: readonly (readonly [string, string | RegExp, string])[] = [
    ["SUMMARY", "SUMMARY:Planning", "SUMMARY:Party"],
    ["DTSTART", "DTSTART:20270302T090000Z", "DTSTART:20270302T093000Z"],
    ["another's answer", /PARTSTAT=NEEDS-ACTION([^\n]*:mailto:carl@)/, "PARTSTAT=DECLINED$1"],
    ["the list", /ATTENDEE[^\n]*carl@example.test\n/, ""],
    ["the Organizer", "mailto:ann@", "mailto:eve@"],
  ];
  for (const [title, from, to] of rows) {
    test(
      title,
      invited(async ({ change, get, ben, name, text, ann }) => {
        const before = await get(ann, "a.ics");
        expect(await change([from, to])).toEqual([]);
        expect(await get(ben, name)).toBe(text);
        expect(await get(ann, "a.ics")).toBe(before);
      }),
    );
  }
});

describe("another time that a guest's program gives a meeting", () => {
  test(
    "is proposed to the organizer where the guest has chosen so, with their answer; their copy stays as it was",
    invited(async ({ change, get, ann, ben, name, house }) => {
      await house.store.write(({ preferences }) => preferences.set(ben.id, "edited-times", "propose"));
      const later = [/DTSTART:20270302T090000Z/, "DTSTART:20270302T093000Z"] as const;
      expect(await change(later, ["SUMMARY:Planning", "SUMMARY:Party"])).toEqual(["COUNTER ann@example.test"]);
      expect(await get(ben, name)).toContain("DTSTART:20270302T090000Z");
      const stored = await house.store.read(({ objects }) => objects.byUid(ann.id, "one@example.test"));
      expect([...(stored?.state.proposals.stored.values() ?? [])]).toMatchObject([
        { attendee: ben.address, status: "open" },
      ]);
      expect(await get(ann, "a.ics")).toMatch(/PARTSTAT=TENTATIVE[^\n]*ben@/);
      expect(await change(["SUMMARY:Planning", "SUMMARY:Party"])).toEqual([]);
    }),
  );
});

describe("a guest's answers", () => {
  const series = meeting(guests, "RRULE:FREQ=DAILY;COUNT=5");

  test(
    "CALSCHED-3.2.2.3-02: an Instance they leave out is declined, that one alone",
    invited(async ({ change, get, ann, mails }) => {
      expect(await change(["END:VEVENT", "EXDATE:20270303T090000Z\nEND:VEVENT"])).toEqual(reply);
      const shown = (await get(ann, "a.ics")) ?? "";
      expect(shown).toContain("RECURRENCE-ID:20270303T090000Z");
      expect(shown.match(/PARTSTAT=DECLINED[^\n]*ben@/g)).toHaveLength(1);
      expect(mails).toEqual([]);
    }, series),
  );

  test(
    "CALSCHED-3.2.2.3-01: a component they add for an Instance answers that",
    invited(async ({ change, get, ann }) => {
      const one = [
        "BEGIN:VEVENT",
        "UID:one@example.test",
        "DTSTAMP:20270301T090000Z",
        "RECURRENCE-ID:20270304T090000Z",
        "DTSTART:20270304T090000Z",
        "DTEND:20270304T100000Z",
        "ORGANIZER:mailto:ann@example.test",
        "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ben@example.test",
        "END:VEVENT",
        "END:VCALENDAR",
      ].join("\n");
      expect(await change(["END:VCALENDAR", one])).toEqual(reply);
      expect(await get(ann, "a.ics")).toMatch(
        /TENTATIVE[^\n]*ben@(?:(?!END:VEVENT)[^])*RECURRENCE-ID:20270304T090000Z/,
      );
    }, series),
  );

  test(
    "CALSCHED-4.2-02: shows in a component that the organizer's program may write back, with another change too: none is made of it",
    invited(async ({ change, get, ann, keep, deliver, house }) => {
      await change(["END:VEVENT", "EXDATE:20270303T090000Z\nEND:VEVENT"]);
      const shown = (await get(ann, "a.ics")) ?? "";
      await keep(ann, "a.ics", shown.replaceAll("\n", "\r\n"));
      expect(await deliver()).toEqual([]);
      await keep(ann, "a.ics", shown.replace("END:VEVENT", "LOCATION:There\nEND:VEVENT").replaceAll("\n", "\r\n"));
      expect(await deliver()).toEqual(["REQUEST ben@example.test", "REQUEST carl@example.test"]);
      const stored = await house.store.read(({ objects }) => objects.byUid(ann.id, "one@example.test"));
      expect(stored?.state.object?.overrides.size).toBe(0);
      expect((await get(ann, "a.ics"))?.match(/PARTSTAT=DECLINED[^\n]*ben@/g)).toHaveLength(1);
    }, series),
  );

  test(
    "CALSCHED-7.2-01: is sent again where SCHEDULE-FORCE-SEND asks for it, and not where there is none",
    invited(async ({ change, keep, deliver, get, ben, name, pass }) => {
      const forced = ["ORGANIZER:", "ORGANIZER;SCHEDULE-FORCE-SEND=REPLY:"] as const;
      expect(await change([/ORGANIZER[^:\n]*:/, "ORGANIZER;SCHEDULE-FORCE-SEND=REPLY:"])).toEqual([]);
      expect(await change([own, "PARTSTAT=ACCEPTED$1"])).toEqual(reply);
      pass(100);
      const text = (await get(ben, name)) ?? "";
      await keep(ben, name, text.replace(/ORGANIZER[^:\n]*:/, forced[1]).replaceAll("\n", "\r\n"));
      expect(await deliver()).toEqual(reply);
    }),
  );
});

describe("CALSCHED-3.2.2.4-01: a guest's DELETE", () => {
  const rows: readonly (readonly [string, boolean | undefined, readonly string[]])[] = [
    ["CALSCHED-8.1-01: declines where nobody says otherwise", undefined, reply],
    ["CALSCHED-8.1-01: declines with Schedule-Reply: T", true, reply],
    ["CALSCHED-8.1-02: sends nothing with Schedule-Reply: F", false, []],
  ];
  for (const [title, said, sent] of rows) {
    test(
      title,
      invited(async ({ remove, deliver, ben, name, names, get, ann }) => {
        const options = said === undefined ? {} : { reply: said };
        expect(await remove(ben, name, options)).toEqual({ kind: "done" });
        expect(await deliver()).toEqual(sent);
        expect(await names(ben)).toEqual([]);
        expect(/PARTSTAT=DECLINED[^\n]*ben@/.test((await get(ann, "a.ics")) ?? "")).toBe(sent.length > 0);
      }),
    );
  }

  test(
    "CALSCHED-3.2.2.3-04: sends nothing where their program answers by itself",
    invited(async ({ change, remove, deliver, ben, name }) => {
      const agent = [/ORGANIZER[^:\n]*:/, "ORGANIZER;SCHEDULE-AGENT=CLIENT:"] as const;
      expect(await change(agent, [own, "PARTSTAT=ACCEPTED$1"])).toEqual([]);
      expect(await remove(ben, name)).toEqual({ kind: "done" });
      expect(await deliver()).toEqual([]);
    }),
  );
});

describe("CALSCHED-3.2.2.2-02: an invitation that a program puts there by itself", () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ["is answered as any other", "", ["REPLY org@elsewhere.test"]],
    ["is left to the program with SCHEDULE-AGENT=CLIENT", ";SCHEDULE-AGENT=CLIENT", []],
    ["is left alone with SCHEDULE-AGENT=NONE", ";SCHEDULE-AGENT=NONE", []],
  ];
  for (const [title, agent, sent] of rows) {
    test(
      title,
      withStore(
        () => sqliteBench(storeOptions),
        async (store) => {
          const { keep, get, ben, deliver } = await calendarWorld(store);
          const lines = (partstat: string) =>
            eventLines(
              `ORGANIZER${agent}:mailto:org@elsewhere.test`,
              `ATTENDEE;PARTSTAT=${partstat}:mailto:ben@example.test`,
            );
          await keep(ben, "x.ics", calendarOf(lines("ACCEPTED")));
          expect(await deliver()).toEqual(sent);
          expect(await get(ben, "x.ics")).toMatch(/PARTSTAT=ACCEPTED[^\n]*ben@/);
          await keep(ben, "x.ics", calendarOf(lines("DECLINED")));
          expect(await deliver()).toEqual(sent);
          expect(await get(ben, "x.ics")).toMatch(/PARTSTAT=DECLINED[^\n]*ben@/);
        },
      ),
    );
  }

  test(
    "CALSCHED-3.1-02: is a plain object of who has no part in it: they change it as they like, and nobody is told",
    withStore(
      () => sqliteBench(storeOptions),
      async (store) => {
        const { keep, get, ben, deliver, remove } = await calendarWorld(store);
        const others = ["ORGANIZER:mailto:org@elsewhere.test", "ATTENDEE:mailto:other@elsewhere.test"];
        await keep(ben, "x.ics", calendarOf(eventLines(...others)));
        await keep(ben, "x.ics", calendarOf(eventLines(...others)).replace("Planning", "Mine"));
        expect(await get(ben, "x.ics")).toContain("SUMMARY:Mine");
        await remove(ben, "x.ics");
        expect(await deliver()).toEqual([]);
      },
    ),
  );
});

describe("Schedule-Tag of a guest's copy", () => {
  test(
    "CALSCHED-3.2.10-07, CALSCHED-3.2.10-08 and CALSCHED-3.2.10-09: changes with the meeting and with what its owner writes, not with answers of others",
    invited(async ({ member, ben, name, change, keep, ann, carl, names, get, deliver, house }) => {
      const tag = async () => (await member(ben, name))?.scheduleTag;
      const first = await tag();
      expect(first).toBeDefined();
      const [copy = ""] = await names(carl);
      const text = (await get(carl, copy)) ?? "";
      await keep(
        carl,
        copy,
        text.replace(/PARTSTAT=NEEDS-ACTION([^\n]*carl@)/, "PARTSTAT=ACCEPTED$1").replaceAll("\n", "\r\n"),
      );
      await deliver();
      await house.store.write(({ refreshes }) => refreshes.touch("one@example.test", [ben.id]));
      expect(await get(ben, name)).toMatch(/PARTSTAT=ACCEPTED[^\n]*carl@/);
      expect(await tag()).toBe(first);
      await keep(ann, "a.ics", meeting(guests, "LOCATION:There"));
      await deliver();
      const second = await tag();
      expect(second).not.toBe(first);
      await change([own, "PARTSTAT=ACCEPTED$1"]);
      expect(await tag()).not.toBe(second);
    }),
  );
});

describe("a guest's inbox", () => {
  test(
    "CALSCHED-2.2-02, CALSCHED-2.2-04 and CALSCHED-4-02: has each message that was processed, until it is removed",
    invited(async ({ keep, deliver, ann, ben, house }) => {
      await keep(ann, "a.ics", meeting(guests, "LOCATION:There"));
      await deliver();
      const read = () => house.store.read(({ inbox }) => inbox.list(ben.id));
      const items = await read();
      expect(items.map(({ method, uid }) => `${method} ${uid}`)).toEqual([
        "REQUEST one@example.test",
        "REQUEST one@example.test",
      ]);
      const names = items.map(({ name }) => name);
      const full = await house.store.read(({ inbox }) => inbox.byNames(ben.id, names));
      expect(full.every(({ text }) => text.includes("METHOD:REQUEST"))).toBe(true);
      expect(await house.store.read(({ inbox }) => inbox.byNames(ann.id, names))).toEqual([]);
      const { revision } = (await house.store.read(({ inbox }) => inbox.changesSince(ben.id, 0, 10))) ?? {
        revision: 0,
      };
      expect(await house.store.write(({ inbox }) => inbox.remove(ben.id, names[0] ?? ""))).toBe(true);
      const changes = await house.store.read(({ inbox }) => inbox.changesSince(ben.id, revision, 10));
      expect(changes).toMatchObject({ changed: [], removed: [names[0]] });
    }),
  );
});
