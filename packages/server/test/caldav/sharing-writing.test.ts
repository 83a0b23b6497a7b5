import { describe, expect, test } from "vitest";
import { caldav, ownCloud } from "../../src/caldav/names.ts";
import { dav as davName } from "../../src/dav/xml.ts";
import type { FetchResult } from "../../src/subscriptions/fetch-calendar.ts";
import { subscribe } from "../../src/subscriptions/subscribe.ts";
import { calendarText, conditionOf, entriesOf, eventText, propfind } from "./server.ts";
import {
  anns,
  dav,
  home,
  list,
  namesIn,
  privilegesOf,
  put,
  set,
  share,
  shared,
  useSharing,
  world,
} from "./sharing-world.ts";

useSharing();

describe("whoever writes in another's calendar acts for them", () => {
  const sent = async (person: string) =>
    (
      await dav.server.house.store.read(({ ledger }) => ledger.list(dav.people[person]?.id ?? "", { limit: 100 }))
    ).filter(({ direction }) => direction === "out");
  const cats = async () => {
    const found = await list("cat", `${home("cat")}calendar/`, "1", ["d:getetag"]);
    const texts = await Promise.all(
      [...found.keys()].filter((path) => path.endsWith(".ics")).map((path) => dav.request("cat", "GET", path)),
    );
    return texts.map(({ text }) => text.replace(/\r\n[ \t]/g, "")).join("");
  };

  test("inviting, moving and calling off: the invitation is the owner's, and says by whom", async () => {
    await share(set("mailto:ben@example.test", "read-write"));
    const meeting = (...lines: readonly string[]) =>
      eventText(
        "behalf",
        "ORGANIZER:mailto:ann@example.test",
        "ATTENDEE:mailto:ann@example.test",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:cat@example.test",
        ...lines,
      );
    await put("ben", `${shared}behalf.ics`, meeting());
    await dav.server.worker.drain();
    expect(await cats()).toMatch(/ORGANIZER[^\n]*SENT-BY="mailto:ben@example\.test"[^\n]*:mailto:ann@example\.test/);
    await put(
      "ben",
      `${shared}behalf.ics`,
      meeting("DTSTART:20270303T090000Z", "DTEND:20270303T100000Z", "SEQUENCE:1"),
      204,
    );
    await dav.server.worker.drain();
    expect(await cats()).toContain("DTSTART:20270303T090000Z");
    expect((await dav.request("ben", "DELETE", `${shared}behalf.ics`)).status).toBe(204);
    await dav.server.worker.drain();
    expect(await cats()).toContain("STATUS:CANCELLED");
    expect((await sent("ann")).map(({ method }) => method).slice(0, 3)).toEqual(["CANCEL", "REQUEST", "REQUEST"]);
    expect(await sent("ben")).toEqual([]);
  });

  test("and answering: the answer is the owner's, and says by whom", async () => {
    await share(set("mailto:ben@example.test", "read-write"));
    const asked = eventText(
      "asked",
      "ORGANIZER:mailto:cat@example.test",
      "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.test",
    );
    await put("cat", `${home("cat")}calendar/asked.ics`, asked);
    await dav.server.worker.drain();
    const path = [...(await list("ben", shared, "1", ["d:getetag"])).keys()].find((one) => one.includes("asked")) ?? "";
    const { text } = await dav.request("ben", "GET", path);
    await put("ben", path, text.replace(/PARTSTAT=NEEDS-ACTION(;RSVP=TRUE)?/, "PARTSTAT=ACCEPTED"), 204);
    await dav.server.worker.drain();
    expect(await cats()).toMatch(
      /ATTENDEE[^\n]*PARTSTAT=ACCEPTED[^\n]*SENT-BY="mailto:ben@example\.test"[^\n]*:mailto:ann@example\.test/,
    );
  });
});

