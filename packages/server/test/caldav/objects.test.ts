import { request as rawRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caldav } from "../../src/caldav/names.ts";
import { childNamed, dav as davName, textOf } from "../../src/dav/xml.ts";
import {
  calendarText,
  conditionOf,
  type Dav,
  entriesOf,
  eventText,
  propertyText,
  propfind,
  type Reply,
  said,
  startDav,
} from "./server.ts";

let dav: Dav;
const home = "/dav/calendars/ann@example.test/";
const calendar = `${home}calendar/`;

beforeAll(async () => {
  dav = await startDav(["ann", "ben"]);
});

afterAll(() => dav.close());

const ann = (method: string, path: string, body?: string | Uint8Array, headers: Record<string, string> = {}) =>
  dav.request("ann", method, path, { ...(body !== undefined && { body }), headers });

describe("PUT, GET and DELETE", () => {
  test("keep what is written, and say when it changed", async () => {
    const path = `${calendar}life.ics`;
    const made = await ann("PUT", path, eventText("life"), { "if-none-match": "*" });
    expect(made.status).toBe(201);
    expect((await ann("PUT", path, eventText("life"), { "if-none-match": "*" })).status).toBe(412);
    const first = await ann("GET", path);
    const etag = first.headers.get("etag") ?? "";
    expect([first.status, first.headers.get("content-type")]).toEqual([
      200,
      "text/calendar; charset=utf-8; component=VEVENT",
    ]);
    expect(first.text).toContain("SUMMARY:Planning");
    expect((await ann("GET", path, undefined, { "if-none-match": etag })).status).toBe(304);
    expect((await ann("PUT", path, eventText("life", "SUMMARY:Other"), { "if-match": '"stale"' })).status).toBe(412);
    expect((await ann("PUT", path, eventText("life", "SUMMARY:Other"), { "if-match": etag })).status).toBe(204);
    expect((await ann("GET", path)).headers.get("etag")).not.toBe(etag);
    expect((await ann("DELETE", path, undefined, { "if-match": etag })).status).toBe(412);
    expect((await ann("DELETE", path, undefined, { if: `([${etag}])` })).status).toBe(412);
    expect((await ann("DELETE", path)).status).toBe(204);
    expect([(await ann("GET", path)).status, (await ann("DELETE", path)).status]).toEqual([404, 404]);
  });

  test("and POST, which names what is new: RFC 5995 §3.2", async () => {
    const asked = await ann("PROPFIND", calendar, propfind("d:add-member"), { depth: "0" });
    const href = entriesOf(asked).get(calendar)?.properties.get(davName("add-member"));
    const where = href && textOf(childNamed(href, davName("href")) ?? href);
    expect(where).toBe(calendar);
    const made = await ann("POST", calendar, eventText("posted"), { "content-type": "text/calendar" });
    const path = made.headers.get("location") ?? "";
    expect([made.status, path.startsWith(calendar)]).toEqual([201, true]);
    expect((await ann("GET", path)).text).toContain("UID:posted");
    // A UID is one object, by whatever door it comes.
    const again = await ann("POST", calendar, eventText("posted"));
    expect([again.status, conditionOf(again)]).toEqual([403, caldav("no-uid-conflict")]);
  });

  test("give back what is there now to whoever would rather have it, RFC 8144 §3", async () => {
    const reply = await ann("PUT", `${calendar}rather.ics`, eventText("rather"), { prefer: "return=representation" });
    expect([reply.status, reply.headers.get("content-location"), reply.text.includes("UID:rather")]).toEqual([
      201,
      `${calendar}rather.ics`,
      true,
    ]);
    const changed = await ann("PUT", `${calendar}rather.ics`, eventText("rather", "SUMMARY:x"), {
      prefer: "return=representation",
    });
    expect(changed.status).toBe(200);
    const stale = { prefer: "return=representation", "if-match": '"stale"' };
    const failed = await ann("PUT", `${calendar}rather.ics`, eventText("rather"), stale);
    expect([failed.status, failed.text.includes("SUMMARY:x"), failed.headers.get("etag")]).toEqual([
      412,
      true,
      changed.headers.get("etag"),
    ]);
    expect((await ann("PUT", `${calendar}none.ics`, eventText("none"), stale)).text).not.toContain("BEGIN:VCALENDAR");
    expect((await ann("GET", `${calendar}rather.ics`)).headers.get("etag")).toBe(changed.headers.get("etag"));
  });

  test.each([
    ['text/calendar; charset="utf-8"'],
    ["text/plain"],
    ["nonsense"],
    ["text/calendar;;=;"],
    ["application/json"],
    [""],
  ])("take a body that is called %j", async (type) => {
    const uid = `type-${Buffer.from(type).toString("hex")}`;
    expect((await ann("PUT", `${calendar}${uid}.ics`, eventText(uid), { "content-type": type })).status).toBe(201);
  });

  test("take a request of a program that says nothing of itself", async () => {
    const authorization = `Basic ${Buffer.from("ann@example.test:correct horse battery").toString("base64")}`;
    const status = await new Promise((resolve, reject) => {
      const options = { method: "PUT", headers: { authorization } };
      const sent = rawRequest(`${dav.url}${calendar}bare.ics`, options, ({ statusCode }) => resolve(statusCode));
      sent.on("error", reject);
      sent.end(eventText("bare"));
    });
    expect(status).toBe(201);
  });

  test.each([
    ["no calendar", "hello", caldav("valid-calendar-data")],
    [
      "two UIDs",
      calendarText(
        ...["a", "b"].flatMap((uid) => [
          "BEGIN:VEVENT",
          `UID:${uid}`,
          "DTSTAMP:20270301T000000Z",
          "DTSTART:20270301T000000Z",
          "END:VEVENT",
        ]),
      ),
      caldav("valid-calendar-object-resource"),
    ],
    [
      "a METHOD",
      eventText("m").replace("VERSION", "METHOD:PUBLISH\r\nVERSION"),
      caldav("valid-calendar-object-resource"),
    ],
    ["a UID that is elsewhere", eventText("rather"), caldav("no-uid-conflict")],
    ["too many octets", eventText("big", `DESCRIPTION:${"x".repeat(11_000_000)}`), caldav("max-resource-size")],
    ["no UTF-8", new Uint8Array([...new TextEncoder().encode(eventText("u")), 0xff]), caldav("valid-calendar-data")],
  ])("refuse %s and name why", async (_, body, condition) => {
    const reply = await ann("PUT", `${calendar}refused.ics`, body);
    expect([conditionOf(reply), reply.status]).toEqual([
      condition,
      condition === caldav("max-resource-size") ? 413 : 403,
    ]);
  });

  test("CALSCHED-3.2.4.1-02 say where the UID is, RFC 4791 §5.3.2.1", async () => {
    const reply = await ann("PUT", `${calendar}refused.ics`, eventText("rather"));
    const conflict = reply.xml && childNamed(reply.xml, caldav("no-uid-conflict"));
    const href = conflict && childNamed(conflict, davName("href"));
    expect(href && textOf(href)).toBe(`${calendar}rather.ics`);
  });

  test.each([
    ["PUT", `${home}none/x.ics`, 409],
    ["PUT", `${home}inbox/x.ics`, 403],
    ["PUT", `${home}loose.ics`, 405],
    ["PUT", `${calendar}a/b.ics`, 409],
    ["PUT", "/dav/x.ics", 403],
    ["PUT", `${calendar}a%2fb.ics`, 400],
    ["GET", `${calendar}%ff.ics`, 400],
    ["DELETE", "/dav/", 403],
    ["DELETE", `${home}inbox/`, 403],
  ])("say of %s %s: %i", async (method, path, status) => {
    expect((await ann(method, path, method === "PUT" ? eventText("odd") : undefined)).status).toBe(status);
  });

  test("keep names as clients choose them", async () => {
    for (const name of ["a b.ics", "Zoë & Söhne?.ics", "no-extension", "100%.ics", "名前.ics", "a+b@c.ics"]) {
      const path = `${calendar}${encodeURIComponent(name)}`;
      expect([name, (await ann("PUT", path, eventText(`named ${name}`))).status]).toEqual([name, 201]);
      const list = await ann("PROPFIND", calendar, propfind("d:getetag"), { depth: "1" });
      const hrefs = [...entriesOf(list).keys()].map(decodeURIComponent);
      expect(hrefs).toContain(`${calendar}${name}`);
      expect((await ann("GET", path)).status).toBe(200);
      expect((await ann("DELETE", path)).status).toBe(204);
    }
  });
});

