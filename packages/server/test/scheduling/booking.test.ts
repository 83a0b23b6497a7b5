import { currentAnswer, leadingComponent } from "@parley/engine";
import { makeComponent } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { decideQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import type { MakeBench } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { calendarObject, property } from "../store/fixtures.ts";
import { create, drain, now, uid as ownUid, storeOptions } from "./house.ts";
import { answerOf, instancesOf, invite, mailOf, roomAddress, times, type World, withRoom } from "./rooms.ts";

describe("a room", () => {
  onEveryStore((makeBench) => {
    testAnswers(makeBench);
    testSeries(makeBench);
    testByHand(makeBench);
    testIndex(makeBench);
    testRaces(makeBench);
  }, storeOptions);
});

function testAnswers(makeBench: MakeBench): void {
  test(
    "accepts what it is free for, declines the rest naming the time and no title, and is free again after a CANCEL",
    withRoom(makeBench, "accept", async (world) => {
      const [house] = world.houses;
      expect(await invite(house, { uid: "a", lines: times("10:00", "11:00") })).toBe("applied");
      expect(await answerOf(world, "a")).toMatchObject({ partstat: "ACCEPTED", comment: "" });
      await invite(house, { uid: "b", lines: times("10:30", "11:30") });
      const refused = await answerOf(world, "b");
      expect(refused.partstat).toBe("DECLINED");
      expect(refused.comment).toBe("Taken: Wednesday, 3 March 2027, 10:30–11:00 (UTC)");
      await invite(house, { uid: "c", lines: times("11:00", "12:00") });
      expect((await answerOf(world, "c")).partstat).toBe("ACCEPTED");
      await invite(house, { uid: "a", method: "CANCEL", sequence: 1, lines: times("10:00", "11:00") });
      await invite(house, { uid: "d", lines: times("10:00", "11:00") });
      expect((await answerOf(world, "d")).partstat).toBe("ACCEPTED");
    }),
  );

  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["a transparent event beside another", [...times("10:00", "11:00"), "TRANSP:TRANSPARENT"], "ACCEPTED"],
    ["what is over", times("10:00", "11:00", "20270203"), "ACCEPTED"],
    ["what is too far ahead", times("10:00", "11:00", "20310303"), "DECLINED"],
    ["a whole day with something in it", ["DTSTART;VALUE=DATE:20270303", "DTEND;VALUE=DATE:20270304"], "DECLINED"],
    ["a series without end", [...times("15:00", "16:00"), "RRULE:FREQ=WEEKLY"], "DECLINED"],
  ];
  test(
    "answers each kind of invitation",
    withRoom(makeBench, "accept", async (world) => {
      const [house] = world.houses;
      await invite(house, { uid: "first", lines: times("10:00", "11:00") });
      for (const [uid, lines, partstat] of cases) {
        await invite(house, { uid, lines });
        expect([uid, (await answerOf(world, uid)).partstat]).toEqual([uid, partstat]);
      }
      expect((await answerOf(world, "a series without end")).comment).toMatch(/^Bookings are taken until .* 2030, /);
    }),
  );

  test(
    "answers an update anew: moved onto taken time it is declined, the time it had is free, and nothing is said twice",
    withRoom(makeBench, "accept", async (world) => {
      const [house] = world.houses;
      await invite(house, { uid: "a", lines: times("10:00", "11:00") });
      await invite(house, { uid: "b", lines: times("12:00", "13:00") });
      await invite(house, { uid: "b", sequence: 1, lines: times("10:30", "11:30") });
      expect((await answerOf(world, "b")).partstat).toBe("DECLINED");
      await invite(house, { uid: "c", lines: times("12:00", "13:00") });
      expect((await answerOf(world, "c")).partstat).toBe("ACCEPTED");
      await invite(house, { uid: "b", sequence: 2, lines: times("14:00", "15:00") });
      expect((await answerOf(world, "b")).partstat).toBe("ACCEPTED");
      const replies = await house.store.read(({ ledger }) => ledger.list(world.room.id, { uid: "b", limit: 50 }));
      expect(replies.map(({ method }) => method).reverse()).toEqual([
        "REQUEST",
        "REPLY",
        "REQUEST",
        "REPLY",
        "REQUEST",
        "REPLY",
      ]);
    }),
  );

  test(
    "a version moved without a new SEQUENCE is compared all the same, and what is published takes no time",
    withRoom(makeBench, "accept", async (world) => {
      const [house] = world.houses;
      await invite(house, { uid: "a", lines: times("10:00", "11:00") });
      await invite(house, { uid: "b", lines: times("12:00", "13:00") });
      const moved = new TextDecoder().decode(mailOf({ uid: "b", sequence: 0, lines: times("10:00", "11:00") }));
      const sneaky = moved.replace("T080000Z", "T090000Z").replace("<b-", "<b2-");
      await deliverMail(house, new TextEncoder().encode(sneaky), [roomAddress], "inside");
      await expectNothingTwice(world, ["a", "b"]);
      await invite(house, { uid: "p", method: "PUBLISH", lines: times("16:00", "17:00") });
      await invite(house, { uid: "q", lines: times("16:00", "17:00") });
      expect((await answerOf(world, "q")).partstat).toBe("ACCEPTED");
    }),
  );

  test(
    "what a stranger asks for is a question, and is answered when somebody says yes",
    withRoom(makeBench, "accept", async (world) => {
      const { houses, room } = world;
      const lines = times("10:00", "11:00");
      expect(await invite(houses[0], { uid: "s", from: "olaf@outside.test", lines })).toBe("undecided");
      await invite(houses[0], { uid: "a", lines });
      const [question] = await houses[0].store.read(({ ledger }) => ledger.openQuestions(room.id));
      const accept = { kind: "answer", partstat: "ACCEPTED" } as const;
      const decided = await decideQuestion(houses[0], room, question?.id ?? "", "apply", accept);
      expect(decided.kind).toBe("void");
      expect((await answerOf(world, "a")).partstat).toBe("ACCEPTED");
      expect((await answerOf(world, "s")).partstat).toBe("DECLINED");
    }),
  );
}

