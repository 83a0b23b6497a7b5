import { createHash } from "node:crypto";
import type { OwnPart, Participation, SchedulingState, Sent } from "@parley/engine";
import { participationKey, unknownState } from "@parley/engine";
import { makeComponent } from "@parley/engine/icalendar";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredObject } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import {
  addAnn,
  address,
  answer,
  calendarObject,
  enqueue,
  event,
  now,
  property,
  span,
  stateOf,
  uid,
  written,
  writtenOver,
} from "./fixtures.ts";

const guest = address("guest0@example.test");
const instance = "20270122T080000Z";
const revision = { sequence: 2, dtstamp: now };
const ownPart: OwnPart = {
  properties: [property("TRANSP", "TRANSPARENT"), property("CATEGORIES", "Work\\, mine,Home")],
  alarms: [makeComponent("VALARM", [property("ACTION", "DISPLAY"), property("TRIGGER", "-PT5M")])],
};
const sent: Sent = { attendee: guest, revision, instances: ["", instance], cancelled: false };

/** An answer with every field. */
const fullAnswer: Participation = {
  ...answer("guest0@example.test", "DELEGATED", instance),
  answeredSequence: 2,
  comment: "Can't, sorry 🙂\n\u0000",
  percentComplete: 40,
  sentBy: address("desk@example.test"),
  delegatedTo: [address("guest1@example.test")],
  delegatedFrom: [address("boss@example.test")],
};

/** A state in which every register and every field is used. */
const fullState: SchedulingState = stateOf(
  calendarObject(
    makeComponent("VTIMEZONE", [property("TZID", "Nowhere/Land")]),
    event({ guests: 3 }),
    event({ guests: 1, summary: "Moved", recurrenceId: instance }),
  ),
  {
    revisions: written(
      ["", { latest: revision, major: { sequence: 1, dtstamp: now - 5 } }],
      [instance, { latest: revision, major: revision, cancelled: { sequence: 4, dtstamp: now } }],
    ),
    participations: written(
      [participationKey(guest, instance), fullAnswer],
      [participationKey(guest, ""), answer("guest0@example.test")],
    ),
    sent: written<Sent>(
      [guest, sent],
      ["guest1@example.test", { ...sent, attendee: address("guest1@example.test"), cancelled: true }],
    ),
    speakers: [guest],
    own: written(["", ownPart]),
  },
);

/** What was written is what is stored, and nothing is left to write. */
function settled(state: SchedulingState): SchedulingState {
  const settle = <Value>(registers: { stored: ReadonlyMap<string, Value>; written: ReadonlyMap<string, Value> }) => ({
    stored: new Map([...registers.stored, ...registers.written]),
    written: new Map<string, Value>(),
  });
  return {
    ...state,
    revisions: settle(state.revisions),
    participations: settle(state.participations),
    sent: settle(state.sent),
    own: settle(state.own),
  };
}

/** Objects and their registers. */
export function testObjects(makeBench: MakeBench): void {
  describe("objects", () => {
    testRoundTrip(makeBench);
    testCost(makeBench);
    testDocuments(makeBench);
    testEtags(makeBench);
    testSpans(makeBench);
  });
}

