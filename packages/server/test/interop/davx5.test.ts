import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apple, caldav, calendarServer } from "../../src/caldav/names.ts";
import { childElements, dav as davName, textOf } from "../../src/dav/xml.ts";
import { calendarText, type Dav, type Entry, entriesOf, eventText, type Reply, startDav } from "../caldav/server.ts";

const principal = "/dav/principals/ann@example.test/";
const home = "/dav/calendars/ann@example.test/";

// The requests that DAVx5 makes, in their order, as docs/interop/davx5.md tells them.
describe("DAVx5", () => {
  let dav: Dav;
  beforeAll(async () => {
    dav = await startDav(["ann", "ben"]);
    const { store } = dav.server.house;
    const [ann, ben] = [dav.people["ann"], dav.people["ben"]];
    if (ann && ben) await store.write(({ principals }) => principals.delegate(ben.id, ann.id, "read"));
  });
  afterAll(() => dav.close());

  function ask(method: string, path: string, body?: string, more: Record<string, string> = {}) {
    const common = { "user-agent": "DAVx5/4.4 (2025/01/01; dav4jvm; okhttp/4.12) Android/14", accept: "*/*" };
    const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/xml; charset=utf-8" };
    return dav.request("ann", method, path, {
      headers: { ...common, ...type, "accept-encoding": "gzip, deflate, br", ...more },
      ...(body !== undefined && { body }),
    });
  }

  function of(reply: Reply, href: string): Entry["properties"] {
    expect(reply.status).toBe(207);
    const properties = entriesOf(reply).get(href)?.properties;
    if (!properties) throw new Error(`nothing is said of ${href}`);
    return properties;
  }

  test("finds the principal from what was typed in, which may be nothing but the server", async () => {
    const names = [
      ...["resourcetype", "displayname", "CAL:calendar-color", "CAL:calendar-description", "CAL:calendar-timezone"],
      ...["current-user-privilege-set", "CAL:supported-calendar-component-set", "CAL:calendar-home-set"],
    ];
    const body = propfind(...names, "current-user-principal");
    // It says who it is once it has been asked.
    const refused = await dav.request(undefined, "PROPFIND", "/", { body, headers: { depth: "0" } });
    expect([refused.status, refused.headers.has("www-authenticate")]).toEqual([401, true]);
    const reply = await ask("PROPFIND", "/", body, { depth: "0" });
    expect(hrefs(of(reply, "/"), davName("current-user-principal"))).toEqual([principal]);
    const lead = await ask("PROPFIND", "/.well-known/caldav", body, { depth: "0" });
    expect([lead.status, lead.headers.get("location")]).toEqual([301, "/dav/"]);
    const { headers } = await ask("OPTIONS", principal);
    expect(headers.get("dav")?.split(", ")).toContain("calendar-access");
    // It looks for address books in the same way: they are not here.
    expect(headers.get("dav")).not.toContain("addressbook");
    expect((await ask("PROPFIND", "/.well-known/carddav", body, { depth: "0" })).status).toBe(404);
    const addresses = await ask("PROPFIND", principal, propfind("CAL:calendar-user-address-set"), { depth: "0" });
    expect(hrefs(of(addresses, principal), caldav("calendar-user-address-set"))).toContain("mailto:ann@example.test");
  });

  test("finds the homes: one's own, and of those who let one in", async () => {
    const names = ["displayname", "group-membership", "resourcetype", "CAL:calendar-home-set"];
    const body = propfind(...names, "CS:calendar-proxy-read-for", "CS:calendar-proxy-write-for");
    const own = of(await ask("PROPFIND", principal, body, { depth: "0" }), principal);
    expect(hrefs(own, caldav("calendar-home-set"))).toEqual([home]);
    const [other = ""] = hrefs(own, calendarServer("calendar-proxy-read-for"));
    expect(other).toBe("/dav/principals/ben@example.test/");
    const bens = of(await ask("PROPFIND", other, body, { depth: "0" }), other);
    const [bensHome = ""] = hrefs(bens, caldav("calendar-home-set"));
    const listed = of(
      await ask("PROPFIND", bensHome, propfind(...ofCollection), { depth: "1" }),
      `${bensHome}calendar/`,
    );
    // Read only: whose it is, and what one may do there.
    expect(hrefs(listed, davName("owner"))).toEqual(["/dav/principals/ben@example.test/"]);
    const privileges = privilegesOf(listed);
    expect(privileges).toContain(davName("read"));
    expect(privileges).not.toContain(davName("write-content"));
    expect(privileges).not.toContain(davName("all"));
  });

  const made = `${home}3f1c8c5e-0a5b-4b62-9a39-7f6d1c2b3a4d/`;
  test("makes a calendar and finds it as it was made", async () => {
    const body = `<?xml version='1.0' encoding='UTF-8' ?><CAL:mkcalendar xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection /><CAL:calendar /></resourcetype><displayname>Phone</displayname><n0:calendar-color xmlns:n0="http://apple.com/ns/ical/">#8BC34AFF</n0:calendar-color><CAL:calendar-timezone-id>Europe/Berlin</CAL:calendar-timezone-id><CAL:supported-calendar-component-set><CAL:comp name="VEVENT" /></CAL:supported-calendar-component-set></prop></set></CAL:mkcalendar>`;
    expect((await ask("MKCALENDAR", made, body)).status).toBe(201);
    const listed = of(await ask("PROPFIND", home, propfind(...ofCollection), { depth: "1" }), made);
    expect(textOf(listed.get(davName("displayname")) as never)).toBe("Phone");
    expect(textOf(listed.get(apple("calendar-color")) as never)).toBe("#8BC34AFF");
    expect(textOf(listed.get(caldav("calendar-timezone-id")) as never)).toBe("Europe/Berlin");
    expect(privilegesOf(listed)).toContain(davName("write-content"));
  });

  let token = "";
  test("asks what a calendar can do, and fetches all of it", async () => {
    for (const uid of ["first", "second"]) {
      await dav.request("ann", "PUT", `${made}${uid}.ics`, { body: eventText(uid) });
    }
    const names = ["CAL:max-resource-size", "supported-report-set", "CS:getctag", "sync-token"];
    const told = of(await ask("PROPFIND", made, propfind(...names), { depth: "0" }), made);
    const reports = childElements(told.get(davName("supported-report-set")) as never).map(nested);
    expect(reports).toEqual(expect.arrayContaining([davName("sync-collection"), caldav("calendar-multiget")]));
    token = textOf(told.get(davName("sync-token")) as never);
    const all = await ask("REPORT", made, sync(""), { depth: "0" });
    expect([...entriesOf(all).keys()]).toEqual([`${made}first.ics`, `${made}second.ics`]);
    expect(tokenOf(all)).toBe(token);
    // No Depth, and the sign of an address encoded.
    const asked = [...entriesOf(all).keys()].map((href) => href.replace("@", "%40"));
    const fetched = entriesOf(await ask("REPORT", made, multiget(...asked)));
    expect([...fetched.keys()]).toEqual([`${made}first.ics`, `${made}second.ics`]);
    const data = fetched.get(`${made}first.ics`)?.properties.get(caldav("calendar-data"));
    expect(data && textOf(data)).toContain("UID:first");
  });

  const asEvent = { "content-type": "text/calendar; charset=utf-8" };
  const event = `${made}c0ffee00-0000-4000-8000-000000000001.ics`;
  const text = calendarText(
    ...["BEGIN:VEVENT", "DTSTAMP:20270301T090000Z", "UID:c0ffee00-0000-4000-8000-000000000001"],
    ...["DTSTART;TZID=Europe/Berlin:20270320T180000", "DTEND;TZID=Europe/Berlin:20270320T190000"],
    ...["SUMMARY:From a telephone", "ORGANIZER:mailto:ann@example.test", "STATUS:CONFIRMED"],
    ...["ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;ROLE=REQ-PARTICIPANT:mailto:ben@example.test"],
    ...["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:From a telephone", "TRIGGER:-PT10M", "END:VALARM"],
    ...["END:VEVENT", ...berlin],
  );

  test("uploads what is new, and what has changed by its Schedule-Tag", async () => {
    const created = await ask("PUT", event, text, { ...asEvent, "if-none-match": "*" });
    expect(created.status).toBe(201);
    const tag = created.headers.get("schedule-tag") ?? "";
    expect(tag).toMatch(/^".+"$/);
    await dav.server.worker.drain();
    // An answer that comes in meanwhile changes the ETag, and not the tag: the upload is not refused.
    await answerAsBen();
    const changed = text.replace("SUMMARY:From a telephone", "SUMMARY:From the telephone");
    const second = await ask("PUT", event, changed, { ...asEvent, "if-schedule-tag-match": tag });
    expect(second.status).toBe(204);
    const { text: kept } = await dav.request("ann", "GET", event);
    expect(kept).toContain("SUMMARY:From the telephone");
    expect(kept.replaceAll(/\r\n[ \t]/g, "")).toMatch(/^ATTENDEE.*PARTSTAT=ACCEPTED.*:mailto:ben@example.test\r$/m);
    expect((await ask("PUT", event, changed, { ...asEvent, "if-schedule-tag-match": '"old"' })).status).toBe(412);
  });

  async function answerAsBen(): Promise<void> {
    const bens = "/dav/calendars/ben@example.test/calendar/";
    const listed = await dav.request("ben", "REPORT", bens, { body: sync("") });
    const [own = ""] = [...entriesOf(listed).keys()];
    const { text: copy } = await dav.request("ben", "GET", own);
    const body = copy.replaceAll(/\r\n[ \t]/g, "").replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
    expect((await dav.request("ben", "PUT", own, { body })).status).toBe(204);
    await dav.server.worker.drain();
  }

  test("fetches what has changed since its token, its own among it", async () => {
    await dav.request("ann", "DELETE", `${made}first.ics`);
    const changes = entriesOf(await ask("REPORT", made, sync(token), { depth: "0" }));
    expect([...changes].map(([href, { status }]) => [href, status])).toEqual([
      [event, undefined],
      [`${made}first.ics`, 404],
    ]);
  });

  test("begins anew where the server does not know its token", async () => {
    const reply = await ask("REPORT", made, sync("urn:parley:sync:calendar:999:1"), { depth: "0" });
    expect(reply.status).toBe(403);
    expect(reply.xml && childElements(reply.xml)[0]?.name).toBe(davName("valid-sync-token"));
  });

  test("asks for what is not long past, where only that is wanted, and for tasks", async () => {
    const past = await ask("REPORT", made, query("VEVENT", '<CAL:time-range start="20270315T000000Z"/>'), {
      depth: "1",
    });
    expect([...entriesOf(past).keys()]).toEqual([event]);
    expect(entriesOf(await ask("REPORT", made, query("VTODO", ""), { depth: "1" })).size).toBe(0);
  });

  test("deletes by the tag it knows, and not what has changed since", async () => {
    expect((await ask("DELETE", event, undefined, { "if-schedule-tag-match": '"old"' })).status).toBe(412);
    const { headers } = await ask("GET", event);
    const tag = headers.get("schedule-tag") ?? "";
    expect((await ask("DELETE", event, undefined, { "if-schedule-tag-match": tag })).status).toBe(204);
    expect((await ask("DELETE", made)).status).toBe(204);
  });
});

