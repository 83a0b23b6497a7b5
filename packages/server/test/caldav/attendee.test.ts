import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caldav } from "../../src/caldav/names.ts";
import { importObjects } from "../../src/scheduling/import-objects.ts";
import { calendarText, conditionOf, type Dav, entriesOf, eventText, type Reply, startDav } from "./server.ts";

/** What a guest's program can say beside an answer: another time, a delegate, and that it wants the present version. RFC 5546 §3.2. */
let dav: Dav;
let round = 0;

beforeAll(async () => {
  dav = await startDav(["ann", "ben", "cat"]);
});

afterAll(() => dav.close());

const calendar = (name: string): string => `/dav/calendars/${name}@example.test/calendar/`;
const outbox = "/dav/calendars/ben@example.test/outbox/";
const unfold = (text: string): string => text.replace(/\r\n[ \t]/g, "");
const guest = "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ben@example.test";

interface Invited {
  readonly uid: string;
  readonly path: string;
  /** As Ben's program was given it, unfolded. */
  readonly text: string;
}

/** Ann invites Ben; gives where he has it. */
async function invite(...lines: readonly string[]): Promise<Invited> {
  const uid = `uid${++round}`;
  const body = eventText(uid, "ORGANIZER:mailto:ann@example.test", guest, ...lines);
  expect((await dav.request("ann", "PUT", `${calendar("ann")}${uid}.ics`, { body })).status).toBe(201);
  await dav.server.worker.drain();
  const path = `${calendar("ben")}${uid}.ics`;
  return { uid, path, text: unfold((await dav.request("ben", "GET", path)).text) };
}

async function write(path: string, body: string): Promise<void> {
  expect((await dav.request("ben", "PUT", path, { body })).status).toBe(204);
  await dav.server.worker.drain();
}

/** What somebody sent about a UID, newest first: "METHOD recipients". */
async function sent(name: string, uid: string): Promise<readonly string[]> {
  const id = dav.people[name]?.id ?? "";
  const rows = await dav.server.house.store.read(({ ledger }) => ledger.list(id, { uid, limit: 20 }));
  return rows.filter(({ direction }) => direction === "out").map(({ method, to }) => `${method} ${to.join(" ")}`);
}

async function proposals(uid: string): Promise<readonly unknown[]> {
  const id = dav.people["ann"]?.id ?? "";
  const stored = await dav.server.house.store.read(({ objects }) => objects.byUid(id, uid));
  return [...(stored?.state.proposals.stored.values() ?? [])].map(({ attendee, component, status, comment }) => [
    ...[attendee, component.properties.map(({ name, value }) => `${name}:${value}`).slice(0, 2), status, comment],
  ]);
}

const anns = async (uid: string): Promise<string> =>
  unfold((await dav.request("ann", "GET", `${calendar("ann")}${uid}.ics`)).text);

test("another time that is written is a COUNTER, for whom that is chosen", async () => {
  const { uid, path, text } = await invite();
  const moved = text.replace("DTSTART:20270302T090000Z", "DTSTART:20270302T093000Z");
  await write(path, moved);
  expect(await sent("ben", uid)).toEqual([]);
  const id = dav.people["ben"]?.id ?? "";
  await dav.server.house.store.write(({ preferences }) => preferences.set(id, "edited-times", "propose"));
  await write(path, moved);
  await dav.server.house.store.write(({ preferences }) => preferences.set(id, "edited-times", "restore"));
  expect(await sent("ben", uid)).toEqual(["COUNTER ann@example.test"]);
  expect(await proposals(uid)).toMatchObject([
    ["ben@example.test", expect.arrayContaining(["DTSTART:20270302T093000Z"]), "open", undefined],
  ]);
  expect(unfold((await dav.request("ben", "GET", path)).text)).toContain("DTSTART:20270302T090000Z");
});

