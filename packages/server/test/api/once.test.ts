import SqliteDatabase from "better-sqlite3";
import { DatabaseError } from "pg";
import { afterEach, expect, test } from "vitest";
import { StoreUnavailable } from "../../src/store/unavailable.ts";
import { ann, ben, startTestApi, type TestApi } from "./api.ts";

let api: TestApi;
afterEach(() => api.close());

const body = {
  summary: "Review",
  start: "2027-03-02T09:00:00Z",
  end: "2027-03-02T10:00:00Z",
  attendees: [{ address: ben }],
};
const make = (key: string, as = ann, more: object = {}) =>
  api.call("POST", "/api/events", { as, body: { ...body, ...more }, headers: { "idempotency-key": key } });

test("an event that is made again with the same key is made once, and its guests hear of it once", async () => {
  api = await startTestApi();
  const first = await make("one");
  const [again, , other, others] = [
    await make("one"),
    await make("two"),
    await make("one", ann, { summary: "Another" }),
    await make("one", ben, { attendees: [] }),
  ];
  expect([first, again, other, others].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect([again.body, other.body]).toEqual([first.body, first.body]);
  expect(others.body.uid).not.toBe(first.body.uid);
  const { entries } = (await api.call("GET", "/api/ledger", { as: ann })).body;
  expect(entries.map(({ method }: { method: string }) => method)).toEqual(["REQUEST", "REQUEST"]);
  const changed = await api.call("PUT", `/api/events/${first.body.id}`, {
    as: ann,
    body: { ...body, summary: "Moved" },
  });
  expect((await make("one")).body).toEqual(changed.body);
  await api.call("DELETE", `/api/events/${first.body.id}`, { as: ann });
  expect((await make("one")).status).toBe(409);
});

const sqlite = (code: string) => new SqliteDatabase.SqliteError("no", code);
const postgres = (code: string) => Object.assign(new DatabaseError("no", 2, "error"), { code });

test.each<[name: string, error: Error, status: number]>([
  ["a disk that is full", sqlite("SQLITE_FULL"), 503],
  ["a disk that fails", sqlite("SQLITE_IOERR_FSYNC"), 503],
  ["a file held by another for too long", sqlite("SQLITE_BUSY"), 503],
  ["a broken rule of our own", sqlite("SQLITE_CONSTRAINT_UNIQUE"), 500],
  ["a lost connection", new StoreUnavailable("the connection to the database was lost"), 503],
  ["PostgreSQL without space", postgres("53100"), 503],
  ["PostgreSQL that is stopped", postgres("57P01"), 503],
  ["a lock that is not to be had", postgres("55P03"), 503],
  ["a statement PostgreSQL does not know", postgres("42601"), 500],
  ["a mistake of ours", new TypeError("undefined is no function"), 500],
])("%s is told as what it is", async (_, error, status) => {
  const sound = await startTestApi();
  const broken = { ...sound.house.store, write: () => Promise.reject(error) };
  api = await startTestApi({ house: { ...sound.house, store: broken } });
  const answer = await make("one");
  expect(answer.status).toBe(status);
  expect(answer.body.error).toBe(status === 503 ? "unavailable" : "internal");
  expect(answer.headers.get("retry-after")).toBe(status === 503 ? "5" : null);
  await sound.close();
});