const ofCollection = [
  ...["current-user-privilege-set", "displayname", "owner", "resourcetype", "P:transports", "P:topic"],
  ...["ICAL:calendar-color", "CAL:calendar-description", "CAL:calendar-timezone", "CAL:calendar-timezone-id"],
  ...["CAL:supported-calendar-component-set", "CS:source"],
];

const berlin = [
  ...["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "TZNAME:CET", "TZOFFSETFROM:+0200"],
  ...["TZOFFSETTO:+0100", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD"],
  ...["BEGIN:DAYLIGHT", "TZNAME:CEST", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "DTSTART:19810329T020000"],
  ...["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT", "END:VTIMEZONE"],
];

/** Its prefixes; WebDAV's names have none. */
const namespaces =
  'xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/" xmlns:ICAL="http://apple.com/ns/ical/" xmlns:P="https://bitfire.at/webdav-push"';
const prolog = "<?xml version='1.0' encoding='UTF-8' ?>";

function propfind(...names: readonly string[]): string {
  return `${prolog}<propfind ${namespaces}><prop>${names.map((name) => `<${name} />`).join("")}</prop></propfind>`;
}

function sync(token: string): string {
  return `${prolog}<sync-collection ${namespaces}><sync-token>${token}</sync-token><sync-level>1</sync-level><prop><getetag /></prop></sync-collection>`;
}

function multiget(...names: readonly string[]): string {
  const asked = names.map((href) => `<href>${href}</href>`).join("");
  return `${prolog}<CAL:calendar-multiget ${namespaces}><prop><getcontenttype /><getetag /><CAL:schedule-tag /><CAL:calendar-data /></prop>${asked}</CAL:calendar-multiget>`;
}

function query(component: string, range: string): string {
  return `${prolog}<CAL:calendar-query ${namespaces}><prop><getetag /></prop><CAL:filter><CAL:comp-filter name="VCALENDAR"><CAL:comp-filter name="${component}">${range}</CAL:comp-filter></CAL:comp-filter></CAL:filter></CAL:calendar-query>`;
}

function tokenOf({ text }: Reply): string {
  return /sync-token>([^<]*)</.exec(text)?.[1] ?? "";
}

function hrefs(properties: Entry["properties"], name: string): readonly string[] {
  const property = properties.get(name);
  return property ? childElements(property).map(textOf) : [];
}

type Element = Parameters<typeof childElements>[0];

/** The name of what stands in what stands in an element. */
function nested(element: Element): string | undefined {
  const [inner] = childElements(element);
  return inner && childElements(inner)[0]?.name;
}

function privilegesOf(properties: Entry["properties"]): readonly (string | undefined)[] {
  const set = properties.get(davName("current-user-privilege-set"));
  return set ? childElements(set).map((one) => childElements(one)[0]?.name) : [];
}
