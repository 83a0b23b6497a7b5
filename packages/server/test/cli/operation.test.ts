import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { beforeEach, describe, expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

const fixtures = new URL("../../../../fixtures/", import.meta.url);
const google = readFileSync(new URL("dialects/google-request.eml", fixtures));

/** Each command is a process of its own. */
const patience = { timeout: 60_000 };

let env: Record<string, string> = {};
const run = (...args: readonly string[]) => parley(args, "", env);
const ok = async (...args: readonly string[]): Promise<string> => {
  const ran = await run(...args);
  expect(ran).toMatchObject({ code: 0, err: "" });
  return ran.out;
};

beforeEach(() => {
  env = { PARLEY_DOMAINS: "example.test", PARLEY_DATA: makeFolder() };
});

/** Ann, and Google's invitation to her. */
async function addAnn(): Promise<void> {
  await ok("person", "add", "ann@example.test", "--name", "Ann");
  expect((await parley(["deliver", "--to", "ann@example.test"], google, env)).code).toBe(0);
}

describe("parley person", patience, () => {
  test("app-password: made, shown once, listed by name, revoked", async () => {
    await ok("person", "add", "ann@example.test", "--name", "Ann");
    const password = await ok("person", "app-password", "add", "ann@example.test", "phone");
    expect(password).toMatch(/^(?:[0-9a-z]{4}-){5}[0-9a-z]{4}\n$/);
    const again = await run("person", "app-password", "add", "ann@example.test", "phone");
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('has an app password named "phone"') });
    const listed = await ok("person", "app-password", "list", "ann@example.test");
    expect(listed).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}phone\n$/);
    expect(JSON.parse(await ok("person", "app-password", "list", "Ann@Example.Test", "--json"))).toEqual([
      { name: "phone", created: expect.stringMatching(/Z$/) },
    ]);
    expect(await ok("person", "app-password", "revoke", "ann@example.test", "phone")).toBe("");
    expect(await run("person", "app-password", "revoke", "ann@example.test", "phone")).toMatchObject({ code: 1 });
    expect(await ok("person", "app-password", "list", "ann@example.test")).toBe("");
    const nobody = await run("person", "app-password", "list", "bob@example.test");
    expect(nobody).toMatchObject({ code: 1, err: "parley: bob@example.test is nobody here\n" });
  });

  test("list --json", async () => {
    await ok("person", "add", "ann@example.test", "--name", "Ann");
    expect(JSON.parse(await ok("person", "list", "--json"))).toEqual([
      { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" },
    ]);
  });
});

describe("parley config check", patience, () => {
  test("prints what counts in the form of a file, and hides what is secret", async () => {
    env = { ...env, PARLEY_SMTP_HOST: "mx.test", PARLEY_SMTP_USER: "parley", PARLEY_SMTP_PASSWORD: "hunter2hunter2" };
    const out = await ok("config", "check");
    expect(out).not.toContain("hunter2");
    expect(JSON.parse(out)).toMatchObject({
      domains: ["example.test"],
      http: { port: 8080 },
      smtp: { host: "mx.test", port: 25, user: "parley", password: "(hidden)" },
    });
    const file = join(env["PARLEY_DATA"] ?? "", "parley.json");
    writeFileSync(file, out.replace("mx.test", "relay.test"));
    const again = await parley(["config", "check", "--config", file]);
    expect(JSON.parse(again.out)).toMatchObject({ smtp: { host: "relay.test" } });
  });

  test("tells everything that is wrong at once, never a value that may be secret, and is 1", async () => {
    const file = join(env["PARLEY_DATA"] ?? "", "parley.json");
    const text = '{"htpp":{},"http":{"port":99999,"publicUrl":"here"},"smtp":{"password":"hunter2hunter2","prot":25}}';
    writeFileSync(file, text);
    const ran = await parley(["config", "check", "--config", file], "", {
      PARLEY_LMTP_PORT: "many",
      PARLEY_DOMIANS: "x",
      PARLEY_LOG_LEVEL: "loud",
    });
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err.trimEnd().split("\n").sort()).toEqual([
      expect.stringMatching(/^PARLEY_DOMIANS: unknown variable/),
      'PARLEY_LMTP_PORT: "many" is not a whole number',
      'PARLEY_LOG_LEVEL: there is no level "loud"; there are trace, debug, info, warn, error, fatal, silent',
      expect.stringMatching(/^domains: missing; name the mail domains/),
      'htpp: unknown key "htpp"',
      "http.port: must be <= 65535",
      "smtp.host: missing; name the relay (PARLEY_SMTP_HOST=mail.example.com)",
      'smtp.prot: unknown key "prot"',
    ]);
    writeFileSync(file, '{"smtp":{"password":"hunter2hunter2}}');
    const broken = await parley(["config", "check", "--config", file]);
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("parley.json: is not JSON") });
    expect(broken.err).not.toContain("hunter2");
    const absent = await parley(["config", "check", "--config", `${file}.not`]);
    expect(absent).toMatchObject({ code: 1, err: `${file}.not: cannot be read (ENOENT)\n` });
  });

  test("what contradicts itself is wrong too", async () => {
    const more = { PARLEY_HTTP_PUBLIC_URL: "calendar.test", PARLEY_SMTP_HOST: "mx.test", PARLEY_SMTP_USER: "parley" };
    expect((await parley(["config", "check"], "", { ...env, ...more })).err.split("\n")).toEqual([
      "http.publicUrl: is no address that begins with http:// or https://",
      "smtp.password: missing; user and password go together",
      "",
    ]);
  });
});

