import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refreshSubscriptions } from "../../src/jobs/refresh-subscriptions.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { checkStore } from "../../src/operation/check.ts";
import { addPerson } from "../../src/people.ts";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import { readBusyTimes } from "../../src/scheduling/free-busy.ts";
import type { House } from "../../src/scheduling/house.ts";
import { moveObject } from "../../src/scheduling/move-object.ts";
import { putObject } from "../../src/scheduling/put-object.ts";
import { deleteObject, removeCalendar } from "../../src/scheduling/remove-object.ts";
import { renderObjects } from "../../src/scheduling/render-object.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import type { FetchCalendar, FetchResult } from "../../src/subscriptions/fetch-calendar.ts";
import { refreshNow, type SubscriptionInput, subscribe } from "../../src/subscriptions/subscribe.ts";
import { calendarOf, unfold } from "../scheduling/calendar-world.ts";
import { houseOver, now, storeOptions } from "../scheduling/house.ts";
import type { Bench, MakeBench } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";

const url = "https://feeds.example/calendar.ics";
let bench: Bench;
let store: Store;
let house: House;
let time: number;
let ann: Principal;
/** What is at the URL. */
let there: FetchResult;
let asked: unknown[];
const fetch: FetchCalendar = async (...of) => {
  asked.push(of);
  return there;
};

async function begin(makeBench: MakeBench): Promise<void> {
  bench = await makeBench();
  store = await bench.open();
  time = now;
  house = { ...houseOver(store), clock: () => time };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "Europe/Berlin" });
  [there, asked] = [fetched(lunch(), party()), []];
}
afterEach(async () => {
  await store.close();
  await bench.close();
});

function fetched(...components: readonly (readonly string[])[]): FetchResult {
  return { kind: "fetched", text: calendarOf(...components), validators: { etag: `"${components.length}"` } };
}

function lunch(...lines: readonly string[]): readonly string[] {
  return [
    "UID:lunch@feeds.example",
    "DTSTAMP:20270301T080000Z",
    "DTSTART:20270302T110000Z",
    "DTEND:20270302T120000Z",
    ...(lines.length > 0 ? lines : ["SUMMARY:Lunch"]),
  ];
}

function party(): readonly string[] {
  return [
    ...[
      "UID:party@feeds.example",
      "DTSTAMP:20270301T080000Z",
      "DTSTART:20270305T180000Z",
      "RRULE:FREQ=WEEKLY",
      "SUMMARY:Party",
    ],
    ...[
      "ORGANIZER:mailto:ann@example.test",
      "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:gus@elsewhere.test",
      "REQUEST-STATUS:2.0;Success",
    ],
    ...[
      "BEGIN:VALARM",
      "ACTION:EMAIL",
      "TRIGGER:-PT5M",
      "ATTENDEE:mailto:gus@elsewhere.test",
      "SUMMARY:x",
      "DESCRIPTION:x",
      "END:VALARM",
    ],
  ];
}

async function subscribed(input: Partial<SubscriptionInput> = {}) {
  const result = await subscribe(house, fetch, ann, { url, ...input });
  if (result.kind !== "done") throw new Error(JSON.stringify(result));
  return result;
}

function membersOf(calendar: string) {
  return store.read(({ calendars }) => calendars.members(calendar, 100));
}

async function textsOf(calendar: string): Promise<string> {
  const ids = (await membersOf(calendar)).map(({ object }) => object);
  return store.read(async (transaction) => {
    const stored = await transaction.objects.byIds(ann.id, ids);
    const texts = await renderObjects(house, transaction, { caller: ann, owner: ann }, stored);
    return unfold([...texts.values()].join(""));
  });
}

async function subscriptionOf(calendar: string) {
  const found = await store.read(({ sharing }) => sharing.subscription(calendar));
  if (!found) throw new Error("it is gone");
  return found;
}

