import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apple, caldav, calendarServer } from "../../src/caldav/names.ts";
import { childElements, dav as davName, textOf } from "../../src/dav/xml.ts";
import { conditionOf, type Dav, entriesOf, propertyText, propfind, said, startDav } from "./server.ts";

let dav: Dav;
const home = "/dav/calendars/ann@example.test/";
const calendar = `${home}calendar/`;
const principal = "/dav/principals/ann@example.test/";

beforeAll(async () => {
  dav = await startDav(["ann", "ben"]);
});

afterAll(() => dav.close());

test.each([
  ["GET", "/.well-known/caldav"],
  ["PROPFIND", "/.well-known/caldav"],
  ["OPTIONS", "/.well-known/caldav/"],
])("leads from %s %s to where calendars are, RFC 6764 §5", async (method, path) => {
  const { status, headers } = await dav.request(undefined, method, path);
  expect([status, headers.get("location")]).toEqual([301, "/dav/"]);
});

// python3-caldav, told nothing but the server, follows no redirect.
test("says at the root of the server who is asking, and to nobody else", async () => {
  const asked = { body: propfind("d:current-user-principal"), headers: { depth: "0" } };
  const root = entriesOf(await dav.request("ann", "PROPFIND", "/", asked)).get("/");
  const who = root?.properties.get(davName("current-user-principal"));
  expect(who && childElements(who).map(textOf)).toEqual([principal]);
  expect((await dav.request(undefined, "PROPFIND", "/", asked)).status).toBe(401);
});

test("CALSCHED-2.1.1-01 CALSCHED-2.2.1-01 CALSCHED-2.4.1-01 finds calendars from nothing but an address and a password", async () => {
  const root = await dav.request("ann", "PROPFIND", "/dav/", {
    body: propfind("d:current-user-principal"),
    headers: { depth: "0" },
  });
  expect(propertyText(root, "/dav/", davName("current-user-principal"))).toBe("");
  const who = entriesOf(root).get("/dav/")?.properties.get(davName("current-user-principal"));
  expect(who && childElements(who).map(textOf)).toEqual([principal]);
  const names = [
    "c:calendar-home-set",
    "c:calendar-user-address-set",
    "c:schedule-inbox-URL",
    "c:schedule-outbox-URL",
    "c:calendar-user-type",
    "cs:email-address-set",
    "d:principal-URL",
    "d:displayname",
  ];
  const own = entriesOf(
    await dav.request("ann", "PROPFIND", principal, { body: propfind(...names), headers: { depth: "0" } }),
  ).get(principal);
  const inner = (name: string) =>
    [own?.properties.get(name)].flatMap((one) => (one ? childElements(one) : [])).map(textOf);
  expect(inner(caldav("calendar-home-set"))).toEqual([home]);
  expect(inner(caldav("calendar-user-address-set"))).toEqual(["mailto:ann@example.test", principal]);
  expect(inner(caldav("schedule-inbox-URL"))).toEqual([`${home}inbox/`]);
  expect(inner(caldav("schedule-outbox-URL"))).toEqual([`${home}outbox/`]);
  expect(inner(calendarServer("email-address-set"))).toEqual(["ann@example.test"]);
  expect(own?.others.size).toBe(0);
  const list = await dav.request("ann", "PROPFIND", home, {
    body: propfind("d:resourcetype"),
    headers: { depth: "1" },
  });
  expect([...entriesOf(list).keys()]).toEqual([home, calendar, `${home}inbox/`, `${home}outbox/`]);
});

test("says what it can do", async () => {
  const { status, headers } = await dav.request("ann", "OPTIONS", calendar);
  expect(status).toBe(200);
  const features = headers.get("dav")?.split(", ") ?? [];
  for (const feature of ["1", "3", "access-control", "calendar-access", "calendar-auto-schedule", "extended-mkcol"]) {
    expect(features).toContain(feature);
  }
  // Neither locks, nor a service that gives zones out, which RFC 7809 §3.1.2 has go with not sending them.
  expect(features).not.toContain("2");
  expect(features).not.toContain("calendar-no-timezone");
  expect(headers.get("allow")).toContain("REPORT");
});

