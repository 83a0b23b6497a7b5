import { afterEach, beforeEach, expect, test } from "vitest";
import { ann, ben, start, startTestApi, type TestApi } from "./api.ts";

const planning = {
  summary: "Planning",
  start: "2027-03-02T10:00:00Z",
  end: "2027-03-02T11:00:00Z",
  attendees: [{ address: "gina@elsewhere.test" }],
};
let api: TestApi;
let woken = 0;

beforeEach(async () => {
  woken = 0;
  const other = await startTestApi();
  const house = { ...other.house, delivery: { pauseSeconds: 30 } };
  house.store.listen((notices) => {
    if (notices.some(({ kind }) => kind === "work")) woken++;
  });
  const { close, ...own } = await startTestApi({ house });
  api = { ...own, house, close: () => Promise.all([close(), other.close()]).then(() => undefined) };
});
afterEach(() => api.close());

test("what waits for the next change is sent at once when asked for, of that event and person alone", async () => {
  const made = await api.call("POST", "/api/events", { as: ann, body: planning });
  await api.call("POST", "/api/events", { as: ann, body: planning });
  const due = async () => {
    const waiting = await api.house.store.read(({ queue }) => queue.list({ states: ["queued"] }, 10));
    return waiting.map((delivery) => delivery.due - start);
  };
  expect(await due()).toEqual([30, 30]);
  const path = `/api/events/${made.body.id}/send-now`;
  expect(await api.call("POST", path, { as: ben })).toMatchObject({ status: 404, body: { error: "not-found" } });
  expect((await api.call("POST", path)).status).toBe(401);
  expect(await due()).toEqual([30, 30]);
  const before = woken;
  const sent = await api.call("POST", path, { as: ann });
  expect([sent.status, sent.body]).toEqual([200, made.body]);
  expect(await due()).toEqual([0, 30]);
  expect(woken).toBe(before + 1);
});
