import { afterAll, beforeAll, expect, test } from "vitest";
import { caldav } from "../../src/caldav/names.ts";
import { dav as davName } from "../../src/dav/xml.ts";
import { conditionOf, type Dav, entriesOf, eventText, propertyText, propfind, type Reply, startDav } from "./server.ts";

let dav: Dav;

beforeAll(async () => {
  dav = await startDav(["ann", "ben", "cat"]);
});

afterAll(() => dav.close());

const home = (name: string): string => `/dav/calendars/${name}@example.test/`;
const calendar = (name: string): string => `${home(name)}calendar/`;
const lines = (text: string): readonly string[] => text.replace(/\r\n[ \t]/g, "").split("\r\n");

function meeting(uid: string, ...more: readonly string[]): string {
  return eventText(
    uid,
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ben@example.test",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:cat@example.test",
    ...more,
  );
}

/** Where somebody has their copy: its name is the server's choice. */
async function copyOf(name: string, uid: string): Promise<string> {
  const body = `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/></d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="UID"><c:text-match collation="i;octet">${uid}</c:text-match></c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>`;
  const found = [
    ...entriesOf(await dav.request(name, "REPORT", calendar(name), { body, headers: { depth: "1" } })).keys(),
  ];
  expect(found).toHaveLength(1);
  return found[0] ?? "";
}

function partstatOf(reply: Reply, name: string): string | undefined {
  const line = lines(reply.text).find(
    (one) => one.startsWith("ATTENDEE") && one.endsWith(`mailto:${name}@example.test`),
  );
  return /PARTSTAT=([A-Z-]+)/.exec(line ?? "")?.[1];
}

/** Somebody answers as their program does: it writes back what it was given, with another PARTSTAT. */
async function answer(name: string, uid: string, partstat: string): Promise<Reply> {
  const path = await copyOf(name, uid);
  const copy = await dav.request(name, "GET", path);
  const body = lines(copy.text)
    .map((line) =>
      line.endsWith(`:mailto:${name}@example.test`) ? line.replace(/PARTSTAT=[A-Z-]+/, `PARTSTAT=${partstat}`) : line,
    )
    .join("\r\n");
  const headers = { "if-schedule-tag-match": copy.headers.get("schedule-tag") ?? "" };
  const reply = await dav.request(name, "PUT", path, { body, headers });
  await dav.server.worker.drain();
  return reply;
}

test("CALSCHED-2-01 CALSCHED-2-02 OPTIONS says what is supported wherever scheduling is", async () => {
  for (const path of [
    "/dav/principals/ann@example.test/",
    home("ann"),
    calendar("ann"),
    `${home("ann")}inbox/`,
    `${home("ann")}outbox/`,
  ]) {
    const features = (await dav.request("ann", "OPTIONS", path)).headers.get("dav")?.split(", ");
    expect(features).toEqual(expect.arrayContaining(["calendar-access", "calendar-auto-schedule"]));
  }
});

test("CALSCHED-2-03 CALSCHED-2.2-03 nobody makes or removes inboxes and outboxes, nor collections in them", async () => {
  for (const name of ["inbox", "outbox"]) {
    for (const [method, path] of [
      ["MKCALENDAR", name],
      ["MKCOL", name],
      ["MKCALENDAR", `${name}/a`],
      ["DELETE", name],
    ] as const) {
      expect([403, 405]).toContain((await dav.request("ann", method, `${home("ann")}${path}/`)).status);
    }
    expect((await dav.request("ann", "PROPFIND", `${home("ann")}${name}/`, { headers: { depth: "0" } })).status).toBe(
      207,
    );
  }
});

test("CALSCHED-2.1-01 CALSCHED-2.1-02 CALSCHED-2.2-01 CALSCHED-2.2-05 inbox and outbox say what they are, and are in no calendar", async () => {
  for (const name of ["inbox", "outbox"]) {
    const path = `${home("ann")}${name}/`;
    const reply = await dav.request("ann", "PROPFIND", path, {
      body: propfind("d:resourcetype"),
      headers: { depth: "0" },
    });
    expect(entriesOf(reply).get(path)?.properties.get(davName("resourcetype"))?.content).toMatchObject([
      { name: davName("collection") },
      { name: caldav(`schedule-${name}`) },
    ]);
  }
});

