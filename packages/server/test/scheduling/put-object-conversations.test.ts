import { describe, expect, test } from "vitest";
import { recordBounce } from "../../src/mail/record-bounce.ts";
import { addAccount } from "../../src/people.ts";
import { readBusyTimes } from "../../src/scheduling/free-busy.ts";
import { putObject } from "../../src/scheduling/put-object.ts";
import type { CalendarId } from "../../src/store/store.ts";
import { withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines, meeting } from "./calendar-world.ts";
import { replyOf, storeOptions } from "./house.ts";

type InWorld = (run: (world: CalendarWorld) => Promise<void>) => () => Promise<void>;

const eva = ":mailto:eva@elsewhere.test";
const guests = [":mailto:ben@example.test", eva];

describe("a conversation of programs", () => {
  onEveryStore((makeBench) => {
    const inWorld: InWorld = (run) => withStore(makeBench, async (store) => run(await calendarWorld(store)));
    testMeeting(inWorld);
    testSeries(inWorld);
    testOthers(inWorld);
  }, storeOptions);
});

/** Says how an attendee stands in a text. */
function standing(text: string | undefined, who: string): string {
  const line = text?.split("\n").find((one) => one.startsWith("ATTENDEE") && one.endsWith(who)) ?? "";
  return /PARTSTAT=([A-Z-]+)/.exec(line)?.[1] ?? "none";
}

function testMeeting(inWorld: InWorld): void {
  test(
    "RFC 6638 B.1 to B.4, CALSCHED-4-01, CALSCHED-4.1-01 and CALSCHED-4.2-05: a meeting is made, answered inside and by mail, moved and called off",
    inWorld(async ({ ann, ben, keep, get, names, deliver, mail, remove, house, mails }) => {
      await keep(ann, "a.ics", meeting(guests));
      expect(await deliver()).toEqual(["REQUEST ben@example.test", "REQUEST eva@elsewhere.test"]);
      const [copy = ""] = await names(ben);
      const text = (await get(ben, copy)) ?? "";
      expect(text).toContain("SUMMARY:Planning");
      await keep(
        ben,
        copy,
        text.replace(/PARTSTAT=NEEDS-ACTION([^\n]*ben@)/, "PARTSTAT=ACCEPTED$1").replaceAll("\n", "\r\n"),
      );
      expect(await deliver()).toEqual(["REPLY ann@example.test"]);
      await mail(replyOf("eva@elsewhere.test", "TENTATIVE", "one@example.test"), ann);
      const answered = await get(ann, "a.ics");
      expect([standing(answered, "ben@example.test"), standing(answered, "eva@elsewhere.test")]).toEqual([
        "ACCEPTED",
        "TENTATIVE",
      ]);
      expect(standing(await get(ben, copy), "eva@elsewhere.test")).toBe("TENTATIVE");
      // CALSCHED-3.2.8-01: another place keeps the answers, another time does not.
      await keep(ann, "a.ics", meeting(guests, "LOCATION:There"));
      expect(standing(await get(ann, "a.ics"), "ben@example.test")).toBe("ACCEPTED");
      await deliver();
      await keep(ann, "a.ics", meeting(guests, "LOCATION:There").replace("T090000Z\r\nDTEND", "T093000Z\r\nDTEND"));
      expect(standing(await get(ann, "a.ics"), "ben@example.test")).toBe("NEEDS-ACTION");
      expect(await deliver()).toEqual(["REQUEST ben@example.test", "REQUEST eva@elsewhere.test"]);
      const moved = await get(ben, copy);
      expect(moved).toContain("DTSTART:20270302T093000Z");
      // CALSCHED-3.2.5-02
      expect(moved).toContain("SEQUENCE:1");
      await remove(ann, "a.ics");
      expect(await deliver()).toEqual(["CANCEL ben@example.test", "CANCEL eva@elsewhere.test"]);
      expect(await get(ben, copy)).toContain("STATUS:CANCELLED");
      await remove(ben, copy);
      expect(await deliver()).toEqual([]);
      const inboxes = await house.store.read(async ({ inbox }) => [await inbox.list(ann.id), await inbox.list(ben.id)]);
      expect(inboxes.map((items) => items.map(({ method }) => method))).toEqual([
        ["REPLY", "REPLY"],
        ["CANCEL", "REQUEST", "REQUEST", "REQUEST"],
      ]);
      expect(mails.map(({ to }) => to)).toEqual(Array(4).fill("eva@elsewhere.test"));
    }),
  );

  test(
    "CALSCHED-3.2.9-01: what comes back is shown with its status, and is a change of the organizer's copy, not of its tag",
    inWorld(async ({ ann, keep, get, member, deliver, house, mails }) => {
      await keep(ann, "a.ics", meeting([eva]));
      await deliver();
      const before = await member(ann, "a.ics");
      const messageId = mails[0]?.messageId ?? "";
      const failed = {
        action: "failed",
        recipient: "eva@elsewhere.test",
        status: "5.1.1",
        diagnostic: "no such user",
      } as const;
      await house.store.write((transaction) =>
        recordBounce(transaction, ann, { messageId, recipients: [failed] } as never, house.clock()),
      );
      expect(await get(ann, "a.ics")).toMatch(/SCHEDULE-STATUS=3\.7[^\n]*eva@/);
      const after = await member(ann, "a.ics");
      expect(after?.etag).not.toBe(before?.etag);
      expect(after?.scheduleTag).toBe(before?.scheduleTag);
    }),
  );
}

