import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Dav, eventText, type Options, propfind, type Reply, startDav } from "./server.ts";

let dav: Dav;
let revoked: string;

/** Delegates of Ann by their scope; Ben is nobody to her, and Ann's guest is Gus. */
const delegates = ["freebusy", "read", "respond", "organize"] as const;

beforeAll(async () => {
  dav = await startDav(["ann", "ben", ...delegates], { freeBusy: "nobody" });
  const { store } = dav.server.house;
  const ann = dav.people["ann"];
  if (!ann) throw new Error("there is no Ann");
  for (const scope of delegates) {
    const delegate = dav.people[scope];
    if (delegate) await store.write(({ principals }) => principals.delegate(ann.id, delegate.id, scope));
  }
  revoked = await dav.appPassword("ann", "telephone");
  expect((await dav.request("ann", "PROPFIND", "/dav/", { headers: { depth: "0" }, password: revoked })).status).toBe(
    207,
  );
  await store.write(({ appPasswords }) => appPasswords.remove(ann.id, "telephone"));
  await put("ann", "/dav/calendars/ann@example.test/calendar/own.ics", "own");
  await put("ben", "/dav/calendars/ben@example.test/calendar/party.ics", "party", invitation);
  await dav.server.worker.drain();
});

// Wrong passwords are forgotten by the next test.
beforeEach(() => {
  dav.clock.now += 301;
});

afterAll(() => dav.close());

const invitation = [
  "ORGANIZER:mailto:ben@example.test",
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.test",
  "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.test",
];

async function put(person: string, path: string, uid: string, lines: readonly string[] = []): Promise<void> {
  expect((await dav.request(person, "PUT", path, { body: eventText(uid, ...lines) })).status).toBe(201);
}

const multiget =
  '<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/></d:prop><d:href>x</d:href></c:calendar-multiget>';
const sync =
  '<d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:sync-level>1</d:sync-level><d:prop/></d:sync-collection>';
const patch = '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x xmlns="y">1</x></d:prop></d:set></d:propertyupdate>';
const freeBusy = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:x",
  "METHOD:REQUEST",
  "BEGIN:VFREEBUSY",
  "UID:fb",
  "DTSTAMP:20270301T000000Z",
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE:mailto:ann@example.test",
  "DTSTART:20270302T000000Z",
  "DTEND:20270303T000000Z",
  "END:VFREEBUSY",
  "END:VCALENDAR",
  "",
].join("\r\n");

/** Every route, with what a delegate of each scope gets: freebusy, read, respond, organize. What changes something comes last. */
const routes: readonly (readonly [method: string, path: string, options: Options, expected: readonly number[]])[] = [
  ["PROPFIND", "/dav/principals/ann@example.test/", asking(), [207, 207, 207, 207]],
  ["PROPPATCH", "/dav/principals/ann@example.test/", { body: patch }, [403, 403, 403, 403]],
  ["PROPFIND", "/dav/principals/ann@example.test/calendar-proxy-read/", asking(), [404, 404, 404, 404]],
  ["PROPFIND", "/dav/calendars/ann@example.test/", asking("1"), [404, 207, 207, 207]],
  ["GET", "/dav/calendars/ann@example.test/", {}, [404, 200, 200, 200]],
  ["PROPPATCH", "/dav/calendars/ann@example.test/", { body: patch }, [404, 403, 403, 403]],
  ["DELETE", "/dav/calendars/ann@example.test/", {}, [404, 403, 403, 403]],
  ["PROPFIND", "/dav/calendars/ann@example.test/inbox/", asking("1"), [404, 404, 404, 404]],
  ["REPORT", "/dav/calendars/ann@example.test/inbox/", { body: sync }, [404, 404, 404, 404]],
  ["PROPPATCH", "/dav/calendars/ann@example.test/inbox/", { body: patch }, [404, 404, 404, 404]],
  ["POST", "/dav/calendars/ann@example.test/outbox/", { body: freeBusy }, [404, 404, 404, 404]],
  ["PROPFIND", "/dav/calendars/ann@example.test/calendar/", asking("1"), [404, 207, 207, 207]],
  ["GET", "/dav/calendars/ann@example.test/calendar/", {}, [404, 200, 200, 200]],
  ["REPORT", "/dav/calendars/ann@example.test/calendar/", { body: sync }, [404, 207, 207, 207]],
  ["REPORT", "/dav/calendars/ann@example.test/calendar/", { body: multiget }, [404, 207, 207, 207]],
  ["POST", "/dav/calendars/ann@example.test/calendar/", { body: freeBusy }, [404, 405, 405, 403]],
  ["POST", "/dav/calendars/ann@example.test/calendar/", { body: eventText("added") }, [404, 405, 405, 201]],
  ["LOCK", "/dav/calendars/ann@example.test/calendar/", {}, [405, 405, 405, 405]],
  ["GET", "/dav/calendars/ann@example.test/calendar/own.ics", {}, [404, 200, 200, 200]],
  ["HEAD", "/dav/calendars/ann@example.test/calendar/own.ics", {}, [404, 200, 200, 200]],
  ["PROPFIND", "/dav/calendars/ann@example.test/calendar/own.ics", asking(), [404, 207, 207, 207]],
  ["GET", "/dav/calendars/ann@example.test/calendar/none.ics", {}, [404, 404, 404, 404]],
  ["PROPFIND", "/dav/calendars/ann@example.test/none/", asking(), [404, 404, 404, 404]],
  ["PUT", "/dav/calendars/ann@example.test/calendar/new.ics", { body: eventText("new") }, [404, 403, 403, 201]],
  [
    "PUT",
    "/dav/calendars/ann@example.test/calendar/own.ics",
    { body: eventText("own", "SUMMARY:Hm") },
    [404, 403, 403, 204],
  ],
  [
    "MOVE",
    "/dav/calendars/ann@example.test/calendar/own.ics",
    { headers: { destination: "/dav/calendars/ann@example.test/calendar/moved.ics" } },
    [404, 403, 403, 201],
  ],
  ["PROPPATCH", "/dav/calendars/ann@example.test/calendar/", { body: patch }, [404, 403, 403, 207]],
  ["MKCALENDAR", "/dav/calendars/ann@example.test/made/", {}, [404, 403, 403, 201]],
  ["DELETE", "/dav/calendars/ann@example.test/calendar/new.ics", {}, [404, 403, 403, 204]],
  ["DELETE", "/dav/calendars/ann@example.test/made/", {}, [404, 403, 403, 204]],
];

