import { currentAnswer, leadingComponent, type SchedulingState } from "@parley/engine";
import { makeComponent } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { viewEvent } from "../../src/api/event-view.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { refreshCopies } from "../../src/scheduling/refresh-copies.ts";
import { showAnswers } from "../../src/scheduling/show-answers.ts";
import type { Principal, Store, StoredObject } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { calendarObject, property } from "../store/fixtures.ts";
import { create, drain, houseOver, move, now, replyOf, storeOptions, uid } from "./house.ts";

describe("what others have answered", () => {
  onEveryStore((makeBench) => {
    testShown(makeBench);
    testHidden(makeBench);
    testRefreshed(makeBench);
  }, storeOptions);
});

interface World {
  readonly house: House;
  readonly ann: Principal;
  readonly ben: Principal;
  readonly carl: Principal;
  /** Moves the clock of the house. */
  readonly pass: (seconds: number) => void;
}

async function fill(store: Store): Promise<World> {
  const add = (name: string) => addPerson(store, { name, addresses: [`${name}@example.test`], timezone: "UTC" });
  const [ann, ben, carl] = [await add("ann"), await add("ben"), await add("carl")];
  let time = now;
  const house = { ...houseOver(store), clock: () => time };
  return {
    house,
    ann,
    ben,
    carl,
    pass: (seconds) => {
      time += seconds;
    },
  };
}

/** Ann has invited Ben, Carl and Eva, who is not of this house. */
async function invited(store: Store): Promise<World> {
  const world = await fill(store);
  await create(world.house, world.ann, "ben@example.test", "carl@example.test", "eva@elsewhere.test");
  await drain(world.house);
  return world;
}

async function stored(house: House, person: Principal, of = uid): Promise<StoredObject> {
  const found = await house.store.read(({ objects }) => objects.byUid(person.id, of));
  if (!found) throw new Error(`${person.name} has no copy`);
  return found;
}

async function shown(house: House, viewer: Principal): Promise<SchedulingState> {
  const copy = await stored(house, viewer);
  const [seen] = await house.store.read((transaction) => showAnswers(transaction, viewer, [copy]));
  return seen?.state ?? copy.state;
}

/** PARTSTAT of each guest, as the API shows it. */
async function partstats(house: House, viewer: Principal) {
  const copy = await stored(house, viewer);
  const view = await house.store.read((transaction) => viewEvent(house, transaction, viewer, copy));
  const guests = (view?.attendees ?? []).filter(({ address }) => address !== "ann@example.test");
  return Object.fromEntries(guests.map(({ address, partstat }) => [address.split("@")[0], partstat]));
}

async function answer(house: House, person: Principal, partstat: "ACCEPTED" | "DECLINED" | "TENTATIVE", comment = "") {
  const result = await actOnObject(house, person, { uid }, { kind: "answer", partstat, comment });
  expect(result.kind).toBe("done");
  await drain(house);
}

function testShown(makeBench: MakeBench): void {
  test(
    "is shown to guests here as the Organizer has it: the answers of people here and elsewhere, the last of each",
    withStore(makeBench, async (store) => {
      const { house, ben, carl } = await invited(store);
      const nobody = { ben: "NEEDS-ACTION", carl: "NEEDS-ACTION", eva: "NEEDS-ACTION" };
      expect(await partstats(house, ben)).toEqual(nobody);
      await answer(house, carl, "ACCEPTED");
      expect(await partstats(house, ben)).toEqual({ ...nobody, carl: "ACCEPTED" });
      await deliverMail(house, replyOf("eva@elsewhere.test", "TENTATIVE"), ["ann@example.test"], "outside");
      await answer(house, carl, "DECLINED");
      expect(await partstats(house, ben)).toEqual({ ...nobody, carl: "DECLINED", eva: "TENTATIVE" });
      expect(await partstats(house, carl)).toEqual({ ...nobody, carl: "DECLINED", eva: "TENTATIVE" });
    }),
  );

  test(
    "is kept in nobody's copy but the Organizer's, and costs no message",
    withStore(makeBench, async (store) => {
      const { house, ben, carl } = await invited(store);
      const before = await stored(house, ben);
      await answer(house, carl, "ACCEPTED");
      expect(await stored(house, ben)).toEqual(before);
      expect(await store.read(({ ledger }) => ledger.list(ben.id, { limit: 10 }))).toHaveLength(1);
      const state = await shown(house, ben);
      expect(state.participations.written.size).toBe(0);
    }),
  );
}