describe("a delegate that is written", () => {
  const delegate = (text: string, to: string, more = ""): string =>
    text
      .replace(/(ATTENDEE[^\r\n]*PARTSTAT=)NEEDS-ACTION([^\r\n]*:mailto:ben@example\.test)/, `$1DELEGATED;${to}$2`)
      .replace("END:VEVENT", `${more}END:VEVENT`);
  const cats =
    'ATTENDEE;CN=Cat;PARTSTAT=NEEDS-ACTION;DELEGATED-FROM="mailto:ben@example.test":mailto:cat@example.test\r\n';

  test("is told to the Organizer and gets the invitation, once; they answer for themselves", async () => {
    const { uid, path, text } = await invite();
    await write(path, delegate(text, 'DELEGATED-TO="mailto:cat@example.test"', cats));
    expect([...(await sent("ben", uid))].sort()).toEqual(["REPLY ann@example.test", "REQUEST cat@example.test"]);
    expect(await anns(uid)).toMatch(/^ATTENDEE[^\r\n]*PARTSTAT=DELEGATED[^\r\n]*:mailto:ben@example\.test/m);
    expect(await anns(uid)).toMatch(/^ATTENDEE[^\r\n]*DELEGATED-FROM="mailto:ben@[^\r\n]*:mailto:cat@example\.test/m);
    const catsCopy = `${calendar("cat")}${uid}.ics`;
    const copy = unfold((await dav.request("cat", "GET", catsCopy)).text);
    const accepted = copy.replace(/(PARTSTAT=)NEEDS-ACTION([^\r\n]*:mailto:cat@example\.test)/, "$1ACCEPTED$2");
    expect((await dav.request("cat", "PUT", catsCopy, { body: accepted })).status).toBe(204);
    await dav.server.worker.drain();
    expect(await anns(uid)).toMatch(/^ATTENDEE[^\r\n]*PARTSTAT=ACCEPTED[^\r\n]*:mailto:cat@example\.test/m);
    // What his program is given since and writes back says nothing new.
    const before = await sent("ben", uid);
    await write(path, unfold((await dav.request("ben", "GET", path)).text));
    expect(await sent("ben", uid)).toEqual(before);
  });

  test("for one Instance is of that alone", async () => {
    const { uid, path, text } = await invite("RRULE:FREQ=DAILY;COUNT=3");
    const [, master = ""] = /(BEGIN:VEVENT[\s\S]*END:VEVENT\r\n)/.exec(text) ?? [];
    const one = delegate(master, 'DELEGATED-TO="mailto:cat@example.test"', cats)
      .replace(/RRULE:.*\r\n/, "")
      .replace(/DTSTART:.*\r\n/, "DTSTART:20270303T090000Z\r\nRECURRENCE-ID:20270303T090000Z\r\n")
      .replace(/DTEND:.*\r\n/, "DTEND:20270303T100000Z\r\n");
    await write(path, text.replace("END:VCALENDAR", `${one}END:VCALENDAR`));
    expect([...(await sent("ben", uid))].sort()).toEqual(["REPLY ann@example.test", "REQUEST cat@example.test"]);
    const shown = await anns(uid);
    expect(shown.match(/PARTSTAT=DELEGATED/g)).toHaveLength(1);
    expect(shown).toMatch(/RECURRENCE-ID:20270303T090000Z/);
  });

  test.each([
    ["the Organizer", 'DELEGATED-TO="mailto:ann@example.test"'],
    ["oneself", 'DELEGATED-TO="mailto:ben@example.test"'],
    ["several at once", 'DELEGATED-TO="mailto:cat@example.test","mailto:dan@elsewhere.test"'],
    ["nobody", "X-NOBODY=1"],
  ])("cannot be %s: it stays as it was", async (_, to) => {
    const { uid, path, text } = await invite();
    await write(path, delegate(text, to));
    expect(await sent("ben", uid)).toEqual([]);
    expect(unfold((await dav.request("ben", "GET", path)).text)).toContain("PARTSTAT=NEEDS-ACTION");
  });
});

describe("what is no delegation", () => {
  const delegated = guest.replace("NEEDS-ACTION", 'DELEGATED;DELEGATED-TO="mailto:cat@example.test"');

  test("what the Organizer has said of one, and a program writes back with an alarm", async () => {
    const { house } = dav.server;
    const ben = dav.people["ben"];
    const own = ben && (await house.store.read(({ calendars }) => calendars.bySlug(ben.id, "calendar")));
    if (!ben || !own) throw new Error("he has a calendar");
    const uid = `uid${++round}`;
    const text = eventText(uid, "ORGANIZER:mailto:org@elsewhere.test", delegated);
    expect(await importObjects(house, { caller: ben, owner: ben }, own.id, text)).toMatchObject({ kind: "done" });
    const path = `${calendar("ben")}${uid}.ics`;
    const shown = unfold((await dav.request("ben", "GET", path)).text);
    expect(shown).toContain("PARTSTAT=DELEGATED");
    const alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n";
    await write(path, shown.replace("END:VEVENT", `${alarm}END:VEVENT`));
    expect(await sent("ben", uid)).toEqual([]);
    expect(unfold((await dav.request("ben", "GET", path)).text)).toContain("TRIGGER:-PT5M");
    // To somebody else it is one.
    await write(path, shown.replace("mailto:cat@", "mailto:ann@"));
    expect([...(await sent("ben", uid))].sort()).toEqual(["REPLY org@elsewhere.test", "REQUEST ann@example.test"]);
  });

  test("what somebody writes who may answer for a guest, and not more", async () => {
    const [ben, cat] = [dav.people["ben"], dav.people["cat"]];
    if (!ben || !cat) throw new Error("they are there");
    const { uid, path, text } = await invite();
    const put = (body: string) => dav.request("cat", "PUT", path, { body });
    const asWritten = text.replace(
      /PARTSTAT=NEEDS-ACTION([^\r\n]*:mailto:ben@)/,
      'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:x@elsewhere.test"$1',
    );
    expect(asWritten).not.toBe(text);
    await dav.server.house.store.write(({ principals }) => principals.delegate(ben.id, cat.id, "respond"));
    expect((await put(asWritten)).status).toBe(204);
    await dav.server.worker.drain();
    expect(await sent("ben", uid)).toEqual([]);
    await dav.server.house.store.write(({ principals }) => principals.delegate(ben.id, cat.id, "organize"));
    expect((await put(asWritten)).status).toBe(204);
    await dav.server.worker.drain();
    expect([...(await sent("ben", uid))].sort()).toEqual(["REPLY ann@example.test", "REQUEST x@elsewhere.test"]);
  });
});

describe("what is posted to the outbox", () => {
  const post = (method: string, ...lines: readonly string[]): Promise<Reply> =>
    dav.request("ben", "POST", outbox, {
      body: calendarText(`METHOD:${method}`, "BEGIN:VEVENT", "DTSTAMP:20270301T090000Z", ...lines, "END:VEVENT"),
      headers: { "content-type": "text/calendar" },
    });
  const organizer = "ORGANIZER:mailto:ann@example.test";
  const own = "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.test";
  const later = ["DTSTART:20270302T140000Z", "DTEND:20270302T150000Z", "SUMMARY:Planning"];
  const said = (reply: Reply): string =>
    reply.xml?.name === caldav("schedule-response")
      ? (/<cal:request-status>(.*)<\/cal:request-status>/.exec(reply.text)?.[1] ?? "")
      : "";

  test("a COUNTER goes to the Organizer, with the answer and the words it has", async () => {
    const { uid } = await invite();
    const reply = await post("COUNTER", `UID:${uid}`, organizer, own, ...later, "COMMENT:After lunch\\, please");
    expect([reply.status, said(reply)]).toEqual([200, "1.0;Pending"]);
    await dav.server.worker.drain();
    expect(await sent("ben", uid)).toEqual(["COUNTER ann@example.test"]);
    expect(await proposals(uid)).toMatchObject([
      ["ben@example.test", expect.arrayContaining(["DTSTART:20270302T140000Z"]), "open", "After lunch, please"],
    ]);
    expect(await anns(uid)).toMatch(/PARTSTAT=DECLINED[^\r\n]*ben@/);
  });

  test("a COUNTER can be of one Instance", async () => {
    const { uid } = await invite("RRULE:FREQ=DAILY;COUNT=3");
    const one = ["RECURRENCE-ID:20270303T090000Z", "DTSTART:20270303T140000Z", "DTEND:20270303T150000Z"];
    expect((await post("COUNTER", `UID:${uid}`, organizer, own, "SUMMARY:Planning", ...one)).status).toBe(200);
    await dav.server.worker.drain();
    expect(await proposals(uid)).toMatchObject([
      ["ben@example.test", expect.arrayContaining(["DTSTART:20270303T140000Z"]), "open", undefined],
    ]);
    expect((await anns(uid)).match(/PARTSTAT=DECLINED/g)).toHaveLength(1);
  });

  test("a REFRESH asks the Organizer for the present version, who sends it", async () => {
    const { uid } = await invite();
    const reply = await post("REFRESH", `UID:${uid}`, organizer, own);
    expect([reply.status, said(reply)]).toEqual([200, "1.0;Pending"]);
    await dav.server.worker.drain();
    expect(await sent("ben", uid)).toEqual(["REFRESH ann@example.test"]);
    expect(await sent("ann", uid)).toEqual(["REQUEST ben@example.test", "REQUEST ben@example.test"]);
  });

  test.each<
    [what: string, method: string, lines: (uid: string) => readonly string[], status: number, condition: string]
  >([
    ["of what is not there", "COUNTER", () => ["UID:none", organizer, own, ...later], 403, "valid-organizer"],
    [
      "to another organizer",
      "COUNTER",
      (uid) => [`UID:${uid}`, "ORGANIZER:mailto:cat@example.test", own, ...later],
      403,
      "valid-organizer",
    ],
    [
      "by somebody else",
      "REFRESH",
      (uid) => [`UID:${uid}`, organizer, "ATTENDEE:mailto:cat@example.test"],
      403,
      "valid-scheduling-message",
    ],
    ["by nobody", "REFRESH", (uid) => [`UID:${uid}`, organizer], 403, "valid-scheduling-message"],
    [
      "of the time it has",
      "COUNTER",
      (uid) => [`UID:${uid}`, organizer, own, "DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"],
      403,
      "valid-scheduling-message",
    ],
    ["that is an answer", "REPLY", (uid) => [`UID:${uid}`, organizer, own, ...later], 400, "valid-scheduling-message"],
    ["that invites", "REQUEST", (uid) => [`UID:${uid}`, organizer, own, ...later], 400, "valid-scheduling-message"],
  ])("is refused: a message %s", async (_, method, lines, status, condition) => {
    const { uid } = await invite();
    const reply = await post(method, ...lines(uid));
    expect([reply.status, conditionOf(reply)]).toEqual([status, caldav(condition)]);
    expect(await sent("ben", uid)).toEqual([]);
  });

  test("is nobody else's to post", async () => {
    const { uid } = await invite();
    const [owner, delegate] = [dav.people["ben"]?.id ?? "", dav.people["cat"]?.id ?? ""];
    await dav.server.house.store.write(({ principals }) => principals.delegate(owner, delegate, "organize"));
    const body = calendarText("METHOD:REFRESH", "BEGIN:VEVENT", `UID:${uid}`, organizer, own, "END:VEVENT");
    expect((await dav.request("cat", "POST", outbox, { body })).status).toBe(404);
    expect(entriesOf(await dav.request("ben", "PROPFIND", outbox, { headers: { depth: "0" } })).size).toBe(1);
  });
});