/** The intervals a room has accepted, of the UIDs given; none of them may meet another. */
async function expectNothingTwice(world: World, uids: readonly string[]): Promise<readonly string[]> {
  const accepted: { readonly uid: string; readonly from: string; readonly to: string }[] = [];
  for (const uid of uids) {
    const { partstat, state } = await answerOf(world, uid);
    if (partstat !== "ACCEPTED" || !state.object) continue;
    const { properties } = leadingComponent(state.object).component;
    const read = (name: string) => properties.find((property) => property.name === name)?.value ?? "";
    accepted.push({ uid, from: read("DTSTART"), to: read("DTEND") });
  }
  for (const one of accepted) {
    const met = accepted.filter((other) => other.from < one.to && other.to > one.from);
    expect(met).toEqual([one]);
  }
  return accepted.map(({ uid }) => uid);
}

const weekly = ["RRULE:FREQ=WEEKLY;COUNT=4"];
const keys = ["20270303T100000Z", "20270310T100000Z", "20270317T100000Z", "20270324T100000Z"];

function testSeries(makeBench: MakeBench): void {
  test(
    "accepts the free Instances of a series and declines the others, whose dates it lists",
    withRoom(makeBench, "accept", async (world) => {
      const [house] = world.houses;
      for (const day of ["20270310", "20270324"]) {
        await invite(house, { uid: day, lines: times("10:00", "11:00", day) });
      }
      await invite(house, { uid: "w", lines: [...times("10:00", "11:00"), ...weekly] });
      const { partstat, comment, state } = await answerOf(world, "w");
      expect(partstat).toBe("ACCEPTED");
      expect(comment).toBe(
        "Accepted, but not for the dates that are taken: " +
          "Wednesday, 10 March 2027, 10:00–11:00 (UTC); Wednesday, 24 March 2027, 10:00–11:00 (UTC)",
      );
      const said = instancesOf(house, state, world.room.address, keys);
      expect(said).toEqual(["ACCEPTED", "DECLINED", "ACCEPTED", "DECLINED"]);
      await invite(house, { uid: "x", lines: times("10:30", "11:30", "20270317") });
      expect((await answerOf(world, "x")).partstat).toBe("DECLINED");
      const all = [...times("10:30", "11:00", "20270310"), "RRULE:FREQ=WEEKLY;COUNT=3"];
      await invite(house, { uid: "y", lines: all });
      const none = await answerOf(world, "y");
      expect(none.partstat).toBe("DECLINED");
      expect(none.comment).toMatch(/^All dates are taken: Wednesday, 10 March 2027, 10:30–11:00 \(UTC\); /);
    }),
  );

  test(
    "names ten dates at most, and declines the whole of a series of which more than a hundred are taken",
    withRoom(makeBench, "accept", async (world) => {
      const [house] = world.houses;
      const daily = (uid: string, count: number, time = "10:00") =>
        invite(house, { uid, lines: [...times(time, "11:00"), `RRULE:FREQ=DAILY;COUNT=${count}`] });
      await daily("taken", 120);
      await daily("many", 130, "10:30");
      const many = await answerOf(world, "many");
      expect(many.partstat).toBe("DECLINED");
      expect(many.comment).toMatch(/^120 of 130 dates are taken: .*; and 110 more$/);
    }),
  );

  test(
    "tells an Organizer here of all of it, so that both copies say the same",
    withRoom(makeBench, "accept", async (world) => {
      const { houses, ann, room } = world;
      const [house] = houses;
      for (const day of ["20270310", "20270324"]) {
        await invite(house, { uid: day, lines: times("10:00", "11:00", day) });
      }
      const made = await changeObject(house, ann, { uid: ownUid }, () => calendarObject(seriesOfAnn));
      expect(made.kind).toBe("done");
      await drain(house);
      const stored = await house.store.read(({ objects }) => objects.byUid(ann.id, ownUid));
      if (!stored?.state.object) throw new Error("Ann has no event");
      const heard = currentAnswer(stored.state, leadingComponent(stored.state.object), room.address);
      expect(heard.partstat).toBe("ACCEPTED");
      expect(heard.participation?.comment).toMatch(/^Accepted, but not for the dates that are taken: /);
      const said = instancesOf(house, stored.state, room.address, keys);
      expect(said).toEqual(["ACCEPTED", "DECLINED", "ACCEPTED", "DECLINED"]);
      expect(instancesOf(house, (await answerOf(world, ownUid)).state, room.address, keys)).toEqual(said);
    }),
  );
}

