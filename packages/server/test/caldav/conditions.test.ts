import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, eventText, type Options, type Reply, startDav } from "./server.ts";

/** Everything that writes depends on the conditions of HTTP, of WebDAV (If) and of RFC 6638 §8.3, as far as they can be said of it. */
let dav: Dav;
let round = 0;
const home = "/dav/calendars/ann@example.test/";
const calendar = `${home}calendar/`;

beforeAll(async () => {
  dav = await startDav(["ann", "ben", "cat"]);
  const [owner, delegate] = [dav.people["cat"]?.id ?? "", dav.people["ann"]?.id ?? ""];
  await dav.server.house.store.write(({ principals }) => principals.delegate(owner, delegate, "organize"));
});

afterAll(() => dav.close());

const ann = (method: string, path: string, options?: Options): Promise<Reply> =>
  dav.request("ann", method, path, options);

const patch =
  '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>New</d:displayname></d:prop></d:set></d:propertyupdate>';
const question = [
  ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:REQUEST", "BEGIN:VFREEBUSY", "UID:fb"],
  ...["DTSTAMP:20270301T000000Z", "ORGANIZER:mailto:ann@example.test", "ATTENDEE:mailto:ann@example.test"],
  ...["DTSTART:20270302T000000Z", "DTEND:20270303T000000Z", "END:VFREEBUSY", "END:VCALENDAR", ""],
].join("\r\n");

/** What a writing method is asked of: something there, or nothing yet. */
interface Asked {
  readonly path: string;
  /** With its quotes; absent for what has none. */
  readonly etag?: string;
  readonly options?: Options;
}

async function object(): Promise<{ readonly path: string; readonly etag: string; readonly uid: string }> {
  const uid = `u${++round}`;
  const path = `${calendar}${uid}.ics`;
  const guest = "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ben@example.test";
  await ann("PUT", path, { body: eventText(uid, "ORGANIZER:mailto:ann@example.test", guest) });
  await dav.server.worker.drain();
  return { path, etag: (await ann("GET", path)).headers.get("etag") ?? "", uid };
}

async function collection(): Promise<Asked> {
  const path = `${home}c${++round}/`;
  expect((await ann("MKCALENDAR", path)).status).toBe(201);
  return { path };
}

const changed = async (): Promise<Asked> => {
  const { path, etag, uid } = await object();
  return { path, etag, options: { body: eventText(uid, "SUMMARY:New") } };
};
const moved = async (): Promise<Asked> => ({
  ...(await object()),
  options: { headers: { destination: `${calendar}m${round}.ics` } },
});

const copied = async (): Promise<Asked> => ({
  ...(await object()),
  options: { headers: { destination: `/dav/calendars/cat@example.test/calendar/c${round}.ics` } },
});

const there: readonly (readonly [method: string, what: string, make: () => Promise<Asked>, done: number])[] = [
  ["PUT", "an object", changed, 204],
  ["DELETE", "an object", object, 204],
  ["MOVE", "an object", moved, 201],
  ["COPY", "an object", copied, 201],
  ["PROPPATCH", "an object", async () => ({ ...(await object()), options: { body: patch } }), 207],
  ["DELETE", "a calendar", collection, 204],
  ["PROPPATCH", "a calendar", async () => ({ ...(await collection()), options: { body: patch } }), 207],
  ["POST", "a calendar", async () => ({ ...(await collection()), options: { body: eventText(`p${++round}`) } }), 201],
  ["POST", "an outbox", async () => ({ path: `${home}outbox/`, options: { body: question } }), 200],
];

const missing: typeof there = [
  ["PUT", "what is not there", async () => put(`n${++round}`), 201],
  ["MKCALENDAR", "what is not there", async () => ({ path: `${home}n${++round}/` }), 201],
];

function put(uid: string): Asked {
  return { path: `${calendar}${uid}.ics`, options: { body: eventText(uid) } };
}

/** A condition, and whether it is met by something with that etag, something without one, and nothing. */
const conditions: readonly (readonly [
  headers: (etag: string) => Readonly<Record<string, string>>,
  met: readonly [object: boolean, collection: boolean, nothing: boolean],
])[] = [
  [() => ({}), [true, true, true]],
  [(etag) => ({ "if-match": etag }), [true, false, false]],
  [(etag) => ({ "if-match": `"x", ${etag}` }), [true, false, false]],
  [() => ({ "if-match": '"x"' }), [false, false, false]],
  [() => ({ "if-match": "*" }), [true, true, false]],
  [() => ({ "if-none-match": "*" }), [false, false, true]],
  [(etag) => ({ "if-none-match": etag }), [false, true, true]],
  [() => ({ "if-none-match": '"x"' }), [true, true, true]],
  [(etag) => ({ if: `([${etag}])` }), [true, false, false]],
  [() => ({ if: '(["x"])' }), [false, false, false]],
  [() => ({ if: '(Not ["x"])' }), [true, true, true]],
  [() => ({ if: "(<opaquelocktoken:x>)" }), [false, false, false]],
  [(etag) => ({ if: `(["x"]) ([${etag}] Not <DAV:no-lock>)` }), [true, false, false]],
  [() => ({ if: `</none> (Not ["x"])` }), [true, true, true]],
  [(etag) => ({ if: `([${etag}])`, "if-match": '"x"' }), [false, false, false]],
];

const kindOf = (what: string): 0 | 1 | 2 => (what === "an object" ? 0 : what === "what is not there" ? 2 : 1);

describe.each([...there, ...missing])("%s of %s", (method, what, make, done) => {
  test.each(conditions.map(([headers, met]) => [headers('"etag"'), headers, met[kindOf(what)]] as const))(
    "%j",
    async (_, headers, isMet) => {
      const { path, etag = '"etag"', options = {} } = await make();
      const before = (await ann("GET", path)).headers.get("etag");
      const asked = { ...options, headers: { ...options.headers, ...headers(etag) } };
      const reply = await ann(method, path, asked);
      expect(reply.status).toBe(isMet ? done : 412);
      const after = await ann("GET", path);
      if (!isMet) expect([after.status, after.headers.get("etag")]).toEqual([kindOf(what) === 2 ? 404 : 200, before]);
    },
  );
});

describe("If-Schedule-Tag-Match", () => {
  test.each(there.filter(([method, what]) => kindOf(what) === 0 && method !== "PROPPATCH"))(
    "%s of %s waits for the tag that was seen, whatever the etag: CALSCHED-8.3-01",
    async (method, _what, make, done) => {
      for (const isMet of [false, true]) {
        const { path, options = {} } = await make();
        const tag = (await ann("GET", path)).headers.get("schedule-tag") ?? "";
        expect(tag).toMatch(/^".+"$/);
        const headers = { ...options.headers, "if-schedule-tag-match": isMet ? tag : '"x"' };
        expect((await ann(method, path, { ...options, headers })).status).toBe(isMet ? done : 412);
      }
    },
  );
});
