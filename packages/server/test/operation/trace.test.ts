import { expect, test } from "vitest";
import { traceMeeting } from "../../src/operation/trace.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { storeOptions } from "../scheduling/house.ts";
import { fill, houseOver, now, outsider } from "./house.ts";

test("a meeting is told by person, oldest message first, with what decided and how each delivery fares", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = houseOver(store);
  const { ann, uid } = await fill(house);
  await store.write(async ({ deliveries, queue }) => {
    const [first] = await queue.list({ states: ["queued"] }, 1);
    await deliveries.settle(first?.id ?? "", { state: "deferred", due: now + 60, detail: "451 later" });
  });
  const trace = await traceMeeting(house, uid, undefined);
  expect(trace.people.map(({ person }) => person)).toEqual(["ann@example.test"]);
  expect(trace.people[0]).toMatchObject({ copy: { removed: false, answers: [] }, more: false });
  expect(trace.people[0]?.messages).toEqual([
    expect.objectContaining({
      direction: "out",
      method: "REQUEST",
      sequence: 0,
      from: "ann@example.test",
      verdict: "sent",
      rule: expect.stringMatching(/^RFC 5546 §/),
      deliveries: [
        expect.objectContaining({ recipient: "ben@example.test", state: "deferred", attempts: 1, detail: "451 later" }),
        expect.objectContaining({ recipient: outsider, state: "queued", attempts: 0 }),
      ],
    }),
  ]);
  const [question] = await store.read(({ ledger }) => ledger.list(ann.id, { limit: 10 }));
  const invited = await traceMeeting(house, question?.uid ?? "", ann);
  expect(invited.people[0]?.copy?.answers).toEqual([{ attendee: ann.address, instance: "", partstat: "ACCEPTED" }]);
  expect(
    invited.people[0]?.messages.map(({ method, verdict, decided }) => [method, verdict, decided?.decision]),
  ).toEqual([
    ["REQUEST", "undecided", "apply"],
    ["REQUEST", "applied", undefined],
    ["REPLY", "sent", undefined],
  ]);
  await store.close();
});

test("a trace tells since when messages are not kept any more", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = houseOver(store);
  const { uid } = await fill(house);
  expect((await traceMeeting(house, uid, undefined)).removedBefore).toBeUndefined();
  await store.write(({ retention }) => retention.removeMessages(now + 1, undefined));
  const trace = await traceMeeting(house, uid, undefined);
  expect(trace.removedBefore).toBe(now + 1);
  await store.close();
});

test("what was removed is told as removed; of a UID nobody knows there is nothing to tell", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = houseOver(store);
  await fill(house);
  const ben = await store.read(async ({ principals }) => (await principals.list()).find(({ name }) => name === "Ben"));
  const trace = await traceMeeting(house, "uid-3@example.test", ben);
  expect(trace.people[0]?.copy?.removed).toBe(true);
  expect(trace.people[0]?.messages.map(({ method }) => method)).toEqual(["REQUEST", "CANCEL"]);
  expect((await traceMeeting(house, "unknown", undefined)).people).toEqual([]);
  expect((await traceMeeting(house, "uid-1@example.test", ben)).people).toEqual([]);
  await store.close();
});

test("a long story is told whole, in order", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = houseOver(store);
  const { ann, uid } = await fill(house);
  await store.write(async ({ ledger }) => {
    for (let count = 0; count < 1_100; count++) {
      const facts = { direction: "in", from: "x@y.test", to: [], rule: "none", reason: "", changes: [] } as const;
      await ledger.add({
        principal: ann.id,
        at: now + count,
        uid,
        subject: "",
        verdict: "ignored",
        violations: [],
        ...facts,
      });
    }
  });
  const { messages = [] } = (await traceMeeting(house, uid, ann)).people[0] ?? {};
  expect(messages).toHaveLength(1_101);
  expect(messages.map(({ id }) => Number(id))).toEqual(messages.map(({ id }) => Number(id)).sort((a, b) => a - b));
  await store.close();
});
