import { type CalendarUserAddress, parseAddress } from "@parley/engine";
import { expect, test } from "vitest";
import { deliverInside } from "../../src/mail/deliver-inside.ts";
import { addPerson } from "../../src/people.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Delivery } from "../../src/store/store.ts";
import { ann, invitation } from "../delivery/sealing.ts";
import { houseOver, now, storeOptions } from "../scheduling/house.ts";

test("nothing is written for those who are elsewhere: how it fared is not known yet", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const sender = await addPerson(store, { name: "Ann", addresses: [ann], timezone: "UTC" });
  let writes = 0;
  const write: typeof store.write = (work) => {
    writes++;
    return store.write(work);
  };
  const house = { ...houseOver(store), store: { ...store, write } };
  const payload = { from: { address: ann, name: "Ann" }, date: now, mail: invitation };
  const deliveries = ["ben@partner.test", "clara@partner.test"].map((text, index): Delivery => {
    const recipient = parseAddress(text) as CalendarUserAddress;
    return {
      ...{ id: `${index}`, message: "1", principal: sender.id, uid: "one@example.test", recipient, state: "queued" },
      ...{ attempts: 0, claims: 1, due: now, detail: "", payload: "p", messageId: `<${index}@example.test>` },
    };
  });
  const result = await deliverInside(house, payload, deliveries);
  expect(result).toEqual({ elsewhere: deliveries, failed: [] });
  expect(writes).toBe(0);
  await store.close();
});
