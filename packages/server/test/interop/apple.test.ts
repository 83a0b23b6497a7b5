import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caldav, calendarServer } from "../../src/caldav/names.ts";
import { childElements, dav as davName, textOf } from "../../src/dav/xml.ts";
import { calendarText, type Dav, type Entry, entriesOf, type Reply, startDav } from "../caldav/server.ts";

const principal = "/dav/principals/ann@example.test/";
const home = "/dav/calendars/ann@example.test/";
const calendar = `${home}calendar/`;

/** Their prefixes, each declared where it is used. */
const namespaces: Readonly<Record<string, string>> = {
  A: "DAV:",
  B: "urn:ietf:params:xml:ns:caldav",
  C: "http://calendarserver.org/ns/",
  D: "http://apple.com/ns/ical/",
  E: "http://me.com/_namespace/",
};

// The requests that Calendar of macOS and iOS make, in their order, as docs/interop/apple-calendar.md tells them.
describe("Apple Calendar", () => {
  let dav: Dav;
  beforeAll(async () => {
    dav = await startDav(["ann", "ben"]);
  });
  afterAll(() => dav.close());

  function ask(person: string, method: string, path: string, body?: string, more: Record<string, string> = {}) {
    const common = { "user-agent": "iOS/18.1.1 (22B91) dataaccessd/1.0", accept: "*/*", "content-type": "text/xml" };
    const headers = { ...common, prefer: "return=minimal", brief: "t", ...more };
    return dav.request(person, method, path, { headers, ...(body !== undefined && { body }) });
  }

  /** One resource of an answer: nothing is said of what is not there. */
  function only(reply: Reply, href: string): Entry {
    expect(reply.status).toBe(207);
    const entry = entriesOf(reply).get(href);
    expect(entry?.others).toEqual(new Map());
    if (!entry) throw new Error(`nothing is said of ${href}`);
    return entry;
  }

  test("is led from the well-known place to who is there", async () => {
    const body = propfind("A:current-user-principal", "A:principal-URL", "A:resourcetype");
    const lead = await dav.request(undefined, "PROPFIND", "/.well-known/caldav", { body, headers: { depth: "0" } });
    expect([lead.status, lead.headers.get("location")]).toEqual([301, "/dav/"]);
    const refused = await dav.request(undefined, "PROPFIND", "/dav/", { body, headers: { depth: "0" } });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="Parley", charset="UTF-8"',
    ]);
    const { properties } = only(await ask("ann", "PROPFIND", "/dav/", body, { depth: "0" }), "/dav/");
    expect(hrefs(properties, davName("current-user-principal"))).toEqual([principal]);
  });

  test("asks what the server can do, and learns that it schedules", async () => {
    const { status, headers } = await ask("ann", "OPTIONS", principal);
    expect(status).toBe(200);
    const features = headers.get("dav")?.split(", ");
    for (const feature of ["calendar-access", "calendar-auto-schedule", "calendar-proxy", "extended-mkcol"]) {
      expect(features).toContain(feature);
    }
  });

  test("asks the principal for all its places, and which ways of searching there are", async () => {
    const names = [
      ...["B:calendar-home-set", "B:calendar-user-address-set", "A:current-user-principal", "A:displayname"],
      ...["C:dropbox-home-URL", "C:email-address-set", "C:notification-URL", "A:principal-collection-set"],
      ...[
        "A:principal-URL",
        "A:resource-id",
        "B:schedule-inbox-URL",
        "B:schedule-outbox-URL",
        "A:supported-report-set",
      ],
    ];
    const reply = await ask("ann", "PROPFIND", principal, propfind(...names), { depth: "0" });
    const { properties } = only(reply, principal);
    expect(hrefs(properties, caldav("calendar-home-set"))).toEqual([home]);
    expect(hrefs(properties, caldav("calendar-user-address-set"))).toContain("mailto:ann@example.test");
    expect(hrefs(properties, caldav("schedule-inbox-URL"))).toEqual([`${home}inbox/`]);
    expect(hrefs(properties, caldav("schedule-outbox-URL"))).toEqual([`${home}outbox/`]);
    const [collection = ""] = hrefs(properties, davName("principal-collection-set"));
    const search = await ask("ann", "REPORT", collection, empty("A:principal-search-property-set"), { depth: "0" });
    expect(search.status).toBe(200);
    expect(search.text).toContain("email-address-set");
  });

  test("lists the home with all it might say", async () => {
    const reply = await ask("ann", "PROPFIND", home, propfind(...ofHome), { depth: "1" });
    const { properties } = only(reply, calendar);
    const types = properties.get(davName("resourcetype"));
    expect(types && childElements(types).map(({ name }) => name)).toContain(caldav("calendar"));
    const components = properties.get(caldav("supported-calendar-component-set"));
    expect(components && childElements(components).map(({ attributes }) => attributes.get("name"))).toContain("VEVENT");
    for (const name of [davName("sync-token"), calendarServer("getctag"), davName("current-user-privilege-set")]) {
      expect(properties.has(name)).toBe(true);
    }
    expect(entriesOf(reply).has(`${home}inbox/`)).toBe(true);
  });

  test("sets the order and colour of a calendar, and keeps its own default alarms at the home", async () => {
    const order = '<D:calendar-order xmlns:D="http://apple.com/ns/ical/">3</D:calendar-order>';
    const color =
      '<D:calendar-color xmlns:D="http://apple.com/ns/ical/" symbolic-color="blue">#1BADF8FF</D:calendar-color>';
    for (const set of [order, color]) {
      expect((await ask("ann", "PROPPATCH", calendar, update(set))).status).toBe(200);
    }
    const asked = propfind("D:calendar-order", "D:calendar-color");
    const { properties } = only(await ask("ann", "PROPFIND", calendar, asked, { depth: "0" }), calendar);
    expect([...properties.values()].map(textOf)).toEqual(["3", "#1BADF8FF"]);
    const alarm =
      '<B:default-alarm-vevent-date xmlns:B="urn:ietf:params:xml:ns:caldav">BEGIN:VALARM</B:default-alarm-vevent-date>';
    expect((await ask("ann", "PROPPATCH", home, update(alarm))).status).toBe(200);
    const kept = await ask("ann", "PROPFIND", home, propfind("B:default-alarm-vevent-date"), { depth: "0" });
    const text = only(kept, home).properties.get(caldav("default-alarm-vevent-date"));
    expect(text && textOf(text)).toBe("BEGIN:VALARM");
  });

  const made = `${home}8DDC5F71-B686-4E80-A6CD-27F12BFE74E1/`;
  test("makes a calendar with a zone, a colour and an order", async () => {
    const timezone = calendarText(...berlin);
    const body = `<?xml version="1.0" encoding="UTF-8"?><B:mkcalendar xmlns:B="urn:ietf:params:xml:ns:caldav"><A:set xmlns:A="DAV:"><A:prop><D:calendar-color xmlns:D="http://apple.com/ns/ical/" symbolic-color="custom">#CC73E1FF</D:calendar-color><B:calendar-free-busy-set><B:NO/></B:calendar-free-busy-set><D:calendar-order xmlns:D="http://apple.com/ns/ical/">6</D:calendar-order><B:calendar-timezone>${timezone}</B:calendar-timezone><A:displayname>Home</A:displayname><B:supported-calendar-component-set><B:comp name="VEVENT"/></B:supported-calendar-component-set></A:prop></A:set></B:mkcalendar>`;
    expect((await ask("ann", "MKCALENDAR", made, body)).status).toBe(201);
    const asked = propfind("A:displayname", "B:calendar-timezone", "B:schedule-calendar-transp");
    const { properties } = only(await ask("ann", "PROPFIND", made, asked, { depth: "0" }), made);
    const [name, zone, transparency] = [...properties.values()];
    expect([name, zone].map((one) => one && textOf(one).slice(0, 15))).toEqual(["Home", "BEGIN:VCALENDAR"]);
    expect(transparency && childElements(transparency)[0]?.name).toBe(caldav("transparent"));
  });

  const object = `${made}5A0BC6F2-9B86-4C8A-9B0E-1F0F0E0D0C0B.ics`;
  const event = (...lines: readonly string[]): string =>
    calendarText(
      "CALSCALE:GREGORIAN",
      ...berlin,
      ...["BEGIN:VEVENT", "UID:5A0BC6F2-9B86-4C8A-9B0E-1F0F0E0D0C0B", "CREATED:20270301T080000Z"],
      ...["DTSTAMP:20270301T080001Z", "LAST-MODIFIED:20270301T080000Z", "TRANSP:OPAQUE"],
      ...["DTSTART;TZID=Europe/Berlin:20270310T100000", "DTEND;TZID=Europe/Berlin:20270310T110000"],
      ...["SUMMARY:Supper", "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", ...lines],
      ...["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Reminder"],
      ...["X-WR-ALARMUID:one", "END:VALARM", "END:VEVENT"],
    );
  const asObject = { "content-type": "text/calendar", "if-none-match": "*" };

  test("puts an event, finds its etag, and fetches what others have put", async () => {
    const begun = tokenOf(await ask("ann", "REPORT", made, sync(""), { depth: "1" }));
    expect((await ask("ann", "PUT", object, event(), asObject)).status).toBe(201);
    expect((await ask("ann", "PUT", object, event(), asObject)).status).toBe(412);
    const changes = await ask("ann", "REPORT", made, sync(begun), { depth: "1" });
    const etag = textOf(only(changes, object).properties.get(davName("getetag")) as never);
    const read = only(await ask("ann", "REPORT", made, multiget(object), { depth: "1" }), object).properties;
    expect(read.get(davName("getetag")) && textOf(read.get(davName("getetag")) as never)).toBe(etag);
    const text = textOf(read.get(caldav("calendar-data")) as never);
    for (const kept of ["X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "X-WR-ALARMUID:one", "TZID:Europe/Berlin"]) {
      expect(text).toContain(kept);
    }
    const moved = text.replaceAll("20270310T", "20270311T");
    const changed = { "content-type": "text/calendar", "if-match": etag };
    expect((await ask("ann", "PUT", object, moved, changed)).status).toBe(204);
    expect((await ask("ann", "PUT", object, moved, changed)).status).toBe(412);
  });

  test("looks for what is in a window of time, without what it says", async () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?><B:calendar-query xmlns:B="urn:ietf:params:xml:ns:caldav"><A:prop xmlns:A="DAV:"><A:getetag/><A:getcontenttype/></A:prop><B:filter><B:comp-filter name="VCALENDAR"><B:comp-filter name="VEVENT"><B:time-range start="20270301T000000Z"/></B:comp-filter></B:comp-filter></B:filter></B:calendar-query>`;
    const reply = await ask("ann", "REPORT", made, body, { depth: "1" });
    expect([...entriesOf(reply).keys()]).toEqual([object]);
    // It asks for tasks as well, of calendars that have none.
    const tasks = await ask("ann", "REPORT", made, body.replace("VEVENT", "VTODO"), { depth: "1" });
    expect(entriesOf(tasks).size).toBe(0);
  });

  test("invites somebody it has found by name, and sees when they are busy", async () => {
    const search = `<?xml version="1.0" encoding="UTF-8"?><A:principal-property-search xmlns:A="DAV:" test="anyof"><A:property-search><A:prop><A:displayname/></A:prop><A:match match-type="contains">be</A:match></A:property-search><A:property-search><A:prop><C:email-address-set xmlns:C="http://calendarserver.org/ns/"/></A:prop><A:match match-type="starts-with">be</A:match></A:property-search><A:prop><B:calendar-user-address-set xmlns:B="urn:ietf:params:xml:ns:caldav"/><B:calendar-user-type xmlns:B="urn:ietf:params:xml:ns:caldav"/><A:displayname/></A:prop></A:principal-property-search>`;
    const found = await ask("ann", "REPORT", "/dav/principals/", search, { depth: "0" });
    expect([...entriesOf(found).keys()]).toEqual(["/dav/principals/ben@example.test/"]);
    const lines = ["METHOD:REQUEST", "BEGIN:VFREEBUSY", "UID:busy", "X-CALENDARSERVER-MASK-UID:5A0BC6F2"];
    const times = ["DTSTAMP:20270301T080000Z", "DTSTART:20270310T000000Z", "DTEND:20270311T000000Z"];
    const people = ["ORGANIZER:mailto:ann@example.test", "ATTENDEE:mailto:ben@example.test", "END:VFREEBUSY"];
    const asked = calendarText(...lines, ...times, ...people);
    const headers = { "content-type": "text/calendar", originator: "mailto:ann@example.test" };
    const busy = await ask("ann", "POST", `${home}outbox/`, asked, {
      ...headers,
      recipient: "mailto:ben@example.test",
    });
    expect([busy.status, busy.xml?.name]).toEqual([200, caldav("schedule-response")]);
    expect(busy.text).toContain("2.0;Success");
    const guests = [
      "ORGANIZER;CN=Ann;EMAIL=ann@example.test:mailto:ann@example.test",
      "ATTENDEE;CN=Ann;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=CHAIR;EMAIL=ann@example.test:mailto:ann@example.test",
      "ATTENDEE;CN=Ben;CUTYPE=INDIVIDUAL;EMAIL=ben@example.test;RSVP=TRUE:mailto:ben@example.test",
    ];
    const put = await ask("ann", "PUT", object, event(...guests), { "content-type": "text/calendar" });
    expect(put.status).toBe(204);
    expect(put.headers.get("schedule-tag")).toMatch(/^".+"$/);
    await dav.server.worker.drain();
  });

  test("finds the invitation in its inbox, answers it in the calendar, and takes it out of the inbox", async () => {
    const bens = "/dav/calendars/ben@example.test/";
    const listed = propfind("A:getcontenttype", "A:getetag");
    const inbox = await ask("ben", "PROPFIND", `${bens}inbox/`, listed, { depth: "1" });
    const [, message = ""] = [...entriesOf(inbox).keys()];
    const read = only(await ask("ben", "REPORT", `${bens}inbox/`, multiget(message), { depth: "1" }), message);
    expect(textOf(read.properties.get(caldav("calendar-data")) as never)).toContain("METHOD:REQUEST");
    const [own = ""] = [...entriesOf(await ask("ben", "REPORT", `${bens}calendar/`, sync(""), { depth: "1" })).keys()];
    const copy = only(await ask("ben", "REPORT", `${bens}calendar/`, multiget(own), { depth: "1" }), own).properties;
    const text = textOf(copy.get(caldav("calendar-data")) as never).replaceAll(/\r\n[ \t]/g, "");
    const answer = text.replace(/^(ATTENDEE[^\r]*)(:mailto:ben@example.test)/m, answered);
    expect(answer).not.toBe(text);
    const tag = textOf(copy.get(caldav("schedule-tag")) as never);
    const headers = { "content-type": "text/calendar", "if-schedule-tag-match": tag };
    expect((await ask("ben", "PUT", own, answer, headers)).status).toBe(204);
    expect((await ask("ben", "DELETE", message)).status).toBe(204);
    await dav.server.worker.drain();
    const { text: organizers } = await dav.request("ann", "GET", object);
    expect(organizers.replaceAll(/\r\n[ \t]/g, "")).toMatch(
      /^ATTENDEE.*PARTSTAT=ACCEPTED.*:mailto:ben@example.test\r$/m,
    );
  });

  test("asks who lets it into their calendars", async () => {
    const inner =
      '<A:property name="displayname"/><A:property name="calendar-user-address-set" namespace="urn:ietf:params:xml:ns:caldav"/>';
    const of = (name: string): string =>
      `<A:property name="${name}" namespace="http://calendarserver.org/ns/">${inner}</A:property>`;
    const body = `<?xml version="1.0" encoding="UTF-8"?><A:expand-property xmlns:A="DAV:">${of("calendar-proxy-write-for")}${of("calendar-proxy-read-for")}</A:expand-property>`;
    const { properties } = only(await ask("ann", "REPORT", principal, body, { depth: "0" }), principal);
    expect([...properties.keys()]).toEqual([
      calendarServer("calendar-proxy-write-for"),
      calendarServer("calendar-proxy-read-for"),
    ]);
  });

  test("removes the event, and the calendar", async () => {
    expect((await ask("ann", "DELETE", object)).status).toBe(204);
    expect((await ask("ann", "DELETE", made)).status).toBe(204);
    expect((await ask("ann", "PROPFIND", made, propfind("C:getctag"), { depth: "0" })).status).toBe(404);
  });
});

/** What it asks of a home and of all in it; most of it no server but Apple's has. */
const ofHome = [
  ...["A:add-member", "C:allowed-sharing-modes", "D:autoprovisioned", "E:bulk-requests", "B:calendar-alarm"],
  ...["D:calendar-color", "B:calendar-description", "B:calendar-free-busy-set", "D:calendar-order"],
  ...["B:calendar-timezone", "A:current-user-privilege-set", "B:default-alarm-vevent-date"],
  ...["B:default-alarm-vevent-datetime", "A:displayname", "C:getctag", "C:invite", "D:language-code"],
  ...["D:location-code", "B:max-attendees-per-instance", "A:owner", "C:pre-publish-url", "C:publish-url"],
  ...["C:push-transports", "C:pushkey", "A:quota-available-bytes", "A:quota-used-bytes", "D:refreshrate"],
  ...["A:resource-id", "A:resourcetype", "B:schedule-calendar-transp", "B:schedule-default-calendar-URL", "C:source"],
  ...["C:subscribed-strip-alarms", "C:subscribed-strip-attachments", "C:subscribed-strip-todos"],
  ...["B:supported-calendar-component-set", "B:supported-calendar-component-sets", "A:supported-report-set"],
  ...["A:sync-token", "C:xmpp-server", "C:xmpp-uri"],
];

const berlin = [
  ...["BEGIN:VTIMEZONE", "TZID:Europe/Berlin"],
  ...["BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "DTSTART:19810329T020000"],
  ...["TZNAME:GMT+2", "TZOFFSETTO:+0200", "END:DAYLIGHT"],
  ...["BEGIN:STANDARD", "TZOFFSETFROM:+0200", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "DTSTART:19961027T030000"],
  ...["TZNAME:GMT+1", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"],
];

/** An attendee's line with their yes. */
function answered(_: string, line: string, address: string): string {
  return `${line.replace(/;(PARTSTAT|RSVP)=[^;:]*/g, "")};PARTSTAT=ACCEPTED${address}`;
}

function empty(name: string): string {
  const [prefix = ""] = name.split(":");
  return `<${name} xmlns:${prefix}="${namespaces[prefix]}"/>`;
}

function propfind(...names: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?><A:propfind xmlns:A="DAV:"><A:prop>${names.map(empty).join("")}</A:prop></A:propfind>`;
}

function update(property: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><A:propertyupdate xmlns:A="DAV:"><A:set><A:prop>${property}</A:prop></A:set></A:propertyupdate>`;
}

function sync(token: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><A:sync-collection xmlns:A="DAV:"><A:sync-token>${token}</A:sync-token><A:sync-level>1</A:sync-level><A:prop><A:getcontenttype/><A:getetag/></A:prop></A:sync-collection>`;
}

function multiget(href: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><B:calendar-multiget xmlns:B="urn:ietf:params:xml:ns:caldav"><A:prop xmlns:A="DAV:"><B:calendar-data/><C:created-by xmlns:C="http://calendarserver.org/ns/"/><A:getetag/><B:schedule-tag/><C:updated-by xmlns:C="http://calendarserver.org/ns/"/></A:prop><A:href xmlns:A="DAV:">${href}</A:href></B:calendar-multiget>`;
}

function tokenOf({ text }: Reply): string {
  return /sync-token>([^<]*)</.exec(text)?.[1] ?? "";
}

function hrefs(properties: Entry["properties"], name: string): readonly string[] {
  const property = properties.get(name);
  return property ? childElements(property).map(textOf) : [];
}