onEveryStore((makeBench) => {
  beforeEach(() => begin(makeBench), 60_000);

  describe("a calendar that is subscribed to", () => {
    test("is read, and is one of its owner's that nobody writes in", async () => {
      const { calendar, subscription } = await subscribed({ name: "Feeds", color: "#ff0000" });
      expect(calendar).toMatchObject({
        slug: "subscription-1",
        name: "Feeds",
        color: "#ff0000",
        source: url,
        isTransparent: true,
      });
      expect(subscription).toEqual({
        ...{ calendar: calendar.id, principal: ann.id, url, periodSeconds: 10_800, due: now + 10_800, failures: 0 },
        ...{ checked: now, succeeded: now, etag: '"2"', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
      expect(await textsOf(calendar.id)).toMatch(/SUMMARY:Lunch[\s\S]*SUMMARY:Party/);
      const actor = { caller: ann, owner: ann };
      const [member] = await membersOf(calendar.id);
      const [place, own] = [
        { calendar: calendar.id, name: member?.name ?? "" },
        await store.read(({ calendars }) => calendars.bySlug(ann.id, "calendar")),
      ];
      const refused = { kind: "not-allowed" };
      expect(await putObject(house, actor, place, calendarOf(lunch()))).toEqual(refused);
      expect(await putObject(house, actor, { ...place, name: "new.ics" }, calendarOf(lunch()))).toEqual(refused);
      expect(await deleteObject(house, actor, place)).toEqual(refused);
      const elsewhere = { calendar: own?.id ?? "", name: "a.ics" };
      expect(await moveObject(house, actor, place, elsewhere)).toEqual(refused);
      await putObject(house, actor, elsewhere, calendarOf(lunch()));
      expect(await moveObject(house, actor, elsewhere, { ...place, name: "a.ics" })).toEqual(refused);
      // What comes by mail or by the API cannot go there either.
      expect(await store.write(({ calendars }) => calendars.makeDefault(ann.id, calendar.id))).toBe(false);
      const target = { id: member?.object ?? "" };
      expect(await actOnObject(house, ann, target, { kind: "cancel" })).toEqual({ kind: "not-found" });
      expect(await changeObject(house, ann, target, () => undefined)).toEqual({ kind: "not-found" });
      expect(await membersOf(calendar.id)).toHaveLength(2);
      expect((await checkStore(house)).faults).toEqual([]);
    });

    test("mails nobody, answers nobody, and gets in the way of no invitation", async () => {
      const { calendar } = await subscribed();
      const text = await textsOf(calendar.id);
      expect(text).not.toMatch(/ORGANIZER|ATTENDEE|VALARM|REQUEST-STATUS|@feeds\.example/);
      // The same UIDs are free for what comes to Ann herself.
      const invitation = calendarOf(
        lunch("ORGANIZER:mailto:gus@elsewhere.test", "ATTENDEE;RSVP=TRUE:mailto:ann@example.test", "SUMMARY:Real"),
      );
      const mail = [
        ...["From: gus@elsewhere.test", "To: ann@example.test", "Subject: x", "MIME-Version: 1.0"],
        ...[
          "Content-Type: text/calendar; method=REQUEST; charset=utf-8",
          "",
          invitation.replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST"),
        ],
      ].join("\r\n");
      await deliverMail(house, new TextEncoder().encode(mail), ["ann@example.test"], "outside");
      const kept = await store.read(({ calendars }) => calendars.ofUid(ann.id, "lunch@feeds.example"));
      expect(kept?.calendar).not.toBe(calendar.id);
      there = fetched(lunch("SUMMARY:Changed"));
      time += 61;
      await refreshNow(house, fetch, await subscriptionOf(calendar.id));
      await removeCalendar(house, { caller: ann, owner: ann }, calendar.id);
      expect(await store.read(({ queue }) => queue.count({ states: ["queued", "handed-over", "superseded"] }))).toBe(0);
    });

    test("follows what changes there: only that has another etag, and what is gone is told", async () => {
      const { calendar } = await subscribed();
      const before = new Map((await membersOf(calendar.id)).map(({ name, etag }) => [name, etag]));
      const { revision } = (await store.read(({ calendars }) => calendars.byId(ann.id, calendar.id))) ?? {
        revision: 0,
      };
      time += 61;
      // Many servers write the time of day into all they send.
      const later = calendarOf(lunch(), party()).replaceAll("DTSTAMP:20270301T080000Z", "DTSTAMP:20270301T090000Z");
      there = { kind: "fetched", text: later, validators: { etag: '"2"' } };
      await refreshNow(house, fetch, await subscriptionOf(calendar.id));
      expect(new Map((await membersOf(calendar.id)).map(({ name, etag }) => [name, etag]))).toEqual(before);
      time += 61;
      there = fetched(lunch("SUMMARY:Late lunch"));
      await refreshNow(house, fetch, await subscriptionOf(calendar.id));
      const changes = await store.read(({ calendars }) => calendars.changesSince(calendar.id, revision, 10));
      expect([changes?.changed.length, changes?.removed.length]).toEqual([1, 1]);
      expect(await textsOf(calendar.id)).toMatch(/SUMMARY:Late lunch/);
      expect(asked.at(-1)).toEqual([url, { etag: '"2"' }]);
      expect((await checkStore(house)).faults).toEqual([]);
    });

    test("is not written again where nothing is new, whether the server says so or not", async () => {
      const { calendar } = await subscribed();
      const { revision } = (await store.read(({ calendars }) => calendars.byId(ann.id, calendar.id))) ?? {
        revision: 0,
      };
      for (const same of [there, { kind: "unchanged" } as const]) {
        time += 61;
        there = same;
        expect(await refreshNow(house, fetch, await subscriptionOf(calendar.id))).toMatchObject({
          checked: time,
          failures: 0,
          etag: '"2"',
        });
      }
      expect(await store.read(({ calendars }) => calendars.byId(ann.id, calendar.id))).toMatchObject({ revision });
      // Whoever asks again at once is told what is known.
      const count = asked.length;
      await refreshNow(house, fetch, await subscriptionOf(calendar.id));
      expect(asked.length).toBe(count);
    });

    test("that cannot be read stays as it was, says why, and is tried less and less often", async () => {
      const { calendar } = await subscribed({ periodSeconds: 1 });
      const failures: FetchResult[] = [
        { kind: "failed", problem: "The other server answers 500." },
        { kind: "fetched", text: "<html>Sign in</html>", validators: {} },
        { kind: "fetched", text: calendarOf(lunch()).slice(0, -20), validators: {} },
      ];
      const pauses: number[] = [];
      for (let round = 0; round < 12; round++) {
        there = failures[round % 3] as FetchResult;
        time += 61;
        const state = await refreshNow(house, fetch, await subscriptionOf(calendar.id));
        expect(state).toMatchObject({
          failures: round + 1,
          succeeded: now,
          etag: '"2"',
          problem: expect.stringMatching(/500|no calendar/),
        });
        pauses.push((state?.due ?? 0) - time);
      }
      expect(pauses.slice(0, 4)).toEqual([900, 1_800, 3_600, 7_200]);
      expect(pauses.at(-1)).toBe(7 * 86_400);
      there = { kind: "failed", problem: "Later.", retryAfterSeconds: 8 * 86_400 };
      time += 61;
      expect((await refreshNow(house, fetch, await subscriptionOf(calendar.id)))?.due).toBe(time + 8 * 86_400);
      expect(await membersOf(calendar.id)).toHaveLength(2);
      there = fetched(lunch());
      time += 61;
      expect(await refreshNow(house, fetch, await subscriptionOf(calendar.id))).not.toHaveProperty("problem");
    });

    test("takes no time of its owner's, unless they say so", async () => {
      const { calendar } = await subscribed();
      const opaque = await subscribed({ isOpaque: true });
      expect(opaque.calendar).toMatchObject({ slug: "subscription-2", isTransparent: false });
      const busy = () =>
        store.read((transaction) =>
          readBusyTimes(house, transaction, [ann], { from: 1_803_945_600, to: 1_804_032_000 }),
        );
      const [times] = await busy();
      expect(times?.periods).toHaveLength(1);
      await removeCalendar(house, { caller: ann, owner: ann }, opaque.calendar.id);
      expect((await busy())[0]?.periods).toEqual([]);
      expect(await membersOf(calendar.id)).toHaveLength(2);
    });

    test("ends with its calendar, and leaves nothing behind", async () => {
      const { calendar } = await subscribed();
      const ben = await addPerson(store, { name: "Ben", addresses: ["ben@example.test"], timezone: "UTC" });
      expect(await removeCalendar(house, { caller: ben, owner: ann }, calendar.id)).toEqual({ kind: "not-found" });
      expect(await removeCalendar(house, { caller: ann, owner: ann }, calendar.id)).toEqual({ kind: "done" });
      const counts = await store.read(async ({ upkeep }) => [
        await upkeep.count("objects"),
        await upkeep.count("documents"),
        await upkeep.count("subscriptions"),
      ]);
      expect(counts).toEqual([0, 0, 0]);
      expect(await store.read(({ sharing }) => sharing.subscriptions(ann.id))).toEqual([]);
    });

    test("is not kept where it could not be read at once, and of what it has only what can be kept", async () => {
      there = { kind: "failed", problem: "It is no server of the internet." };
      expect(await subscribe(house, fetch, ann, { url })).toEqual(there);
      there = { kind: "fetched", text: "<html>", validators: {} };
      expect(await subscribe(house, fetch, ann, { url })).toEqual({ kind: "failed", problem: "It is no calendar." });
      expect(await store.read(({ calendars }) => calendars.list(ann.id))).toHaveLength(1);
      there = fetched(lunch(), ["UID:odd@feeds.example", "SUMMARY:No start"]);
      const { calendar, subscription } = await subscribed();
      expect(subscription.problem).toMatch(/^1 of its entries are left out: /);
      expect(await membersOf(calendar.id)).toHaveLength(1);
    });

    test("is one of so many of its owner's", async () => {
      await store.write(async ({ calendars, sharing }) => {
        for (let count = 0; count < 49; count++) {
          const made = await calendars.add(ann.id, { slug: `feed-${count}`, name: "Feed" });
          const id = typeof made === "string" ? made : made.id;
          expect(await sharing.subscribe(ann.id, id, { url, periodSeconds: 900, due: now })).toBe(true);
        }
      });
      await subscribed();
      expect(await subscribe(house, fetch, ann, { url })).toEqual({ kind: "too-many" });
    });

    test("is read by a job when it is due; what throws keeps nobody else's out", async () => {
      const one = await subscribed();
      const other = await subscribed({ url: "https://feeds.example/bad.ics" });
      const troubles: unknown[] = [];
      const job = refreshSubscriptions(house, async (asked) => {
        if (asked.endsWith("bad.ics")) throw new Error("a bug");
        return there;
      });
      const run = () => job.run({ goOn: async () => true, onTrouble: (error) => troubles.push(error) });
      expect(await run()).toBe("0 read");
      time += 10_800;
      there = fetched(lunch("SUMMARY:Later"));
      expect(await run()).toBe("1 read, 1 could not be");
      expect(troubles).toHaveLength(1);
      expect(await textsOf(one.calendar.id)).toMatch(/SUMMARY:Later/);
      expect(await subscriptionOf(other.calendar.id)).toMatchObject({
        failures: 1,
        problem: "It could not be kept.",
        due: time + 10_800,
      });
      expect(await run()).toBe("0 read");
    });
  });
}, storeOptions);
