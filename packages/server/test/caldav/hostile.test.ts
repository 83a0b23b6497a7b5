import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apple, caldav, calendarServer, prefixes } from "../../src/caldav/names.ts";
import { dav as davName, type XmlContent, type XmlElement } from "../../src/dav/xml.ts";
import { formatXml } from "../../src/dav/xml-writer.ts";
import { calendarText, type Dav, eventText, startDav } from "./server.ts";

let dav: Dav;
const home = "/dav/calendars/ann@example.test/";

beforeAll(async () => {
  dav = await startDav(["ann"]);
  await dav.request("ann", "PUT", `${home}calendar/one.ics`, {
    body: eventText(
      "one",
      "RRULE:FREQ=DAILY;COUNT=400",
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      "TRIGGER:-PT5M",
      "END:VALARM",
    ),
  });
  await dav.request("ann", "PUT", `${home}calendar/todo.ics`, {
    body: calendarText("BEGIN:VTODO", "UID:todo", "DTSTAMP:20270301T000000Z", "DUE:20270302T090000Z", "END:VTODO"),
  });
});

afterAll(() => dav.close());

const local = [
  "propfind prop allprop propname include propertyupdate set remove mkcol resourcetype collection displayname sync-collection sync-token sync-level limit nresults",
  "expand-property property principal-property-search property-search match principal-match self acl-principal-prop-set owner current-user-principal href getetag acl",
];
const ofCaldav = [
  "calendar-query calendar-multiget free-busy-query filter comp-filter prop-filter param-filter text-match time-range is-not-defined calendar-data comp expand",
  "limit-recurrence-set limit-freebusy-set timezone timezone-id mkcalendar calendar schedule-default-calendar-URL calendar-timezone supported-calendar-component-set",
];
const names = [
  ...local.flatMap((line) => line.split(" ")).map(davName),
  ...ofCaldav.flatMap((line) => line.split(" ")).map(caldav),
  calendarServer("getctag"),
  apple("calendar-order"),
  "{urn:x}x",
  "bare",
];
const texts = [
  "",
  "1",
  "-1",
  "infinite",
  "urn:parley:sync:calendar:1:0",
  `${home}calendar/one.ics`,
  "/dav/../x",
  "%ff",
  "Europe/Berlin",
  "BEGIN:VCALENDAR",
];
const attributes: readonly (readonly [string, readonly string[]])[] = [
  ["name", ["VCALENDAR", "VEVENT", "VTODO", "VALARM", "SUMMARY", "DTSTART", "displayname", "owner", ""]],
  ["namespace", ["DAV:", "", "urn:x"]],
  ["start", ["20270301T000000Z", "00010101T000000Z", "x", ""]],
  ["end", ["20270401T000000Z", "99991231T235959Z", "20270301T000000Z"]],
  ["collation", ["i;octet", "i;unicode-casemap", "x"]],
  ["negate-condition", ["yes", "no"]],
  ["content-type", ["text/calendar", "text/x"]],
  ["test", ["anyof", "allof"]],
  ["match-type", ["equals", "x"]],
  ["novalue", ["yes"]],
];
const attribute = fc
  .constantFrom(...attributes)
  .chain(([name, values]) => fc.tuple(fc.constant(name), fc.constantFrom(...values)));

const element: fc.Arbitrary<XmlElement> = fc.letrec<{ element: XmlElement; content: XmlContent }>((tie) => ({
  content: fc.oneof({ depthSize: "medium" }, fc.constantFrom(...texts), tie("element")),
  element: fc.record({
    name: fc.constantFrom(...names),
    attributes: fc.array(attribute, { maxLength: 3 }).map((entries) => new Map(entries)),
    content: fc.array(tie("content"), { maxLength: 5 }),
  }),
})).element;

const methods = ["PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL", "POST", "PUT"] as const;
const places = ["", "calendar/", "calendar/one.ics", "inbox/", "outbox/", "new/"] as const;

/** The roots there are come more often: what is inside of them is to be reached. */
const root = fc.oneof(
  element,
  element.map((one) => ({ ...one, name: caldav("calendar-query"), content: [...one.content, filterOf(one)] })),
  fc.tuple(fc.constantFrom(...names), element).map(([name, one]) => ({ ...one, name })),
);

function filterOf({ content }: XmlElement): XmlElement {
  const inner: XmlElement = { name: caldav("comp-filter"), attributes: new Map([["name", "VEVENT"]]), content };
  const outer: XmlElement = { ...inner, attributes: new Map([["name", "VCALENDAR"]]), content: [inner] };
  return { name: caldav("filter"), attributes: new Map(), content: [outer] };
}

test("whatever is asked is answered, and never by a fault of ours", { timeout: 120_000 }, async () => {
  const request = fc.record({
    method: fc.constantFrom(...methods),
    place: fc.constantFrom(...places, "../../principals/", "../../principals/ann@example.test/"),
    root,
    depth: fc.constantFrom("0", "1", "infinity", "x"),
    prefer: fc.constantFrom("", "return=minimal", "return=representation"),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ method, place, root: one, depth, prefer }) => {
      const body = formatXml(one, prefixes);
      const path = new URL(place, `http://x${home}`).pathname;
      const { status } = await dav.request("ann", method, path, { body, headers: { depth, prefer } });
      expect([method, path, body, status < 500 || status === 507]).toEqual([method, path, body, true]);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["If", "(["],
  ["If", '(["a"] <b> Not)'],
  ["If", "<".repeat(5_000)],
  ["If-Match", '"'.repeat(5_001)],
  ["If-None-Match", ",".repeat(5_000)],
  ["If-Schedule-Tag-Match", "*"],
  ["Destination", "http://[::1"],
  ["Destination", `/dav/${"a/".repeat(2_000)}`],
  ["Depth", "1".repeat(5_000)],
  ["Overwrite", "maybe"],
  ["Prefer", "=;,".repeat(1_000)],
  ["Schedule-Reply", "F,T"],
  ["CalDAV-Timezones", "perhaps"],
  ["Content-Range", "bytes 0-1/2"],
  ["Content-Type", "multipart/form-data; boundary="],
  ["Content-Encoding", "gzip"],
  ["Authorization", "Basic ===="],
  ["Authorization", `Basic ${Buffer.from("ann").toString("base64")}`],
  ["Authorization", `Basic ${Buffer.from("\0:\0").toString("base64")}`],
  ["X-Forwarded-For", "1.2.3.4, nonsense"],
])("the header %s: %s does no harm", async (name, value) => {
  for (const method of ["GET", "PROPFIND", "PUT", "DELETE", "MOVE", "COPY", "REPORT"]) {
    const path = `${home}calendar/header.ics`;
    const body = method === "PUT" ? eventText("header") : method === "GET" ? undefined : "<x/>";
    const options = { headers: { [name]: value }, ...(body !== undefined && { body }) };
    const { status } = await dav.request("ann", method, path, options);
    expect([method, status < 500 || status === 502 || status === 507]).toEqual([method, true]);
  }
});
