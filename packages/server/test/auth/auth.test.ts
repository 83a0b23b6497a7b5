import { defaultLimits } from "@parley/engine";
import { intlZoneProvider } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Attempts, countAttempts } from "../../src/auth/attempts.ts";
import { hashPassword, verifyPassword } from "../../src/auth/passwords.ts";
import { closeSession, findSession, openSession, sessionSeconds } from "../../src/auth/sessions.ts";
import { readBasic, signIn } from "../../src/auth/sign-in.ts";
import { addPerson } from "../../src/people.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";

const now = 1_800_000_000;

test("a password is kept as a salted Argon2id hash, and only it verifies", async () => {
  const [first, second] = await Promise.all([hashPassword("pässword"), hashPassword("pässword")]);
  expect(first).toMatch(/^\$argon2id\$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword(first, "pässword")).toBe(true);
  expect(await verifyPassword(first, "passwörd")).toBe(false);
  expect(await verifyPassword(undefined, "")).toBe(false);
});

describe("sessions", async () => {
  const store = await openSqliteStore(":memory:", { zones: intlZoneProvider, limits: defaultLimits });
  const person = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(7);

  test("the token is 256 random bits and the store never sees it", async () => {
    const token = await openSession(store, person, now, bytes);
    expect(Buffer.from(token, "base64url")).toEqual(Buffer.alloc(32, 7));
    expect(await findSession(store, token, now)).toEqual(person);
    expect(await store.read((transaction) => transaction.sessions.find(token, now))).toBeUndefined();
    await closeSession(store, token);
  });

  test("it ends when it is closed, and after 30 days", async () => {
    const token = await openSession(store, person, now, bytes);
    expect(await findSession(store, token, now + sessionSeconds - 1)).toEqual(person);
    expect(await findSession(store, token, now + sessionSeconds)).toBeUndefined();
    await closeSession(store, token);
    expect(await findSession(store, token, now)).toBeUndefined();
    await closeSession(store, token);
  });

  test("any address of a person signs in with their password, nobody else's does", async () => {
    const bob = { name: "Bob", addresses: ["bob@example.test", "robert@example.test"], timezone: "UTC" };
    const { id } = await addPerson(store, bob);
    const hash = await hashPassword("secret of Bob");
    await store.write((transaction) => transaction.principals.setPasswordHash(id, hash));
    const attempt = async (address: string, password: string) =>
      (await signIn(store, countAttempts(), { address, password }, "192.0.2.1", now)).kind;
    expect(await attempt("bob@example.test", "secret of Bob")).toBe("signed-in");
    expect(await attempt(" MAILTO:Robert@Example.Test", "secret of Bob")).toBe("signed-in");
    expect(await attempt("bob@example.test", "secret of Ann")).toBe("refused");
    expect(await attempt("ann@example.test", "secret of Bob")).toBe("refused");
    expect(await attempt("nobody@example.test", "secret of Bob")).toBe("refused");
    expect(await attempt("no address", "")).toBe("refused");
  });
});

describe("attempts", () => {
  const attempt = async (attempts: Attempts, address: string, ip: string, passes = false, at = now) =>
    (await attempts.attempt(address, ip, at, async () => passes)).kind;

  test("the eleventh failure of an address waits for the window to end, wherever it comes from", async () => {
    const attempts = countAttempts();
    for (let count = 0; count < 10; count++) {
      expect(await attempt(attempts, "a", `192.0.2.${count}`, false, now + count)).toBe("failed");
    }
    const looked: string[] = [];
    const late = attempts.attempt("a", "192.0.2.99", now + 100, async () => looked.push("a") > 0);
    expect(await late).toEqual({ kind: "too-many", retryAfterSeconds: 200 });
    expect(looked).toEqual([]);
    expect(await attempt(attempts, "b", "192.0.2.99", true, now + 100)).toBe("passed");
    expect(await attempt(attempts, "a", "192.0.2.99", true, now + 300)).toBe("passed");
  });

  test("a hundred right passwords at once all pass, of a hundred wrong ones ten are looked at", async () => {
    const attempts = countAttempts();
    const many = (passes: boolean) => Array.from({ length: 100 }, () => attempt(attempts, "a", "192.0.2.1", passes));
    expect(new Set(await Promise.all(many(true)))).toEqual(new Set(["passed"]));
    const failed = (await Promise.all(many(false))).filter((kind) => kind === "failed");
    expect(failed.length).toBe(10);
  });

  test("guesses for many addresses at once are counted for their network", async () => {
    const attempts = countAttempts();
    const kinds = await Promise.all(
      Array.from({ length: 100 }, (_, index) => attempt(attempts, `a${index}`, "192.0.2.1")),
    );
    expect(kinds.filter((kind) => kind === "failed").length).toBe(50);
  });

  test("one that cannot be looked at ends, and the next has its turn", async () => {
    const attempts = countAttempts();
    const broken = attempts.attempt("a", "192.0.2.1", now, () => Promise.reject(new Error("the store is closed")));
    const next = attempt(attempts, "a", "192.0.2.1", true);
    await expect(broken).rejects.toThrow("the store is closed");
    expect(await next).toBe("passed");
  });

  test.each([
    ["192.0.2.1", "192.0.2.1", true],
    ["192.0.2.1", "::ffff:192.0.2.1", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff", true],
    ["2001:db8::1", "2001:db8:0:0:1::", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["::1", "::2", true],
  ])("the 51st failure from %s stops %s too: %s", async (first, second, isOne) => {
    const attempts = countAttempts();
    for (let count = 0; count < 50; count++) await attempt(attempts, `person ${count}`, first);
    expect(await attempt(attempts, "somebody", second)).toBe(isOne ? "too-many" : "failed");
  });

  test("many addresses are forgotten, but not those that have failed too often: they cannot be washed out", async () => {
    const attempts = countAttempts();
    for (let count = 0; count < 10; count++) await attempt(attempts, "a", `10.0.0.${count}`);
    for (let count = 0; count < 9; count++) await attempt(attempts, "b", `10.0.1.${count}`);
    for (let count = 0; count < 20_100; count++) {
      await attempt(attempts, `x${count}`, `10.2.${count % 256}.${count >> 8}`);
    }
    expect(await attempt(attempts, "a", "10.0.0.99")).toBe("too-many");
    // What was forgotten begins anew.
    for (let count = 0; count < 9; count++) expect(await attempt(attempts, "b", "10.0.3.1")).toBe("failed");
  });

  test("a network that has failed too often leaves no trace of what else it asks for", async () => {
    const attempts = countAttempts();
    for (let count = 0; count < 50; count++) await attempt(attempts, `y${count}`, "10.9.9.9");
    for (let count = 0; count < 20; count++) expect(await attempt(attempts, "c", "10.9.9.9")).toBe("too-many");
    expect(await attempt(attempts, "c", "10.8.8.8")).toBe("failed");
  });
});

test("Basic credentials are read as they were written, colons in the password included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (user, password) => {
      fc.pre(!user.includes(":"));
      const header = `basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
      expect(readBasic(header)).toEqual({ address: user, password });
    }),
  );
});

test.each(["", "Basic", "Basic ", "Basic !!!", "Bearer YTpi", `Basic ${Buffer.from("no colon").toString("base64")}`])(
  "%j has no Basic credentials",
  (header) => {
    expect(readBasic(header)).toBeUndefined();
  },
);
