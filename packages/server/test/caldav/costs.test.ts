import { afterAll, beforeAll, expect, test } from "vitest";
import { addMembers } from "../../src/accounts/groups.ts";
import { patchNode } from "../../src/caldav/collections.ts";
import { calendarNode } from "../../src/caldav/node.ts";
import { dav as davName, xml } from "../../src/dav/xml.ts";
import { addAccount } from "../../src/people.ts";
import { calendarText, conditionOf, type Dav, entriesOf, eventText, propfind, said, startDav } from "./server.ts";

let dav: Dav;
const home = "/dav/calendars/ann@example.test/";
const calendar = `${home}calendar/`;
const tooMany = davName("number-of-matches-within-limits");

beforeAll(async () => {
  dav = await startDav(["ann", "ben", "cat"]);
});
afterAll(() => dav.close());

async function put(name: string, body: string): Promise<string> {
  const path = `${calendar}${name}.ics`;
  expect((await dav.request("ann", "PUT", path, { body })).status).toBe(201);
  return path;
}

function query(filter: string, asked = ""): string {
  return `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/>${asked}</d:prop><c:filter><c:comp-filter name="VCALENDAR">${filter}</c:comp-filter></c:filter></c:calendar-query>`;
}

const report = (body: string, path = calendar) => dav.request("ann", "REPORT", path, { body, headers: { depth: "1" } });

/** A small object, or a small filter, that makes the other of the two costly. */
const costly: readonly (readonly [string, string, string])[] = [
  [
    "alarms of a long series",
    eventText(
      "alarms",
      "DTSTART:19900302T090000Z",
      "DTEND:19900302T100000Z",
      "RRULE:FREQ=DAILY",
      ...Array.from(
        { length: 1_500 },
        () => "BEGIN:VALARM\r\nTRIGGER:PT1H\r\nREPEAT:9000\r\nDURATION:P1D\r\nEND:VALARM",
      ),
    ),
    '<c:comp-filter name="VEVENT"><c:comp-filter name="VALARM"><c:time-range start="20270302T150000Z" end="20270302T150001Z"/></c:comp-filter></c:comp-filter>',
  ],
  [
    "many ranges of a series with an override far away",
    calendarText(
      "BEGIN:VEVENT\r\nUID:far\r\nDTSTAMP:20270301T080000Z\r\nDTSTART:20100302T090000Z\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT",
      "BEGIN:VEVENT\r\nUID:far\r\nDTSTAMP:20270301T080000Z\r\nRECURRENCE-ID:20110303T090000Z\r\nDTSTART:20900303T090000Z\r\nEND:VEVENT",
    ),
    Array.from(
      { length: 190 },
      (_, index) =>
        `<c:comp-filter name="VEVENT"><c:time-range start="2011030${1 + (index % 3)}T000000Z"/></c:comp-filter>`,
    ).join(""),
  ],
];

test.each(costly)("%s are refused, not waited for", async (_, body, filter) => {
  const path = await put("costly", body);
  const refused = await report(query(filter));
  expect([refused.status, conditionOf(refused)]).toEqual([507, tooMany]);
  // What one may look at is each answer's own.
  const start = "20270301T000000Z";
  const usual = await report(query(`<c:comp-filter name="VEVENT"><c:time-range start="${start}"/></c:comp-filter>`));
  expect(usual.status).toBe(207);
  await dav.request("ann", "DELETE", path);
});

test("an answer longer than is told at once is refused, whatever makes it long", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => put(`long-${index}`, eventText(`long-${index}`))));
  const names = Array.from({ length: 480 }, (_, index) => `<n:p${index}${"x".repeat(18_000)} xmlns:n="urn:n"/>`).join(
    "",
  );
  const body = `<d:propfind xmlns:d="DAV:"><d:prop>${names}</d:prop></d:propfind>`;
  const reply = await dav.request("ann", "PROPFIND", calendar, { body, headers: { depth: "1" } });
  expect([reply.status, conditionOf(reply)]).toEqual([507, tooMany]);
});

test("an expand-property names no more than can be told of all it leads to", async () => {
  const { store } = dav.server.house;
  const group = { kind: "group", name: "Club", addresses: ["club@example.test"], timezone: "UTC" } as const;
  await addMembers(store, (await addAccount(store, group)).address, [
    "ann@example.test",
    "ben@example.test",
    "cat@example.test",
  ]);
  const expanding = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `<d:property name="p${index}"/>`).join("");
    const body = `<d:expand-property xmlns:d="DAV:"><d:property name="group-member-set">${names}</d:property></d:expand-property>`;
    return report(body, "/dav/principals/club@example.test/");
  };
  const few = await expanding(3);
  expect([few.status, few.text.match(/<d:p2\/>/g)?.length]).toEqual([207, 3]);
  const many = await expanding(40_000);
  expect([many.status, conditionOf(many)]).toEqual([507, tooMany]);
});

test("a message of the inbox is removed as the one that was seen", async () => {
  const guests = [
    "ORGANIZER:mailto:ben@example.test",
    "ATTENDEE:mailto:ben@example.test",
    "ATTENDEE:mailto:ann@example.test",
  ];
  await dav.request("ben", "PUT", "/dav/calendars/ben@example.test/calendar/party.ics", {
    body: eventText("party", ...guests),
  });
  await dav.server.worker.drain();
  const list = await dav.request("ann", "PROPFIND", `${home}inbox/`, {
    body: propfind("d:getetag"),
    headers: { depth: "1" },
  });
  const [path = "", entry] = [...entriesOf(list)].find(([href]) => href !== `${home}inbox/`) ?? [];
  const etag = said(entry?.properties.get(davName("getetag")));
  const remove = (value: string) => dav.request("ann", "DELETE", path, { headers: { "if-match": value } });
  expect([(await remove('"other"')).status, (await remove(etag)).status]).toEqual([412, 204]);
});

test("who may change a calendar is looked at where it is changed", async () => {
  const { store } = dav.server.house;
  const { ann, ben } = dav.people;
  if (!ann || !ben) throw new Error("nobody is there");
  const own = await store.read(({ calendars }) => calendars.bySlug(ann.id, "calendar"));
  if (!own) throw new Error("there is no calendar");
  // As it was found while Ben was a delegate, which he is no longer.
  const node = calendarNode(ann, "organize", own);
  const change = { kind: "set", name: davName("displayname"), value: xml(davName("displayname"), "Ben's") } as const;
  const world = { house: dav.server.house } as Parameters<typeof patchNode>[0];
  await expect(patchNode(world, ben, node, [change])).rejects.toMatchObject({ status: 404 });
  await store.write(({ principals }) => principals.delegate(ann.id, ben.id, "respond"));
  await expect(patchNode(world, ben, node, [change])).rejects.toMatchObject({ status: 403 });
  await store.write(({ principals }) => principals.delegate(ann.id, ben.id, "organize"));
  expect(await patchNode(world, ben, node, [change])).toBeUndefined();
});