/** What Apple's, Mozilla's and Android's programs ask of a calendar. */
const asked = [
  "d:resourcetype",
  "d:displayname",
  "d:current-user-privilege-set",
  "d:owner",
  "d:sync-token",
  "d:supported-report-set",
  "d:acl",
  "d:current-user-principal",
  "cs:getctag",
  "c:supported-calendar-component-set",
  "c:supported-calendar-data",
  "c:supported-collation-set",
  "c:schedule-calendar-transp",
  "c:max-resource-size",
  "c:max-instances",
  "c:max-attendees-per-instance",
  "c:min-date-time",
  "c:max-date-time",
  "c:calendar-timezone-id",
  "d:supported-privilege-set",
] as const; // prettier-ignore

test("CALSCHED-9.1-01 knows all that programs ask of a calendar", async () => {
  const reply = await dav.request("ann", "PROPFIND", calendar, { body: propfind(...asked), headers: { depth: "0" } });
  const entry = entriesOf(reply).get(calendar);
  expect([...(entry?.others.keys() ?? [])]).toEqual([]);
  expect(entry?.properties.size).toBe(asked.length);
});

test("says nothing of quotas, and of what nobody asked", async () => {
  const all = await dav.request("ann", "PROPFIND", calendar, { headers: { depth: "0" } });
  const names = [...(entriesOf(all).get(calendar)?.properties.keys() ?? [])];
  expect(names).toContain(davName("resourcetype"));
  expect(names).not.toContain(davName("quota-used-bytes"));
  expect(names).not.toContain(caldav("max-instances"));
  const body = `<d:propfind xmlns:d="DAV:"><d:allprop/><d:include><d:owner/></d:include></d:propfind>`;
  const more = await dav.request("ann", "PROPFIND", calendar, { headers: { depth: "0" }, body });
  expect([...(entriesOf(more).get(calendar)?.properties.keys() ?? [])]).toContain(davName("owner"));
  const propname = await dav.request("ann", "PROPFIND", calendar, {
    headers: { depth: "0" },
    body: `<d:propfind xmlns:d="DAV:"><d:propname/></d:propfind>`,
  });
  expect([...(entriesOf(propname).get(calendar)?.properties.keys() ?? [])]).toContain(caldav("max-instances"));
});

test("leaves out what is missing for whoever wants little, RFC 8144 §2.1", async () => {
  const options = { body: propfind("d:displayname", "d:nothing"), headers: { depth: "0", prefer: "return=minimal" } };
  const entry = entriesOf(await dav.request("ann", "PROPFIND", calendar, options)).get(calendar);
  expect([entry?.properties.size, entry?.others.size]).toEqual([1, 0]);
});

test.each([
  ["infinity", 403, davName("propfind-finite-depth")],
  ["2", 400, undefined],
])("refuses a PROPFIND of depth %s", async (depth, status, condition) => {
  const reply = await dav.request("ann", "PROPFIND", home, { headers: { depth } });
  expect([reply.status, conditionOf(reply)]).toEqual([status, condition]);
});