test("CALSCHED-2.1.1-02 CALSCHED-2.2.1-02 CALSCHED-2.4.2-02 what is said of scheduling is not in allprop", async () => {
  const path = "/dav/principals/ann@example.test/";
  const all = await dav.request("ann", "PROPFIND", path, { headers: { depth: "0" } });
  const names = [...(entriesOf(all).get(path)?.properties.keys() ?? [])];
  for (const name of ["schedule-inbox-URL", "schedule-outbox-URL", "calendar-user-type"]) {
    expect(names).not.toContain(caldav(name));
  }
});

test("CALSCHED-2.3-03 the inbox has no free-busy-query", async () => {
  const body = `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="20270301T000000Z" end="20270401T000000Z"/></c:free-busy-query>`;
  const reply = await dav.request("ann", "REPORT", `${home("ann")}inbox/`, { body });
  expect([reply.status, conditionOf(reply)]).toEqual([403, davName("supported-report")]);
});

test("CALSCHED-6-01 CALSCHED-6.3-01 inbox and outbox say which privileges there are, each within `all`", async () => {
  for (const [name, parts] of [
    ["inbox", ["schedule-deliver", "schedule-deliver-invite", "schedule-deliver-reply", "schedule-query-freebusy"]],
    ["outbox", ["schedule-send", "schedule-send-invite", "schedule-send-reply", "schedule-send-freebusy"]],
  ] as const) {
    const path = `${home("ann")}${name}/`;
    const body = propfind("d:supported-privilege-set", "d:current-user-privilege-set");
    const entry = entriesOf(await dav.request("ann", "PROPFIND", path, { body, headers: { depth: "0" } })).get(path);
    const said = JSON.stringify(entry?.properties.get(davName("supported-privilege-set")));
    const own = JSON.stringify(entry?.properties.get(davName("current-user-privilege-set")));
    for (const part of parts) {
      expect(said).toContain(caldav(part));
      expect(own).toContain(caldav(part));
    }
    expect(said).not.toContain(davName("abstract"));
  }
});

test("CALSCHED-3.2.10-01 CALSCHED-3.2.10-02 CALSCHED-3.2.10-05 CALSCHED-3.2.10.1-01 CALSCHED-8.2-01 an Organizer's change goes through though answers came meanwhile", async () => {
  const path = `${calendar("ann")}tags.ics`;
  const put = await dav.request("ann", "PUT", path, { body: meeting("tags") });
  const tag = put.headers.get("schedule-tag") ?? "";
  expect(tag).toMatch(/^"[^"]+"$/);
  await dav.server.worker.drain();
  const before = await dav.request("ann", "GET", path);
  expect(before.headers.get("schedule-tag")).toBe(tag);
  const property = await dav.request("ann", "PROPFIND", path, {
    body: propfind("c:schedule-tag"),
    headers: { depth: "0" },
  });
  expect(propertyText(property, path, caldav("schedule-tag"))).toBe(tag);
  expect((await answer("ben", "tags", "ACCEPTED")).status).toBe(204);
  const after = await dav.request("ann", "GET", path);
  expect(partstatOf(after, "ben")).toBe("ACCEPTED");
  expect(after.headers.get("schedule-tag")).toBe(tag);
  expect(after.headers.get("etag")).not.toBe(before.headers.get("etag"));
  const stale = before.text.replace("SUMMARY:Planning", "SUMMARY:Planning of all");
  const byEtag = { "if-match": before.headers.get("etag") ?? "" };
  expect((await dav.request("ann", "PUT", path, { body: stale, headers: byEtag })).status).toBe(412);
  const byTag = await dav.request("ann", "PUT", path, { body: stale, headers: { "if-schedule-tag-match": tag } });
  expect(byTag.status).toBe(204);
  const merged = await dav.request("ann", "GET", path);
  expect([partstatOf(merged, "ben"), merged.text.includes("Planning of all")]).toEqual(["ACCEPTED", true]);
  expect(merged.headers.get("schedule-tag")).toBe(byTag.headers.get("schedule-tag"));
});

