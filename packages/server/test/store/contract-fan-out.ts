import { participationKey, type SchedulingState } from "@parley/engine";
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
  saveAnswer,
  span,
  stateOf,
  uid,
  written,
} from "./fixtures.ts";

const guest = (number: number) => address(`guest${number}@example.test`);
const answers = [0, 1, 2, 3].map((number) => answer(`guest${number}@example.test`));
const meeting = stateOf(calendarObject(event({ guests: 4 })), {
  participations: written(...answers.map((one) => [participationKey(one.attendee, ""), one] as const)),
});

/** All that a meeting of many guests needs of a store. */
export function testFanOut(makeBench: MakeBench): void {
  describe("an object of which a part is read", () => {
    testParts(makeBench);
  });
  describe("what a meeting of many guests needs", () => {
    testMany(makeBench);
  });
}

function testParts(makeBench: MakeBench): void {
  const readOf = (state: SchedulingState | undefined, number: number) =>
    state?.participations.stored.get(participationKey(guest(number), ""))?.partstat;

  test(
    "is decided over once where the decision looks at no other Attendee",
    withStore(makeBench, async (store) => {
      const { id } = await addAnn(store);
      await store.write(({ objects }) => objects.save(id, uid, meeting, span));
      let times = 0;
      const decided = await store.write(({ objects }) =>
        objects.consult(id, uid, [guest(1)], (present) => {
          times++;
          return readOf(present?.state, 1);
        }),
      );
      expect([decided, times]).toEqual(["ACCEPTED", 1]);
    }),
  );

  test(
    "is decided over again with whom the decision looked at besides, and with all where it looked at all",
    withStore(makeBench, async (store) => {
      const { id } = await addAnn(store);
      await store.write(({ objects }) => objects.save(id, uid, meeting, span));
      const seen: (readonly (string | undefined)[])[] = [];
      await store.read(({ objects }) =>
        objects.consult(id, uid, [guest(1)], (present) => {
          seen.push([readOf(present?.state, 1), readOf(present?.state, 2)]);
        }),
      );
      expect(seen).toEqual([
        ["ACCEPTED", undefined],
        ["ACCEPTED", "ACCEPTED"],
      ]);
      const sizes: number[] = [];
      await store.read(({ objects }) =>
        objects.consult(id, uid, [guest(1)], (present) => {
          sizes.push([...(present?.state.participations.stored ?? [])].length);
        }),
      );
      expect(sizes).toEqual([1, 4]);
    }),
  );

  test(
    "is saved without the rest being looked at; whoever looks at it afterwards is told of the mistake",
    withStore(makeBench, async (store) => {
      const { id } = await addAnn(store);
      await store.write(({ objects }) => objects.save(id, uid, meeting, span));
      const saved = await store.write(async ({ objects }) => {
        const present = await objects.consult(id, uid, [guest(1)], (found): StoredObject | undefined => found);
        if (!present) throw new Error("it was saved");
        const declined = { ...answer("guest1@example.test", "DECLINED") };
        const participations = {
          ...present.state.participations,
          written: new Map([[participationKey(guest(1), ""), declined]]),
        };
        return objects.save(id, uid, { ...present.state, participations }, span);
      });
      expect(readOf(saved.state, 1)).toBe("DECLINED");
      expect(() => readOf(saved.state, 2)).toThrow("guest2@example.test of participations was looked at");
      const whole = await store.read(({ objects }) => objects.byUid(id, uid));
      expect([1, 2].map((number) => readOf(whole?.state, number))).toEqual(["DECLINED", "ACCEPTED"]);
    }),
  );
}

function testMany(makeBench: MakeBench): void {
  test(
    "finds the answers of Organizers for several events at once, and of nobody who is not asked for",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      await store.write(async (transaction) => {
        await saveAnswer(transaction, ann.id, answer("guest0@example.test"));
        await saveAnswer(transaction, bob.id, answer("guest0@example.test", "DECLINED"));
      });
      const found = await store.read(({ objects }) =>
        objects.answersOf([
          { organizer: ann.address, uid },
          { organizer: ann.address, uid: "unknown" },
          { organizer: address("nobody@example.test"), uid },
        ]),
      );
      expect([...found.keys()]).toEqual([`${ann.address} ${uid}`]);
      const state = found.get(`${ann.address} ${uid}`);
      expect(state?.participations.stored.get(participationKey(guest(0), ""))?.partstat).toBe("ACCEPTED");
      expect(() => state?.sent.stored.get(guest(0))).toThrow("sent was looked at");
    }),
  );

  test(
    "finds people by many addresses",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const asked = [bob.address, address("nobody@example.test"), ann.address];
      const found = await store.read(({ principals }) => principals.byAddresses(asked));
      expect(new Map(found)).toEqual(
        new Map([
          [ann.address, ann],
          [bob.address, bob],
        ]),
      );
      expect(await store.read(({ principals }) => principals.byAddresses([]))).toEqual(new Map());
    }),
  );

  test(
    "gives out what goes to our own people apart from the rest",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const far = address("eva@elsewhere.test");
      await store.write((transaction) =>
        enqueue(
          transaction,
          ann.id,
          { messageId: "<1>", recipient: far },
          { messageId: "<2>", recipient: ann.address },
          { messageId: "<3>", recipient: far, uid: "other@example.test" },
        ),
      );
      const claim = async (recipients?: "ours" | "others") => {
        const claimed = await store.write(({ deliveries }) => deliveries.claim(now, now + 60, 10, recipients));
        return claimed.map(({ messageId }) => messageId);
      };
      expect(await claim("ours")).toEqual(["<2>"]);
      expect(await claim("others")).toEqual(["<1>", "<3>"]);
      expect(await claim()).toEqual([]);
    }),
  );

  test(
    "counts what nobody had sent apart from the rest",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const bob = address("bob@example.test");
      await store.write(async (transaction) => {
        const payload = await transaction.ledger.putSource(new TextEncoder().encode("{}"));
        const message = await enqueue(transaction, ann.id, { messageId: "<1>" }, { messageId: "<2>" });
        const row = { message, principal: ann.id, uid, recipient: bob, due: now, payload, isAutomatic: true };
        await transaction.deliveries.enqueue([{ ...row, messageId: "<3>" }], now);
      });
      const flooded = (least: number, isAutomatic?: boolean) =>
        store.read(({ deliveries }) => deliveries.floodedSince(ann.id, uid, now - 1, least, isAutomatic));
      expect(await flooded(3)).toEqual([bob]);
      expect(await flooded(2, true)).toEqual([]);
      expect(await flooded(1, true)).toEqual([bob]);
    }),
  );
}