describe("PROPPATCH", () => {
  const set = (inner: string) =>
    `<d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"><d:set><d:prop>${inner}</d:prop></d:set></d:propertyupdate>`;
  const read = async (name: string, key: string) =>
    propertyText(
      await dav.request("ann", "PROPFIND", calendar, { body: propfind(name), headers: { depth: "0" } }),
      calendar,
      key,
    );

  test.each([
    ["d:displayname", davName("displayname"), "Arbeit & <mehr>", "Arbeit &amp; &lt;mehr&gt;"],
    ["c:calendar-description", caldav("calendar-description"), "What I do", "What I do"],
    ["a:calendar-color", apple("calendar-color"), "#ff2968ff", "#ff2968ff"],
    ["a:calendar-order", apple("calendar-order"), "7", "7"],
    ["c:calendar-timezone-id", caldav("calendar-timezone-id"), "America/New_York", "America/New_York"],
  ])("keeps %s", async (name, key, value, written) => {
    const reply = await dav.request("ann", "PROPPATCH", calendar, { body: set(`<${name}>${written}</${name}>`) });
    expect(entriesOf(reply).get(calendar)?.properties.has(key)).toBe(true);
    expect(await read(name, key)).toBe(value);
  });

  test("keeps what nobody here gives a meaning to as it was written", async () => {
    const body = set(`<x:thing xmlns:x="urn:x" x:b="1">a<y xmlns="urn:y">&#13;</y></x:thing>`);
    expect((await dav.request("ann", "PROPPATCH", calendar, { body })).status).toBe(207);
    const asked = `<d:propfind xmlns:d="DAV:"><d:prop><thing xmlns="urn:x"/></d:prop></d:propfind>`;
    const reply = await dav.request("ann", "PROPFIND", calendar, { body: asked, headers: { depth: "0" } });
    const thing = entriesOf(reply).get(calendar)?.properties.get("{urn:x}thing");
    expect(thing?.attributes.get("{urn:x}b")).toBe("1");
    expect(thing?.content).toMatchObject(["a", { name: "{urn:y}y", content: ["\r"] }]);
  });

  test("changes all or nothing, RFC 4918 §9.2.1", async () => {
    const before = await read("d:displayname", davName("displayname"));
    const body = set(
      "<d:displayname>Other</d:displayname><d:getetag>1</d:getetag><a:calendar-order>x</a:calendar-order>",
    );
    const entry = entriesOf(await dav.request("ann", "PROPPATCH", calendar, { body })).get(calendar);
    expect(entry?.properties.size).toBe(0);
    expect([...(entry?.others ?? [])]).toEqual([
      [davName("getetag"), 403],
      [apple("calendar-order"), 403],
      [davName("displayname"), 424],
    ]);
    expect(await read("d:displayname", davName("displayname"))).toBe(before);
  });

  test("says nothing where all went well and little is wanted, RFC 8144 §2.2", async () => {
    const options = { body: set("<d:displayname>Mine</d:displayname>"), headers: { prefer: "return=minimal" } };
    const { status, text } = await dav.request("ann", "PROPPATCH", calendar, options);
    expect([status, text]).toEqual([200, ""]);
  });

  test.each([
    ["<c:calendar-timezone>BEGIN:VEVENT</c:calendar-timezone>", caldav("calendar-timezone")],
    ["<c:calendar-timezone-id>Mars/Olympus</c:calendar-timezone-id>", caldav("calendar-timezone-id")],
    ["<c:supported-calendar-component-set/>", caldav("supported-calendar-component-set")],
    ["<c:schedule-calendar-transp/>", caldav("schedule-calendar-transp")],
    [`<d:displayname>${"x".repeat(2_000)}</d:displayname>`, davName("displayname")],
    ["<d:resourcetype/>", davName("resourcetype")],
  ])("refuses %s", async (inner, key) => {
    const entry = entriesOf(await dav.request("ann", "PROPPATCH", calendar, { body: set(inner) })).get(calendar);
    expect(entry?.others.get(key)).toBe(403);
  });

  test("CALSCHED-4.3-03 CALSCHED-4.3-04 CALSCHED-9.2-01 chooses the calendar new things go to, and keeps when somebody can be met", async () => {
    await dav.request("ann", "MKCALENDAR", `${home}second/`);
    const inbox = `${home}inbox/`;
    const chosen = set(
      `<c:schedule-default-calendar-URL><d:href>${home}second/</d:href></c:schedule-default-calendar-URL>`,
    );
    expect(entriesOf(await dav.request("ann", "PROPPATCH", inbox, { body: chosen })).get(inbox)?.others.size).toBe(0);
    const reply = await dav.request("ann", "PROPFIND", inbox, {
      body: propfind("c:schedule-default-calendar-URL"),
      headers: { depth: "0" },
    });
    expect(reply.text).toContain(`<d:href>${home}second/</d:href>`);
    const deleted = await dav.request("ann", "DELETE", `${home}second/`);
    expect([deleted.status, conditionOf(deleted)]).toEqual([403, caldav("default-calendar-needed")]);
    for (const [href, status] of [
      ["/dav/calendars/ben@example.test/calendar/", 403],
      [`${home}none/`, 403],
      [calendar, 200],
    ] as const) {
      const body = set(`<c:schedule-default-calendar-URL><d:href>${href}</d:href></c:schedule-default-calendar-URL>`);
      const entry = entriesOf(await dav.request("ann", "PROPPATCH", inbox, { body })).get(inbox);
      expect(entry?.others.get(caldav("schedule-default-calendar-URL")) ?? 200).toBe(status);
    }
    const availability = "BEGIN:VCALENDAR\nBEGIN:VAVAILABILITY\nUID:a\nEND:VAVAILABILITY\nEND:VCALENDAR\n";
    for (const [text, status] of [
      [availability, 200],
      ["nonsense", 403],
    ] as const) {
      const body = set(`<c:calendar-availability>${text}</c:calendar-availability>`);
      const entry = entriesOf(await dav.request("ann", "PROPPATCH", inbox, { body })).get(inbox);
      expect(entry?.others.get(caldav("calendar-availability")) ?? 200).toBe(status);
    }
  });
});

