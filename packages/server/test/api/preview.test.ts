import { afterEach, beforeEach, expect, test } from "vitest";
import { contentOf } from "../operation/house.ts";
import { ann, ben, startTestApi, type TestApi } from "./api.ts";

const [gina, gus] = ["gina@elsewhere.test", "gus@elsewhere.test"];
const planning = {
  summary: "Planning",
  start: "2027-03-02T10:00:00Z",
  end: "2027-03-02T11:00:00Z",
  attendees: [{ address: gina }, { address: ben }],
};
let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

/** Asks what a change would send, makes it, and gives both: what was told, and what the ledger then has, oldest first. */
async function both(previewPath: string, method: string, path: string, body: unknown) {
  const before = await contentOf(api.house.store);
  const preview = await api.call("POST", previewPath, { as: ann, body });
  expect(preview.status, JSON.stringify(preview.body)).toBe(200);
  expect(await contentOf(api.house.store)).toEqual(before);
  const known = (await api.call("GET", "/api/ledger", { as: ann })).body.entries.length;
  const made = await api.call(method, path, { as: ann, body });
  expect(made.status).toBeLessThan(300);
  const { entries } = (await api.call("GET", "/api/ledger", { as: ann })).body;
  const sent = entries.slice(0, entries.length - known).reverse();
  const told = sent.map(({ method: of, to, subject, changes }: Record<string, unknown>) => {
    return { method: of, to, subject, changes };
  });
  return { previewed: preview.body.messages, told, event: made.body };
}

test("a preview tells what making and changing an event would send to whom, and keeps nothing", async () => {
  const made = await both("/api/events/preview", "POST", "/api/events", planning);
  expect(made.previewed).toEqual(made.told);
  expect(made.previewed).toMatchObject([{ method: "REQUEST", to: [gina, ben], subject: "Invitation: Planning" }]);
  const path = `/api/events/${made.event.id}`;
  const moved = { ...planning, start: "2027-03-02T12:00:00Z", end: "2027-03-02T13:00:00Z" };
  const attendees = [{ address: gina }, { address: gus }];
  const changed = await both(`${path}/preview`, "PUT", path, { ...moved, attendees });
  expect(changed.previewed).toEqual(changed.told);
  const recipients = changed.previewed.map(({ method, to }: { method: string; to: string[] }) => [method, to]);
  expect(recipients).toContainEqual(["CANCEL", [ben]]);
  expect(recipients).toContainEqual(["REQUEST", [gus]]);
  expect(recipients).toContainEqual(["REQUEST", [gina]]);
  expect(JSON.stringify(changed.previewed[0].changes)).toMatch(/Moved|moved/);
});

test("a preview refuses what the change would be refused, and knows a change of nothing", async () => {
  const { body: made } = await api.call("POST", "/api/events", { as: ann, body: planning });
  const path = `/api/events/${made.id}/preview`;
  expect((await api.call("POST", path, { as: ann, body: planning })).body).toEqual({ messages: [] });
  expect(await api.call("POST", path, { as: ben, body: planning })).toMatchObject({ status: 404 });
  expect((await api.call("POST", path, { body: planning })).status).toBe(401);
  const stale = { as: ann, body: { ...planning, summary: "Other" }, headers: { "if-match": '"0"' } };
  expect(await api.call("POST", path, stale)).toMatchObject({ status: 412, body: { error: "changed-meanwhile" } });
  const backwards = { ...planning, end: "2027-03-01T10:00:00Z" };
  for (const where of [path, "/api/events/preview"]) {
    expect(await api.call("POST", where, { as: ann, body: backwards })).toMatchObject({ status: 400 });
  }
  await api.carry();
  const { events } = (await api.call("GET", "/api/events", { as: ben })).body;
  const theirs = `/api/events/${events[0].id}/preview`;
  expect(await api.call("POST", theirs, { as: ben, body: planning })).toMatchObject({ status: 403 });
});