function testHidden(makeBench: MakeBench): void {
  test(
    "is PARTSTAT alone: no comment of others is shown",
    withStore(makeBench, async (store) => {
      const { house, ann, ben, carl } = await invited(store);
      await answer(house, carl, "DECLINED", "I do not like Ben");
      expect(JSON.stringify([...(await shown(house, ben)).participations.stored])).not.toContain("like Ben");
      expect(JSON.stringify([...(await stored(house, ann)).state.participations.stored])).toContain("like Ben");
    }),
  );

  test(
    "stays hidden from who forged a copy of an event they are not invited to",
    withStore(makeBench, async (store) => {
      const { house, ann, ben, carl } = await fill(store);
      await create(house, ann, "ben@example.test");
      await drain(house);
      await answer(house, ben, "ACCEPTED");
      const forged = calendarObject(
        makeComponent("VEVENT", [
          property("UID", uid),
          property("DTSTAMP", "20270302T110000Z"),
          property("SEQUENCE", "99"),
          property("DTSTART", "20270302T220640Z"),
          property("SUMMARY", "Planning"),
          property("ORGANIZER", "mailto:ann@example.test"),
          property("ATTENDEE", "mailto:ben@example.test"),
          property("ATTENDEE", "mailto:carl@example.test"),
        ]),
      );
      await changeObject(house, carl, { uid }, () => forged);
      expect(await partstats(house, carl)).toEqual({ ben: "NEEDS-ACTION", carl: "NEEDS-ACTION" });
      expect(await partstats(house, ben)).toEqual({ ben: "ACCEPTED" });
    }),
  );

  test(
    "is of no Attendee their copy does not name, and of no version it does not have",
    withStore(makeBench, async (store) => {
      const { house, ann, ben, carl } = await invited(store);
      await answer(house, carl, "ACCEPTED");
      // The time is another, and Ben and Carl have not heard of it; Carl's answer is void, and Dora is asked too.
      await move(house, ann, "dora@elsewhere.test");
      expect(await partstats(house, ann)).toMatchObject({ carl: "NEEDS-ACTION", dora: "NEEDS-ACTION" });
      expect(await partstats(house, ben)).toEqual({ ben: "NEEDS-ACTION", carl: "NEEDS-ACTION", eva: "NEEDS-ACTION" });
      await drain(house);
      await answer(house, carl, "TENTATIVE");
      expect(await partstats(house, ben)).toMatchObject({ carl: "TENTATIVE", dora: "NEEDS-ACTION" });
    }),
  );
}

function testRefreshed(makeBench: MakeBench): void {
  test(
    "gives the guests' copies another etag once for all answers of a minute, and changes nothing else of them",
    withStore(makeBench, async (store, bench) => {
      const { house, ben, carl, pass } = await invited(store);
      const before = await stored(house, ben);
      await answer(house, carl, "ACCEPTED");
      pass(30);
      await deliverMail(house, replyOf("eva@elsewhere.test"), ["ann@example.test"], "outside");
      expect(await refreshCopies(house)).toBe(0);
      expect(await bench.count("refreshes")).toBe(1);
      pass(30);
      expect(await refreshCopies(house)).toBe(1);
      const after = await stored(house, ben);
      expect(after.etag).not.toBe(before.etag);
      expect(after.state).toEqual(before.state);
      expect(await bench.count("refreshes")).toBe(0);
      pass(600);
      expect(await refreshCopies(house)).toBe(0);
      expect((await stored(house, ben)).etag).toBe(after.etag);
    }),
  );

  test(
    "is told again where somebody answers while the copies are touched, and where whoever touched them died",
    withStore(makeBench, async (store) => {
      const { house, ann, carl, pass } = await invited(store);
      await answer(house, carl, "ACCEPTED");
      pass(60);
      const { id } = await stored(house, ann);
      const [taken] = await store.write(({ refreshes }) => refreshes.take(house.clock(), house.clock() + 60));
      if (!taken) throw new Error("nothing is due");
      await store.write(({ refreshes }) => refreshes.note(id, house.clock() + 60));
      await store.write(({ refreshes }) => refreshes.end(taken));
      expect(await refreshCopies(house)).toBe(0);
      pass(60);
      expect(await refreshCopies(house)).toBe(1);
      pass(60);
      expect(await refreshCopies(house)).toBe(0);
    }),
  );

  test(
    "is noted for no event that nobody else here has a copy of",
    withStore(makeBench, async (store, bench) => {
      const { house, ann } = await fill(store);
      await create(house, ann, "eva@elsewhere.test");
      await deliverMail(house, replyOf("eva@elsewhere.test"), ["ann@example.test"], "outside");
      const { state } = await stored(house, ann);
      const leading = state.object && leadingComponent(state.object);
      const eva = leading && [...leading.attendees.keys()].find((address) => address.startsWith("eva"));
      expect(leading && eva && currentAnswer(state, leading, eva).partstat).toBe("ACCEPTED");
      expect(await bench.count("refreshes")).toBe(0);
    }),
  );

  test(
    "leaves the index of busy time as it was, and tells who looks at it",
    withStore(makeBench, async (store) => {
      const { house, ben, carl, pass } = await invited(store);
      await answer(house, carl, "ACCEPTED");
      const { id } = await stored(house, ben);
      const before = await store.read(({ busy }) => busy.ofObject(id));
      expect(before).toBeDefined();
      const told: unknown[] = [];
      const stop = store.listen((notices) => told.push(...notices));
      pass(60);
      await refreshCopies(house);
      stop();
      expect(await store.read(({ busy }) => busy.ofObject(id))).toEqual(before);
      expect(told).toContainEqual({ kind: "object", principal: ben.id, uid });
    }),
  );
}
