import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHub, type Watcher } from "../../src/live/hub.ts";
import type { Listener } from "../../src/store/notice.ts";
import { ann, ben, password, startTestApi, type TestApi } from "../api/api.ts";
import { until } from "../store/contract-notices.ts";
import { listenAt, type Told } from "./events.ts";

const meeting = { summary: "Secret plans", start: "2027-03-05T10:00:00Z", end: "2027-03-05T11:00:00Z" };

describe("GET /api/live", () => {
  let api: TestApi;
  const open: Told[] = [];
  const listen = async (by: Parameters<typeof listenAt>[1]): Promise<Told> => {
    const told = await listenAt(api.port, by);
    open.push(told);
    if (told.status === 200) await until(() => told.text().includes("event: anew"), "the greeting");
    return told;
  };
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(async () => {
    for (const told of open.splice(0)) told.close();
    await api.close();
  });
  const invite = () =>
    api.call("POST", "/api/events", { as: ann, body: { ...meeting, attendees: [{ address: ben }] } });

  test("tells the owner where something changed and never what, and nobody else", async () => {
    const [own, other] = [await listen({ as: ann }), await listen({ as: ben })];
    const { body } = await invite();
    await until(() => own.events.length >= 3, "Ann's events");
    expect([...own.events].sort()).toEqual(
      ["delivery", "message", "object"].map((name) => `${name} ${ann} ${body.uid}`),
    );
    expect(own.text()).not.toContain("Secret");
    expect(own.text()).not.toContain(ben);
    expect(other.events).toEqual([]);
    await api.carry();
    await until(() => other.events.length >= 2, "Ben's events");
    expect(other.events).toContain(`object ${ben} ${body.uid}`);
  });

  test("tells what changes together once", async () => {
    const told = await listen({ as: ann });
    await Promise.all([1, 2, 3].map(() => invite()));
    await until(() => told.events.length >= 9, "three events");
    await sleep(150);
    expect(new Set(told.events).size).toBe(told.events.length);
  });

  test("tells those who may read, from the moment they may to the moment they may not", async () => {
    const told = await listen({ as: ben });
    const [owner, delegate] = [api.people[ann]?.id ?? "", api.people[ben]?.id ?? ""];
    for (const [scope, events] of [
      ["freebusy", 0],
      ["read", 3],
      [undefined, 0],
    ] as const) {
      await api.house.store.write(({ principals }) => principals.delegate(owner, delegate, scope));
      await sleep(50);
      told.events.splice(0);
      await invite();
      if (events > 0) await until(() => told.events.length >= events, "what Ben may know");
      else await sleep(300);
      expect(
        told.events.filter((name) => name.includes(ann)),
        String(scope),
      ).toHaveLength(events);
    }
  });

  test("asks who is there", async () => {
    expect((await api.call("GET", "/api/live")).status).toBe(401);
    expect((await api.call("GET", "/api/live", { as: ben, headers: { "parley-as": ann } })).status).toBe(403);
    const owner = api.people[ann]?.id ?? "";
    await api.house.store.write(({ principals }) => principals.delegate(owner, api.people[ben]?.id ?? "", "organize"));
    expect((await api.call("GET", "/api/live", { as: ben, headers: { "parley-as": ann } })).status).toBe(400);
  });

  test("ends with the session it was asked for by, and with no other", async () => {
    const signIn = async (): Promise<string> => {
      const { headers } = await api.call("POST", "/api/session", { body: { address: ann, password } });
      return headers.get("set-cookie")?.split(";")[0] ?? "";
    };
    const [first, second] = [await signIn(), await signIn()];
    const [told, other] = [await listen({ cookie: first }), await listen({ cookie: second })];
    await api.call("DELETE", "/api/session", { headers: { cookie: first } });
    await told.ended;
    await invite();
    await until(() => other.events.length >= 3, "the other session");
    expect(told.events).toEqual([]);
  });

  test("is open to one person so often and no oftener, until one is closed", async () => {
    const all = [];
    for (let count = 0; count < 16; count++) all.push(await listen({ as: ann }));
    expect(await api.call("GET", "/api/live", { as: ann })).toMatchObject({
      status: 429,
      body: { error: "too-many-streams" },
    });
    expect((await listen({ as: ben })).status).toBe(200);
    all[3]?.close();
    let status = 429;
    for (let time = 0; status === 429 && time < 50; time++) {
      await sleep(20);
      status = (await listen({ as: ann })).status;
    }
    expect(status).toBe(200);
  });

  test("ends when the server stops, which waits for nobody who listens", async () => {
    const told = await listen({ as: ann });
    await api.close();
    await told.ended;
    api = await startTestApi();
  });
});

describe("the hub", () => {
  /** A hub whose store says what the test says. */
  function start(look: Watcher["look"] = async () => new Map([["1", ann]])) {
    let say: Listener = () => {};
    const hub = openHub({
      listen: (listener) => {
        say = listener;
        return () => {};
      },
    });
    return { hub, say: (...notices: Parameters<Listener>[0]) => say(notices), watcher: { principal: "1", look } };
  }

  test("keeps for who does not read no more than a few, and then the word to look anew", async () => {
    const { hub, say, watcher } = start();
    const stream = await hub.open(watcher);
    for (let round = 0; round < 30; round++) {
      for (let uid = 0; uid < 90; uid++) say({ kind: "object", principal: "1", uid: `${round}-${uid}` });
      if (round < 3) await sleep(120);
    }
    await sleep(150);
    expect(stream?.readableLength).toBeLessThan(40_000);
    let text = "";
    stream?.on("data", (chunk) => (text += String(chunk)));
    await until(() => text.endsWith("event: anew\ndata: {}\n\n"), "the word to look anew");
    say({ kind: "object", principal: "1", uid: "last" });
    await until(() => text.includes('"uid":"last"'), "what comes once they read");
    hub.close();
  });

  test("a slow look does not give back what a later one has taken away", async () => {
    const answers: ((calendars: ReadonlyMap<string, string>) => void)[] = [];
    const { hub, say, watcher } = start(() => new Promise((resolve) => answers.push(resolve)));
    const opening = hub.open(watcher);
    say({ kind: "access", principal: "1" });
    answers[1]?.(new Map());
    await sleep(1);
    answers[0]?.(new Map([["1", ann]]));
    const stream = await opening;
    let text = "";
    stream?.on("data", (chunk) => (text += String(chunk)));
    say({ kind: "object", principal: "1", uid: "secret" });
    await sleep(250);
    expect(text).toContain("event: anew");
    expect(text).not.toContain("secret");
    hub.close();
  });

  test("tells of access to whom it is about, and ends where it cannot be looked at", async () => {
    let looks = 0;
    const { hub, say, watcher } = start(async () => {
      looks += 1;
      if (looks > 3) throw new Error("the store is away");
      return new Map([["1", ann]]);
    });
    const stream = await hub.open(watcher);
    const ended = new Promise((resolve) => stream?.once("end", resolve));
    stream?.resume();
    say({ kind: "access", principal: "2" });
    expect(looks).toBe(1);
    say({ kind: "access", principal: "1" }, { kind: "access" });
    expect(looks).toBe(3);
    say({ kind: "access" });
    await ended;
    hub.close();
    expect(await hub.open(watcher)).toBeUndefined();
  });
});
