import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addMembers } from "../../src/accounts/groups.ts";
import { addAccount } from "../../src/people.ts";
import type { FetchResult } from "../../src/subscriptions/fetch-calendar.ts";
import { calendarOf, eventLines, unfold } from "../scheduling/calendar-world.ts";
import { ann, ben, start, startTestApi, type TestApi } from "./api.ts";

let api: TestApi;
let there: FetchResult;

beforeAll(async () => {
  there = {
    kind: "fetched",
    text: calendarOf(eventLines()).replace("VERSION:2.0", "VERSION:2.0\r\nX-WR-CALNAME:Feeds"),
    validators: {},
  };
  api = await startTestApi({ fetchCalendar: async () => there, publicUrl: "https://parley.example.test" });
  await store(ann, "calendar", calendarOf(...events));
});
afterAll(() => api.close());

const event = (uid: string, ...lines: readonly string[]) => [`UID:${uid}`, ...eventLines(...lines).slice(1)];
const guests = [
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE;CN=Gus:mailto:gus@elsewhere.test",
  "COMMENT:Not for all",
  "X-NOTE:mine",
];
const events = [
  event(
    "open@example.test",
    "LOCATION:Attic",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT5M",
    "DESCRIPTION:x",
    "END:VALARM",
  ),
  event("guests@example.test", ...guests),
  event("secret@example.test", "CLASS:PRIVATE", "LOCATION:Secret"),
  event("times@example.test", "CLASS:CONFIDENTIAL", "LOCATION:Hidden"),
];

function store(as: string, slug: string, text: string | Uint8Array, query = "") {
  return send(as, `/api/calendars/${slug}/import${query}`, text, "text/calendar");
}

