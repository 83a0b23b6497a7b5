import { afterEach, expect, test } from "vitest";
import { addAppPassword } from "../../src/auth/app-passwords.ts";
import { basic, startTestApi, type TestApi } from "./api.ts";

let api: TestApi;
let works = true;
afterEach(() => api.close());

const ask = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${api.port}${path}`);
  return [response.status, await response.text(), response.headers.get("cache-control")];
};
const ok = [200, '{"status":"ok"}', "no-store"];
const unavailable = [503, '{"status":"unavailable"}', "no-store"];

test("alive and ready while the store answers and the deliveries go on; strangers are told no more", async () => {
  api = await startTestApi({ isWorking: () => works });
  expect(await ask("/healthz/live")).toEqual(ok);
  expect(await ask("/healthz/ready")).toEqual(ok);
  expect(await ask("/healthz")).toEqual(ok);
  works = false;
  expect(await ask("/healthz/live")).toEqual(ok);
  expect(await ask("/healthz/ready")).toEqual(unavailable);
  expect(await ask("/healthz")).toEqual(unavailable);
});

test("alive but not ready where the store fails", async () => {
  const other = await startTestApi();
  const store = { ...other.house.store, read: () => Promise.reject(new Error("the disk /srv/parley is gone")) };
  api = await startTestApi({ house: { ...other.house, store } });
  expect(await ask("/healthz/live")).toEqual(ok);
  expect(await ask("/healthz/ready")).toEqual(unavailable);
  await other.close();
});

test("an app password opens the API, and not the page", async () => {
  api = await startTestApi();
  const { house, people, clock } = api;
  const ann = people["ann@example.test"];
  if (!ann) throw new Error("there is no Ann");
  const randomBytes = (count: number) => new Uint8Array(count).fill(7);
  const secret = await addAppPassword(house.store, ann, "phone", { now: clock.now, randomBytes });
  const headers = { authorization: basic("ann@example.test", secret) };
  expect((await api.call("GET", "/api/events", { headers })).status).toBe(200);
  const body = { address: "ann@example.test", password: secret };
  expect((await api.call("POST", "/api/session", { body })).status).toBe(401);
  await house.store.write(({ appPasswords }) => appPasswords.remove(ann.id, "phone"));
  expect((await api.call("GET", "/api/events", { headers })).status).toBe(401);
});
