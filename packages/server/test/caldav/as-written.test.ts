import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, startDav } from "./server.ts";

let dav: Dav;

beforeAll(async () => {
  dav = await startDav(["ann", "ben"]);
});

afterAll(() => dav.close());

const path = (name: string): string => `/dav/calendars/ann@example.test/calendar/${name}`;

/** A VCALENDAR as a program writes it: what is around the VEVENT is its own. */
function textOf(heading: readonly string[], uid: string, ...lines: readonly string[]): string {
  const event = [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTAMP:20260601T080000Z",
    "DTSTART:20260701T090000Z",
    "DTEND:20260701T100000Z",
  ];
  return ["BEGIN:VCALENDAR", ...heading, ...event, "SUMMARY:Lunch", ...lines, "END:VEVENT", "END:VCALENDAR", ""].join(
    "\r\n",
  );
}

const put = (name: string, body: string) => dav.request("ann", "PUT", path(name), { body });
const get = (name: string) => dav.request("ann", "GET", path(name));

/** What is around objects of programs, and whether they are told the ETag at once. */
const headings: readonly (readonly [name: string, heading: readonly string[], isTold: boolean])[] = [
  ["VERSION first", ["VERSION:2.0", "PRODID:-//Program//EN"], true],
  ["PRODID first", ["PRODID:-//Program//EN", "VERSION:2.0"], true],
  ["a CALSCALE", ["PRODID:-//Program//EN", "VERSION:2.0", "CALSCALE:GREGORIAN"], true],
  ["its own properties", ["VERSION:2.0", "PRODID:-//Program//EN", 'X-WR-CALNAME;X-P="a;b":My, own'], true],
  ["no PRODID", ["VERSION:2.0"], false],
  ["no VERSION", ["PRODID:-//Program//EN"], false],
  ["two PRODIDs", ["VERSION:2.0", "PRODID:-//Program//EN", "PRODID:-//Other//EN"], false],
  [
    "more than is kept",
    ["VERSION:2.0", "PRODID:-//Program//EN", ...Array.from({ length: 60 }, (_, i) => `X-${i}:${"x".repeat(60)}`)],
    false,
  ],
];

describe("what a program writes of its own is given back octet for octet, RFC 4791 §5.3.4", () => {
  test.each(headings)("%s", async (name, heading, isTold) => {
    const file = `${name.replaceAll(" ", "-")}.ics`;
    const text = textOf(heading, name);
    const made = await put(file, text);
    expect([made.status, made.headers.has("etag")]).toEqual([201, isTold]);
    const got = await get(file);
    if (isTold) expect([got.text, got.headers.get("etag")]).toEqual([text, made.headers.get("etag")]);
    else expect(got.text).toContain("PRODID:-//Parley//");
    expect(got.text).toContain("SUMMARY:Lunch");
    // And written again, as some programs do.
    const again = await put(file, text);
    const now = (await get(file)).headers.get("etag");
    expect([again.status, again.headers.get("etag")]).toEqual([204, isTold ? now : null]);
  });

  test("the one that wrote last is told, and each text has an ETag of its own", async () => {
    const [first, second] = ["-//One//EN", "-//Two//EN"].map((id) =>
      textOf(["VERSION:2.0", `PRODID:${id}`], "both", `X-BY:${id}`),
    );
    const one = (await put("both.ics", first ?? "")).headers.get("etag");
    const two = (await put("both.ics", second ?? "")).headers.get("etag");
    expect(two).not.toBe(one);
    expect((await get("both.ics")).text).toBe(second);
  });

  test("who is invited makes it an object of the house: it is told as we write it", async () => {
    const heading = ["VERSION:2.0", "PRODID:-//Program//EN"];
    expect((await put("mine.ics", textOf(heading, "mine"))).headers.has("etag")).toBe(true);
    const guests = [
      "ORGANIZER:mailto:ann@example.test",
      "ATTENDEE:mailto:ann@example.test",
      "ATTENDEE:mailto:ben@example.test",
    ];
    expect((await put("mine.ics", textOf(heading, "mine", ...guests))).headers.has("etag")).toBe(false);
    expect((await get("mine.ics")).text).toContain("PRODID:-//Parley//");
  });

  test("what something else changes is told as we write it", async () => {
    const text = textOf(["PRODID:-//Program//EN", "VERSION:2.0"], "page");
    const etag = (await put("page.ics", text)).headers.get("etag");
    const { store } = dav.server.house;
    const ann = dav.people["ann"];
    const stored = ann && (await store.read(({ objects }) => objects.byUid(ann.id, "page")));
    if (!ann || !stored?.state.object) throw new Error("it was kept");
    const other = {
      ...stored.state,
      own: { stored: new Map(), written: new Map([["", { properties: [], alarms: [] }]]) },
    };
    await store.write(async ({ objects }) => {
      await objects.byUid(ann.id, "page");
      await objects.save(ann.id, "page", other, { starts: 0, ends: 1 });
    });
    const got = await get("page.ics");
    expect(got.headers.get("etag")).not.toBe(etag);
    expect(got.text).toContain("PRODID:-//Parley//");
  });
});
