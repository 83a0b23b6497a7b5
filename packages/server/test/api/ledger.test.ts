import { makeEvent, parseAddress, type Question, unknownState } from "@parley/engine";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { QuestionDecided } from "../../src/api/options.ts";
import type { LedgerRecord, LedgerRow } from "../../src/store/store.ts";
import { ann, ben, start, startTestApi, type TestApi } from "./api.ts";

const clara = "clara@partner.test";
const decided: unknown[] = [];
let decision: QuestionDecided = { kind: "done" };
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    decideQuestion: async (principal, ...rest) => {
      decided.push([principal.address, ...rest]);
      return decision;
    },
    previewQuestion: async (_, row) => (row.uid === "invitation" ? invitation() : undefined),
  });
});
afterAll(() => api.close());

/** What Clara's invitation would be in Ann's calendar. */
function invitation() {
  const [organizer, guest] = [parseAddress(clara), parseAddress(ann)];
  if (!organizer || !guest) throw new Error("no address");
  const fields = {
    summary: "Lunch",
    start: { kind: "utc", wall: start },
    end: { kind: "utc", wall: start + 3_600 },
    location: "",
    description: "",
    attendees: [{ address: guest }],
  } as const;
  const { limits } = api.house;
  const object = makeEvent(
    "invitation",
    fields,
    { address: organizer },
    makeZoneResolver([], intlZoneProvider, limits),
    limits,
  );
  return { ...unknownState, ...(object && { object }) };
}

function addRow(record: Partial<LedgerRecord>): Promise<LedgerRow> {
  return api.house.store.write((transaction) =>
    transaction.ledger.add({
      principal: api.people[ann]?.id ?? "",
      at: start,
      direction: "in",
      subject: "Lunch",
      from: clara,
      to: [ann],
      verdict: "undecided",
      rule: "decision 0004",
      reason: "Why.",
      changes: [],
      violations: [],
      ...record,
    }),
  );
}

const ask = (question: Question, record: Partial<LedgerRecord> = {}): Promise<LedgerRow> =>
  addRow({ question: JSON.stringify(question), ...record });

test("the ledger tells of each message who, what, why, and how it fared", async () => {
  const input = { summary: "Review", start: "2027-03-02T09:00:00Z", end: "2027-03-02T10:00:00Z" };
  const { body: event } = await api.call("POST", "/api/events", {
    as: ann,
    body: { ...input, attendees: [{ address: ben }] },
  });
  const { body } = await api.call("GET", "/api/ledger", { as: ann });
  expect(body.entries).toMatchObject([
    {
      at: "2027-03-01T08:00:00Z",
      direction: "out",
      method: "REQUEST",
      uid: event.uid,
      sequence: 0,
      from: ann,
      to: [ben],
      verdict: "sent",
      evidence: "",
      deliveries: [{ recipient: ben, state: "queued", attempts: 0, detail: "" }],
      eventId: event.id,
      hasSource: false,
    },
  ]);
  await api.carry();
  const incoming = (await api.call("GET", "/api/ledger", { as: ben })).body.entries;
  expect(incoming).toMatchObject([
    { direction: "in", verdict: "applied", evidence: `${ann} is signed in here.`, deliveries: [], hasSource: true },
  ]);
  expect(incoming[0].eventId).not.toBeNull();
});

test("it is read page by page, newest first, and by UID", async () => {
  const rows = [];
  for (const uid of ["a", "b", "a", "b", "a"]) rows.push(await addRow({ uid, verdict: "ignored" }));
  const ids = rows.map(({ id }) => id).reverse();
  const get = async (query: string): Promise<string[]> =>
    (await api.call("GET", `/api/ledger?${query}`, { as: ann })).body.entries.map(({ id }: { id: string }) => id);
  expect(await get("limit=2")).toEqual(ids.slice(0, 2));
  expect(await get(`limit=2&before=${ids[1]}`)).toEqual(ids.slice(2, 4));
  expect(await get("uid=a")).toEqual([ids[0], ids[2], ids[4]]);
  expect(await get("before=nothing")).toEqual([]);
  for (const limit of ["0", "201", "ten", "1.5"]) {
    const { status, body } = await api.call("GET", `/api/ledger?limit=${limit}`, { as: ann });
    expect([status, body.message]).toEqual([400, expect.stringMatching(/^limit: must be /)]);
  }
});

