import { defaultLimits } from "@parley/engine";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addAppPassword } from "../../src/auth/app-passwords.ts";
import { countAttempts } from "../../src/auth/attempts.ts";
import { hashPassword } from "../../src/auth/passwords.ts";
import { signIn, signInProgram } from "../../src/auth/sign-in.ts";
import { addPerson } from "../../src/people.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";

const now = 1_800_000_000;
let store: Store;
let ann: Principal;
let bob: Principal;
let seed = 0;
const world = {
  now,
  randomBytes: (count: number) => Uint8Array.from({ length: count }, (_, index) => ++seed * 7 + index),
};

beforeAll(async () => {
  store = await openSqliteStore(":memory:", { zones: intlZoneProvider, limits: defaultLimits });
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  bob = await addPerson(store, { name: "Bob", addresses: ["bob@example.test"], timezone: "UTC" });
  const hash = await hashPassword("correct horse");
  await store.write(({ principals }) => principals.setPasswordHash(ann.id, hash));
});
afterAll(() => store.close());

const attempt = async (how: typeof signIn, address: string, password: string) =>
  (await how(store, countAttempts(), { address, password }, "192.0.2.1", now)).kind;

test("a program signs in with it, in any spelling, and beside it with the person's own password", async () => {
  const password = await addAppPassword(store, ann, "phone", world);
  expect(password).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/);
  for (const spelling of [
    password,
    password.replaceAll("-", ""),
    password.toUpperCase(),
    ` ${password.replaceAll("-", " ")}`,
  ]) {
    expect(await attempt(signInProgram, "ann@example.test", spelling)).toBe("signed-in");
  }
  expect(await attempt(signInProgram, "ann@example.test", "correct horse")).toBe("signed-in");
  // Whoever finds it in a device must not get at the page, where more can be done.
  expect(await attempt(signIn, "ann@example.test", password)).toBe("refused");
  expect(await attempt(signInProgram, "bob@example.test", password)).toBe("refused");
  const last = password.endsWith("0") ? "1" : "0";
  expect(await attempt(signInProgram, "ann@example.test", password.slice(0, -1) + last)).toBe("refused");
});

test("only its hash is kept, and once it is taken back nobody signs in with it", async () => {
  const password = await addAppPassword(store, ann, "laptop", world);
  const rows = await store.read(({ upkeep }) => upkeep.page("app_passwords", undefined));
  const laptop = rows.find((row) => row["name"] === "laptop");
  expect(laptop?.["password_hash"]).toMatch(/^\$argon2id\$/);
  expect(JSON.stringify(rows)).not.toContain(password.replaceAll("-", "").slice(8));
  await store.write(({ appPasswords }) => appPasswords.remove(ann.id, "laptop"));
  expect(await attempt(signInProgram, "ann@example.test", password)).toBe("refused");
});

test("somebody without a password of their own signs in by an app password alone", async () => {
  const password = await addAppPassword(store, bob, "phone", world);
  expect(await attempt(signInProgram, "bob@example.test", password)).toBe("signed-in");
  expect(await attempt(signInProgram, "bob@example.test", "")).toBe("refused");
});

test("a name is one, has a length, and there are fifty at most", async () => {
  const carl = await addPerson(store, { name: "Carl", addresses: ["carl@example.test"], timezone: "UTC" });
  await expect(addAppPassword(store, carl, "", world)).rejects.toThrow("1 to 100 characters");
  await expect(addAppPassword(store, carl, "x".repeat(101), world)).rejects.toThrow("1 to 100 characters");
  await addAppPassword(store, carl, "phone", world);
  await expect(addAppPassword(store, carl, "phone", world)).rejects.toThrow('has an app password named "phone"');
  await store.write(async ({ appPasswords }) => {
    for (let count = 1; count < 50; count++) {
      await appPasswords.add(carl.id, { name: `no. ${count}`, created: now, selector: `selector${count}`, hash: "" });
    }
  });
  await expect(addAppPassword(store, carl, "one more", world)).rejects.toThrow("has 50 app passwords");
});
