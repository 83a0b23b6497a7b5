import { unknownState } from "@parley/engine";
import { expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { readBusyTimes } from "../../src/scheduling/free-busy.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal } from "../../src/store/store.ts";
import { eventOf, save } from "./busy-events.ts";
import { houseOver, now, storeOptions } from "./house.ts";

const day = 86_400;

test("what many take together is bounded as what one takes is; whoever is cut short by it is told to be incomplete", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = houseOver(store);
  const lines = ["DTSTART:20270101T000000Z", "DURATION:PT1S"];
  const people: Principal[] = [];
  for (let count = 0; count < 21; count++) {
    const owner = await addPerson(store, { name: "P", addresses: [`p${count}@example.test`], timezone: "UTC" });
    people.push(owner);
    // One has what anybody has; it is not in the index so far ahead.
    const rule = count === 0 ? "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU" : "RRULE:FREQ=SECONDLY;INTERVAL=2";
    const state = { ...unknownState, object: eventOf(`series-${count}`, [...lines, rule]) };
    await store.write((transaction) => save(house, transaction, owner, `series-${count}`, state));
  }
  const ahead = { from: now + 900 * day, to: now + 901 * day };
  const [, hostile] = people;
  const ask = (asked: readonly Principal[]) =>
    store.read((transaction) => readBusyTimes(house, transaction, asked, ahead));
  const [alone] = await ask(hostile ? [hostile] : []);
  expect([alone?.isIncomplete, alone?.periods.length]).toEqual([false, day / 2]);
  const [usual, ...others] = await ask(people);
  expect([usual?.isIncomplete, usual?.periods.length]).toEqual([false, 1]);
  expect(others.map(({ isIncomplete }) => isIncomplete)).toEqual(Array.from({ length: 20 }, () => true));
  const found = others.reduce((sum, { periods }) => sum + periods.length, 0);
  expect(found).toBeLessThanOrEqual(500_000);
  await store.close();
}, 30_000);