describe("MKCALENDAR and MKCOL", () => {
  const mkcalendar = (inner: string) =>
    `<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"><d:set><d:prop>${inner}</d:prop></d:set></c:mkcalendar>`;
  const mkcol = (types: string) =>
    `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><d:resourcetype><d:collection/>${types}</d:resourcetype><d:displayname>Made</d:displayname></d:prop></d:set></d:mkcol>`;

  test("makes a calendar as it is described", async () => {
    const inner =
      '<d:displayname>Tasks</d:displayname><a:calendar-color>#123456</a:calendar-color><c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set><x xmlns="y">z</x>';
    expect((await dav.request("ann", "MKCALENDAR", `${home}tasks/`, { body: mkcalendar(inner) })).status).toBe(201);
    const names = ["d:displayname", "a:calendar-color", "c:supported-calendar-component-set"];
    const reply = await dav.request("ann", "PROPFIND", `${home}tasks/`, {
      body: propfind(...names),
      headers: { depth: "0" },
    });
    const properties = entriesOf(reply).get(`${home}tasks/`)?.properties;
    expect(said(properties?.get(davName("displayname")))).toBe("Tasks");
    const components = properties?.get(caldav("supported-calendar-component-set"));
    expect(components && childElements(components).map(({ attributes }) => attributes.get("name"))).toEqual(["VTODO"]);
    const again = await dav.request("ann", "MKCALENDAR", `${home}tasks/`, { body: mkcalendar(inner) });
    expect([again.status, conditionOf(again)]).toEqual([405, davName("resource-must-be-null")]);
  });

  test.each([
    ["MKCOL", "made-1/", mkcol("<c:calendar/>"), 201, undefined],
    ["MKCOL", "made-2/", mkcol(""), 403, davName("valid-resourcetype")],
    ["MKCOL", "made-3/", undefined, 403, davName("valid-resourcetype")],
    ["MKCOL", "made-4/", "<weird/>", 415, undefined],
    ["MKCALENDAR", "made-5/", undefined, 201, undefined],
    ["MKCALENDAR", "inbox/", undefined, 405, davName("resource-must-be-null")],
    ["MKCALENDAR", "calendar/inner/", undefined, 403, caldav("calendar-collection-location-ok")],
    ["MKCALENDAR", `${"x".repeat(300)}/`, undefined, 403, caldav("calendar-collection-location-ok")],
    [
      "MKCALENDAR",
      "made-6/",
      mkcalendar('<c:supported-calendar-component-set><c:comp name="VPOLL"/></c:supported-calendar-component-set>'),
      424,
      undefined,
    ],
    ["MKCALENDAR", "made-7/", mkcalendar("<d:getetag>1</d:getetag><d:displayname>x</d:displayname>"), 424, undefined],
    ["MKCALENDAR", "M%C3%BCll%20%26%20Mehr/", undefined, 201, undefined],
  ])("%s %s", async (method, name, body, status, condition) => {
    const reply = await dav.request("ann", method, `${home}${name}`, body === undefined ? {} : { body });
    expect([reply.status, conditionOf(reply)]).toEqual([status, condition]);
    const found = await dav.request("ann", "PROPFIND", `${home}${name}`, { headers: { depth: "0" } });
    if (status === 201) expect([...entriesOf(found).keys()]).toEqual([`${home}${name}`]);
    else expect(found.status).toBe(name === "inbox/" ? 207 : 404);
  });
});

