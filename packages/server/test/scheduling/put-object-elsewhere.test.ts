import { describe, expect, test } from "vitest";
import { putObject } from "../../src/scheduling/put-object.ts";
import { deleteObject } from "../../src/scheduling/remove-object.ts";
import type { Principal } from "../../src/store/store.ts";
import { withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { calendarOf, eventLines, meeting, type TwoCalendars, twoCalendars } from "./calendar-world.ts";
import { storeOptions } from "./house.ts";

const self = (who: Principal) => ({ caller: who, owner: who });
const ben = ":mailto:ben@example.test";

describe("an object that is written to another calendar of its owner's", () => {
  onEveryStore((makeBench) => {
    const inWorld = (run: (world: TwoCalendars) => Promise<void>) =>
      withStore(makeBench, async (store) => run(await twoCalendars(store)));

    test(
      "moves there, as by MOVE: nobody hears of it, and what is deleted at the old place after is gone already",
      inWorld(async ({ ann, house, first, second, keep, deliver, get }) => {
        const made = await keep(ann, "a.ics", meeting([ben]));
        await deliver();
        const before = await house.store.read(({ calendars }) => calendars.byId(ann.id, first.id));
        const text = (await get(ann, "a.ics"))?.replaceAll("\n", "\r\n") ?? "";
        const to = { calendar: second.id, name: "b.ics" };
        expect(await putObject(house, self(ann), to, text, { ifNoneMatch: "*" })).toMatchObject({
          kind: "done",
          isNew: true,
          member: { name: "b.ics", object: made.object },
        });
        const from = { calendar: first.id, name: "a.ics" };
        expect(await deleteObject(house, self(ann), from)).toEqual({ kind: "not-found" });
        expect(await deliver()).toEqual([]);
        const changes = await house.store.read(async ({ calendars }) => [
          await calendars.changesSince(first.id, before?.revision ?? 0, 10),
          await calendars.changesSince(second.id, 0, 10),
        ]);
        expect(changes).toMatchObject([
          { changed: [], removed: ["a.ics"] },
          { changed: [{ name: "b.ics" }], removed: [] },
        ]);
      }),
    );

    test(
      "is judged as a version of what it was: guests are told what has changed",
      inWorld(async ({ ann, house, second, keep, deliver, get }) => {
        await keep(ann, "a.ics", meeting([ben]));
        await deliver();
        const text = (await get(ann, "a.ics"))?.replaceAll("\n", "\r\n") ?? "";
        const at = { calendar: second.id, name: "a.ics" };
        const later = text.replace(/^DTSTART.*$/m, "DTSTART:20270303T090000Z").replace(/^DTEND.*\r\n/m, "");
        expect(await putObject(house, self(ann), at, later)).toMatchObject({ kind: "done", isNew: true });
        expect(await deliver()).toEqual(["REQUEST ben@example.test"]);
      }),
    );

    test(
      "stays where it is where it may not be there: another component, another object of that name",
      inWorld(async ({ ann, house, second, keep, member }) => {
        const todo = calendarOf(["BEGIN:VTODO", "UID:t", "DTSTAMP:20270301T090000Z", "SUMMARY:Do", "END:VTODO"]);
        await keep(ann, "t.ics", todo);
        const at = (name: string) => ({ calendar: second.id, name });
        const refused = { kind: "precondition", name: "supported-calendar-component" };
        expect(await putObject(house, self(ann), at("t.ics"), todo)).toMatchObject(refused);
        await keep(ann, "a.ics", calendarOf(eventLines()));
        await putObject(house, self(ann), at("there.ics"), calendarOf(["UID:two", ...eventLines().slice(1)]));
        const taken = await putObject(house, self(ann), at("there.ics"), calendarOf(eventLines()));
        expect(taken).toMatchObject({ kind: "precondition", name: "no-uid-conflict" });
        expect([await member(ann, "t.ics"), await member(ann, "a.ics")]).toMatchObject([{ uid: "t" }, {}]);
      }),
    );

    test(
      "stays where it is for who may not write there, and does not exist for who may not see it",
      inWorld(async ({ ann, ben: other, house, first, second, keep, member }) => {
        const actor = { caller: other, owner: ann };
        const at = { calendar: second.id, name: "b.ics" };
        const share = (id: string, access: "read" | "write") =>
          house.store.write(({ calendars }) => calendars.share(ann.id, id, other.id, access));
        const refused = { kind: "precondition", name: "no-uid-conflict" };
        await share(second.id, "write");
        await keep(ann, "a.ics", calendarOf(eventLines()));
        expect(await putObject(house, actor, at, calendarOf(eventLines()))).toMatchObject(refused);
        await share(first.id, "read");
        expect(await putObject(house, actor, at, calendarOf(eventLines()))).toMatchObject(refused);
        await share(first.id, "write");
        await keep(ann, "a.ics", calendarOf(eventLines("CLASS:PRIVATE")));
        expect(await putObject(house, actor, at, calendarOf(eventLines()))).toMatchObject(refused);
        expect(await member(ann, "a.ics")).toBeDefined();
        await keep(ann, "a.ics", calendarOf(eventLines()));
        expect(await putObject(house, actor, at, calendarOf(eventLines()))).toMatchObject({ kind: "done" });
        expect(await member(ann, "a.ics")).toBeUndefined();
      }),
    );
  }, storeOptions);
});
