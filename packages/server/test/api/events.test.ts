import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ann, ben, startTestApi, type TestApi } from "./api.ts";

const clara = "clara@partner.test";
const review = {
  summary: "Design review",
  start: "2027-03-02T09:00:00Z",
  end: "2027-03-02T10:00:00Z",
  location: "Room 4; upstairs",
  description: "Two points:\n- colours, sizes\n- \\o/",
};
const guests = [{ address: ben, name: "Ben Baker" }, { address: clara }];

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const create = (body: object, as = ann): Promise<Answer> => api.call("POST", "/api/events", { as, body });
const list = async (as: string, query = ""): Promise<{ uid: string; id: string; summary: string }[]> =>
  (await api.call("GET", `/api/events${query}`, { as })).body.events;
/** The copy another person has of an event. */
const copyOf = async (as: string, uid: string) => {
  const { id } = (await list(as)).find((event) => event.uid === uid) ?? {};
  return (await api.call("GET", `/api/events/${id}`, { as })).body;
};

describe("a meeting, from invitation to cancellation", () => {
  let made: Answer;
  const path = (): string => `/api/events/${made.body.id}`;

  test("is made as it was written, and its guests are invited", async () => {
    made = await create({ ...review, attendees: guests });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(path());
    expect(made.headers.get("etag")).toBe(`"${made.body.etag}"`);
    expect(made.body).toMatchObject({
      ...review,
      role: "organizer",
      allDay: false,
      timezone: null,
      recurring: false,
      status: null,
      sequence: 0,
      organizer: { address: ann, name: "Ann Archer" },
      answer: null,
    });
    expect(made.body.attendees).toMatchObject([
      { address: ann, role: "CHAIR", me: true, delivery: null },
      {
        address: ben,
        name: "Ben Baker",
        role: "REQ-PARTICIPANT",
        partstat: "NEEDS-ACTION",
        me: false,
        delivery: "queued",
      },
      { address: clara, name: null, partstat: "NEEDS-ACTION", delivery: "queued" },
    ]);
    expect((await api.call("GET", path(), { as: ann })).body).toEqual(made.body);
  });

  test("is answered by a guest, and the organizer sees it", async () => {
    await api.carry();
    const invited = await copyOf(ben, made.body.uid);
    expect(invited).toMatchObject({ ...review, role: "attendee", answer: { partstat: "NEEDS-ACTION", comment: null } });
    expect(invited.attendees.every(({ delivery }: { delivery: unknown }) => delivery === null)).toBe(true);
    const answer = { partstat: "TENTATIVE", comment: "If my train is on time." };
    const answered = await api.call("POST", `/api/events/${invited.id}/answer`, { as: ben, body: answer });
    expect([answered.status, answered.body.answer]).toEqual([200, answer]);
    expect(answered.body.etag).not.toBe(invited.etag);
    await api.carry();
    const { body } = await api.call("GET", path(), { as: ann });
    expect(body.attendees[1]).toMatchObject({ address: ben, ...answer, outdatedAnswer: null, delivery: "answered" });
  });

  test("is moved: answers to the old time no longer count, and are still shown", async () => {
    const moved = { ...review, start: "2027-03-03T09:00:00Z", end: "2027-03-03T10:30:00Z", attendees: guests };
    const changed = await api.call("PUT", path(), { as: ann, body: moved });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ start: moved.start, end: moved.end, sequence: 1 });
    expect(changed.body.attendees).toMatchObject([
      { address: ann },
      { address: ben, name: "Ben Baker", partstat: "NEEDS-ACTION", outdatedAnswer: "TENTATIVE", delivery: "queued" },
      { address: clara },
    ]);
    await api.carry();
    expect(await copyOf(ben, made.body.uid)).toMatchObject({
      start: moved.start,
      answer: { partstat: "NEEDS-ACTION", comment: null },
    });
    const again = await api.call("PUT", path(), { as: ann, body: moved });
    expect([again.status, again.body]).toEqual([200, (await api.call("GET", path(), { as: ann })).body]);
    expect(again.body.sequence).toBe(1);
  });

  test("is nobody's to change or cancel but the organizer's, and not theirs to answer", async () => {
    const { id } = await copyOf(ben, made.body.uid);
    for (const [method, where, body] of [
      ["PUT", "", review],
      ["POST", "/cancel", {}],
    ] as const) {
      const answer = await api.call(method, `/api/events/${id}${where}`, { as: ben, body });
      expect([answer.status, answer.body.error]).toEqual([403, "not-organizer"]);
    }
    const answer = await api.call("POST", `${path()}/answer`, { as: ann, body: { partstat: "ACCEPTED" } });
    expect([answer.status, answer.body.error]).toEqual([409, "refused"]);
  });

  test("is cancelled, stays visible, and can be answered no more", async () => {
    const cancelled = await api.call("POST", `${path()}/cancel`, {
      as: ann,
      headers: { "content-type": "application/json" },
    });
    expect(cancelled.body).toMatchObject({ status: "CANCELLED", sequence: 2 });
    await api.carry();
    const copy = await copyOf(ben, made.body.uid);
    expect(copy.status).toBe("CANCELLED");
    const answer = await api.call("POST", `/api/events/${copy.id}/answer`, { as: ben, body: { partstat: "ACCEPTED" } });
    expect([answer.status, answer.body]).toEqual([409, { error: "refused", message: "It is cancelled." }]);
    expect((await api.call("POST", `${path()}/cancel`, { as: ann, body: {} })).status).toBe(409);
  });

  test("is removed; removing an invitation declines it", async () => {
    expect((await api.call("DELETE", path(), { as: ann })).status).toBe(204);
    expect((await api.call("GET", path(), { as: ann })).status).toBe(404);
    const other = await create({ ...review, attendees: guests });
    await api.carry();
    const { id } = await copyOf(ben, other.body.uid);
    const gone = await api.call("DELETE", `/api/events/${id}`, { as: ben });
    expect([gone.status, gone.body]).toEqual([204, ""]);
    await api.carry();
    const { body } = await api.call("GET", `/api/events/${other.body.id}`, { as: ann });
    expect(body.attendees[1]).toMatchObject({ address: ben, partstat: "DECLINED" });
  });
});

