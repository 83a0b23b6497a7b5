import { afterAll, beforeAll, expect, test } from "vitest";
import { caldav } from "../../src/caldav/names.ts";
import { childElements, dav as davName, textOf } from "../../src/dav/xml.ts";
import { addAccount } from "../../src/people.ts";
import { objectBounds } from "../../src/scheduling/writing.ts";
import {
  calendarText,
  conditionOf,
  type Dav,
  entriesOf,
  eventText,
  propertyText,
  propfind,
  startDav,
} from "./server.ts";

let dav: Dav;
const calendar = (name: string): string => `/dav/calendars/${name}@example.test/calendar/`;
const outbox = (name: string): string => `/dav/calendars/${name}@example.test/outbox/`;

/** Ann lets Reed read and Orla organize; Ben is nobody to her, and nobody's busy time is everybody's. */
beforeAll(async () => {
  dav = await startDav(["ann", "ben", "reed", "orla"], { freeBusy: "nobody" });
  const { store } = dav.server.house;
  const [ann, reed, orla] = ["ann", "reed", "orla"].map((name) => dav.people[name]?.id ?? "");
  if (!ann || !reed || !orla) throw new Error("somebody is missing");
  await store.write(async ({ principals }) => {
    await principals.delegate(ann, reed, "read");
    await principals.delegate(ann, orla, "organize");
  });
  const room = { name: "Big room", addresses: ["room@example.test"], timezone: "UTC", kind: "room" } as const;
  await addAccount(store, { ...room, booking: { policy: "accept" } });
});

afterAll(() => dav.close());

const ask = (organizer: string, ...attendees: readonly string[]): string =>
  calendarText(
    "METHOD:REQUEST",
    "BEGIN:VFREEBUSY",
    "UID:fb",
    "DTSTAMP:20270301T000000Z",
    "DTSTART:20280302T000000Z",
    "DTEND:20280303T000000Z",
    `ORGANIZER:mailto:${organizer}@example.test`,
    ...attendees.map((name) => `ATTENDEE:mailto:${name}@example.test`),
    "END:VFREEBUSY",
  );

test("CALSCHED-2.4.2-01 a room says that it is one, and is found as one", async () => {
  const path = "/dav/principals/room@example.test/";
  const reply = await dav.request("ben", "PROPFIND", path, {
    body: propfind("c:calendar-user-type"),
    headers: { depth: "0" },
  });
  expect(propertyText(reply, path, caldav("calendar-user-type"))).toBe("ROOM");
  const body = `<d:principal-property-search xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:property-search><d:prop><c:calendar-user-type/></d:prop><d:match>ROOM</d:match></d:property-search><d:prop><d:displayname/></d:prop></d:principal-property-search>`;
  const found = await dav.request("ben", "REPORT", "/dav/principals/", { body, headers: { depth: "0" } });
  expect([...entriesOf(found).keys()]).toEqual([path]);
});

test("CALSCHED-2.4.1-03 a principal's URL is one of their addresses", async () => {
  const path = "/dav/principals/ann@example.test/";
  const reply = await dav.request("ann", "PROPFIND", path, {
    body: propfind("c:calendar-user-address-set"),
    headers: { depth: "0" },
  });
  const set = entriesOf(reply).get(path)?.properties.get(caldav("calendar-user-address-set"));
  expect(set && childElements(set).map(textOf)).toEqual(["mailto:ann@example.test", path]);
});

test("CALSCHED-5-02 CALSCHED-5.1-01 busy time is asked for at one's own outbox alone", async () => {
  const post = async (person: string, path: string) =>
    (await dav.request(person, "POST", path, { body: ask("ann", "ann") })).status;
  expect(await post("ann", outbox("ann"))).toBe(200);
  expect(await post("ann", calendar("ann"))).toBe(403);
  expect(await post("ann", outbox("nobody"))).toBe(404);
});

