import { afterAll, beforeAll, expect, test } from "vitest";
import { eventText } from "../caldav/server.ts";
import { home, type SharingWorld, startSharing } from "../caldav/sharing-world.ts";

/** Ann has in her calendar something open, something confidential and something private; she shares it with Ben. */
let world: SharingWorld;
let slug: string;

beforeAll(async () => {
  world = await startSharing();
  const { id, principal } = await world.calendarOf("ann");
  slug = `shared-${id}`;
  const ben = world.dav.people["ben"]?.id ?? "";
  await world.dav.server.house.store.write(({ calendars }) => calendars.share(principal, id, ben, "write"));
  const guests = [
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ben@example.test",
  ];
  const later = ["DTSTART:20270304T090000Z", "DTEND:20270304T100000Z"];
  await world.put("ann", `${home("ann")}calendar/both.ics`, eventText("both", ...guests, ...later));
  await world.put("ben", `${home("ben")}calendar/own.ics`, eventText("own", "DTSTART:20270302T093000Z"));
  expect((await world.dav.request("ann", "MKCALENDAR", `${home("ann")}other/`)).status).toBe(201);
  await world.put("ann", `${home("ann")}other/other.ics`, eventText("other"));
  await world.dav.server.worker.drain();
});

afterAll(() => world.dav.close());

// biome-ignore lint/suspicious/noExplicitAny: a test may look into an answer.
async function read(person: string, path: string, headers = {}): Promise<any> {
  const { status, text } = await world.dav.request(person, "GET", path, { headers });
  return status === 200 ? JSON.parse(text) : status;
}

async function call(method: string, id: string, body?: unknown): Promise<number> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await world.dav.request("ben", method, `/api/events/${id}`, body === undefined ? {} : json)).status;
}

const range = "?from=2027-03-01&to=2027-03-31";

test("the list has what others share, by start, nothing private, and of the confidential when it is", async () => {
  const { events } = await read("ben", `/api/events${range}`);
  const shared = { calendar: slug, owner: "ann@example.test", name: "Ann" };
  expect(events).toMatchObject([
    { uid: "open", summary: "Planning", role: "none", shared },
    { uid: "times", summary: "Busy", location: "", role: "none", shared },
    { uid: "own", shared: null },
    { uid: "both", shared: null, role: "attendee", answer: { partstat: "NEEDS-ACTION" } },
    { uid: "both", shared, role: "none", answer: null, attendees: [{ me: false }, { me: true }] },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/hidden|secret/i);
  const late = await read("ben", "/api/events?from=2027-03-04T10:00:00Z&to=2027-03-31");
  expect(late.events).toEqual([]);
});

test("what guests wrote to the Organizer is not shown to whom a calendar is shared with", async () => {
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const own = (await read("ben", `/api/events${range}`)).events.find((one: any) => one.uid === "both" && !one.shared);
  expect(await call("POST", `${own.id}/answer`, { partstat: "TENTATIVE", comment: "seeing my doctor" })).toBe(200);
  await world.dav.server.worker.drain();
  const { events: anns } = await read("ann", `/api/events${range}`);
  expect(JSON.stringify(anns)).toContain("seeing my doctor");
  const { events } = await read("ben", `/api/events${range}`);
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const both = events.find((one: any) => one.uid === "both" && one.shared);
  expect(both.attendees).toMatchObject([{}, { partstat: "TENTATIVE", comment: null }]);
});

test("one is shown by its id, as the list has it, and is changed by no route", async () => {
  const { events } = await read("ben", `/api/events${range}`);
  for (const event of events) expect(await read("ben", `/api/events/${event.id}`)).toEqual(event);
  const anns = (await read("ann", `/api/events${range}`)).events;
  const idOf = (uid: string): string => anns.find((event: { uid: string }) => event.uid === uid).id;
  for (const uid of ["secret", "other"])
    expect([uid, await read("ben", `/api/events/${idOf(uid)}`)]).toEqual([uid, 404]);
  expect(await read("cat", `/api/events/${idOf("open")}`)).toBe(404);
  const input = { summary: "Mine", start: "2027-03-04T09:00:00Z", end: "2027-03-04T10:00:00Z" };
  expect(await call("PUT", idOf("open"), input)).toBe(404);
  expect(await call("DELETE", idOf("open"))).toBe(404);
  expect(await call("POST", `${idOf("both")}/answer`, { partstat: "ACCEPTED" })).toBe(404);
});

test("who acts for Ben does not see what others share with him; what ends is gone at once", async () => {
  const { store } = world.dav.server.house;
  const [ben, dan] = [world.dav.people["ben"]?.id ?? "", world.dav.people["dan"]?.id ?? ""];
  await store.write(({ principals }) => principals.delegate(ben, dan, "organize"));
  const uids = async (person: string, headers = {}): Promise<string[]> =>
    (await read(person, `/api/events${range}`, headers)).events.map(({ uid }: { uid: string }) => uid);
  expect(await uids("dan", { "parley-as": "ben@example.test" })).toEqual(["own", "both"]);
  await world.reset();
  expect(await uids("ben")).toEqual(["own", "both"]);
});