describe("what a person fills in", () => {
  test("an event of one's own has no organizer and tells nobody", async () => {
    const { body } = await create({
      ...review,
      attendees: [{ address: ann }, { address: "MAILTO:Ann.Alias@example.test" }],
    });
    expect(body).toMatchObject({ role: "none", organizer: null, attendees: [], answer: null });
  });

  test("a guest named twice comes once, with all that was said of them", async () => {
    const attendees = [
      { address: "Ben@Example.test" },
      { address: `mailto:${ben}`, name: " Ben ", role: "OPT-PARTICIPANT" },
      { address: ben, name: "Other" },
    ];
    const { body } = await create({ ...review, attendees });
    expect(body.attendees).toMatchObject([{ address: ann }, { address: ben, name: "Ben", role: "OPT-PARTICIPANT" }]);
  });

  test("an all-day event is made of dates, its end exclusive", async () => {
    const days = { start: "2027-03-05", end: "2027-03-07" };
    const { status, body } = await create({ summary: "Fair", ...days });
    expect([status, body]).toMatchObject([
      201,
      { ...days, allDay: true, timezone: null, location: "", description: "" },
    ]);
  });

  test.each<[what: string, change: object, message: RegExp]>([
    ["no summary", { summary: undefined }, /^request: missing "summary"/],
    ["a blank summary", { summary: " \t" }, /^summary: must not be blank/],
    ["a summary that is no text", { summary: 5 }, /^summary: must be string/],
    ["an unknown key", { rrule: "FREQ=DAILY" }, /^request: unknown key "rrule"/],
    ["words for a time", { start: "tomorrow" }, /^start: must be an instant in UTC such as /],
    ["a local time", { start: "2027-03-02T09:00:00" }, /^start: must be an instant in UTC/],
    ["a day that does not exist", { start: "2027-02-29T09:00:00Z" }, /^start: 2027-02-29T09:00:00Z is no day or time/],
    ["an hour that does not exist", { end: "2027-03-02T25:00:00Z" }, /^end: 2027-03-02T25:00:00Z is no day or time/],
    ["an end before the start", { end: "2027-03-02T08:59:59Z" }, /^end: must not be before start/],
    ["a date with a time", { end: "2027-03-03" }, /^end: must be a date where start is one/],
    ["an all-day event of no day", { start: "2027-03-02", end: "2027-03-02" }, /^end: must be after start/],
    [
      "a guest who is no address",
      { attendees: [{ address: ben }, { address: "Ben Baker" }] },
      /^attendees\.1\.address: "Ben Baker" is not/,
    ],
    [
      "a guest who has no mail",
      { attendees: [{ address: "urn:uuid:1-2-3" }] },
      /^attendees\.0\.address: "urn:uuid:1-2-3" is not/,
    ],
    [
      "a role nobody knows",
      { attendees: [{ address: ben, role: "BOSS" }] },
      /^attendees\.0\.role: must be one of "CHAIR", /,
    ],
    ["a location without bounds", { location: "x".repeat(2_001) }, /^location: /],
  ])("%s is refused, and the field named", async (_, change, message) => {
    const before = await list(ann);
    const { status, body } = await create({ ...review, ...change });
    expect([status, body.error]).toEqual([400, "invalid"]);
    expect(body.message).toMatch(message);
    expect(await list(ann)).toEqual(before);
  });

  test("an end at the start is an event all the same", async () => {
    expect((await create({ ...review, end: review.start })).status).toBe(201);
  });

  test("as many guests as there may be, and not one more: the event a change would break is left alone", async () => {
    const own = await startTestApi();
    try {
      const crowd = (count: number) =>
        Array.from({ length: count }, (_, index) => ({ address: `g${index}@partner.test` }));
      const made = await own.call("POST", "/api/events", { as: ann, body: { ...review, attendees: crowd(2) } });
      const limit = own.house.limits.maxAttendees;
      const many = { ...review, attendees: crowd(limit) };
      const changed = await own.call("PUT", `/api/events/${made.body.id}`, { as: ann, body: many });
      expect([changed.status, changed.body.message]).toEqual([400, `attendees: must be at most ${limit - 1}.`]);
      expect((await own.call("GET", `/api/events/${made.body.id}`, { as: ann })).body).toEqual(made.body);
    } finally {
      await own.close();
    }
  });
});