function testSeries(inWorld: InWorld): void {
  test(
    "RFC 6638 B.7 and B.8, CALSCHED-3.2.6-01: who is on one Instance alone hears of that alone; an Instance is declined, and one called off",
    inWorld(async ({ ann, ben, carl, keep, get, names, deliver }) => {
      const series = eventLines(
        "RRULE:FREQ=DAILY;COUNT=5",
        "ORGANIZER:mailto:ann@example.test",
        "ATTENDEE:mailto:ben@example.test",
      );
      const instance = [
        ...["UID:one@example.test", "DTSTAMP:20270301T090000Z", "RECURRENCE-ID:20270304T090000Z"],
        ...[
          "DTSTART:20270304T090000Z",
          "DTEND:20270304T100000Z",
          "SUMMARY:Planning",
          "ORGANIZER:mailto:ann@example.test",
        ],
        ...["ATTENDEE:mailto:ben@example.test", "ATTENDEE:mailto:carl@example.test"],
      ];
      await keep(ann, "a.ics", calendarOf(series, instance));
      await deliver();
      const [carls = ""] = await names(carl);
      const seen = await get(carl, carls);
      expect(seen).toContain("RECURRENCE-ID:20270304T090000Z");
      expect(seen).not.toContain("RRULE");
      const [bens = ""] = await names(ben);
      const text = (await get(ben, bens)) ?? "";
      await keep(ben, bens, text.replace("RRULE", "EXDATE:20270303T090000Z\nRRULE").replaceAll("\n", "\r\n"));
      expect(await deliver()).toEqual(["REPLY ann@example.test"]);
      expect(await get(ben, bens)).toMatch(/PARTSTAT=DECLINED[^\n]*ben@[^]*RECURRENCE-ID:20270303T090000Z/);
      await keep(ann, "a.ics", calendarOf([...series, "EXDATE:20270305T090000Z"], instance));
      expect(await deliver()).toEqual(["CANCEL ben@example.test"]);
    }),
  );
}

