import { parseCalendar } from "@parley/engine/icalendar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMembers } from "../../src/accounts/groups.ts";
import { authorize, delegationScopes } from "../../src/auth/authorize.ts";
import { addAccount } from "../../src/people.ts";
import type { DelegationScope } from "../../src/store/store.ts";
import { type Answer, ann, ben, startTestApi, type TestApi } from "./api.ts";

const team = "team@example.test";
const meeting = { summary: "Review", start: "2027-03-05T10:00:00Z", end: "2027-03-05T11:00:00Z" };
let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

/** Ben calls in the calendar of somebody else. */
function asBen(owner: string, method: string, path: string, body?: unknown): Promise<Answer> {
  return api.call(method, path, { as: ben, headers: { "parley-as": owner }, ...(body !== undefined && { body }) });
}

function letBen(scope: DelegationScope | undefined): Promise<void> {
  const [owner, delegate] = [api.people[ann]?.id ?? "", api.people[ben]?.id ?? ""];
  return api.house.store.write(({ principals }) => principals.delegate(owner, delegate, scope));
}

/** The lines of what was sent last about an event of an owner, unfolded. */
async function lastSent(owner: string): Promise<readonly string[]> {
  return api.house.store.read(async ({ principals, ledger, deliveries }) => {
    const principal = (await principals.list()).find(({ address }) => address === owner);
    const [row] = await ledger.list(principal?.id ?? "", { limit: 1 });
    const [delivery] = await deliveries.ofMessage(row?.id ?? "");
    const payload = new TextDecoder().decode(await ledger.source(delivery?.payload ?? ""));
    const text: string = JSON.parse(payload).mail.calendar;
    expect(parseCalendar(text, api.house.limits).calendar).toBeDefined();
    return text.replaceAll("\r\n ", "").split("\r\n");
  });
}

describe("who acts for another", () => {
  const rows: readonly (readonly [DelegationScope | undefined, readonly number[]])[] = [
    [undefined, [403, 403, 403]],
    ["freebusy", [403, 403, 403]],
    ["read", [200, 403, 403]],
    ["respond", [200, 200, 403]],
    ["organize", [200, 200, 201]],
  ];
  test.each(rows)("with the scope %s may read, answer, organize: %j", async (scope, statuses) => {
    await api.call("POST", "/api/events", { as: ben, body: { ...meeting, attendees: [{ address: ann }] } });
    await api.carry();
    const [copy] = (await api.call("GET", "/api/events", { as: ann })).body.events;
    await letBen(scope);
    const calls = [
      await asBen(ann, "GET", "/api/events"),
      await asBen(ann, "POST", `/api/events/${copy.id}/answer`, { partstat: "ACCEPTED" }),
      await asBen(ann, "POST", "/api/events", meeting),
    ];
    expect(calls.map(({ status }) => status)).toEqual(statuses);
    for (const { status, body } of calls) if (status === 403) expect(body.error).toBe("not-allowed");
    await letBen(undefined);
    expect((await asBen(ann, "GET", "/api/events")).status).toBe(403);
  });

  test("is told by SENT-BY, in an answer and in an invitation", async () => {
    await api.call("POST", "/api/events", { as: ben, body: { ...meeting, attendees: [{ address: ann }] } });
    await api.carry();
    const [copy] = (await api.call("GET", "/api/events", { as: ann })).body.events;
    await letBen("organize");
    await asBen(ann, "POST", `/api/events/${copy.id}/answer`, { partstat: "ACCEPTED" });
    expect(await lastSent(ann)).toContainEqual(
      expect.stringMatching(/^ATTENDEE;.*SENT-BY="mailto:ben@example\.test".*:mailto:ann@example\.test$/),
    );
    await asBen(ann, "POST", "/api/events", { ...meeting, attendees: [{ address: "olaf@outside.test" }] });
    expect(await lastSent(ann)).toContainEqual(
      expect.stringMatching(/^ORGANIZER;.*SENT-BY="mailto:ben@example\.test".*:mailto:ann@example\.test$/),
    );
  });

  test("is refused alike for who is nobody here, for what is no address, and for who has not allowed it", async () => {
    for (const owner of [ann, "nobody@example.test", "x y"]) {
      const refused = await asBen(owner, "GET", "/api/events");
      expect([refused.status, refused.body]).toEqual([
        403,
        { error: "not-allowed", message: `You may not do that for ${owner}.` },
      ]);
    }
    expect((await asBen(ben, "GET", "/api/events")).status).toBe(200);
    expect((await api.call("GET", "/api/events", { headers: { "parley-as": ann } })).status).toBe(401);
    expect((await asBen(ann, "GET", "/api/session")).body.person.address).toBe(ben);
  });

  test("a scope allows what those before it do, and no more, and in one direction", async () => {
    for (const [rank, scope] of delegationScopes.entries()) {
      await letBen(scope);
      const [owner, delegate] = [api.people[ann], api.people[ben]];
      if (!owner || !delegate) throw new Error("there are two");
      await api.house.store.read(async (transaction) => {
        const allowed = await Promise.all(delegationScopes.map((one) => authorize(transaction, delegate, owner, one)));
        expect(allowed).toEqual(delegationScopes.map((_, other) => other <= rank));
        expect(await authorize(transaction, owner, delegate, "freebusy")).toBe(false);
      });
    }
  });
});