function asking(depth = "0"): Options {
  return { body: propfind("d:displayname"), headers: { depth } };
}

describe.each(routes)("%s %s", (method, path, options, expected) => {
  test("says 401 and the realm to whoever has not signed in", async () => {
    const replies = [
      await dav.request(undefined, method, path, options),
      await dav.request("ann", method, path, { ...options, password: revoked }),
      await dav.request(undefined, method, path, {
        ...options,
        headers: { ...options.headers, authorization: "Bearer x" },
      }),
      await dav.request(undefined, method, path, {
        ...options,
        headers: { ...options.headers, cookie: "parley_session=x" },
      }),
    ];
    for (const { status, headers } of replies) {
      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toBe('Basic realm="Parley", charset="UTF-8"');
    }
  });

  test("says to another what it says of somebody who is not here", async () => {
    const present = await dav.request("ben", method, path, options);
    const absent = await dav.request("ben", method, path.replaceAll("ann@", "zoe@"), {
      ...options,
      headers: Object.fromEntries(
        Object.entries(options.headers ?? {}).map(([name, value]) => [name, value.replaceAll("ann@", "zoe@")]),
      ),
    });
    expect(comparable(present)).toEqual(comparable(absent));
    expect([404, 405]).toContain(present.status);
  });

  test.each(delegates.map((scope, index) => [scope, expected[index]] as const))(
    "gives a delegate (%s) %i",
    async (scope, status) => {
      expect((await dav.request(scope, method, path, options)).status).toBe(status);
    },
  );

  test("takes nothing from a page of another site", async () => {
    const headers = { ...options.headers, "sec-fetch-site": "cross-site" };
    expect((await dav.request("ann", method, path, { ...options, headers })).status).toBe(403);
  });
});

function comparable({ status, text, headers }: Reply): unknown {
  const { date: _, ...others } = Object.fromEntries(headers);
  return { status, text, headers: others };
}

test("lets a delegate who may answer answer, and no more", async () => {
  const path = "/dav/calendars/ann@example.test/calendar/";
  const list = await dav.request("respond", "PROPFIND", path, { body: propfind("d:getetag"), headers: { depth: "1" } });
  const href = /<d:href>([^<]*\/[^<]*party[^<]*)<\/d:href>/i.exec(list.text)?.[1] ?? "";
  const invited = await dav.request("respond", "GET", href);
  expect(invited.text).toContain("PARTSTAT=NEEDS-ACTION");
  const body = invited.text.replace("PARTSTAT=NEEDS-ACTION;RSVP=TRUE", "PARTSTAT=ACCEPTED");
  expect((await dav.request("respond", "PUT", href, { body })).status).toBe(204);
  expect((await dav.request("read", "PUT", href, { body })).status).toBe(403);
  await dav.server.worker.drain();
  const theirs = await dav.request("ben", "GET", "/dav/calendars/ben@example.test/calendar/party.ics");
  expect(theirs.text.replace(/\r\n /g, "")).toMatch(
    /PARTSTAT=ACCEPTED;SENT-BY="mailto:respond@example\.test"[^\r]*:mailto:ann@example\.test/,
  );
  expect((await dav.request("respond", "DELETE", href)).status).toBe(403);
});

test("hides what is private from a delegate, by every door", async () => {
  const path = "/dav/calendars/ann@example.test/calendar/secret.ics";
  await put("ann", path, "secret", ["CLASS:PRIVATE", "SUMMARY:Doctor"]);
  const query = `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><c:calendar-data/></d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="SUMMARY"><c:text-match>doctor</c:text-match></c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>`;
  for (const scope of ["read", "respond", "organize"]) {
    const replies = [
      await dav.request(scope, "GET", path),
      await dav.request(scope, "REPORT", "/dav/calendars/ann@example.test/calendar/", { body: query }),
      await dav.request(scope, "REPORT", "/dav/calendars/ann@example.test/calendar/", {
        body: multiget.replace("<d:getetag/>", "<c:calendar-data/>").replace(">x<", `>${path}<`),
      }),
    ];
    for (const { text } of replies) expect(text).not.toContain("Doctor");
    // What is searched for and not shown is not found either.
    expect(replies[1]?.text).not.toContain("secret.ics");
  }
  expect((await dav.request("ann", "GET", path)).text).toContain("Doctor");
});

test("takes nothing of a calendar that a delegate may not take whole", async () => {
  const path = "/dav/calendars/ann@example.test/mixed/";
  expect((await dav.request("ann", "MKCALENDAR", path)).status).toBe(201);
  await put("ann", `${path}a.ics`, "mixed-a");
  await put("ann", `${path}b.ics`, "mixed-b", ["CLASS:PRIVATE"]);
  expect((await dav.request("organize", "DELETE", path)).status).toBe(403);
  expect((await dav.request("ann", "GET", `${path}a.ics`)).status).toBe(200);
  expect((await dav.request("ann", "DELETE", `${path}b.ics`)).status).toBe(204);
  expect((await dav.request("organize", "DELETE", path)).status).toBe(204);
});