describe("If-Match", () => {
  const paths = [
    ["PUT", "", { ...review, summary: "Other" }],
    ["POST", "/cancel", {}],
    ["DELETE", "", undefined],
  ] as const;

  test.each(paths)("%s%s waits for the version that was seen", async (method, where, body) => {
    const { id, etag } = (await create({ ...review, attendees: guests })).body;
    const attempt = (ifMatch: string) =>
      api.call(method, `/api/events/${id}${where}`, { as: ann, body, headers: { "if-match": ifMatch } });
    for (const stale of ['"other"', "other", `W/"${etag}"`]) {
      const { status, body: problem } = await attempt(stale);
      expect([status, problem.error]).toEqual([412, "changed-meanwhile"]);
    }
    expect((await attempt('"a", "b"')).status).toBe(400);
    expect((await api.call("GET", `/api/events/${id}`, { as: ann })).body.etag).toBe(etag);
    expect((await attempt(method === "PUT" ? `"${etag}"` : etag)).status).toBe(method === "DELETE" ? 204 : 200);
  });

  test.each(["*", undefined])("%j is no condition", async (ifMatch) => {
    const { id } = (await create(review)).body;
    const headers = ifMatch === undefined ? {} : { "if-match": ifMatch };
    expect(
      (await api.call("PUT", `/api/events/${id}`, { as: ann, body: { ...review, summary: "2" }, headers })).status,
    ).toBe(200);
  });

  test("an answer waits for it too", async () => {
    const { uid } = (await create({ ...review, attendees: guests })).body;
    await api.carry();
    const { id, etag } = await copyOf(ben, uid);
    const attempt = (ifMatch: string) =>
      api.call("POST", `/api/events/${id}/answer`, {
        as: ben,
        body: { partstat: "DECLINED" },
        headers: { "if-match": ifMatch },
      });
    expect((await attempt('"other"')).status).toBe(412);
    expect((await attempt(etag)).body.answer).toEqual({ partstat: "DECLINED", comment: null });
  });
});

describe("the list", () => {
  test("has what meets the range, by start; without one, the coming 60 days", async () => {
    const own = await startTestApi();
    try {
      const at = (start: string, end: string) =>
        own.call("POST", "/api/events", { as: ann, body: { summary: start, start, end } });
      await at("2027-04-29T07:59:59Z", "2027-04-29T09:00:00Z");
      await at("2027-02-28T07:00:00Z", "2027-02-28T08:00:01Z");
      await at("2027-03-10", "2027-03-11");
      await at("2027-02-27T07:00:00Z", "2027-02-28T07:00:00Z");
      await at("2027-05-01T08:00:01Z", "2027-05-01T09:00:00Z");
      const get = async (query: string) =>
        (await own.call("GET", `/api/events${query}`, { as: ann })).body.events.map(
          (event: { start: string }) => event.start,
        );
      expect(await get("")).toEqual(["2027-02-28T07:00:00Z", "2027-03-10", "2027-04-29T07:59:59Z"]);
      expect(await get("?from=2027-05-01T00:00:00Z")).toEqual(["2027-05-01T08:00:01Z"]);
      expect(await get("?from=2027-03-01T00:00:00Z")).toEqual(["2027-03-10", "2027-04-29T07:59:59Z"]);
      expect(await get("?from=2027-05-01T00:00:00Z&to=2027-06-01")).toEqual(["2027-05-01T08:00:01Z"]);
      // The day is the caller's: in Berlin it begins an hour earlier.
      expect(await get("?from=2027-03-09T22:00:00Z&to=2027-03-09T23:00:01Z")).toEqual(["2027-03-10"]);
      expect(await get("?from=2027-03-09T22:00:00Z&to=2027-03-09T22:59:59Z")).toEqual([]);
    } finally {
      await own.close();
    }
  });

  test.each([
    ["?from=yesterday", /^from: must be an instant/],
    ["?to=2027-13-01", /^to: must be an instant/],
    ["?to=2020-01-01", /^to: must not be before from/],
    ["?from=2027-01-01&to=2028-06-01", /^to: must be at most 400 days/],
    ["?until=2027-01-01", /^request: unknown key "until"/],
  ])("%s is refused", async (query, message) => {
    const { status, body } = await api.call("GET", `/api/events${query}`, { as: ann });
    expect([status, body.error]).toEqual([400, "invalid"]);
    expect(body.message).toMatch(message);
  });
});
