import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { beforeEach, describe, expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

let env: Record<string, string> = {};
const run = (...args: readonly string[]) => parley(args, "", env);

beforeEach(() => {
  env = { PARLEY_DOMAINS: "example.test", PARLEY_DATA: makeFolder(), PARLEY_KEEP_LEDGER_DAYS: "30" };
});

/** Each command is a process of its own. */
describe("parley jobs", { timeout: 60_000 }, () => {
  test("lists what there is and when it ran, and runs one by its name", async () => {
    const never = await run("jobs", "list");
    expect(never).toMatchObject({ code: 0, err: "" });
    expect(never.out).toContain("remove-old-messages  removes messages older than 30 days\n  never ran; due now\n");
    const ran = await run("jobs", "run", "remove-old-messages");
    expect(ran).toEqual({ code: 0, err: "", out: "0 messages and 0 mails removed\n" });
    const listed = JSON.parse((await run("jobs", "list", "--json")).out);
    expect(listed.map(({ name, result }: { name: string; result: string }) => [name, result])).toEqual([
      ["extend-busy-index", ""],
      ["remove-expired-sessions", ""],
      ["remove-expired-links", ""],
      ["forget-told-busy", ""],
      ["remove-old-messages", "0 messages and 0 mails removed"],
      ["refresh-subscriptions", ""],
    ]);
    expect(listed.at(-2)).toMatchObject({ running: false, failed: false, ended: expect.stringMatching(/Z$/) });
    const unknown = await run("jobs", "run", "sweep");
    expect(unknown).toMatchObject({ code: 2, err: expect.stringMatching(/^there is no job sweep; there are extend-/) });
  });

  test("what they removed is told of by parley trace", async () => {
    await run("person", "add", "ann@example.test", "--name", "Ann");
    await parley(["deliver", "--to", "ann@example.test"], "From: x@y.test\r\nSubject: Lunch\r\n\r\nToday?\r\n", env);
    const db = new SqliteDatabase(join(env["PARLEY_DATA"] ?? "", "parley.sqlite"));
    db.exec("update messages set at = 0");
    db.close();
    expect((await run("jobs", "run", "remove-old-messages")).out).toBe("1 messages and 1 mails removed\n");
    const trace = await run("trace", "anything");
    expect(trace).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^Messages of before .*Z are no longer kept\.\n$/),
    });
  });
});
