import { readFileSync } from "node:fs";
import { defaultLimits, type EventFields, makeEvent, parseAddress } from "@parley/engine";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store, Transaction } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "./house.ts";

const google = readFileSync(new URL("../../../../fixtures/dialects/google-request.eml", import.meta.url));

/** Steps of a transaction that can be made to fail, as a full disk would. */
const steps = ["save", "ledger", "source", "enqueue"] as const;
type FailingStep = (typeof steps)[number];

// What is kept and what must be sent are one transaction: whatever fails, nothing of it is there.
describe("a change and its messages", () => {
  let store: Store;
  let house: House;
  let ann: Principal;
  let failing: FailingStep | undefined;
  let woken = 0;

  beforeEach(async () => {
    failing = undefined;
    woken = 0;
    store = await openSqliteStore(":memory:", storeOptions);
    house = houseOver({ ...store, write: (work) => store.write((transaction) => work(sabotaged(transaction))) });
    store.listen((notices) => {
      if (notices.some(({ kind }) => kind === "work")) woken++;
    });
    ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  });
  afterEach(() => store.close());

  function sabotaged(transaction: Transaction): Transaction {
    const fail = (): Promise<never> => Promise.reject(new Error("disk full"));
    return {
      ...transaction,
      objects: { ...transaction.objects, ...(failing === "save" && { save: fail }) },
      ledger: {
        ...transaction.ledger,
        ...(failing === "ledger" && { add: fail }),
        ...(failing === "source" && { putSource: fail }),
      },
      deliveries: { ...transaction.deliveries, ...(failing === "enqueue" && { enqueue: fail }) },
    };
  }

  const zones = makeZoneResolver([], intlZoneProvider, defaultLimits);
  const guest = parseAddress("clara@partner.test");
  const fields: EventFields = {
    summary: "Planning",
    start: { kind: "utc", wall: 1_804_000_000 },
    end: { kind: "utc", wall: 1_804_003_600 },
    location: "",
    description: "",
    attendees: guest ? [{ address: guest }] : [],
  };
  const create = () =>
    changeObject(house, ann, { uid: "one@example.test" }, () =>
      makeEvent("one@example.test", fields, ann, zones, defaultLimits),
    );

  async function everything() {
    return store.read(async (transaction) => ({
      object: (await transaction.objects.byUid(ann.id, "one@example.test"))?.etag,
      ledger: (await transaction.ledger.list(ann.id, { limit: 100 })).length,
      due: await transaction.deliveries.nextDue(),
      questions: (await transaction.ledger.openQuestions(ann.id)).length,
    }));
  }

  test.each(steps)("creating an event: %s fails, nothing is left and nobody is told", async (step) => {
    const before = await everything();
    failing = step;
    await expect(create()).rejects.toThrow("disk full");
    expect(await everything()).toEqual(before);
    expect(woken).toBe(0);
    failing = undefined;
    expect(await create()).toMatchObject({ kind: "done" });
    expect(await everything()).toMatchObject({ ledger: 1, due: 1_803_988_800 });
    expect(woken).toBe(1);
  });

  test.each(steps)("cancelling it: %s fails, it stands as it was", async (step) => {
    await create();
    const before = await everything();
    failing = step;
    const cancel = () => actOnObject(house, ann, { uid: "one@example.test" }, { kind: "cancel" });
    await expect(cancel()).rejects.toThrow("disk full");
    expect(await everything()).toEqual(before);
  });

  test.each(["ledger", "source"] as const)(
    "mail comes in: %s fails, it is not taken; tried again it is",
    async (step) => {
      const before = await everything();
      failing = step;
      const deliver = () => deliverMail(house, google, ["ann@example.test"], "outside");
      expect(await deliver()).toMatchObject([{ kind: "failed", error: new Error("disk full") }]);
      expect(await everything()).toEqual(before);
      failing = undefined;
      expect(await deliver()).toMatchObject([{ kind: "kept" }]);
      expect(await everything()).toMatchObject({ ledger: 1, questions: 1 });
    },
  );
});
