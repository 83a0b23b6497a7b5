import { describe, expect, test } from "vitest";
import { putObject } from "../../src/scheduling/put-object.ts";
import { withStore } from "../store/bench.ts";
import { sqliteBench } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines } from "./calendar-world.ts";
import { storeOptions } from "./house.ts";

/** Ben writes in Ann's calendar, which is shared with him for writing. */
interface Shared extends CalendarWorld {
  bensPut(name: string, text: string): ReturnType<typeof putObject>;
}

function inWorld(run: (world: Shared) => Promise<void>): () => Promise<void> {
  return withStore(
    () => sqliteBench(storeOptions),
    async (store) => {
      const world = await calendarWorld(store);
      const { ann, ben, house } = world;
      const calendar = await store.read(({ calendars }) => calendars.bySlug(ann.id, "calendar"));
      if (!calendar) throw new Error("Ann has no calendar");
      await store.write(({ calendars }) => calendars.share(ann.id, calendar.id, ben.id, "write"));
      const bensPut = (name: string, text: string) =>
        putObject(house, { caller: ben, owner: ann }, { calendar: calendar.id, name }, text);
      await run({ ...world, bensPut });
    },
  );
}

const carl = "ATTENDEE;RSVP=TRUE:mailto:carl@example.test";
const byBen = calendarOf(eventLines("ORGANIZER;CN=Ben;ROLE=CHAIR:mailto:ben@example.test", carl));
const organizer = (text: string | undefined) => text?.split("\n").find((line) => line.startsWith("ORGANIZER"));

describe("whoever writes in another's calendar and names themselves the Organizer", () => {
  test(
    "makes it the owner's: guests are invited in the owner's name",
    inWorld(async ({ ann, carl: guest, bensPut, deliver, get, names }) => {
      expect(await bensPut("a.ics", byBen)).toMatchObject({ kind: "done", isNew: true, isAsWritten: false });
      expect(organizer(await get(ann, "a.ics"))).toBe("ORGANIZER;CN=ann;ROLE=CHAIR:mailto:ann@example.test");
      expect(await deliver()).toEqual(["REQUEST carl@example.test"]);
      const [invitation = ""] = await names(guest);
      expect(organizer(await get(guest, invitation))).toMatch(/SENT-BY="mailto:ben@example\.test".*:mailto:ann@/);
      expect(await bensPut("a.ics", byBen.replace("Planning", "Planned"))).toMatchObject({ kind: "done" });
      expect(await deliver()).toEqual(["REQUEST carl@example.test"]);
    }),
  );

  test(
    "makes an event that had no guests the owner's meeting",
    inWorld(async ({ ann, bensPut, deliver, get, keep }) => {
      await keep(ann, "a.ics", calendarOf(eventLines()));
      expect(await bensPut("a.ics", byBen)).toMatchObject({ kind: "done", isNew: false });
      expect(organizer(await get(ann, "a.ics"))).toContain(":mailto:ann@example.test");
      expect(await deliver()).toEqual(["REQUEST carl@example.test"]);
    }),
  );

  test(
    "leaves a copy of their own meeting theirs: nobody is invited twice",
    inWorld(async ({ ann, ben, bensPut, deliver, get, keep }) => {
      await keep(ben, "mine.ics", byBen);
      expect(await deliver()).toEqual(["REQUEST carl@example.test"]);
      expect(await bensPut("a.ics", byBen)).toMatchObject({ kind: "done" });
      expect(organizer(await get(ann, "a.ics"))).toContain(":mailto:ben@example.test");
      expect(await deliver()).toEqual([]);
    }),
  );

  test(
    "takes no invitation over: it stays whose it is",
    inWorld(async ({ ann, bensPut, deliver, get, keep }) => {
      const guest = "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ann@example.test";
      await keep(ann, "a.ics", calendarOf(eventLines("ORGANIZER:mailto:eva@elsewhere.test", guest)));
      await bensPut("a.ics", calendarOf(eventLines("ORGANIZER:mailto:ben@example.test", guest)));
      expect(organizer(await get(ann, "a.ics"))).toContain(":mailto:eva@elsewhere.test");
      expect(await deliver()).toEqual([]);
    }),
  );
});