describe("MOVE and COPY", () => {
  test("CALSCHED-3.2.3.3-01 move an object to another calendar, and copy none", async () => {
    await ann("MKCALENDAR", `${home}moves/`);
    await ann("PUT", `${calendar}moving.ics`, eventText("moving"));
    const to = (path: string, more: Record<string, string> = {}) => ({ destination: `${dav.url}${path}`, ...more });
    const copied = await ann("COPY", `${calendar}moving.ics`, undefined, to(`${home}moves/copy.ics`));
    expect([copied.status, conditionOf(copied)]).toEqual([403, caldav("no-uid-conflict")]);
    const moved = await ann("MOVE", `${calendar}moving.ics`, undefined, to(`${home}moves/moved.ics`));
    expect([moved.status, moved.headers.get("location")]).toEqual([201, `${home}moves/moved.ics`]);
    expect((await ann("GET", `${home}moves/moved.ics`)).text).toContain("UID:moving");
    expect((await ann("GET", `${calendar}moving.ics`)).status).toBe(404);
    await ann("PUT", `${calendar}in-the-way.ics`, eventText("in-the-way"));
    const blocked = to(`${calendar}in-the-way.ics`, { overwrite: "F" });
    expect((await ann("MOVE", `${home}moves/moved.ics`, undefined, blocked)).status).toBe(412);
    expect((await ann("MOVE", `${home}moves/moved.ics`, undefined, to(`${calendar}in-the-way.ics`))).status).toBe(204);
    expect((await ann("GET", `${calendar}in-the-way.ics`)).text).toContain("UID:moving");
    expect((await ann("MOVE", `${calendar}none.ics`, undefined, to(`${calendar}other.ics`))).status).toBe(404);
    const abroad = { destination: "http://elsewhere.test/x.ics" };
    expect((await ann("MOVE", `${calendar}in-the-way.ics`, undefined, abroad)).status).toBe(502);
    const theirs = to("/dav/calendars/ben@example.test/calendar/x.ics");
    expect((await ann("MOVE", `${calendar}in-the-way.ics`, undefined, theirs)).status).toBe(404);
  });
});

