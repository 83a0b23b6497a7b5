import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import {
  eventually,
  folders,
  invitation,
  letter,
  type MailboxWorld,
  openWorld,
  password,
  subjectsIn,
} from "./imap-world.ts";

let world: MailboxWorld;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

// Wherever it breaks, the mail is taken in once, and ends where it belongs.
describe("whatever breaks", () => {
  const dialects = [
    { name: "MOVE", capabilities: ["IMAP4rev1", "IDLE", "MOVE", "UIDPLUS"], settings: folders },
    { name: "COPY and UID EXPUNGE", capabilities: ["IMAP4rev1", "UIDPLUS"], settings: folders },
    { name: "COPY alone", capabilities: ["IMAP4rev1"], settings: folders },
    { name: "marks", capabilities: ["IMAP4rev1", "IDLE"], settings: {} },
  ];
  const steps = [
    "LOGIN",
    "CREATE",
    "SELECT",
    "UID SEARCH",
    "UID FETCH",
    "UID MOVE",
    "UID COPY",
    "UID STORE",
    "UID EXPUNGE",
  ];
  const cases = dialects.flatMap((dialect) => (["break", "refuse"] as const).map((fate) => ({ ...dialect, fate })));

  test.each(cases)("$name: each step fails once ($fate)", async ({ capabilities, settings, fate }) => {
    const server = await world.serve({ capabilities: [...capabilities] });
    const toFail = new Set(steps);
    server.before = (name) => (toFail.delete(name) ? fate : undefined);
    server.deliver(invitation("one"));
    server.deliver(letter("private"));
    server.deliver(invitation("two"));
    world.read(server, settings);
    const isDone = () =>
      (server.folders.get("INBOX") ?? []).every(({ flags }) => flags.has("ParleyDone") || flags.has("\\Deleted"));
    await eventually(async () => isDone() && (await world.rows()).length).toBe(2);
    const left = subjectsIn(server, "INBOX");
    const handled = new Set(subjectsIn(server, folders.handled));
    if ("handled" in settings) expect(handled).toEqual(new Set(["one", "two"]));
    else expect(left).toEqual(["one", "private", "two"]);
    expect((await world.rows()).map(({ subject }) => subject)).toEqual(["two", "one"]);
    expect(new Set(world.log.map((line) => line.split(" ")[0]))).toEqual(new Set(["mailbox"]));
  });

  test("what cannot be moved is marked after some tries, and others get their turn", async () => {
    const server = await world.serve();
    server.before = (name, rest) => (name === "UID MOVE" && rest.startsWith("1 ") ? "refuse" : undefined);
    server.deliver(invitation("stuck"));
    server.deliver(invitation("one"));
    world.read(server, folders);
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one"]);
    expect((server.folders.get("INBOX") ?? []).map(({ flags }) => [...flags])).toEqual([["ParleyDone"]]);
    expect(world.log.at(-1)).toMatch(/^mail of a mailbox stays where it is .*would not move a mail to Parley\/Handled/);
    expect(await world.rows()).toHaveLength(2);
  });

  test("a server that does not do what it says is not asked for ever", async () => {
    const server = await world.serve();
    server.before = (name) => (name === "UID STORE" ? "pretend" : undefined);
    server.deliver(invitation("one"));
    world.read(server);
    const looked = () => server.said.filter((said) => said.startsWith("UID SEARCH")).length;
    await eventually(looked).toBeGreaterThan(3);
    expect(server.said.filter((said) => said.includes("BODY"))).toHaveLength(1);
  });

  test("a server that hangs is left when it is to stop", async () => {
    const server = await world.serve();
    server.before = (name) => (name === "UID FETCH" ? new Promise(() => {}) : undefined);
    server.deliver(invitation("one"));
    const mailbox = world.read(server, folders, world.house, 0.1);
    await eventually(() => server.said.at(-1)).toMatch(/^UID FETCH/);
    await mailbox.stop();
    await eventually(() => server.connections()).toBe(0);
  });

  test("what others have marked as deleted is never removed for them", async () => {
    const server = await world.serve({ capabilities: ["IMAP4rev1"] });
    server.deliver(letter("on second thoughts"), "\\Deleted");
    server.deliver(invitation("one"));
    world.read(server, folders);
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one"]);
    expect(subjectsIn(server, "INBOX")).toEqual(["on second thoughts", "one"]);
    expect(server.said.filter((said) => said.includes("EXPUNGE"))).toEqual([]);
  });

  test("all UIDs change: every mail is looked at again, and is the one it was", async () => {
    const server = await world.serve();
    server.deliver(invitation("one"));
    server.deliver(invitation("two").replace(/^Message-ID.*\r\n/m, ""));
    const mailbox = world.read(server);
    await eventually(async () => (await world.rows()).length).toBe(2);
    await mailbox.stop();
    server.renumber();
    world.read(server);
    const marked = () => (server.folders.get("INBOX") ?? []).filter(({ flags }) => flags.has("ParleyDone")).length;
    await eventually(marked).toBe(2);
    expect(await world.rows()).toHaveLength(2);
  });

  test("a mail that can never be kept is put aside, with its reason, and keeps no other out", async () => {
    const poisoned: Store = {
      ...world.store,
      write: (work) =>
        world.store.write((transaction) =>
          work({
            ...transaction,
            ledger: {
              ...transaction.ledger,
              putSource: (bytes) => {
                if (Buffer.from(bytes).includes("poison")) throw new Error("it cannot be kept");
                return transaction.ledger.putSource(bytes);
              },
            },
          }),
        ),
    };
    const server = await world.serve();
    server.deliver(invitation("poison"));
    server.deliver(invitation("one"));
    world.read(server, folders, { ...world.house, store: poisoned });
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one"]);
    await eventually(() => subjectsIn(server, folders.failed)).toEqual(["poison"]);
    expect(world.log.filter((line) => line.startsWith("mail not kept"))).toHaveLength(9);
    expect(world.log.at(-1)).toContain("it cannot be kept");
  });

  test("while nothing can be kept no mail is blamed for it", async () => {
    let isDown = false;
    let refused = 0;
    const failing: Store = {
      ...world.store,
      write: (work) => {
        if (!isDown) return world.store.write(work);
        refused++;
        return Promise.reject(new Error("the database is down"));
      },
    };
    const server = await world.serve();
    server.deliver(invitation("one"));
    server.before = (name, rest) => {
      if (name === "UID FETCH" && rest.includes("BODY")) isDown = refused === 0;
      return undefined;
    };
    world.read(server, folders, { ...world.house, store: failing });
    await eventually(() => refused).toBeGreaterThan(4);
    expect(subjectsIn(server, folders.failed)).toEqual([]);
    isDown = false;
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one"]);
    expect(subjectsIn(server, folders.failed)).toEqual([]);
  });

  test("a server that is gone is tried again, and its password is in no log", async () => {
    const inBase64 = Buffer.from(password).toString("base64");
    const asPlain = Buffer.from(`\0ann\0${password}`).toString("base64");
    const server = await world.serve({
      loginRefusal: `wrong: ${password} ${inBase64} ${encodeURIComponent(password)} ${asPlain}`,
    });
    server.deliver(invitation("one"));
    world.read(server, folders);
    await eventually(() => world.log.length).toBeGreaterThan(2);
    server.loginRefusal = undefined;
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one"]);
    expect(world.log.join("\n")).toContain("wrong: (hidden)");
    for (const secret of [password, inBase64, encodeURIComponent(password), asPlain])
      expect(world.log.join("\n")).not.toContain(secret);
  });

  test("where TLS is asked for and not offered no password is said", async () => {
    const server = await world.serve();
    world.read(server, { requireTls: true });
    await eventually(() => world.log.length).toBeGreaterThan(0);
    expect(server.said.filter((said) => /^(LOGIN|AUTHENTICATE)/i.test(said))).toEqual([]);
  });
});
