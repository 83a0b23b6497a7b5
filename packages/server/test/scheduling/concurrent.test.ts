import { leadingComponent } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { Principal, Store, Transaction } from "../../src/store/store.ts";
import { type Bench, type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { answer, calendarObject, event, span, stateOf, written } from "../store/fixtures.ts";
import { addGuest, create, houseOver, replyOf, storeOptions, uid } from "./house.ts";

const guests = Array.from({ length: 50 }, (_, number) => `guest${number}@partner.test`);
const ann = { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" };

// RFC 5546 says nothing of two messages at once; a person expects that neither is lost. Decision 0026.
describe("many at the same moment", () => {
  onEveryStore((makeBench) => {
    testReplies(makeBench);
    testEdits(makeBench);
    testAgain(makeBench);
    testCost(makeBench);
  }, storeOptions);
});

/** Runs a test on two houses over one database. */
function withHouses(
  makeBench: MakeBench,
  run: (houses: readonly [House, House], organizer: Principal, bench: Bench) => Promise<void>,
) {
  return withStore(makeBench, async (store, bench) => {
    const other = await bench.open();
    try {
      await run([houseOver(store), houseOver(other)], await addPerson(store, ann), bench);
    } finally {
      await other.close();
    }
  });
}

function testReplies(makeBench: MakeBench): void {
  test(
    "50 REPLYs to one event over two nodes are all applied, each once though it comes twice",
    withHouses(makeBench, async (houses, organizer) => {
      await create(houses[0], organizer, ...guests);
      const mails = guests.map((guest) => replyOf(guest));
      const results = await Promise.all(
        [...mails, ...mails].map((mail, number) =>
          deliverMail(houses[number % 2 === 0 ? 0 : 1], mail, ["ann@example.test"], "outside"),
        ),
      );
      const kinds = results.flat().map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "kept").length).toBe(50);
      expect(kinds.filter((kind) => kind === "duplicate").length).toBe(50);
      await houses[0].store.read(async ({ objects, ledger }) => {
        const stored = await objects.byUid(organizer.id, uid);
        const answers = [...(stored?.state.participations.stored.values() ?? [])].filter(
          ({ partstat }) => partstat === "ACCEPTED",
        );
        expect(answers.map(({ attendee }) => String(attendee)).sort()).toEqual([...guests].sort());
        const rows = await ledger.list(organizer.id, { uid, limit: 200 });
        expect(rows.filter(({ verdict }) => verdict === "applied").length).toBe(50);
      });
    }),
  );
}

function testEdits(makeBench: MakeBench): void {
  test(
    "50 edits of one event over two nodes are all kept, and each is told to whom it adds",
    withHouses(makeBench, async (houses, organizer, bench) => {
      const created = await create(houses[0], organizer);
      const id = created.kind === "done" ? (created.object?.id ?? "") : "";
      const results = await Promise.all(
        guests.map((guest, number) => addGuest(houses[number % 2 === 0 ? 0 : 1], organizer, guest, { id })),
      );
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["done"]));
      const stored = await houses[1].store.read(({ objects }) => objects.byId(organizer.id, id));
      const invited = stored?.state.object ? [...leadingComponent(stored.state.object).attendees.keys()] : [];
      expect(invited.filter((address) => guests.some((guest) => guest === address)).length).toBe(50);
      const states = await houses[1].store.read(({ deliveries }) => deliveries.latestStates(organizer.id, uid));
      expect([...states.keys()].map(String).sort()).toEqual([...guests].sort());
      expect(await bench.count("documents")).toBe(1);
    }),
  );

  test(
    "of 50 edits that saw the same version one is kept, and the others are told that it changed",
    withHouses(makeBench, async (houses, organizer) => {
      const created = await create(houses[0], organizer);
      if (created.kind !== "done" || !created.object) throw new Error("it was created");
      const { id, etag } = created.object;
      const results = await Promise.all(
        guests.map((guest, number) => addGuest(houses[number % 2 === 0 ? 0 : 1], organizer, guest, { id, etag })),
      );
      const kinds = results.map(({ kind }) => kind).sort();
      expect(kinds).toEqual([...Array<string>(49).fill("changed-meanwhile"), "done"]);
    }),
  );
}

/** A store that breaks every transaction off once and runs it again, as PostgreSQL may. */
function runningTwice(store: Store): Store {
  const brokenOff = new Error("broken off");
  return {
    ...store,
    write: async <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> => {
      const first = store.write(async (transaction) => {
        await work(transaction);
        throw brokenOff;
      });
      await first.catch((error: unknown) => {
        if (error !== brokenOff) throw error;
      });
      return store.write(work);
    },
  };
}

function testAgain(makeBench: MakeBench): void {
  test(
    "a step that is broken off and run again does all of it once",
    withStore(makeBench, async (store, bench) => {
      const found: { readonly ledger: readonly unknown[] }[] = [];
      for (const [number, under] of [store, runningTwice(store)].entries()) {
        const house = houseOver(under);
        const domain = `${number}.example.test`;
        const organizer = await addPerson(under, { ...ann, addresses: [`ann@${domain}`] });
        const created = await create(house, organizer, "bob@partner.test");
        const id = created.kind === "done" ? (created.object?.id ?? "") : "";
        await addGuest(house, organizer, "carl@partner.test", { id });
        const reply = new TextDecoder()
          .decode(replyOf("bob@partner.test"))
          .replaceAll("ann@example.test", `ann@${domain}`);
        await deliverMail(house, new TextEncoder().encode(reply), [`ann@${domain}`], "outside");
        await store.read(async ({ objects, ledger, deliveries }) => {
          const rows = await ledger.list(organizer.id, { limit: 99 });
          const stored = await objects.byUid(organizer.id, uid);
          const seen = {
            ledger: rows.map(({ direction, method, verdict, changes }) => [direction, method, verdict, changes]),
            participations: stored?.state.participations.stored,
            version: stored?.etag.split("-")[1],
            deliveries: await deliveries.latestStates(organizer.id, uid),
          };
          found.push(seen);
        });
      }
      expect(found[1]).toEqual(found[0]);
      expect(found[0]?.ledger.length).toBe(3);
      expect(await bench.counts("principals", "objects", "deliveries")).toEqual([2, 2, 4]);
    }),
  );
}

function testCost(makeBench: MakeBench): void {
  test(
    "a REPLY writes as many rows among 10 guests as among 10,000",
    withHouses(makeBench, async ([house], organizer, bench) => {
      const costs: number[] = [];
      for (const size of [10, 10_000]) {
        const own = `${size}@example.test`;
        const names = Array.from({ length: size }, (_, number) => `guest${number}@example.test`);
        const state = stateOf(calendarObject(event({ uid: own, guests: size })), {
          participations: written(...names.map((name) => [`${name} `, answer(name, "NEEDS-ACTION")] as const)),
        });
        await house.store.write(({ objects }) => objects.save(organizer.id, own, state, span));
        const before = await bench.rowsWritten();
        const reply = replyOf("guest7@example.test", "DECLINED", own);
        const [result] = await deliverMail(house, reply, ["ann@example.test"], "inside");
        expect(result).toMatchObject({ kind: "kept", rows: [{ verdict: "applied" }] });
        costs.push((await bench.rowsWritten()) - before);
        const stored = await house.store.read(({ objects }) => objects.byUid(organizer.id, own));
        expect(stored?.state.participations.stored.get("guest7@example.test ")?.partstat).toBe("DECLINED");
      }
      // The mail, the answer, the object for its etag and its calendar, the ledger's row; the inbox, its message and the text of that.
      expect(costs).toEqual([8, 8]);
    }),
  );
}