describe("reports", () => {
  const report = (path: string, body: string, headers: Record<string, string> = {}) =>
    ann("REPORT", path, body, headers);
  const multiget = (...hrefs: readonly string[]) =>
    `<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/><c:calendar-data/></d:prop>${hrefs.map((href) => `<d:href>${href}</d:href>`).join("")}</c:calendar-multiget>`;
  const sync = (token: string, limit = "") =>
    `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level>${limit}<d:prop><d:getetag/></d:prop></d:sync-collection>`;
  const tokenOf = ({ xml }: Reply): string => said(xml && childNamed(xml, davName("sync-token")));

  test("multiget tells what is there and what is not", async () => {
    await ann("MKCALENDAR", `${home}many/`);
    for (const uid of ["1", "2"]) await ann("PUT", `${home}many/${uid}.ics`, eventText(uid));
    const hrefs = [
      `${home}many/1.ics`,
      `${dav.url}${home.replace("@", "%40")}many/2.ics`,
      `${home}many/3.ics`,
      `${calendar}rather.ics`,
      "/dav/calendars/ben@example.test/calendar/x.ics",
      "::",
    ];
    const entries = entriesOf(await report(`${home}many/`, multiget(...hrefs)));
    expect([...entries].map(([href, { status }]) => [href, status])).toEqual([
      [`${home}many/1.ics`, undefined],
      [`${home}many/2.ics`, undefined],
      [`${home}many/3.ics`, 404],
      [`${calendar}rather.ics`, 404],
      ["/dav/calendars/ben@example.test/calendar/x.ics", 404],
    ]);
    const data = entries.get(`${home}many/2.ics`)?.properties.get(caldav("calendar-data"));
    expect(data && textOf(data)).toBe((await ann("GET", `${home}many/2.ics`)).text);
  });

  test("multiget has a bound", async () => {
    const few = [...Array(20_000).keys()].map((number) => `${calendar}${number}`);
    expect((await report(calendar, multiget(...few))).status).toBe(207);
    const reply = await report(calendar, multiget(...few, "one more"));
    expect([reply.status, conditionOf(reply)]).toEqual([507, davName("number-of-matches-within-limits")]);
  });

  test("sync-collection tells what changed since, RFC 6578 §3", async () => {
    const path = `${home}sync/`;
    await ann("MKCALENDAR", path);
    const empty = tokenOf(await report(path, sync("")));
    for (const uid of ["s1", "s2", "s3"]) await ann("PUT", `${path}${uid}.ics`, eventText(uid));
    const first = await report(path, sync(empty));
    expect([...entriesOf(first).keys()].sort()).toEqual(["s1", "s2", "s3"].map((uid) => `${path}${uid}.ics`));
    await ann("PUT", `${path}s1.ics`, eventText("s1", "SUMMARY:Other"));
    await ann("DELETE", `${path}s2.ics`);
    const second = await report(path, sync(tokenOf(first)));
    const told = [...entriesOf(second)].map(([href, { status }]) => [href, status]);
    expect(told).toEqual([
      [`${path}s1.ics`, undefined],
      [`${path}s2.ics`, 404],
    ]);
    expect(entriesOf(await report(path, sync(tokenOf(second)))).size).toBe(0);
    expect(
      propertyText(await ann("PROPFIND", path, propfind("d:sync-token"), { depth: "0" }), path, davName("sync-token")),
    ).toBe(tokenOf(second));
    // What the client has not heard of is told in pieces, RFC 6578 §3.6.
    const cut = await report(path, sync("", "<d:limit><d:nresults>1</d:nresults></d:limit>"));
    expect(entriesOf(cut).get(path)?.status).toBe(507);
    const rest = await report(path, sync(tokenOf(cut)));
    const hrefs = [...entriesOf(cut).keys(), ...entriesOf(rest).keys()].filter((href) => href !== path);
    expect(hrefs.sort()).toEqual(
      [`${path}s1.ics`, `${path}s2.ics`, `${path}s3.ics`].filter((href) => hrefs.includes(href)),
    );
    expect(hrefs).toEqual(expect.arrayContaining([`${path}s1.ics`, `${path}s3.ics`]));
    for (const token of [
      "urn:x",
      tokenOf(second).replace(/\d+$/, "999"),
      tokenOf(second).replace(/:\d+:/, ":1:"),
      "-1",
    ]) {
      const reply = await report(path, sync(token));
      expect([reply.status, conditionOf(reply)]).toEqual([403, davName("valid-sync-token")]);
    }
    const deep = await report(path, sync("").replace(">1<", ">infinite<"));
    expect([deep.status, conditionOf(deep)]).toEqual([403, davName("sync-traversal-supported")]);
  });

  test("free-busy-query tells of one calendar, which may be transparent for scheduling: RFC 4791 §7.10", async () => {
    const path = `${home}busy/`;
    await ann("MKCALENDAR", path);
    await ann(
      "PUT",
      `${path}b1.ics`,
      eventText("b1", "DTSTART:20280302T090000Z", "DTEND:20280302T100000Z", "RRULE:FREQ=DAILY;COUNT=3"),
    );
    await ann("PUT", `${calendar}b2.ics`, eventText("b2", "DTSTART:20280302T120000Z", "DTEND:20280302T130000Z"));
    const query = (start: string, end: string) =>
      `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="${start}" end="${end}"/></c:free-busy-query>`;
    const busy = await report(path, query("20280302T000000Z", "20280304T000000Z"));
    expect([busy.status, busy.headers.get("content-type")]).toEqual([
      200,
      "text/calendar; charset=utf-8; component=VFREEBUSY",
    ]);
    expect(busy.text.replace(/\r\n /g, "")).toContain(
      "FREEBUSY;FBTYPE=BUSY:20280302T090000Z/20280302T100000Z\r\nFREEBUSY;FBTYPE=BUSY:20280303T090000Z/20280303T100000Z\r\n",
    );
    expect(busy.text).not.toContain("20280302T120000Z");
    const transparent = `<d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp></d:prop></d:set></d:propertyupdate>`;
    await ann("PROPPATCH", path, transparent);
    const same = await report(path, query("20280302T000000Z", "20280304T000000Z"));
    expect(same.text.match(/FREEBUSY;.*/g)).toEqual(busy.text.match(/FREEBUSY;.*/g));
    await ann("PUT", `${path}b3.ics`, eventText("b3", "DTSTART:20290101T000000Z", "RRULE:FREQ=SECONDLY"));
    const much = await report(path, query("20290102T000000Z", "20290601T000000Z"));
    expect([much.status, conditionOf(much)]).toEqual([507, davName("number-of-matches-within-limits")]);
    for (const [start, end] of [
      ["20280304T000000Z", "20280302T000000Z"],
      ["20280304T000000Z", ""],
      ["2028", "2029"],
      ["20000101T000000Z", "20990101T000000Z"],
    ] as const) {
      expect((await report(path, query(start, end))).status).toBe(403);
    }
  });

  const elements = Array(30_000).fill("<x/>").join("");
  test.each([
    [
      "a document type",
      `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><d:propfind xmlns:d="DAV:"><d:prop>&b;</d:prop></d:propfind>`,
    ],
    ["depth", `<d:propfind xmlns:d="DAV:"><d:prop>${"<d:a>".repeat(50_000)}`],
    ["elements", `<d:propfind xmlns:d="DAV:"><d:prop>${elements}</d:prop></d:propfind>`],
    ["another root", `<d:propertyupdate xmlns:d="DAV:"/>`],
    ["no XML", "\u0000\u0001"],
  ])("are refused by their %s", async (_, body) => {
    for (const method of ["PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL"]) {
      const reply = await dav.request("ann", method, calendar, { body, headers: { depth: "0" } });
      expect([400, 403, 413, 415]).toContain(reply.status);
      expect(reply.text).not.toContain("root:");
    }
  });
});

test("keeps a connection for many requests, and answers each at once", async () => {
  const authorization = `Basic ${Buffer.from("ann@example.test:correct horse battery").toString("base64")}`;
  const one = `PROPFIND /dav/ HTTP/1.1\r\nHost: x\r\nDepth: 0\r\nAuthorization: ${authorization}\r\nContent-Length: 0\r\n\r\n`;
  const socket = connect(Number(new URL(dav.url).port), "127.0.0.1");
  let text = "";
  const answers = await new Promise<number>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (data) => {
      text += data.toString();
      const count = text.split("</d:multistatus>").length - 1;
      if (count < 20) socket.write(one);
      else resolve(count);
    });
    socket.write(one);
  });
  socket.destroy();
  expect(answers).toBe(20);
  expect(text).not.toMatch(/connection: close/i);
});