test("the mail of an entry is given as it came, as plain text whatever it is", async () => {
  const mail = Buffer.from("Subject: <script>alert(1)</script>\r\n\r\nGr\u00fc\u00dfe\r\n");
  const source = await api.house.store.write((transaction) => transaction.ledger.putSource(mail));
  const row = await addRow({ source, verdict: "applied" });
  const { headers, body } = await api.call("GET", `/api/ledger/${row.id}/source`, { as: ann });
  expect(body).toBe(mail.toString("utf8"));
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "text/plain; charset=utf-8",
    "content-disposition": "inline",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  const without = await addRow({ verdict: "applied" });
  expect((await api.call("GET", `/api/ledger/${without.id}/source`, { as: ann })).status).toBe(404);
  expect((await api.call("GET", "/api/ledger/x/source", { as: ann })).status).toBe(404);
});

test("questions are shown with what they ask and what their message says, oldest first", async () => {
  const from = parseAddress(clara);
  if (!from) throw new Error("no address");
  const evidence = {
    strength: "weak",
    from,
    relation: "stranger",
    confirmedByOwner: false,
    detail: "Nobody knows.",
    warnings: ["It looks like another."],
  } as const;
  await ask({ kind: "stranger", from }, { method: "REQUEST", uid: "invitation", evidence });
  await ask({ kind: "unverified-sender", from, suspicious: true }, { method: "REQUEST", uid: "other" });
  await ask({ kind: "uninvited-reply", from, partstat: "ACCEPTED" }, { method: "REPLY", uid: "other" });
  const { body } = await api.call("GET", "/api/questions", { as: ann });
  expect(body.questions).toMatchObject([
    {
      at: "2027-03-01T08:00:00Z",
      kind: "stranger",
      suspicious: false,
      text: expect.stringContaining(clara),
      method: "REQUEST",
      from: clara,
      evidence: "Nobody knows.",
      warnings: ["It looks like another."],
      event: { id: "", summary: "Lunch", role: "attendee", answer: { partstat: "NEEDS-ACTION" } },
      answerable: true,
    },
    { kind: "unverified-sender", suspicious: true, event: null, answerable: false },
    { kind: "uninvited-reply", suspicious: false, evidence: "", warnings: [], answerable: false },
  ]);
  const { entries } = (await api.call("GET", "/api/ledger?uid=invitation", { as: ann })).body;
  expect(entries).toMatchObject([{ evidence: "Nobody knows.", warnings: ["It looks like another."] }]);
  expect((await api.call("GET", "/api/questions", { as: ben })).body.questions).toEqual([]);
});

test("a decision is handed on, and its end told", async () => {
  const answer = { partstat: "ACCEPTED", comment: "Gladly" };
  const decide = (body: object) => api.call("POST", "/api/questions/7", { as: ann, body });
  expect((await decide({ decision: "apply", answer })).body).toEqual({ event: null });
  expect((await decide({ decision: "dismiss" })).status).toBe(200);
  expect(decided).toEqual([
    [ann, "7", "apply", { kind: "answer", ...answer }],
    [ann, "7", "dismiss", undefined],
  ]);
  for (const [result, status, error] of [
    [{ kind: "not-found" }, 404, "not-found"],
    [{ kind: "decided-before" }, 409, "decided-before"],
    [{ kind: "void", reason: "It is cancelled." }, 409, "refused"],
  ] as const) {
    decision = result;
    const { status: given, body } = await decide({ decision: "apply" });
    expect([given, body.error]).toEqual([status, error]);
  }
  const before = decided.length;
  for (const body of [
    { decision: "dismiss", answer },
    { decision: "later" },
    { decision: "apply", answer: { partstat: "DELEGATED" } },
  ]) {
    expect((await decide(body)).status).toBe(400);
  }
  expect(decided.length).toBe(before);
});
