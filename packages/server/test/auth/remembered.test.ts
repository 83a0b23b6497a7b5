import { defaultLimits } from "@parley/engine";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { addAppPassword } from "../../src/auth/app-passwords.ts";
import { type Attempts, countAttempts } from "../../src/auth/attempts.ts";
import { hashPassword } from "../../src/auth/passwords.ts";
import { type RememberedSignIns, rememberSignIns } from "../../src/auth/remembered.ts";
import { signInAgain } from "../../src/auth/sign-in.ts";
import { addPerson } from "../../src/people.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";

const start = 1_800_000_000;
let store: Store;
let ann: Principal;
let bob: Principal;
let remembered: RememberedSignIns;
/** Passwords that were held against a hash. */
let hashed = 0;
let now = start;

beforeAll(async () => {
  store = await openSqliteStore(":memory:", { zones: intlZoneProvider, limits: defaultLimits });
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  bob = await addPerson(store, { name: "Bob", addresses: ["bob@example.test"], timezone: "UTC" });
});

let unlisten: () => void;

beforeEach(async () => {
  for (const { id } of [ann, bob]) {
    const hash = await hashPassword("correct horse");
    await store.write(({ principals }) => principals.setPasswordHash(id, hash));
  }
  remembered = rememberSignIns(new Uint8Array(32));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  unlisten = store.listen((notices) => {
    if (notices.some(({ kind }) => kind === "access")) remembered.forget();
  });
  hashed = 0;
  now = start;
});

afterEach(() => {
  vi.useRealTimers();
  unlisten();
});

afterAll(() => store.close());

const attempts: Attempts = countAttempts();
const counted: Attempts = {
  attempt: (address, ip, at, verify) =>
    attempts.attempt(address, ip, at, () => {
      hashed += 1;
      return verify();
    }),
};

const signIn = async (address: string, password: string, passwords = true) =>
  (await signInAgain(store, counted, remembered, { address, password }, "192.0.2.1", now, passwords)).kind;

test("what was found right is not hashed again for ten minutes", async () => {
  for (let time = 0; time < 3; time++) expect(await signIn("ann@example.test", "correct horse")).toBe("signed-in");
  expect(hashed).toBe(1);
  vi.advanceTimersByTime(1_000);
  now = start + 599;
  expect(await signIn("ANN@example.test", "correct horse")).toBe("signed-in");
  expect(hashed).toBe(1);
  vi.advanceTimersByTime(1_000);
  now = start + 600;
  expect(await signIn("ann@example.test", "correct horse")).toBe("signed-in");
  expect(hashed).toBe(2);
});

test("what was found wrong is hashed each time", async () => {
  for (let time = 0; time < 3; time++) expect(await signIn("ann@example.test", "wrong horse")).toBe("refused");
  expect(hashed).toBe(3);
  expect(await signIn("nobody@example.test", "correct horse")).toBe("refused");
});

test("what is remembered of one is not of another with the same password", async () => {
  await signIn("ann@example.test", "correct horse");
  await signIn("bob@example.test", "correct horse");
  expect(hashed).toBe(2);
});

test("a password that is changed, or taken back, is refused at once", async () => {
  expect(await signIn("ann@example.test", "correct horse")).toBe("signed-in");
  const hash = await hashPassword("other horse");
  await store.write(({ principals }) => principals.setPasswordHash(ann.id, hash));
  expect(await signIn("ann@example.test", "correct horse")).toBe("refused");
  let seed = 0;
  const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => ++seed % 32);
  const password = await addAppPassword(store, ann, "phone", { now, randomBytes });
  for (let time = 0; time < 2; time++) expect(await signIn("ann@example.test", password, false)).toBe("signed-in");
  await store.write(({ appPasswords }) => appPasswords.remove(ann.id, "phone"));
  expect(await signIn("ann@example.test", password, false)).toBe("refused");
});

test("who signed in within a second is not looked for again, unless something may have changed", async () => {
  const looked = () =>
    new Proxy(store, {
      get: (target, name) => (name === "read" ? Reflect.get(reading, name) : Reflect.get(target, name)),
    });
  let looks = 0;
  const reading: Pick<Store, "read"> = {
    read: (work) => {
      looks += 1;
      return store.read(work);
    },
  };
  const ask = async () => {
    const credentials = { address: "ann@example.test", password: "correct horse" };
    const before = looks;
    const { kind } = await signInAgain(looked(), counted, remembered, credentials, "192.0.2.1", now, true);
    return [kind, looks > before];
  };
  expect(await ask()).toEqual(["signed-in", true]);
  expect(await ask()).toEqual(["signed-in", true]); // the first was hashed, and is remembered from now on
  expect(await ask()).toEqual(["signed-in", false]);
  vi.advanceTimersByTime(999);
  expect(await ask()).toEqual(["signed-in", false]);
  vi.advanceTimersByTime(1);
  expect(await ask()).toEqual(["signed-in", true]);
  expect(await ask()).toEqual(["signed-in", false]);
  remembered.forget();
  expect(await ask()).toEqual(["signed-in", true]);
});

test("what changes while somebody signs in is not held for a moment", () => {
  const recent = remembered.recent(["ann", "secret"]);
  remembered.forget();
  recent.keep(ann);
  expect(remembered.recent(["ann", "secret"]).principal).toBeUndefined();
  remembered.recent(["ann", "secret"]).keep(ann);
  expect(remembered.recent(["ann", "secret"]).principal).toBe(ann);
  expect(remembered.recent(["ann", "other"]).principal).toBeUndefined();
});

test("where people have no passwords of their own, one that was right is none", async () => {
  expect(await signIn("ann@example.test", "correct horse")).toBe("signed-in");
  expect(await signIn("ann@example.test", "correct horse", false)).toBe("refused");
});

test("remembers 20,000 at most, those it has heard of last", () => {
  for (let number = 0; number <= 20_000; number++) remembered.add("hash", String(number), start);
  expect([0, 1, 20_000].map((number) => remembered.has("hash", String(number), start))).toEqual([false, true, true]);
});