describe("people", () => {
  const search = (inner: string, more = "") =>
    `<d:principal-property-search xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"${more}>${inner}<d:prop><d:displayname/><c:calendar-home-set/></d:prop></d:principal-property-search>`;
  const term = (name: string, text: string, type = "") =>
    `<d:property-search><d:prop><${name}/></d:prop><d:match${type}>${text}</d:match></d:property-search>`;

  test.each([
    [search(term("d:displayname", "BE")), ["ben"]],
    [search(term("d:displayname", "en", ' match-type="starts-with"')), []],
    [search(term("c:calendar-user-address-set", "example.test")), ["ann", "ben"]],
    [search(term("d:displayname", "ann") + term("d:displayname", "ben")), []],
    [search(term("d:displayname", "ann") + term("d:displayname", "ben"), ' test="anyof"'), ["ann", "ben"]],
    [search(term("d:getetag", "")), []],
    [search(term("d:owner", "ann")), []],
  ])("are found: %s", async (body, names) => {
    const reply = await dav.request("ann", "REPORT", "/dav/principals/", { body, headers: { depth: "0" } });
    expect([...entriesOf(reply).keys()]).toEqual(names.map((name) => `/dav/principals/${name}@example.test/`));
  });

  test("are found without where their calendars are", async () => {
    const reply = await dav.request("ann", "REPORT", "/dav/principals/", {
      body: search(term("d:displayname", "ben")),
    });
    expect([...(entriesOf(reply).get("/dav/principals/ben@example.test/")?.others ?? [])]).toEqual([
      [caldav("calendar-home-set"), 404],
    ]);
  });

  test("are themselves: principal-match, RFC 3744 §9.3", async () => {
    const body = `<d:principal-match xmlns:d="DAV:"><d:self/><d:prop><d:displayname/></d:prop></d:principal-match>`;
    const reply = await dav.request("ben", "REPORT", "/dav/principals/", { body, headers: { depth: "0" } });
    expect([...entriesOf(reply).keys()]).toEqual(["/dav/principals/ben@example.test/"]);
  });

  test("CALSCHED-2.4.1-02 CALSCHED-2.4.2-02 can be searched by what principal-search-property-set says, RFC 3744 §9.5", async () => {
    const body = `<d:principal-search-property-set xmlns:d="DAV:"/>`;
    const reply = await dav.request("ann", "REPORT", "/dav/principals/", { body, headers: { depth: "0" } });
    expect(reply.xml && childElements(reply.xml)).toHaveLength(4);
  });

  test("expand-property follows what an href stands for, and no further than it may, RFC 3253 §3.8", async () => {
    const body = `<d:expand-property xmlns:d="DAV:"><d:property name="owner"><d:property name="displayname"/><d:property name="calendar-home-set" namespace="urn:ietf:params:xml:ns:caldav"><d:property name="resourcetype"/></d:property></d:property><d:property name="none"/></d:expand-property>`;
    const reply = await dav.request("ann", "REPORT", calendar, { body });
    expect(reply.text).toMatch(
      /<d:owner><d:response><d:href>\/dav\/principals\/ann@example.test\/<\/d:href>.*<d:displayname>Ann</s,
    );
    expect(reply.text).toMatch(/<cal:calendar-home-set><d:response><d:href>\/dav\/calendars\/ann@example.test\/</);
    expect(entriesOf(reply).get(calendar)?.others.get(davName("none"))).toBe(404);
  });
});

test("says that there is no such report", async () => {
  const reply = await dav.request("ann", "REPORT", calendar, { body: `<version-tree xmlns="DAV:"/>` });
  expect([reply.status, conditionOf(reply)]).toEqual([403, davName("supported-report")]);
});