describe("a group as Organizer", () => {
  beforeEach(async () => {
    const group = { kind: "group", name: "Team", addresses: [team], timezone: "UTC" } as const;
    Object.assign(api.people, { [team]: await addAccount(api.house.store, group) });
  });

  test("has a member act for it, who is named by SENT-BY; answers come to its calendar", async () => {
    expect((await asBen(team, "POST", "/api/events", meeting)).status).toBe(403);
    await addMembers(api.house.store, team, [ben]);
    const made = await asBen(team, "POST", "/api/events", { ...meeting, attendees: [{ address: ann }] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ role: "organizer", organizer: { address: team, name: "Team" } });
    expect(await lastSent(team)).toContainEqual(
      expect.stringMatching(/^ORGANIZER;.*SENT-BY="mailto:ben@example\.test".*:mailto:team@example\.test$/),
    );
    expect((await asBen(team, "GET", "/api/events")).body.events).toHaveLength(1);
    expect((await api.call("GET", "/api/events", { as: ben })).body.events).toEqual([]);
    await api.carry();
    const [copy] = (await api.call("GET", "/api/events", { as: ann })).body.events;
    expect(copy).toMatchObject({ role: "attendee", organizer: { address: team } });
    await api.call("POST", `/api/events/${copy.id}/answer`, { as: ann, body: { partstat: "ACCEPTED" } });
    await api.carry();
    const heard = (await asBen(team, "GET", `/api/events/${made.body.id}`)).body.attendees;
    expect(heard.find(({ address }: { address: string }) => address === ann)).toMatchObject({ partstat: "ACCEPTED" });
    const moved = { ...meeting, summary: "Review, moved", attendees: [{ address: ann }] };
    expect((await asBen(team, "PUT", `/api/events/${made.body.id}`, moved)).status).toBe(200);
    expect((await asBen(team, "POST", `/api/events/${made.body.id}/cancel`)).status).toBe(200);
  });
});

describe("a room that waits for approval", () => {
  test("is booked by who may answer for it, and not twice", async () => {
    const blue = "blue@example.test";
    const { store } = api.house;
    const booking = { policy: "approve" } as const;
    const room = await addAccount(store, { kind: "room", name: "Blue", addresses: [blue], timezone: "UTC", booking });
    Object.assign(api.people, { [blue]: room });
    await store.write(({ principals }) => principals.delegate(room.id, api.people[ben]?.id ?? "", "respond"));
    for (const summary of ["One", "Two"]) {
      const body = { ...meeting, summary, attendees: [{ address: blue }] };
      expect((await api.call("POST", "/api/events", { as: ann, body })).status).toBe(201);
    }
    await api.carry();
    const asked: readonly { readonly id: string }[] = (await asBen(blue, "GET", "/api/events")).body.events;
    expect(asked).toMatchObject([{ answer: { partstat: "NEEDS-ACTION" } }, { answer: { partstat: "NEEDS-ACTION" } }]);
    const answers: Answer[] = [];
    for (const { id } of asked) {
      answers.push(await asBen(blue, "POST", `/api/events/${id}/answer`, { partstat: "ACCEPTED" }));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(answers[1]?.body).toMatchObject({ error: "refused", message: expect.stringContaining("conflict") });
  });
});