describe("sharing as Nextcloud's programs do it", () => {
  const post = (body: string, person = "ann") =>
    dav.request(person, "POST", anns, {
      body: `<o:share xmlns:d="DAV:" xmlns:o="http://owncloud.org/ns">${body}</o:share>`,
    });

  test("names principals, and shows who has accepted", async () => {
    expect(
      (await post("<o:set><d:href>principal:/dav/principals/ben@example.test/</d:href><o:read-write/></o:set>")).status,
    ).toBe(200);
    const asked = {
      body: propfind("o:invite").replace("<d:propfind", '<d:propfind xmlns:o="http://owncloud.org/ns"'),
      headers: { depth: "0" },
    };
    const invite = entriesOf(await dav.request("ann", "PROPFIND", anns, asked))
      .get(anns)
      ?.properties.get(ownCloud("invite"));
    expect(invite && namesIn(invite)).toEqual([ownCloud("user")]);
    await put("ben", `${shared}oc.ics`, eventText("oc"));
    expect((await post("<o:set><d:href>principal:/dav/principals/ben@example.test/</d:href></o:set>")).status).toBe(
      200,
    );
    expect((await dav.request("ben", "DELETE", `${shared}oc.ics`)).status).toBe(403);
    expect(
      (await post("<o:remove><d:href>principal:/dav/principals/ben@example.test/</d:href></o:remove>")).status,
    ).toBe(200);
    expect((await dav.request("ben", "GET", `${shared}oc.ics`)).status).toBe(404);
  });

  test.each([
    ["whoever is nobody here", "<o:set><d:href>mailto:zoe@example.test</d:href></o:set>", "ann", 403],
    ["the owner", "<o:set><d:href>mailto:ann@example.test</d:href></o:set>", "ann", 403],
    ["what is no address", "<o:set><d:href>/etc/passwd</d:href></o:set>", "ann", 403],
    ["nobody named", "<o:set/>", "ann", 403],
    ["a stranger's word", "<o:set><d:href>mailto:ben@example.test</d:href></o:set>", "dan", 404],
    ["more than one request names", "<o:set><d:href>mailto:ben@example.test</d:href></o:set>".repeat(101), "ann", 403],
  ])("not with %s", async (_name, body, person, status) => {
    expect((await post(`<o:set><d:href>mailto:cat@example.test</d:href></o:set>${body}`, person)).status).toBe(status);
    const { id } = await world.calendarOf("ann");
    expect(await dav.server.house.store.read(({ calendars }) => calendars.shares(id))).toEqual([]);
  });

  test("whoever it is shared with does not share it on; nor is anything else posted", async () => {
    await post("<o:set><d:href>mailto:ben@example.test</d:href><o:read-write/></o:set>");
    const body =
      '<o:share xmlns:d="DAV:" xmlns:o="http://owncloud.org/ns"><o:set><d:href>mailto:dan@example.test</d:href></o:set></o:share>';
    for (const path of [shared, anns])
      expect([403, 405]).toContain((await dav.request("ben", "POST", path, { body })).status);
    for (const other of ["", "text", "<x/>"]) {
      expect((await dav.request("ann", "POST", anns, { body: other })).status).toBe(400);
    }
    const empty = await dav.request("ann", "POST", anns, { body: calendarText() });
    expect([empty.status, conditionOf(empty)]).toEqual([403, caldav("supported-calendar-component")]);
  });
});

test("no calendar of one's own takes the place of one that is shared", async () => {
  expect((await dav.request("ben", "MKCALENDAR", `${home("ben")}shared-1/`)).status).toBe(405);
  expect((await dav.request("ben", "MKCALENDAR", `${home("ben")}shared-x/`)).status).toBe(201);
});

test("a calendar from elsewhere is read, named, left, and written by nobody", async () => {
  const { house } = dav.server;
  const there: FetchResult = { kind: "fetched", text: eventText("feed"), validators: {} };
  const { ann } = dav.people;
  const url = "https://feeds.example/secret.ics";
  if (!ann) throw new Error("there is no Ann");
  const result = await subscribe(house, async () => there, ann, { url });
  if (result.kind !== "done") throw new Error("not subscribed");
  const path = `${home("ann")}${result.calendar.slug}/`;
  const [calendar, member] = [...(await list("ann", path, "1", ["d:current-user-privilege-set", "d:getetag"]))];
  expect(privilegesOf(calendar?.[1].properties.get(davName("current-user-privilege-set")))).toEqual([
    "read",
    "read-free-busy",
    "read-current-user-privilege-set",
  ]);
  expect((await dav.request("ann", "GET", member?.[0] ?? "")).text).toContain("SUMMARY:Planning");
  for (const [method, at] of [
    ["PUT", member?.[0] ?? ""],
    ["PUT", `${path}new.ics`],
    ["DELETE", member?.[0] ?? ""],
  ] as const) {
    const reply = await dav.request("ann", method, at, { ...(method === "PUT" && { body: eventText("x") }) });
    expect([reply.status, conditionOf(reply)]).toEqual([403, davName("need-privileges")]);
  }
  const source = { body: propfind("cs:source"), headers: { depth: "0" } };
  expect((await dav.request("ann", "PROPFIND", path, source)).text).toContain(url);
  await house.store.write(({ calendars }) =>
    calendars.share(ann.id, result.calendar.id, dav.people["ben"]?.id ?? "", "write"),
  );
  const bens = `${home("ben")}shared-${result.calendar.id}/`;
  const seen = await dav.request("ben", "PROPFIND", bens, { ...source });
  expect([seen.status, seen.text.includes(url)]).toEqual([207, false]);
  // Nor under its owner's URL, nor by whoever acts for them.
  await house.store.write(({ principals }) => principals.delegate(ann.id, dav.people["dan"]?.id ?? "", "organize"));
  for (const person of ["ben", "dan"]) {
    const other = await dav.request(person, "PROPFIND", path, source);
    expect([person, other.status, other.text.includes(url)]).toEqual([person, 207, false]);
  }
  expect((await dav.request("ben", "PUT", `${bens}new.ics`, { body: eventText("x") })).status).toBe(403);
  expect((await dav.request("ann", "DELETE", path)).status).toBe(204);
  expect((await dav.request("ben", "PROPFIND", bens, source)).status).toBe(404);
});
