import { expect, test } from "vitest";
import { withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { type CalendarWorld, calendarWorld } from "./calendar-world.ts";
import { storeOptions } from "./house.ts";

const eva = "ATTENDEE:mailto:eva@elsewhere.test";

/** An event at the time of a zone that the text does not bring along, and one that it does. */
function zoned(name: string, ...brought: readonly string[]): string {
  return [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Test//EN", ...brought],
    ...["BEGIN:VEVENT", "UID:zoned@example.test", "DTSTAMP:20270301T080000Z", "SUMMARY:Zoned"],
    ...[`DTSTART;TZID=${name}:20270601T100000`, `DTEND;TZID=${name}:20270601T110000`, "RRULE:FREQ=WEEKLY"],
    ...["ORGANIZER:mailto:ann@example.test", eva, "END:VEVENT", "END:VCALENDAR", ""],
  ].join("\r\n");
}

onEveryStore((makeBench) => {
  const inWorld = (run: (world: CalendarWorld) => Promise<void>) =>
    withStore(makeBench, async (store) => run(await calendarWorld(store)))();

  test.each(["Europe/Berlin", "US/Eastern"])("a zone that a client leaves out, %s, is told to guests", (name) =>
    inWorld(async ({ put, get, deliver, ann }) => {
      expect(await put(ann, "a.ics", zoned(name))).toMatchObject({ kind: "done", isNew: true });
      const kept = (await get(ann, "a.ics")) ?? "";
      expect(kept.match(/^TZID:.*$/gm)).toEqual([`TZID:${name}`]);
      expect(kept).toContain(`DTSTART;TZID=${name}:20270601T100000`);
      expect(await deliver()).toEqual(["REQUEST eva@elsewhere.test"]);
    }),
  );

  test("one that it brings along stays as it is, and one that nobody knows is refused", () =>
    inWorld(async ({ put, get, ann }) => {
      const own = [
        "BEGIN:STANDARD",
        "DTSTART:16010101T000000",
        "TZOFFSETFROM:+0500",
        "TZOFFSETTO:+0500",
        "END:STANDARD",
      ];
      const brought = ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", ...own, "END:VTIMEZONE"];
      await put(ann, "a.ics", zoned("Europe/Berlin", ...brought));
      expect(await get(ann, "a.ics")).toContain(brought.join("\n"));
      expect((await put(ann, "b.ics", zoned("Nowhere/Here"))).kind).not.toBe("done");
    }));
}, storeOptions);