function testOthers(inWorld: InWorld): void {
  test(
    "of to-dos: how far a guest is they say by PERCENT-COMPLETE, and keep it",
    inWorld(async ({ ann, ben, keep, get, names, deliver }) => {
      const todo = (...more: readonly string[]) =>
        calendarOf(["BEGIN:VTODO", ...eventLines(...more).filter((line) => !line.startsWith("DTEND")), "END:VTODO"]);
      await keep(ann, "t.ics", todo("ORGANIZER:mailto:ann@example.test", "ATTENDEE:mailto:ben@example.test"));
      expect(await deliver()).toEqual(["REQUEST ben@example.test"]);
      const [copy = ""] = await names(ben);
      const text = (await get(ben, copy)) ?? "";
      await keep(ben, copy, text.replace("END:VTODO", "PERCENT-COMPLETE:40\nEND:VTODO").replaceAll("\n", "\r\n"));
      expect(await deliver()).toEqual(["REPLY ann@example.test"]);
      expect(await get(ben, copy)).toContain("PERCENT-COMPLETE:40");
      expect(standing(await get(ann, "t.ics"), "ben@example.test")).toBe("IN-PROCESS");
    }),
  );

  test(
    "with a room: it answers, and is not booked twice by a program of its own",
    inWorld(async ({ ann, house, keep, get, deliver }) => {
      const room = await addAccount(house.store, {
        ...{
          kind: "room",
          name: "Room",
          addresses: ["room@example.test"],
          timezone: "UTC",
          booking: { policy: "accept" },
        },
      });
      const later = (text: string) => text.replaceAll("20270302T", "20270309T");
      await keep(ann, "a.ics", later(meeting([";CUTYPE=ROOM:mailto:room@example.test"])));
      await deliver();
      expect(standing(await get(ann, "a.ics"), "room@example.test")).toBe("ACCEPTED");
      const [calendar] = await house.store.read(({ calendars }) => calendars.list(room.id));
      const own = later(calendarOf(["UID:own", ...eventLines().slice(1)]));
      const at = { calendar: calendar?.id ?? "", name: "own.ics" };
      expect(await putObject(house, { caller: room, owner: room }, at, own)).toMatchObject({ kind: "refused" });
    }),
  );

  test(
    "CALSCHED-9.1-02 and CALSCHED-9.1-03: what is in a transparent calendar takes no time",
    inWorld(async ({ ann, house, keep }) => {
      await keep(ann, "a.ics", calendarOf(eventLines()));
      const day = { from: 1_803_945_600, to: 1_804_032_000 };
      const busy = async (of?: CalendarId) => {
        const [time] = await house.store.read((transaction) => readBusyTimes(house, transaction, [ann], day, of));
        return time?.periods.length;
      };
      const made = await house.store.write(({ calendars }) => calendars.add(ann.id, { slug: "b", name: "B" }));
      const [first = "", other = ""] = (await house.store.read(({ calendars }) => calendars.list(ann.id)))
        .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
        .map(({ id }) => id);
      expect(made).toMatchObject({ id: other });
      expect([await busy(), await busy(first), await busy(other)]).toEqual([1, 1, 0]);
      await house.store.write(({ calendars }) => calendars.change(ann.id, first, { isTransparent: true }));
      expect([await busy(), await busy(first), await busy(other)]).toEqual([0, 1, 0]);
    }),
  );

  test(
    "RFC 7953 §7.2.4: when somebody cannot be met at all is in their inbox's calendar-availability, and is no free time",
    inWorld(async ({ ann, house }) => {
      const text = calendarOf([
        ...[
          "BEGIN:VAVAILABILITY",
          "UID:av",
          "DTSTAMP:20270101T000000Z",
          "BEGIN:AVAILABLE",
          "UID:av1",
          "DTSTAMP:20270101T000000Z",
        ],
        ...["DTSTART:20270302T090000Z", "DTEND:20270302T170000Z", "SUMMARY:At work & <here>", "RRULE:FREQ=DAILY"],
        ...["END:AVAILABLE", "END:VAVAILABILITY"],
      ]);
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\r", "&#13;");
      const xml = `<C:calendar-availability xmlns:C="urn:ietf:params:xml:ns:caldav">${escaped}</C:calendar-availability>`;
      const kept = new Map([["{urn:ietf:params:xml:ns:caldav}calendar-availability", xml]]);
      await house.store.write(({ calendars }) => calendars.setProperties(ann.id, "inbox", kept));
      const day = { from: 1_803_945_600, to: 1_804_032_000 };
      const [time] = await house.store.read((transaction) => readBusyTimes(house, transaction, [ann], day));
      expect(time?.periods).toEqual([
        { from: day.from, to: day.from + 9 * 3_600, type: "BUSY-UNAVAILABLE" },
        { from: day.from + 17 * 3_600, to: day.to, type: "BUSY-UNAVAILABLE" },
      ]);
    }),
  );
}
