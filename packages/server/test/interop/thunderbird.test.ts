import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caldav as caldavName, calendarServer } from "../../src/caldav/names.ts";
import { childElements, childrenNamed, dav as davName, textOf } from "../../src/dav/xml.ts";
import { calendarText, type Dav, entriesOf, type Reply, startDav } from "../caldav/server.ts";

const principal = "/dav/principals/ann@example.test/";
/** It writes the address as it encodes paths; what it is answered may be written otherwise. */
const home = "/dav/calendars/ann%40example.test/";
const calendar = `${home}calendar/`;
const answered = (path: string): string => path.replace("%40", "@");

// The requests that Thunderbird makes, in their order, as tools/interop/thunderbird.ts has noted them (docs/interop/thunderbird.md).
describe("Thunderbird", () => {
  let dav: Dav;
  beforeAll(async () => {
    dav = await startDav(["ann", "ben"]);
    const body = `<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav"/>`;
    await dav.request("ann", "MKCALENDAR", `${home}other/`, { body });
  });
  afterAll(() => dav.close());

  function ask(method: string, path: string, body?: string, more: Record<string, string> = {}): Promise<Reply> {
    const type = body?.startsWith("BEGIN:") ? "text/calendar" : "text/xml";
    const own = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0" };
    const headers = { ...own, "content-type": `${type}; charset=utf-8`, ...more };
    return dav.request("ann", method, path, { headers, ...(body !== undefined && { body }) });
  }

  test("comes in without a password, at the well-known place; the refusal names a realm", async () => {
    const body = propfind("D:resourcetype", "D:owner", "D:current-user-principal", "A:calendar-color");
    const lead = await dav.request(undefined, "PROPFIND", "/.well-known/caldav", { body, headers: { depth: "0" } });
    expect([lead.status, lead.headers.get("location")]).toEqual([301, "/dav/"]);
    const refused = await dav.request(undefined, "PROPFIND", "/dav/", { body, headers: { depth: "0" } });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining('realm="Parley"'),
    ]);
  });

  test("finds the calendars by way of the principal and the home", async () => {
    const names = ["D:resourcetype", "D:owner", "D:displayname", "D:current-user-principal", "C:calendar-home-set"];
    const root = entriesOf(await ask("PROPFIND", "/dav/", propfind(...names), { depth: "0" })).get("/dav/");
    expect(hrefsOf(root?.properties.get(davName("current-user-principal")))).toEqual([principal]);
    const place = entriesOf(await ask("PROPFIND", principal, propfind("C:calendar-home-set"), { depth: "0" }));
    expect(hrefsOf(place.get(principal)?.properties.get(caldavName("calendar-home-set")))).toEqual([answered(home)]);
    const listed = propfind("D:resourcetype", "D:displayname", "D:current-user-privilege-set", "A:calendar-color");
    const members = entriesOf(await ask("PROPFIND", answered(home), listed, { depth: "1" }));
    // Whatever is no calendar has a resourcetype too: it looks at each without asking whether there is one.
    const calendars = [...members].filter(([, { properties }]) => {
      const type = properties.get(davName("resourcetype"));
      expect(type).toBeDefined();
      return type && childrenNamed(type, caldavName("calendar")).length > 0;
    });
    expect(calendars.map(([href]) => href).toSorted((a, b) => a.localeCompare(b))).toEqual([
      answered(calendar),
      answered(`${home}other/`),
    ]);
  });

  test("looks meanwhile whether the server is a file in a folder: nothing can be written at the root", async () => {
    expect((await ask("HEAD", "/")).status).toBe(404);
    const names = ["D:getcontenttype", "D:resourcetype", "D:displayname", "A:calendar-color"];
    expect((await ask("PROPFIND", "/", propfind(...names), { depth: "1" })).status).toBe(207);
    expect((await ask("PUT", "/", "", { "if-match": "nothing" })).status).toBe(404);
  });

  test("asks what a calendar and its server can do, and where messages come in", async () => {
    const names = ["D:resourcetype", "D:supported-report-set", "C:supported-calendar-component-set", "CS:getctag"];
    const reply = await ask("PROPFIND", calendar, propfind(...names), { depth: "0" });
    const properties = entriesOf(reply).get(answered(calendar))?.properties;
    const reports = properties?.get(davName("supported-report-set"));
    const known = reports ? childElements(reports).flatMap((one) => childElements(one).flatMap(childElements)) : [];
    expect(known.map(({ name }) => name)).toContain(davName("sync-collection"));
    expect(properties?.has(calendarServer("getctag"))).toBe(true);
    expect((await ask("OPTIONS", home)).headers.get("dav")).toContain("calendar-auto-schedule");
    const boxes = propfind("C:calendar-user-address-set", "C:schedule-inbox-URL", "C:schedule-outbox-URL");
    const path = principal.replace("@", "%40");
    const own = entriesOf(await ask("PROPFIND", path, boxes, { depth: "0" })).get(principal)?.properties;
    expect(hrefsOf(own?.get(caldavName("calendar-user-address-set")))).toContain("mailto:ann@example.test");
    expect(hrefsOf(own?.get(caldavName("schedule-inbox-URL")))).toEqual([answered(`${home}inbox/`)]);
    expect(hrefsOf(own?.get(caldavName("schedule-outbox-URL")))).toEqual([answered(`${home}outbox/`)]);
  });

  test("writes an event, fetches it once more, and hears of it once by what has changed", async () => {
    const before = tokenOf(await ask("REPORT", calendar, sync(""), { depth: "1" }));
    const path = `${calendar}new.ics`;
    expect((await ask("PUT", path, event("new"), { "if-none-match": "*" })).status).toBe(201);
    const fetched = entriesOf(await ask("REPORT", calendar, multiget(path), { depth: "1" })).get(answered(path));
    const etag = fetched?.properties.get(davName("getetag"));
    expect(textOf(fetched?.properties.get(caldavName("calendar-data")) ?? fail())).toContain("UID:new");
    const changed = await ask("REPORT", calendar, sync(before), { depth: "1" });
    const told = entriesOf(changed).get(answered(path))?.properties;
    expect(textOf(told?.get(davName("getetag")) ?? fail())).toBe(textOf(etag ?? fail()));
    expect(textOf(told?.get(davName("getcontenttype")) ?? fail())).toContain("text/calendar");
    expect([...entriesOf(await ask("REPORT", calendar, sync(tokenOf(changed)), { depth: "1" })).keys()]).toEqual([]);
  });

  test("is refused what others have changed, looks whether it is there still, and insists", async () => {
    const path = `${calendar}behind.ics`;
    await ask("PUT", path, event("behind"), { "if-none-match": "*" });
    const old = (await ask("GET", path)).headers.get("etag") ?? "";
    await ask("PUT", path, event("behind", "SUMMARY:Changed"));
    expect((await ask("DELETE", path, undefined, { "if-match": old })).status).toBe(412);
    expect((await ask("HEAD", path)).status).toBe(200);
    expect((await ask("DELETE", path)).status).toBe(204);
  });

  test("moves a meeting to another calendar: written there, deleted here, and nobody hears of it", async () => {
    const guests = ["ORGANIZER;CN=Ann:mailto:ann@example.test", "ATTENDEE;RSVP=TRUE:mailto:ben@example.test"];
    const [from, to] = [`${calendar}moved.ics`, `${home}other/moved.ics`];
    await ask("PUT", from, event("moved", ...guests), { "if-none-match": "*" });
    await dav.server.worker.drain();
    const fetched = entriesOf(await ask("REPORT", calendar, multiget(from), { depth: "1" })).get(answered(from));
    const text = textOf(fetched?.properties.get(caldavName("calendar-data")) ?? fail());
    const etag = textOf(fetched?.properties.get(davName("getetag")) ?? fail());
    const token = tokenOf(await ask("REPORT", calendar, sync(""), { depth: "1" }));
    const ben = "/dav/calendars/ben@example.test/calendar/";
    const bens = await dav.request("ben", "PROPFIND", ben, { body: propfind("D:getetag"), headers: { depth: "1" } });
    expect((await ask("PUT", to, text, { "if-none-match": "*" })).status).toBe(201);
    expect((await ask("REPORT", `${home}other/`, multiget(to), { depth: "1" })).text).toContain("UID:moved");
    // It takes this for done.
    expect((await ask("DELETE", from, undefined, { "if-match": etag })).status).toBe(404);
    const gone = entriesOf(await ask("REPORT", calendar, sync(token), { depth: "1" })).get(answered(from));
    expect(gone?.status).toBe(404);
    await dav.server.worker.drain();
    const after = await dav.request("ben", "PROPFIND", ben, { body: propfind("D:getetag"), headers: { depth: "1" } });
    expect(after.text).toBe(bens.text);
  });

  test("asks one at a time when people are busy", async () => {
    const lines = ["UID:when", "DTSTAMP:20270301T080000Z", "DTSTART:20270302T000000Z", "DTEND:20270302T235900Z"];
    const guest = "ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL:mailto:ben@example.test";
    const who = ["ORGANIZER:mailto:ann@example.test", guest];
    const body = calendarText("METHOD:REQUEST", "BEGIN:VFREEBUSY", ...lines, ...who, "END:VFREEBUSY");
    const headers = { originator: "mailto:ann@example.test", recipient: "mailto:ben@example.test" };
    const reply = await ask("POST", `${home}outbox/`, body, headers);
    // It compares the first digit, and looks for `response` right below the root.
    const [response] = reply.xml ? childrenNamed(reply.xml, caldavName("response")) : [];
    const [status] = response ? childrenNamed(response, caldavName("request-status")) : [];
    expect([reply.status, status && textOf(status)]).toEqual([200, expect.stringMatching(/^2\.0/)]);
    expect(reply.text).toContain("BEGIN:VFREEBUSY");
  });
});