test("CALSCHED-3.2.10-06 CALSCHED-3.2.10-09 CALSCHED-3.2.10.1-02 CALSCHED-3.2.10.2-01 CALSCHED-8.3-01 a stale schedule-tag is no match for any method", async () => {
  const path = `${calendar("ann")}stale.ics`;
  const first = (await dav.request("ann", "PUT", path, { body: meeting("stale") })).headers.get("schedule-tag") ?? "";
  const second = (await dav.request("ann", "PUT", path, { body: meeting("stale", "LOCATION:Here") })).headers.get(
    "schedule-tag",
  );
  expect(second).not.toBe(first);
  const headers = { "if-schedule-tag-match": first };
  const text = (await dav.request("ann", "GET", path)).text;
  for (const [method, options] of [
    ["PUT", { body: meeting("stale", "LOCATION:There"), headers }],
    ["DELETE", { headers }],
    ["MOVE", { headers: { ...headers, destination: `${calendar("ann")}elsewhere.ics` } }],
  ] as const) {
    expect((await dav.request("ann", method, path, options)).status).toBe(412);
  }
  expect((await dav.request("ann", "GET", path)).text).toBe(text);
  const moved = { "if-schedule-tag-match": second ?? "", destination: `${calendar("ann")}elsewhere.ics` };
  const done = await dav.request("ann", "MOVE", path, { headers: moved });
  // CALSCHED-3.2.10-03
  expect([done.status, done.headers.get("schedule-tag")]).toEqual([
    201,
    (await dav.request("ann", "GET", `${calendar("ann")}elsewhere.ics`)).headers.get("schedule-tag"),
  ]);
});

test("CALSCHED-9.3-01 nobody sets a schedule-tag", async () => {
  const path = await copyOf("ben", "tags");
  const body = `<d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><c:schedule-tag>"x"</c:schedule-tag></d:prop></d:set></d:propertyupdate>`;
  const reply = await dav.request("ben", "PROPPATCH", path, { body });
  expect(entriesOf(reply).get(path)?.others.get(caldav("schedule-tag"))).toBe(403);
  expect(reply.text).toContain("cannot-modify-protected-property");
});

test.each([
  ["CALSCHED-8.1-01", undefined, "DECLINED"],
  ["CALSCHED-8.1-01", "T", "DECLINED"],
  ["CALSCHED-8.1-02", "F", "NEEDS-ACTION"],
])("%s an Attendee's DELETE with Schedule-Reply: %s leaves them %s", async (_, said, expected) => {
  const uid = `reply-${said}`;
  const path = `${calendar("ann")}${uid}.ics`;
  await dav.request("ann", "PUT", path, { body: meeting(uid) });
  await dav.server.worker.drain();
  const headers: Record<string, string> = said === undefined ? {} : { "schedule-reply": said };
  expect((await dav.request("cat", "DELETE", await copyOf("cat", uid), { headers })).status).toBe(204);
  await dav.server.worker.drain();
  expect(partstatOf(await dav.request("ann", "GET", path), "cat")).toBe(expected);
});

test("CALSCHED-4-02 CALSCHED-2.2-02 CALSCHED-2.2-04 CALSCHED-2.3-01 CALSCHED-2.3-02 what came is in the inbox until it is taken out", async () => {
  const inbox = `${home("cat")}inbox/`;
  const path = `${calendar("ann")}inbox.ics`;
  await dav.request("ann", "PUT", path, {
    body: meeting("inbox", "DTSTART:20280302T090000Z", "DTEND:20280302T100000Z"),
  });
  await dav.server.worker.drain();
  await dav.request("ann", "PUT", path, {
    body: meeting("inbox", "DTSTART:20280303T090000Z", "DTEND:20280303T100000Z", "SEQUENCE:1"),
  });
  await dav.server.worker.drain();
  const data = "<d:prop><d:getetag/><c:calendar-data/></d:prop>";
  const query = (range: string) =>
    `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:">${data}<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">${range}<c:prop-filter name="UID"><c:text-match>inbox</c:text-match></c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>`;
  const report = async (body: string) =>
    entriesOf(await dav.request("cat", "REPORT", inbox, { body, headers: { depth: "1" } }));
  const all = await report(query(""));
  expect(all.size).toBe(2);
  for (const entry of all.values()) expect(JSON.stringify([...entry.properties.values()])).toContain("METHOD:REQUEST");
  const day = await report(query('<c:time-range start="20280303T000000Z" end="20280304T000000Z"/>'));
  expect(day.size).toBe(1);
  const [href = ""] = day.keys();
  const multiget = `<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:">${data}<d:href>${href}</d:href></c:calendar-multiget>`;
  expect([...(await report(multiget)).keys()]).toEqual([href]);
  const got = await dav.request("cat", "GET", href);
  expect([got.status, got.text.includes("20280303T090000Z")]).toEqual([200, true]);
  expect((await dav.request("cat", "DELETE", href)).status).toBe(204);
  expect((await report(query(""))).size).toBe(1);
  expect((await dav.request("cat", "GET", await copyOf("cat", "inbox"))).status).toBe(200);
});

