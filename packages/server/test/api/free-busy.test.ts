import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addAccount } from "../../src/people.ts";
import type { DelegationScope } from "../../src/store/store.ts";
import { ann, ben, startTestApi, type TestApi } from "./api.ts";

const room = "blue@example.test";
const meeting = { summary: "Secret plans", start: "2027-03-05T10:00:00Z", end: "2027-03-05T11:00:00Z" };
const busy = [{ from: "2027-03-05T10:00:00Z", to: "2027-03-05T11:00:00Z", type: "BUSY" }];
const week = "from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z";

let api: TestApi | undefined;
afterEach(() => api?.close());

async function start(freeBusy: "nobody" | "people" | "everybody"): Promise<TestApi> {
  api = await startTestApi({ freeBusy });
  const account = { name: "Blue", addresses: [room], timezone: "UTC" } as const;
  await addAccount(api.house.store, { ...account, kind: "room", booking: { policy: "accept" } });
  await api.call("POST", "/api/events", { as: ann, body: meeting });
  return api;
}

/** Who of those asked for is known, and what is told: as somebody, or nobody. */
async function ask(as: string | undefined, addresses: string) {
  const answer = await api?.call("GET", `/api/free-busy?addresses=${encodeURIComponent(addresses)}&${week}`, {
    ...(as !== undefined && { as }),
  });
  return answer?.status === 200
    ? answer.body.people.map((one: { known: boolean; busy: unknown }) => (one.known ? one.busy : "unknown"))
    : answer?.status;
}

describe("who sees when others are busy", () => {
  const all = `${ann},${ben},${room},nobody@example.test,?`;
  const nobody = ["unknown", "unknown"];
  test.each([
    ["nobody", undefined, 401],
    ["nobody", ann, [busy, "unknown", [], ...nobody]],
    ["nobody", ben, ["unknown", [], [], ...nobody]],
    ["people", undefined, 401],
    ["people", ben, [busy, [], [], ...nobody]],
    ["everybody", undefined, [busy, [], [], ...nobody]],
  ] as const)("with %s, asked by %s", async (freeBusy, as, expected) => {
    await start(freeBusy);
    expect(await ask(as, all)).toEqual(expected);
  });

  test.each<[DelegationScope | undefined, unknown]>([
    [undefined, ["unknown"]],
    ["freebusy", [busy]],
    ["organize", [busy]],
  ])("with nobody, by who was given the scope %s", async (scope, expected) => {
    const { house, people } = await start("nobody");
    const [owner, delegate] = [people[ann]?.id ?? "", people[ben]?.id ?? ""];
    await house.store.write(({ principals }) => principals.delegate(owner, delegate, scope));
    expect(await ask(ben, ann)).toEqual(expected);
  });
});

describe("free and busy time", () => {
  beforeEach(() => start("people"));

  test("follows answers and removals, of any address of a person, and says nothing of titles", async () => {
    const made = await api?.call("POST", "/api/events", {
      as: ben,
      body: { ...meeting, attendees: [{ address: ann }], start: "2027-03-06T10:00:00Z", end: "2027-03-06T11:00:00Z" },
    });
    await api?.carry();
    const second = { from: "2027-03-06T10:00:00Z", to: "2027-03-06T11:00:00Z" };
    expect(await ask(ben, "ann.alias@example.test")).toEqual([[...busy, { ...second, type: "BUSY-TENTATIVE" }]]);
    const copies = (await api?.call("GET", `/api/events?${week}`, { as: ann }))?.body.events;
    const copy = copies.find((one: { start: string }) => one.start === second.from);
    await api?.call("POST", `/api/events/${copy.id}/answer`, { as: ann, body: { partstat: "ACCEPTED" } });
    const told = await api?.call("GET", `/api/free-busy?addresses=${ann}&${week}`, { as: ben });
    expect(told?.body).toEqual({
      people: [{ address: ann, known: true, told: null, complete: true, busy: [...busy, { ...second, type: "BUSY" }] }],
    });
    await api?.call("POST", `/api/events/${made?.body.id}/cancel`, { as: ben, body: {} });
    await api?.carry();
    expect(await ask(ben, ann)).toEqual([busy]);
  });

  test.each([
    ["addresses=ann@example.test&from=2027-03-01T00:00:00Z", /^request: missing "to"/],
    [`addresses=${ann}&from=2027-03-01&to=2027-03-02T00:00:00Z`, /^from: must be an instant in UTC/],
    [`addresses=${ann}&from=2027-02-30T00:00:00Z&to=2027-03-02T00:00:00Z`, /^from: is no time that exists/],
    [`addresses=${ann}&from=2027-03-01T00:00:00Z&to=2027-02-30T00:00:00Z`, /^to: is no time that exists/],
    [`addresses=${ann}&from=2027-03-02T00:00:00Z&to=2027-03-02T00:00:00Z`, /^to: must be after from/],
    [`addresses=${ann}&from=2027-03-02T00:00:00Z&to=2029-03-02T00:00:00Z`, /^to: must be within 400 days/],
    [`addresses=${"a@x,".repeat(100)}b@x&${week}`, /^addresses: are more than 100/],
  ])("%s is refused", async (query, message) => {
    const answer = await api?.call("GET", `/api/free-busy?${query}`, { as: ben });
    expect([answer?.status, answer?.body.error]).toEqual([400, "invalid"]);
    expect(answer?.body.message).toMatch(message);
  });
});