const namespaces = {
  D: "DAV:",
  A: "http://apple.com/ns/ical/",
  C: "urn:ietf:params:xml:ns:caldav",
  CS: "http://calendarserver.org/ns/",
} as const;

function propfind(...names: readonly string[]): string {
  const declared = Object.entries(namespaces).map(([prefix, uri]) => `xmlns:${prefix}='${uri}'`);
  const asked = names.map((name) => `<${name}/>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<D:propfind ${declared.join(" ")}><D:prop>${asked}</D:prop></D:propfind>`;
}

function sync(token: string): string {
  const since = token === "" ? "<sync-token/>" : `<sync-token>${token}</sync-token>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sync-collection xmlns="DAV:">${since}<sync-level>1</sync-level><prop><getcontenttype/><getetag/></prop></sync-collection>`;
}

function multiget(path: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>${path}</D:href></C:calendar-multiget>`;
}

function event(uid: string, ...lines: readonly string[]): string {
  const times = ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"];
  const own = [`UID:${uid}`, "CREATED:20270301T080000Z", "LAST-MODIFIED:20270301T080000Z", "DTSTAMP:20270301T080000Z"];
  return calendarText("BEGIN:VEVENT", ...own, ...times, "X-MOZ-GENERATION:1", ...lines, "END:VEVENT");
}

function tokenOf({ xml }: Reply): string {
  const [token] = xml ? childrenNamed(xml, davName("sync-token")) : [];
  return textOf(token ?? fail());
}

function hrefsOf(element: Parameters<typeof childrenNamed>[0] | undefined): readonly string[] {
  return element ? childrenNamed(element, davName("href")).map(textOf) : [];
}

function fail(): never {
  throw new Error("it is not there");
}
