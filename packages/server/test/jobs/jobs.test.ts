import { unknownState } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { allJobs, runOnce } from "../../src/jobs/index.ts";
import { addPerson } from "../../src/people.ts";
import { busyHorizonSeconds } from "../../src/scheduling/busy-index.ts";
import type { House } from "../../src/scheduling/house.ts";
import { eventOf, owner, save } from "../scheduling/busy-events.ts";
import { houseOver, now, storeOptions } from "../scheduling/house.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";

const day = 86_400;

async function run(house: House, name: string): Promise<{ readonly result: unknown; readonly troubles: number }> {
  let troubles = 0;
  const job = allJobs(house, { ledgerDays: 30 }).find((one) => one.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  const end = await runOnce({ ...house, onTrouble: () => troubles++ }, job, {
    isForced: true,
    isStopping: () => false,
  });
  return { result: "result" in end ? end.result : end.kind, troubles };
}

onEveryStore((makeBench) => {
  describe("extend-busy-index", () => testExtension(makeBench));

  test(
    "remove-expired-links and forget-told-busy look at the clock",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      const ann = await addPerson(store, { name: "Ann", addresses: [owner], timezone: "UTC" });
      const state = { ...unknownState, object: eventOf("once", ["DTSTART:20270302T090000Z"]) };
      await store.write(async (transaction) => {
        await save(house, transaction, ann, "once", state);
        const link = { principal: ann.id, uid: "once", attendee: ann.address, told: [] } as const;
        await transaction.answerLinks.add([
          { ...link, tokenHash: "old", expires: now },
          { ...link, tokenHash: "new", expires: now + 1 },
        ]);
        const range = { from: now, to: now + day };
        const told = { address: ann.address, dtstamp: now, range, periods: [], toldAt: now };
        await transaction.knownBusy.remember(ann.id, { ...told, uid: "old" }, now);
        await transaction.knownBusy.remember(ann.id, { ...told, uid: "new" }, now + 1);
        await transaction.knownBusy.noteAsked(ann.id, ann.address, range, now - 2 * day - 1);
        await transaction.knownBusy.noteAsked(ann.id, ann.address, { ...range, to: now + 1 }, now - 2 * day);
      });
      expect(await run(house, "remove-expired-links")).toEqual({ result: "1 removed", troubles: 0 });
      expect(await run(house, "forget-told-busy")).toEqual({ result: "2 forgotten", troubles: 0 });
      expect(await bench.counts("answer_links", "known_busy", "busy_asked")).toEqual([1, 1, 1]);
    }),
  );

  test(
    "remove-expired-sessions and remove-old-messages look at the clock and the days that are kept",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      const ann = await addPerson(store, { name: "Ann", addresses: [owner], timezone: "UTC" });
      await store.write(async ({ sessions, ledger }) => {
        await sessions.add("old", ann.id, now);
        await sessions.add("new", ann.id, now + 1);
        for (const at of [now - 30 * day - 1, now - 30 * day]) {
          const source = await ledger.putSource(new TextEncoder().encode(String(at)));
          const facts = { subject: "", from: "x@y.test", to: [], reason: "", changes: [], violations: [] };
          await ledger.add({ principal: ann.id, at, direction: "in", verdict: "applied", rule: "x", source, ...facts });
        }
      });
      expect(await run(house, "remove-expired-sessions")).toEqual({ result: "1 removed", troubles: 0 });
      const removed = await run(house, "remove-old-messages");
      expect(removed).toEqual({ result: "1 messages and 1 mails removed", troubles: 0 });
      expect(await bench.counts("sessions", "messages", "sources")).toEqual([1, 1, 1]);
    }),
  );
}, storeOptions);

function testExtension(makeBench: MakeBench): void {
  test(
    "follows what never ends as time goes on, and makes anew what other zone data moved; else it writes nothing",
    withStore(makeBench, async (store, bench) => {
      const clock = { now };
      const house = { ...houseOver(store), clock: () => clock.now, zoneData: "2027a" };
      const ann = await addPerson(store, { name: "Ann", addresses: [owner], timezone: "UTC" });
      const lines = ["DTSTART:20270302T090000Z", "DURATION:PT1H"];
      const weekly = { ...unknownState, object: eventOf("weekly", [...lines, "RRULE:FREQ=WEEKLY"]) };
      const once = { ...unknownState, object: eventOf("once", lines) };
      const stored = await store.write(async (transaction) => {
        await save(house, transaction, ann, "once", once);
        return save(house, transaction, ann, "weekly", weekly);
      });
      const until = async () => (await store.read(({ busy }) => busy.ofObject(stored.id)))?.until ?? 0;
      expect(await run(house, "extend-busy-index")).toEqual({ result: "0 indexed", troubles: 0 });
      clock.now += 40 * day;
      const before = await bench.rowsWritten();
      expect(await run(house, "extend-busy-index")).toEqual({ result: "1 indexed", troubles: 0 });
      expect(await until()).toBeGreaterThanOrEqual(clock.now + busyHorizonSeconds);
      // The object twice, the job a few times, and the weeks that came and went.
      expect((await bench.rowsWritten()) - before).toBeLessThan(25);
      expect(await run({ ...house, zoneData: "2027b" }, "extend-busy-index")).toMatchObject({ result: "2 indexed" });
      expect(await run({ ...house, zoneData: "2027b" }, "extend-busy-index")).toMatchObject({ result: "0 indexed" });
    }),
  );

  test(
    "an object that cannot be read is told of and keeps no other out",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      const ann = await addPerson(store, { name: "Ann", addresses: [owner], timezone: "UTC" });
      const ids = await store.write(async ({ objects }) => {
        const found: string[] = [];
        for (const name of ["one", "two", "three"]) {
          const object = eventOf(name, ["DTSTART:20270302T090000Z", `SUMMARY:${name}`]);
          found.push((await objects.save(ann.id, name, { ...unknownState, object }, { starts: 0, ends: 0 })).id);
        }
        return found;
      });
      await bench.run("update documents set text = 'letter' where text like '%SUMMARY:two%'");
      // Far from the others: what is looked through at once is bounded.
      await bench.run(`update objects set id = 7654 where id = ${ids.pop()}`);
      ids.push("7654");
      const fresh = await bench.open();
      expect(await run({ ...house, store: fresh }, "extend-busy-index")).toEqual({
        result: "2 indexed, 1 could not be",
        troubles: 1,
      });
      await fresh.close();
      const indexed = await Promise.all(ids.map((id) => store.read(({ busy }) => busy.ofObject(id))));
      expect(indexed.map((one) => one !== undefined)).toEqual([true, false, true]);
    }),
  );
}