function testRoundTrip(makeBench: MakeBench): void {
  test(
    "are loaded as they were saved, by UID and by id, by their owner alone and by every connection",
    withStore(makeBench, async (store, bench) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const saved = await store.write(({ objects }) => objects.save(ann.id, uid, fullState, span));
      expect(saved).toMatchObject({ principal: ann.id, uid });
      expect(saved.state).toEqual(settled(fullState));
      const other = await bench.open(); // has parsed nothing yet
      for (const reader of [store, other]) {
        await reader.read(async ({ objects }) => {
          expect(await objects.byUid(ann.id, uid)).toEqual(saved);
          expect(await objects.byId(ann.id, saved.id)).toEqual(saved);
          expect(await objects.byUid(bob.id, uid)).toBeUndefined();
          expect(await objects.byId(bob.id, saved.id)).toBeUndefined();
          expect(await objects.byUid(ann.id, uid.toUpperCase())).toBeUndefined();
          expect(await objects.byId(ann.id, "x")).toBeUndefined();
        });
      }
      await other.close();
    }),
  );

  test(
    "may be known by their registers alone",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const state = { ...unknownState, participations: fullState.participations };
      await store.write(({ objects }) => objects.save(ann.id, uid, state, span));
      const loaded = await store.read(({ objects }) => objects.byUid(ann.id, uid));
      expect(loaded?.state).toEqual(settled(state));
    }),
  );

  test(
    "refuse a UID that is not theirs, and an owner nobody knows",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const mismatch = store.write(({ objects }) => objects.save(ann.id, "other@example.test", fullState, span));
      await expect(mismatch).rejects.toThrow("cannot be saved as other@example.test");
      await expect(store.write(({ objects }) => objects.save("99", uid, fullState, span))).rejects.toThrow(
        "99 has no such calendar", // nor any that could hold it
      );
      expect(await bench.counts("objects", "documents", "participations")).toEqual([0, 0, 0]);
    }),
  );

  test(
    "keep UIDs apart however long and alike they are",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const long = "u".repeat(40_000);
      // The second is what an index might hold in place of the first.
      const uids = [
        long,
        `sha256:${createHash("sha256").update(long).digest("hex")}`,
        `${long}v`,
        "__proto__",
        "Ä".repeat(500),
      ];
      await store.write(async ({ objects }) => {
        for (const each of uids) await objects.save(ann.id, each, stateOf(calendarObject(event({ uid: each }))), span);
      });
      for (const each of uids) {
        const loaded = await store.read(({ objects }) => objects.byUid(ann.id, each));
        expect(loaded?.uid === each && loaded.state.object?.uid === each).toBe(true);
      }
    }),
  );

  test(
    "keep the longest addresses beside the longest UIDs, of characters that do not compress",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const letters = (count: number) =>
        String.fromCodePoint(...Array.from({ length: count }, (_, at) => 0x4e00 + ((at * 7_919) % 20_000)));
      const longest = address(`${letters(330)}@test.test`);
      const own = letters(166);
      await store.write(async (transaction) => {
        const registers = {
          participations: written([participationKey(longest, instance), answer(longest, "ACCEPTED", instance)]),
          sent: written<Sent>([longest, { ...sent, attendee: longest }]),
        };
        await transaction.objects.save(ann.id, own, stateOf(calendarObject(event({ uid: own })), registers), span);
        await transaction.principals.addCorrespondents(ann.id, [longest], now);
        await enqueue(transaction, ann.id, { messageId: "<1>", recipient: longest, uid: own });
      });
      const loaded = await store.read(({ objects }) => objects.byUid(ann.id, own));
      expect(loaded?.state.participations.stored.get(participationKey(longest, instance))?.attendee).toBe(longest);
      expect(await bench.count("deliveries")).toBe(1);
    }),
  );

  test(
    "law: after any writes to registers, what is loaded is what saving returned",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const partstats = fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION");
      const writes = fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 4 }),
          partstats,
          fc.constantFrom("", instance),
          fc.option(fc.string()),
          fc.boolean(),
        ),
        { maxLength: 6 },
      );
      let object = 0;
      const law = fc.asyncProperty(fc.array(writes, { maxLength: 4 }), async (saves) => {
        const own = `${object++}@example.test`;
        let state = stateOf(calendarObject(event({ uid: own, guests: 2 })));
        for (const save of saves) {
          for (const [number, partstat, key, comment, isRange] of save) {
            const given = answer(`guest${number}@example.test`, partstat, key);
            const range = isRange && key !== "" ? ("this-and-future" as const) : undefined;
            const participation = { ...given, ...(comment !== null && { comment }), ...(range && { range }) };
            const name = participationKey(given.attendee, key, range);
            state = { ...state, participations: writtenOver(state.participations, name, participation) };
            if (range) state = { ...state, answerRanges: writtenOver(state.answerRanges, given.attendee, [key]) };
          }
          const saved = await store.write(({ objects }) => objects.save(ann.id, own, state, span));
          expect(saved.state.participations).toEqual(settled(state).participations);
          expect(await store.read(({ objects }) => objects.byUid(ann.id, own))).toEqual(saved);
          state = saved.state;
        }
      });
      await fc.assert(law, { numRuns: 15 });
    }),
  );
}

function testCost(makeBench: MakeBench): void {
  test(
    "cost the same rows for one answer among 10 guests and among 10,000",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const costs: number[] = [];
      for (const guests of [10, 10_000]) {
        const own = `${guests}@example.test`;
        const names = Array.from({ length: guests }, (_, number) => `guest${number}@example.test`);
        const state = stateOf(calendarObject(event({ uid: own, guests })), {
          participations: written(...names.map((name) => [`${name} `, answer(name, "TENTATIVE")] as const)),
          sent: written(...names.map((name) => [name, { ...sent, attendee: address(name) }] as const)),
        });
        await store.write(({ objects }) => objects.save(ann.id, own, state, span));
        const before = await bench.rowsWritten();
        await store.write(async ({ objects }) => {
          const loaded = await objects.byUid(ann.id, own);
          if (!loaded) throw new Error("it was saved");
          const participations = writtenOver(loaded.state.participations, `${guest} `, answer(guest, "DECLINED"));
          await objects.save(ann.id, own, { ...loaded.state, participations }, span);
        });
        costs.push((await bench.rowsWritten()) - before);
        const after = await store.read(({ objects }) => objects.byUid(ann.id, own));
        expect(after?.state.participations.stored.size).toBe(guests);
        expect(after?.state.participations.stored.get(`${guest} `)?.partstat).toBe("DECLINED");
        expect(after?.state.sent.stored.size).toBe(guests);
      }
      expect(costs).toEqual([3, 3]); // the answer, the object for its etag, and its calendar for who asks what changed
    }),
  );
}

