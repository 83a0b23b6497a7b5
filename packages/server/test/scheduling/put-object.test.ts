import { describe, expect, test } from "vitest";
import { withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines, meeting } from "./calendar-world.ts";
import { storeOptions } from "./house.ts";

const ben = ":mailto:ben@example.test";
const eva = ":mailto:eva@elsewhere.test";

describe("an object that a program writes", () => {
  onEveryStore((makeBench) => {
    const inWorld = (run: (world: CalendarWorld) => Promise<void>) =>
      withStore(makeBench, async (store) => run(await calendarWorld(store)));
    testPlain(inWorld);
    testOrganizer(inWorld);
    testAttendee(inWorld);
  }, storeOptions);
});

type InWorld = (run: (world: CalendarWorld) => Promise<void>) => () => Promise<void>;

function testPlain(inWorld: InWorld): void {
  test(
    "without guests is kept as it is, and nobody is told",
    inWorld(async ({ put, get, deliver, ann }) => {
      const lines = eventLines(
        "X-MINE;X-P=1:as it was",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT5M",
        "END:VALARM",
      );
      const made = await put(ann, "a.ics", calendarOf(lines), { ifNoneMatch: "*" });
      expect(made).toMatchObject({ kind: "done", isNew: true, isAsWritten: true, member: { name: "a.ics" } });
      expect(await get(ann, "a.ics")).toContain(lines.join("\n"));
      expect(await deliver()).toEqual([]);
      const text = (await get(ann, "a.ics"))?.replaceAll("\n", "\r\n") ?? "";
      const again = await put(ann, "a.ics", text.replace("Planning", "Planned"));
      expect(again).toMatchObject({ kind: "done", isNew: false, isAsWritten: true });
    }),
  );
}

function testOrganizer(inWorld: InWorld): void {
  test(
    "CALSCHED-3-01, CALSCHED-3.2.1-01, CALSCHED-3.2.1.1-01, CALSCHED-3.2.1.1-02, CALSCHED-3.2.1.1-03, CALSCHED-3.2.1.1-05, CALSCHED-7.1-01 and CALSCHED-7.1-04: is sent to whom the server looks after, and says how that fared",
    inWorld(async ({ keep, get, deliver, ann, mails }) => {
      const guests = [
        ben,
        eva,
        ";SCHEDULE-AGENT=CLIENT:mailto:c@elsewhere.test",
        ";SCHEDULE-AGENT=NONE:mailto:n@elsewhere.test",
      ];
      await keep(
        ann,
        "a.ics",
        meeting([...guests, ";SCHEDULE-AGENT=X-ODD:mailto:x@elsewhere.test", ":mailto:ann@example.test"]),
      );
      expect(await get(ann, "a.ics")).toContain("SCHEDULE-STATUS=1.0:mailto:ben@example.test");
      expect(await deliver()).toEqual(["REQUEST ben@example.test", "REQUEST eva@elsewhere.test"]);
      expect(mails.map(({ to }) => to)).toEqual(["eva@elsewhere.test"]);
      const shown = (await get(ann, "a.ics")) ?? "";
      const statuses = shown
        .split("\n")
        .flatMap((line) => /SCHEDULE-STATUS=([^:;]*).*mailto:(.*)/.exec(line)?.slice(1).join(" ") ?? []);
      expect(statuses).toEqual(["1.2 ben@example.test", "1.1 eva@elsewhere.test"]);
    }),
  );
}

function testAttendee(inWorld: InWorld): void {
  test(
    "CALSCHED-3.2.2.3-01, CALSCHED-3.2.2.3-03, CALSCHED-7.3-02 and CALSCHED-4.2-03: of a guest is an answer, and only that",
    inWorld(async ({ keep, get, names, deliver, put, ann, ben: guest }) => {
      await keep(ann, "a.ics", meeting([ben, eva]));
      await deliver();
      const [name = ""] = await names(guest);
      const text = (await get(guest, name)) ?? "";
      const written = text
        .replace(/(ATTENDEE[^\n]*)PARTSTAT=NEEDS-ACTION([^\n]*ben@)/, "$1PARTSTAT=ACCEPTED$2")
        .replace("SUMMARY:Planning", "SUMMARY:Mine now\nTRANSP:TRANSPARENT")
        .replaceAll("\n", "\r\n");
      expect(await put(guest, name, written)).toMatchObject({ kind: "done", isAsWritten: false });
      expect(await deliver()).toEqual(["REPLY ann@example.test"]);
      const shown = await get(guest, name);
      expect(shown).toContain("SUMMARY:Planning");
      expect(shown).toContain("TRANSP:TRANSPARENT");
      expect(shown).toMatch(/ATTENDEE[^\n]*PARTSTAT=ACCEPTED[^\n]*:mailto:ben@/);
      expect(shown).toMatch(/ORGANIZER[^\n]*SCHEDULE-STATUS=1\.2/);
      expect(await get(ann, "a.ics")).toMatch(/ATTENDEE[^\n]*PARTSTAT=ACCEPTED[^\n]*SCHEDULE-STATUS=2\.0[^\n]*ben@/);
    }),
  );
}