const seriesOfAnn = makeComponent("VEVENT", [
  property("UID", ownUid),
  property("DTSTAMP", "20270302T110000Z"),
  property("DTSTART", "20270303T100000Z"),
  property("DTEND", "20270303T110000Z"),
  property("RRULE", "FREQ=WEEKLY;COUNT=4"),
  property("SUMMARY", "Planning"),
  property("ORGANIZER", "mailto:ann@example.test"),
  property("ATTENDEE", `mailto:${roomAddress}`, [["CUTYPE", "ROOM"]]),
]);

function testIndex(makeBench: MakeBench): void {
  test(
    "is not booked twice after the years the index has, nor where the index does not have an object",
    withRoom(makeBench, "accept", async (world) => {
      const { houses, room } = world;
      const [house] = houses;
      await invite(house, { uid: "w", lines: [...times("10:00", "11:00"), "RRULE:FREQ=WEEKLY;COUNT=150"] });
      await invite(house, { uid: "late", lines: times("10:30", "11:30", "20291226") });
      expect((await answerOf(world, "late")).partstat).toBe("DECLINED");
      await invite(house, { uid: "free", lines: times("11:00", "11:30", "20291226") });
      expect((await answerOf(world, "free")).partstat).toBe("ACCEPTED");
      await invite(house, { uid: "one", lines: times("15:00", "16:00") });
      // As a program of before there was an index saves it.
      const { state } = await answerOf(world, "one");
      const own = { ...state.own, written: new Map([["", { properties: [property("X-NOTE", "x")], alarms: [] }]]) };
      const span = { starts: now, ends: now + 86_400 };
      await house.store.write(({ objects }) => objects.save(room.id, "one", { ...state, own }, span));
      await invite(house, { uid: "two", lines: times("15:30", "16:30") });
      expect((await answerOf(world, "two")).partstat).toBe("DECLINED");
    }),
  );
}