describe("parley queue", patience, () => {
  test("list, pause, retry, release", async () => {
    await addAnn();
    expect(await ok("queue", "list")).toBe("");
    const file = join(env["PARLEY_DATA"] ?? "", "parley.sqlite");
    const db = new SqliteDatabase(file);
    db.exec(`
      insert into sources (hash, bytes) values ('h', 'x');
      insert into deliveries (message, principal_id, uid, uid_key, recipient, state, finished, attempts, due, leased_until, detail, payload, message_id)
      values (1, 1, 'u', 'u', 'bob@x.test', 'deferred', 0, 3, 4000000000, 0, '451 ' || char(27) || 'later', 'h', '<1>'),
             (1, 1, 'v', 'v', 'carl@x.test', 'refused', 1, 1, 1800000000, 0, '550 no', 'h', '<2>');`);
    expect(await ok("queue", "list")).toBe(
      "bob@x.test  deferred, due 2096-10-02T07:06:40Z, 3 attempts  u  451 \u{fffd}later\n" +
        "carl@x.test  refused 2027-01-15T08:00:00Z, 1 attempt  v  550 no\n",
    );
    await ok("queue", "pause", "--reason", "moving house");
    expect(await ok("queue", "list", "--to", "carl@x.test")).toMatch(/^Nothing leaves since .*Z: moving house\. /);
    expect(JSON.parse(await ok("queue", "list", "--to", "carl@x.test", "--json"))).toMatchObject({
      paused: { reason: "moving house" },
      count: 1,
      deliveries: [{ recipient: "carl@x.test", state: "refused", attempts: 1 }],
    });
    expect(await ok("queue", "retry")).toBe("1 message is due now\n");
    expect(await ok("queue", "retry", "--refused", "--to", "carl@x.test")).toBe("1 message is due now\n");
    expect(db.prepare("select count(*) from deliveries where due < 4000000000 and finished = 0").pluck().get()).toBe(2);
    await ok("queue", "release");
    expect(await ok("queue", "list")).not.toContain("Nothing leaves");
    expect(await run("queue", "list", "--to", "nobody")).toMatchObject({ code: 2 });
    db.close();
  });

  test("send-now ends the wait of one event; what is held back is told, and goes with release alone", async () => {
    await addAnn();
    const db = new SqliteDatabase(join(env["PARLEY_DATA"] ?? "", "parley.sqlite"));
    db.exec(`
      insert into sources (hash, bytes) values ('h', 'x');
      insert into deliveries (message, principal_id, uid, uid_key, recipient, state, finished, attempts, due, leased_until, detail, payload, message_id, held)
      values (1, 1, 'u', 'u', 'bob@x.test', 'queued', 0, 0, 4000000000, 0, '', 'h', '<1>', null),
             (1, 1, 'v', 'v', 'carl@x.test', 'queued', 0, 0, 4000000000, 0, '', 'h', '<2>', 'too many');`);
    const waiting = "carl@x.test  queued, due 2096-10-02T07:06:40Z, 0 attempts  v";
    expect(await ok("queue", "send-now", "u")).toBe("1 message is due now\n");
    expect(await ok("queue", "send-now", "w")).toBe("0 messages are due now\n");
    expect(db.prepare("select uid from deliveries where due < 4000000000").pluck().all()).toEqual(["u"]);
    expect(await ok("queue", "list", "--to", "carl@x.test")).toBe(`${waiting}  held: too many\n`);
    expect(await ok("queue", "release")).toBe("1 message was held back\n");
    expect(await ok("queue", "release")).toBe("");
    expect(await ok("queue", "list", "--to", "carl@x.test")).toBe(`${waiting}\n`);
    db.close();
  });
});