test("CALSCHED-6.2-01 CALSCHED-6.2-02 CALSCHED-11.2-02 CALSCHED-11.3-02 nobody sends from another's outbox, and who only reads schedules nothing", async () => {
  for (const person of ["ben", "reed", "orla"]) {
    expect((await dav.request(person, "POST", outbox("ann"), { body: ask("ann", "ann") })).status).toBe(404);
  }
  const lines = [
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE:mailto:ann@example.test",
    "ATTENDEE:mailto:ben@example.test",
  ];
  const put = (person: string) =>
    dav.request(person, "PUT", `${calendar("ann")}by-${person}.ics`, { body: eventText(`by-${person}`, ...lines) });
  const refused = await put("reed");
  expect([refused.status, conditionOf(refused)]).toEqual([403, davName("need-privileges")]);
  expect((await put("orla")).status).toBe(201);
});

test("CALSCHED-6.1-01 CALSCHED-11.2-03 CALSCHED-11.3-03 who may not see when somebody is busy is told that", async () => {
  const body = ask("ben", "ann", "ben", "room");
  const { text } = await dav.request("ben", "POST", outbox("ben"), { body });
  const statuses = [...text.matchAll(/<d:href>mailto:(\w+)@.*?<cal:request-status>([^<]*)</gs)].map((match) =>
    match.slice(1),
  );
  expect(statuses).toEqual([
    ["ann", "3.8;No authority"],
    ["ben", "2.0;Success"],
    ["room", "2.0;Success"],
  ]);
  const reader = await dav.request("reed", "POST", outbox("reed"), { body: ask("reed", "ann") });
  expect(reader.text).toContain("2.0;Success");
});

test("CALSCHED-6.1-02 privileges of scheduling are not a calendar's", async () => {
  const path = calendar("ann");
  const body = propfind("d:current-user-privilege-set");
  const reply = await dav.request("ann", "PROPFIND", path, { body, headers: { depth: "0" } });
  expect(reply.text).toContain("write-content");
  expect(reply.text).not.toContain("schedule-");
});

test("CALSCHED-11.4-01 nobody learns by a UID what another has", async () => {
  const theirs = `${calendar("ann")}only-hers.ics`;
  expect((await dav.request("ann", "PUT", theirs, { body: eventText("only-hers") })).status).toBe(201);
  const own = `${calendar("ben")}mine.ics`;
  expect((await dav.request("ben", "PUT", own, { body: eventText("only-hers", "SUMMARY:His") })).status).toBe(201);
  expect((await dav.request("ann", "GET", theirs)).text).toContain("SUMMARY:Planning");
});

test("CALSCHED-11.4-02 who may not write is told that before what is wrong with it", async () => {
  for (const body of ["nonsense", eventText("only-hers"), "x".repeat(objectBounds.maxResourceSize + 1)]) {
    const stranger = await dav.request("ben", "PUT", `${calendar("ann")}x.ics`, { body });
    expect([stranger.status, conditionOf(stranger)]).toEqual([404, undefined]);
    const reader = await dav.request("reed", "PUT", `${calendar("ann")}x.ics`, { body });
    expect([reader.status, conditionOf(reader)]).toEqual([403, davName("need-privileges")]);
  }
});

test("CALSCHED-2.1-03 CALSCHED-11.1-01 CALSCHED-11.1-02 what is too much is refused by its name", async () => {
  const large = eventText("large", `DESCRIPTION:${"x".repeat(objectBounds.maxResourceSize)}`);
  const crowd = [...Array(objectBounds.maxAttendeesPerInstance + 1).keys()].map(
    (one) => `ATTENDEE:mailto:p${one}@example.test`,
  );
  const crowded = eventText("crowded", "ORGANIZER:mailto:ann@example.test", ...crowd);
  for (const [body, condition] of [
    [large, "max-resource-size"],
    [crowded, "max-attendees-per-instance"],
  ] as const) {
    const reply = await dav.request("ann", "PUT", `${calendar("ann")}much.ics`, { body });
    expect([reply.status, conditionOf(reply)]).toEqual([403, caldav(condition)]);
  }
  const posted = await dav.request("ann", "POST", outbox("ann"), { body: `${large}${" ".repeat(70_000)}` });
  expect([posted.status, conditionOf(posted)]).toEqual([413, caldav("max-resource-size")]);
});