test("time zones by name are completed for whoever does not know them, RFC 7809 §3.1.3", async () => {
  const path = `${calendar("ann")}zone.ics`;
  const body = eventText(
    "zone",
    "DTSTART;TZID=Europe/Berlin:20270702T090000",
    "DTEND;TZID=Europe/Berlin:20270702T100000",
  );
  await dav.request("ann", "PUT", path, { body });
  const whole = await dav.request("ann", "GET", path);
  expect(whole.text).toMatch(/BEGIN:VTIMEZONE\r\nTZID:Europe\/Berlin/);
  const bare = await dav.request("ann", "GET", path, { headers: { "caldav-timezones": "F" } });
  expect(bare.text).not.toContain("VTIMEZONE");
  // Who writes back what was completed changes nothing of when it is, and may still do without.
  expect((await dav.request("ann", "PUT", path, { body: whole.text })).status).toBe(204);
  expect((await dav.request("ann", "GET", path, { headers: { "caldav-timezones": "F" } })).text).not.toContain(
    "VTIMEZONE",
  );
  const own = body
    .replaceAll("Europe/Berlin", "Office")
    .replace(
      "BEGIN:VEVENT",
      [
        "BEGIN:VTIMEZONE",
        "TZID:Office",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
      ].join("\r\n"),
    );
  await dav.request("ann", "PUT", path, { body: own });
  expect((await dav.request("ann", "GET", path, { headers: { "caldav-timezones": "F" } })).text).toContain(
    "TZID:Office",
  );
});

test("CALSCHED-3-01 CALSCHED-3.2.3.2-01 CALSCHED-4.2-03 a PUT invites, an answer is shown with its status, a DELETE calls it off", async () => {
  const path = `${calendar("ann")}whole.ics`;
  await dav.request("ann", "PUT", path, { body: meeting("whole") });
  await dav.server.worker.drain();
  await answer("ben", "whole", "TENTATIVE");
  const ben = lines((await dav.request("ann", "GET", path)).text).find((line) =>
    line.endsWith("mailto:ben@example.test"),
  );
  expect(ben).toMatch(/PARTSTAT=TENTATIVE/);
  expect(ben).toMatch(/SCHEDULE-STATUS="?2\.0/);
  expect((await dav.request("ann", "DELETE", path)).status).toBe(204);
  await dav.server.worker.drain();
  expect((await dav.request("ben", "GET", await copyOf("ben", "whole"))).text).toContain("STATUS:CANCELLED");
});

test("CALSCHED-4.3-02 an invitation goes to the calendar that was chosen for that", async () => {
  const chosen = `${home("cat")}chosen/`;
  await dav.request("cat", "MKCALENDAR", chosen);
  const body = `<d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><c:schedule-default-calendar-URL><d:href>${chosen}</d:href></c:schedule-default-calendar-URL></d:prop></d:set></d:propertyupdate>`;
  expect((await dav.request("cat", "PROPPATCH", `${home("cat")}inbox/`, { body })).status).toBe(207);
  await dav.request("ann", "PUT", `${calendar("ann")}chosen.ics`, { body: meeting("chosen") });
  await dav.server.worker.drain();
  const list = entriesOf(
    await dav.request("cat", "PROPFIND", chosen, { body: propfind("d:getetag"), headers: { depth: "1" } }),
  );
  expect(list.size).toBe(2);
});

test("CALSCHED-4.1-02 CALSCHED-4.2-06 whoever sees a message in the inbox sees what it did", async () => {
  const inbox = `${home("ben")}inbox/`;
  const seen = async () =>
    entriesOf(await dav.request("ben", "PROPFIND", inbox, { body: propfind("d:getetag"), headers: { depth: "1" } }))
      .size;
  const before = await seen();
  await dav.request("ann", "PUT", `${calendar("ann")}order.ics`, { body: meeting("order") });
  const carried = dav.server.worker.drain();
  while ((await seen()) === before);
  expect((await dav.request("ben", "GET", await copyOf("ben", "order"))).status).toBe(200);
  await carried;
});