function testDocuments(makeBench: MakeBench): void {
  test(
    "share one document among all copies, which goes with the last of them",
    withStore(makeBench, async (store, bench) => {
      const owners = [await addAnn(store), await addAnn(store, "bob"), await addAnn(store, "carl")];
      const saved: StoredObject[] = [];
      for (const { id } of owners) {
        saved.push(
          await store.write(({ objects }) =>
            objects.save(id, uid, stateOf(calendarObject(event({ guests: 3 }))), span),
          ),
        );
      }
      expect(await bench.counts("objects", "documents")).toEqual([3, 1]);
      const revised = stateOf(calendarObject(event({ summary: "Revised" })));
      await store.write(({ objects }) => objects.save(owners[0]?.id ?? "", uid, revised, span));
      expect(await bench.count("documents")).toBe(2);
      const again = stateOf(calendarObject(event({ summary: "Revised again" })));
      await store.write(({ objects }) => objects.save(owners[0]?.id ?? "", uid, again, span));
      expect(await bench.count("documents")).toBe(2);
      for (const { principal, state } of saved) {
        await store.write(({ objects }) => objects.save(principal, uid, withoutObject(state), span));
      }
      expect(await bench.counts("objects", "documents")).toEqual([3, 0]);
    }),
  );

  test(
    "leave their registers behind where they are removed, and are no longer found by time",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const saved = await store.write(({ objects }) => objects.save(ann.id, uid, fullState, span));
      const gone = withoutObject(saved.state);
      const removed = await store.write(({ objects }) => objects.save(ann.id, uid, gone, span));
      expect(removed.etag).not.toBe(saved.etag);
      expect(await bench.count("documents")).toBe(0);
      const loaded = await store.read(({ objects }) => objects.byUid(ann.id, uid));
      expect(loaded?.state.object).toBeUndefined();
      expect(loaded?.state.revisions.stored).toEqual(saved.state.revisions.stored);
      expect(await store.read(({ objects }) => objects.between(ann.id, 0, 1e10, 10))).toEqual([]);
    }),
  );
}

function withoutObject({ object: _gone, ...registers }: SchedulingState): SchedulingState {
  return registers;
}

function testEtags(makeBench: MakeBench): void {
  const saveOver = (change: (state: SchedulingState) => SchedulingState, expected: "changes" | "stays") =>
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const before = await store.write(({ objects }) => objects.save(ann.id, uid, fullState, span));
      const after = await store.write(({ objects }) => objects.save(ann.id, uid, change(before.state), span));
      expect(after.id).toBe(before.id);
      expect(after.etag === before.etag ? "stays" : "changes").toBe(expected);
      expect((await store.read(({ objects }) => objects.byUid(ann.id, uid)))?.etag).toBe(after.etag);
    });
  const cases: readonly (readonly [string, (state: SchedulingState) => SchedulingState, "changes" | "stays"])[] = [
    ["the document", (state) => ({ ...state, object: calendarObject(event({ summary: "Revised" })) }), "changes"],
    [
      "an answer",
      (state) => ({
        ...state,
        participations: writtenOver(state.participations, `${guest} `, answer(guest, "DECLINED")),
      }),
      "changes",
    ],
    [
      "the own part",
      (state) => ({ ...state, own: writtenOver(state.own, "", { properties: [], alarms: [] }) }),
      "changes",
    ],
    [
      "a revision",
      (state) => ({ ...state, revisions: writtenOver(state.revisions, "", { latest: revision, major: revision }) }),
      "changes",
    ],
    [
      "what was sent",
      (state) => ({ ...state, sent: writtenOver(state.sent, guest, { ...sent, cancelled: true }) }),
      "stays",
    ],
    ["nothing", (state) => state, "stays"],
  ];
  for (const [what, change, expected] of cases) {
    test(`have an etag that ${expected} with ${what}`, saveOver(change, expected));
  }
}

function testSpans(makeBench: MakeBench): void {
  test(
    "are found by the time they take",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const spans: readonly (readonly [string, number, number | null])[] = [
        ["before", 10, 100],
        ["into", 50, 101],
        ["point", 100, 100],
        ["inside", 120, 130],
        ["after", 200, 210],
        ["endless", 0, null],
      ];
      await store.write(async ({ objects }) => {
        for (const [name, starts, ends] of spans) {
          await objects.save(ann.id, name, stateOf(calendarObject(event({ uid: name, guests: 1 }))), { starts, ends });
        }
      });
      const found = (limit: number) => store.read(({ objects }) => objects.between(ann.id, 100, 200, limit));
      expect((await found(10)).map((object) => object.uid)).toEqual(["endless", "into", "point", "inside"]);
      expect((await found(2)).map((object) => object.uid)).toEqual(["endless", "into"]);
      const [first] = await found(1);
      expect(first).toEqual(await store.read(({ objects }) => objects.byUid(ann.id, "endless")));
    }),
  );
}