async function send(as: string, path: string, body: string | Uint8Array, type: string) {
  const authorization = `Basic ${Buffer.from(`${as}:correct horse battery`).toString("base64")}`;
  const headers = { authorization, "content-type": type };
  const response = await fetch(`http://127.0.0.1:${api.port}${path}`, { method: "POST", headers, body });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const published = (path: string, headers = {}) => api.call("GET", path, { headers });

describe("a calendar goes out and comes in as a file", () => {
  test("which tells what was taken, and what was not", async () => {
    const again = await store(ann, "calendar", calendarOf(...events, event("five")));
    expect(again).toEqual({
      status: 200,
      body: {
        added: 1,
        replaced: 0,
        skipped: 4,
        reasons: expect.arrayContaining([{ uid: "open@example.test", detail: "It is there already." }]),
      },
    });
    expect((await store(ann, "calendar", calendarOf(event("five")), "?duplicates=replace")).body).toMatchObject({
      replaced: 1,
    });
    const file = await api.call("GET", "/api/calendars/calendar/export", { as: ann });
    expect([file.headers.get("content-type"), file.headers.get("content-disposition")]).toEqual([
      "text/calendar; charset=utf-8",
      'attachment; filename="calendar.ics"',
    ]);
    expect(file.body.match(/^BEGIN:VEVENT/gm)).toHaveLength(5);
    expect(file.body).not.toMatch(/^METHOD/m);
  });

  test.each([
    ["no calendar of theirs", "other", calendarOf(), "text/calendar", 404],
    ["no calendar", "calendar", "<html>", "text/calendar", 400],
    ["no UTF-8", "calendar", Buffer.from([0xff, 0xfe]), "text/calendar", 400],
    ["no file at all", "calendar", "{}", "application/json", 400],
    ["what a page of another site can send", "calendar", calendarOf(), "text/plain", 415],
    ["more than a file has", "calendar", Buffer.alloc(16 * 1_024 * 1_024 + 1, "x"), "text/calendar", 413],
  ])("but %s", async (_name, slug, body, type, status) => {
    expect((await send(ann, `/api/calendars/${slug}/import`, body, type)).status).toBe(status);
  });
});

describe("a public link", () => {
  test("shows the calendar to whoever has it, and not who is invited, nor what is private", async () => {
    const made = await api.call("POST", "/api/calendars/calendar/links", { as: ann, body: { label: "Club" } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      label: "Club",
      form: "full",
      url: expect.stringMatching(/^https:\/\/parley\.example\.test\/published\/[\w-]{22}\.ics$/),
    });
    const { pathname } = new URL(made.body.url);
    const shown = await published(pathname);
    expect(shown.status).toBe(200);
    const text = unfold(shown.body);
    expect(text.match(/^SUMMARY:.*/gm)?.sort()).toEqual([
      "SUMMARY:Busy",
      "SUMMARY:Planning",
      "SUMMARY:Planning",
      "SUMMARY:Planning",
    ]);
    expect(text).toContain("LOCATION:Attic");
    expect(text).not.toMatch(/METHOD|ATTENDEE|ORGANIZER|COMMENT|mailto|X-NOTE|VALARM|Secret|Hidden|@example\.test/);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      ...{ "content-type": "text/calendar; charset=utf-8", "cache-control": "private, max-age=300" },
      ...{ "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow" },
    });
    const etag = shown.headers.get("etag") ?? "";
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`]) {
      const same = await published(pathname, { "if-none-match": known });
      expect([same.status, same.body]).toEqual([304, ""]);
    }
    await store(ann, "calendar", calendarOf(event("six")));
    expect((await published(pathname, { "if-none-match": etag })).status).toBe(200);
    // It is kept in no form that gives it back.
    const listed = await api.call("GET", "/api/calendars/calendar/links", { as: ann });
    expect(JSON.stringify(listed.body)).not.toContain(pathname.slice(11, 33));
    expect(listed.body.links).toEqual([
      { id: made.body.id, label: "Club", form: "full", created: "2027-03-01T08:00:00Z" },
    ]);
    expect((await api.call("DELETE", `/api/calendars/calendar/links/${made.body.id}`, { as: ben })).status).toBe(404);
    expect((await api.call("DELETE", `/api/calendars/calendar/links/${made.body.id}`, { as: ann })).status).toBe(204);
    expect((await published(pathname)).status).toBe(404);
  });

  test("may show busy times alone", async () => {
    const made = await api.call("POST", "/api/calendars/calendar/links", { as: ann, body: { form: "busy" } });
    const { pathname } = new URL(made.body.url);
    const shown = await published(pathname);
    const lines = unfold(shown.body).split("\n");
    expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(1);
    expect(lines).toEqual(
      expect.arrayContaining(["SUMMARY:Busy", "DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"]),
    );
    expect(shown.body).not.toMatch(/Planning|Attic|Secret|@example\.test/);
    const etag = shown.headers.get("etag") ?? "";
    expect((await published(pathname, { "if-none-match": etag })).status).toBe(304);
    api.clock.now += 86_400;
    expect((await published(pathname, { "if-none-match": etag })).status).toBe(200);
    api.clock.now = start;
  });

  test("that is none looks the same, whatever it is, and is not to be found by trying", async () => {
    const none = [
      "/published/AAAAAAAAAAAAAAAAAAAAAA.ics",
      "/published/AAAAAAAAAAAAAAAAAAAAAA",
      "/published/x.ics",
      "/published/%2e%2e.ics",
    ];
    const answers = [];
    for (const path of none) answers.push(await published(path));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body])))).toHaveLength(1);
    expect(answers[0]?.status).toBe(404);
    expect(answers[0]?.headers.get("cache-control")).toBe("no-store");
    const tries = Array.from({ length: 60 }, (_, count) =>
      published(`/published/${String(count).padStart(22, "A")}.ics`),
    );
    expect((await Promise.all(tries)).map(({ status }) => status)).toContain(429);
    api.clock.now += 400;
    for (let count = 0; count < 20; count++)
      await api.call("POST", "/api/calendars/calendar/links", { as: ann, body: {} });
    expect((await api.call("POST", "/api/calendars/calendar/links", { as: ann, body: {} })).status).toBe(409);
    api.clock.now = start;
  });
});

describe("a calendar is shared", () => {
  const calendarsOf = async (as: string) => (await api.call("GET", "/api/calendars", { as })).body.calendars;

  test("with a person or a group, who see it at once, and see it no longer at once", async () => {
    const { house } = api;
    const club = await addAccount(house.store, {
      kind: "group",
      name: "Club",
      addresses: ["club@example.test"],
      timezone: "UTC",
    });
    await addMembers(house.store, club.address, [ben]);
    const shares = "/api/calendars/calendar/shares";
    const put = (address: string, access: string) =>
      api.call("PUT", `${shares}/${address}`, { as: ann, body: { access } });
    expect((await put(ben, "read")).body.shares).toEqual([{ address: ben, name: "Ben Baker", access: "read" }]);
    const [, shared] = await calendarsOf(ben);
    expect(shared).toMatchObject({
      name: "Calendar (Ann Archer)",
      owner: ann,
      access: "read",
      isDefault: false,
      subscription: null,
    });
    const text = (await api.call("GET", `/api/calendars/${shared.slug}/export`, { as: ben })).body;
    expect(text).toMatch(/Attic/);
    expect(text).not.toMatch(/Secret|Hidden/);
    expect((await store(ben, shared.slug, calendarOf(event("seven")))).status).toBe(403);
    expect((await put("club@example.test", "write")).body.shares).toHaveLength(2);
    expect((await calendarsOf(ben))[1]).toMatchObject({ access: "write" });
    expect((await store(ben, shared.slug, calendarOf(event("seven")))).body).toMatchObject({ added: 1 });
    // What is shared with them is not theirs to share on.
    expect(
      (
        await api.call("PUT", `/api/calendars/${shared.slug}/shares/club@example.test`, {
          as: ben,
          body: { access: "read" },
        })
      ).status,
    ).toBe(403);
    expect((await api.call("POST", `/api/calendars/${shared.slug}/links`, { as: ben, body: {} })).status).toBe(403);
    expect((await api.call("DELETE", `${shares}/${ben}`, { as: ann })).body.shares).toHaveLength(1);
    expect(await calendarsOf(ben)).toHaveLength(2);
    expect((await api.call("DELETE", `/api/calendars/${shared.slug}`, { as: ben })).status).toBe(204);
    expect(await calendarsOf(ben)).toHaveLength(1);
    await put(ben, "read");
    expect(await calendarsOf(ben)).toHaveLength(2);
    await api.call("DELETE", `${shares}/${ben}`, { as: ann });
    await api.call("DELETE", `${shares}/club@example.test`, { as: ann });
    expect((await api.call("GET", `/api/calendars/${shared.slug}/export`, { as: ben })).status).toBe(404);
  });

  test.each([
    ["nobody", "nobody@example.test", 404],
    ["what is no address", "nobody", 404],
    ["themselves", ann, 404],
  ])("but not with %s", async (_name, address, status) => {
    const path = `/api/calendars/calendar/shares/${address}`;
    expect((await api.call("PUT", path, { as: ann, body: { access: "read" } })).status).toBe(status);
  });

  test("by its owner alone, and by nobody in their name", async () => {
    await api.house.store.write(({ principals }) =>
      principals.delegate(api.people[ann]?.id ?? "", api.people[ben]?.id ?? "", "organize"),
    );
    const headers = { "parley-as": ann };
    for (const path of [
      "/api/calendars",
      "/api/calendars/calendar/shares",
      "/api/calendars/calendar/links",
      "/api/calendars/calendar/export",
    ]) {
      expect((await api.call("GET", path, { as: ben, headers })).status).toBe(403);
      expect((await api.call("GET", path)).status).toBe(401);
    }
  });
});

describe("a calendar elsewhere", () => {
  test("is subscribed to, read again when asked, and left", async () => {
    const made = await api.call("POST", "/api/subscriptions", {
      as: ann,
      body: { url: "https://feeds.example/a.ics", color: "#00ff00" },
    });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...{
        slug: "subscription-1",
        name: "Feeds",
        color: "#00ff00",
        owner: ann,
        access: "own",
        isDefault: false,
        isTransparent: true,
      },
      subscription: {
        ...{ url: "https://feeds.example/a.ics", refreshSeconds: 10_800, problem: null },
        ...{ checked: "2027-03-01T08:00:00Z", succeeded: "2027-03-01T08:00:00Z", due: "2027-03-01T11:00:00Z" },
      },
    });
    there = { kind: "failed", problem: "The other server answers 500." };
    api.clock.now += 61;
    const refreshed = await api.call("POST", "/api/calendars/subscription-1/refresh", { as: ann });
    expect(refreshed.body.subscription.problem).toBe("The other server answers 500.");
    expect((await store(ann, "subscription-1", calendarOf(event("eight")))).status).toBe(403);
    expect((await api.call("POST", "/api/calendars/calendar/refresh", { as: ann })).status).toBe(409);
    expect(
      (await api.call("POST", "/api/subscriptions", { as: ann, body: { url: "https://feeds.example/b.ics" } })).body
        .message,
    ).toBe("The other server answers 500.");
    expect((await api.call("DELETE", "/api/calendars/subscription-1", { as: ann })).status).toBe(204);
    expect((await api.call("DELETE", "/api/calendars/calendar", { as: ann })).status).toBe(409);
    api.clock.now = start;
  });

  test("is read one at a time for each person", async () => {
    let end = (): void => {};
    const waits = new Promise<void>((resolve) => {
      end = resolve;
    });
    const slow = await startTestApi({ fetchCalendar: () => waits.then(() => ({ kind: "failed", problem: "No." })) });
    const ask = (as: string) =>
      slow.call("POST", "/api/subscriptions", { as, body: { url: "https://feeds.example/a.ics" } });
    const first = ask(ann);
    await expect.poll(async () => (await ask(ann)).status).toBe(429);
    const other = ask(ben);
    end();
    expect([(await first).status, (await other).status, (await ask(ann)).status]).toEqual([409, 409, 409]);
    await slow.close();
  });

  test("is read by no server whose operator does not want that", async () => {
    const closed = await startTestApi();
    const asked = await closed.call("POST", "/api/subscriptions", {
      as: ann,
      body: { url: "https://feeds.example/a.ics" },
    });
    expect([asked.status, asked.body.message]).toEqual([403, "This server reads no calendars from elsewhere."]);
    await closed.close();
  });
});

describe("each route", () => {
  test.each([
    ["GET", "/api/calendars"],
    ["DELETE", "/api/calendars/calendar"],
    ["POST", "/api/calendars/calendar/refresh"],
    ["POST", "/api/subscriptions", { url: "https://feeds.example/a.ics" }],
    ["GET", "/api/calendars/calendar/export"],
    ["POST", "/api/calendars/calendar/import"],
    ["GET", "/api/calendars/calendar/shares"],
    ["PUT", `/api/calendars/calendar/shares/${ben}`, { access: "read" }],
    ["DELETE", `/api/calendars/calendar/shares/${ben}`],
    ["GET", "/api/calendars/calendar/links"],
    ["POST", "/api/calendars/calendar/links", {}],
    ["DELETE", "/api/calendars/calendar/links/1"],
  ])("%s %s is for who signs in, for themselves, and from no other site", async (method, path, body?: object) => {
    const given = body ? { body } : {};
    expect((await api.call(method, path, given)).status).toBe(401);
    expect((await api.call(method, path, { ...given, as: ben, headers: { "parley-as": ann } })).status).toBe(403);
    const site = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    // What only reads no page of another site can look into.
    const read = method === "GET" ? 200 : 403;
    expect((await api.call(method, path, { ...given, as: ann, headers: site })).status).toBe(read);
    // What is nobody's is as what is another's.
    const other = path.replace("/calendar/", "/shared-1/").replace(/calendar$/, "shared-1");
    if (other !== path) expect([400, 404]).toContain((await api.call(method, other, { ...given, as: ann })).status);
  });
});
