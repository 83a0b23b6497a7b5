import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childNamed, dav as davName, textOf } from "../../src/dav/xml.ts";
import { type Dav, entriesOf, eventText, propfind, startDav } from "./server.ts";

let dav: Dav;
let round = 0;

beforeAll(async () => {
  dav = await startDav(["ann"]);
});

afterAll(() => dav.close());

const names = ["a", "b", "c", "d"] as const;
const calendars = ["one", "two"] as const;
const place = fc.record({ calendar: fc.constantFrom(...calendars), name: fc.constantFrom(...names) });

/** What a person does with some program, and what another program does to hear of it. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), at: place, summary: fc.nat(99) }),
  fc.record({ kind: fc.constant("delete" as const), at: place }),
  fc.record({ kind: fc.constant("move" as const), at: place, to: place }),
  fc.record({
    kind: fc.constant("sync" as const),
    calendar: fc.constantFrom(...calendars),
    limit: fc.integer({ min: 1, max: 5 }),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What a program knows of a calendar: etags by href, and up to when. */
interface Mirror {
  readonly etags: Map<string, string>;
  token: string;
}

const url = (calendar: string): string => `/dav/calendars/ann@example.test/${calendar}-${round}/`;
const href = ({ calendar, name }: { readonly calendar: string; readonly name: string }): string =>
  `${url(calendar)}${name}.ics`;

async function sync(calendar: string, mirror: Mirror, limit: number): Promise<boolean> {
  const body = `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${mirror.token}</d:sync-token><d:sync-level>1</d:sync-level><d:limit><d:nresults>${limit}</d:nresults></d:limit><d:prop><d:getetag/></d:prop></d:sync-collection>`;
  const reply = await dav.request("ann", "REPORT", url(calendar), { body });
  expect(reply.status).toBe(207);
  let isWhole = true;
  for (const [path, { status, properties }] of entriesOf(reply)) {
    const etag = properties.get(davName("getetag"));
    if (status === 507) isWhole = false;
    else if (status === 404) mirror.etags.delete(path);
    else mirror.etags.set(path, etag ? textOf(etag) : "");
  }
  const token = reply.xml && childNamed(reply.xml, davName("sync-token"));
  mirror.token = token ? textOf(token) : "";
  return isWhole;
}

async function take(one: Step, mirrors: ReadonlyMap<string, Mirror>): Promise<void> {
  switch (one.kind) {
    case "put": {
      // A UID is one object: each name of each calendar has its own.
      const uid = `${round}-${one.at.calendar}-${one.at.name}`;
      await dav.request("ann", "PUT", href(one.at), { body: eventText(uid, `SUMMARY:${one.summary}`) });
      return;
    }
    case "delete":
      await dav.request("ann", "DELETE", href(one.at));
      return;
    case "move":
      await dav.request("ann", "MOVE", href(one.at), { headers: { destination: href(one.to) } });
      return;
    case "sync": {
      const mirror = mirrors.get(one.calendar);
      if (mirror) await sync(one.calendar, mirror, one.limit);
    }
  }
}

test("whoever syncs has in the end what is there, whatever happened in between: RFC 6578 §3", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      round += 1;
      const mirrors = new Map<string, Mirror>(calendars.map((calendar) => [calendar, { etags: new Map(), token: "" }]));
      for (const calendar of calendars)
        expect((await dav.request("ann", "MKCALENDAR", url(calendar))).status).toBe(201);
      for (const one of steps) await take(one, mirrors);
      for (const [calendar, mirror] of mirrors) {
        for (let times = 0; times < 20 && !(await sync(calendar, mirror, 3)); times++);
        const list = await dav.request("ann", "PROPFIND", url(calendar), {
          body: propfind("d:getetag"),
          headers: { depth: "1" },
        });
        const there = [...entriesOf(list)].flatMap(([path, { properties }]) => {
          const etag = properties.get(davName("getetag"));
          return etag ? [[path, textOf(etag)] as const] : [];
        });
        expect(new Map([...mirror.etags].sort())).toEqual(new Map(there.sort()));
        await dav.request("ann", "DELETE", url(calendar));
      }
    }),
    { numRuns: 20 },
  );
});