describe("parley trace", patience, () => {
  test("tells the story of a meeting, and is 1 where there is none", async () => {
    await addAnn();
    const uid = /^UID:(.+?)\r?$/m.exec(google.toString("latin1"))?.[1] ?? "";
    const text = await ok("trace", uid);
    expect(text).toMatch(/^ann@example\.test\n {2}now: not in the calendar\n/);
    expect(text).toMatch(
      /REQUEST sequence \d+ {2}from .+ to ann@example\.test\n {4}undecided: .+ \[decision 0004\]\n {4}sender: /,
    );
    const json = JSON.parse(await ok("trace", uid, "--person", "ann@example.test", "--json"));
    expect(json.people[0].messages[0]).toMatchObject({ direction: "in", method: "REQUEST", verdict: "undecided" });
    expect(await run("trace", "nothing")).toMatchObject({ code: 1, err: "nothing is known of that meeting here\n" });
    expect(await run("trace", uid, "--person", "x@example.test")).toMatchObject({ code: 1 });
  });
});

describe("parley check", patience, () => {
  test("is 0 where all is well, 1 where it is not, 0 again once that is repaired, 2 where it cannot look", async () => {
    await addAnn();
    expect(await ok("check")).toBe("Checked 0 objects, 1 messages, 0 deliveries: nothing wrong.\n");
    const db = new SqliteDatabase(join(env["PARLEY_DATA"] ?? "", "parley.sqlite"));
    db.exec(
      "insert into documents (hash, text) values ('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '')",
    );
    const found = await run("check");
    expect(found).toMatchObject({ code: 1, err: "" });
    expect(found.out).toMatch(/^orphan {2}documents e3b0c.*\(--repair mends it\)\nChecked .*: 1 wrong\.\n$/);
    const json = await run("check", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ faults: [{ invariant: "orphan", repairable: true }], more: false });
    expect(await ok("check", "--repair")).toContain("nothing wrong");
    db.exec("update messages set rule = ''");
    db.close();
    expect(await run("check", "--repair")).toMatchObject({ code: 1 });
    const nowhere = await parley(["check"], "", { ...env, PARLEY_DATA: "/dev/null/parley" });
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining("not checked: ") });
  });
});

describe("parley backup and restore", patience, () => {
  test("a copy is restored elsewhere, verified, with its mail held", async () => {
    await addAnn();
    const folder = env["PARLEY_DATA"] ?? "";
    const file = join(folder, "copy.gz");
    expect(await ok("backup", file)).toMatch(/copy\.gz: \d+ rows, 0 objects, 1 messages\n$/);
    expect(await run("backup", file)).toMatchObject({ code: 1, err: expect.stringContaining("is there already") });
    const there = { ...env, PARLEY_DATA: join(folder, "there") };
    const restored = await parley(["restore", file, "--verify"], "", there);
    expect(restored).toMatchObject({ code: 0, err: "" });
    expect(restored.out).toMatch(
      /Outgoing mail is held.*\nChecked 0 objects, 1 messages, 0 deliveries: nothing wrong\.\n$/,
    );
    expect((await parley(["queue", "list"], "", there)).out).toContain("restored from the backup of");
    expect((await parley(["person", "list"], "", there)).out).toContain("ann@example.test");
    const again = await parley(["restore", file], "", there);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("this one has 1 rows in principals") });
  });

  test("a damaged copy is refused before anything is made", async () => {
    await addAnn();
    const folder = env["PARLEY_DATA"] ?? "";
    const file = join(folder, "copy.gz");
    await ok("backup", file);
    writeFileSync(file, readFileSync(file).subarray(0, -100));
    const there = join(folder, "there");
    const ran = await parley(["restore", file], "", { ...env, PARLEY_DATA: there });
    expect(ran).toMatchObject({ code: 1, out: "", err: `parley: ${file} is no whole backup: it is cut short\n` });
    expect(existsSync(there)).toBe(false);
  });
});