function testByHand(makeBench: MakeBench): void {
  test(
    "that waits for approval leaves free time unanswered, declines taken time, and cannot be given twice by hand",
    withRoom(makeBench, "approve", async (world) => {
      const { houses, room } = world;
      const [house] = houses;
      for (const uid of ["a", "b"]) await invite(house, { uid, lines: times("10:00", "11:00") });
      expect((await answerOf(world, "a")).partstat).toBe("NEEDS-ACTION");
      expect((await answerOf(world, "b")).partstat).toBe("NEEDS-ACTION");
      const accept = { kind: "answer", partstat: "ACCEPTED" } as const;
      const idOf = async (uid: string) =>
        (await house.store.read(({ objects }) => objects.byUid(room.id, uid)))?.id ?? "";
      expect((await actOnObject(house, room, { id: await idOf("b") }, accept)).kind).toBe("done");
      const second = await actOnObject(house, room, { id: await idOf("a") }, accept);
      expect(second).toMatchObject({ kind: "refused", outcome: { kind: "rejected", rule: "RFC 5546 §3.6.24" } });
      expect((await answerOf(world, "a")).partstat).toBe("NEEDS-ACTION");
      await invite(house, { uid: "c", lines: times("10:30", "10:45") });
      expect((await answerOf(world, "c")).partstat).toBe("DECLINED");
      await invite(house, { uid: "w", lines: [...times("10:00", "11:00"), ...weekly] });
      expect((await answerOf(world, "w")).partstat).toBe("NEEDS-ACTION");
      expect((await actOnObject(house, room, { id: await idOf("w") }, accept)).kind).toBe("done");
      const { state } = await answerOf(world, "w");
      expect(instancesOf(house, state, room.address, keys)).toEqual(["DECLINED", "ACCEPTED", "ACCEPTED", "ACCEPTED"]);
      const own = await create(house, room);
      expect(own.kind).toBe("done");
    }),
  );
}

function testRaces(makeBench: MakeBench): void {
  test(
    "of 20 overlapping invitations at once over two nodes accepts as many as fit and no two that meet",
    withRoom(makeBench, "accept", async (world) => {
      const clock = (minutes: number) =>
        `${String(8 + Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
      const wanted = Array.from({ length: 20 }, (_, number) => {
        const start = (number % 10) * 30;
        return { uid: `r${number}`, from: clock(start), to: clock(start + 60) };
      });
      const verdicts = await Promise.all(
        wanted.map(({ uid, from, to }, number) =>
          invite(world.houses[number % 2 === 0 ? 0 : 1], { uid, lines: times(from, to) }),
        ),
      );
      expect(new Set(verdicts)).toEqual(new Set(["applied"]));
      const accepted = await expectNothingTwice(
        world,
        wanted.map(({ uid }) => uid),
      );
      const kept = wanted.filter(({ uid }) => accepted.includes(uid));
      for (const one of wanted) {
        const { partstat } = await answerOf(world, one.uid);
        const meets = kept.some((other) => other.uid !== one.uid && other.from < one.to && other.to > one.from);
        expect([one.uid, partstat]).toEqual([one.uid, meets ? "DECLINED" : "ACCEPTED"]);
      }
    }),
  );

  test(
    "gives one moment to one of 20 who want it at once",
    withRoom(makeBench, "accept", async (world) => {
      const uids = Array.from({ length: 20 }, (_, number) => `s${number}`);
      await Promise.all(
        uids.map((uid, number) =>
          invite(world.houses[number % 2 === 0 ? 0 : 1], { uid, lines: times("10:00", "11:00") }),
        ),
      );
      expect((await expectNothingTwice(world, uids)).length).toBe(1);
    }),
  );
}
