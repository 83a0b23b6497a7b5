import { parseAddress } from "@parley/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caldav } from "../../src/caldav/names.ts";
import { calendarText, conditionOf, type Dav, eventText, startDav } from "./server.ts";

let dav: Dav;
const home = "/dav/calendars/ann@example.test/";

beforeAll(async () => {
  dav = await startDav(["ann", "ben"]);
});

afterAll(() => dav.close());

const ann = (method: string, path: string, body: string, headers: Record<string, string> = {}) =>
  dav.request("ann", method, path, { body, headers });

describe("the outbox", () => {
  const ask = (...lines: readonly string[]) =>
    calendarText(
      "METHOD:REQUEST",
      "BEGIN:VFREEBUSY",
      "UID:fb",
      "DTSTAMP:20270301T000000Z",
      "DTSTART:20280302T000000Z",
      "DTEND:20280303T000000Z",
      ...lines,
      "END:VFREEBUSY",
    );
  const path = `${home}outbox/`;

  test("CALSCHED-5-04 tells when people are busy, and of whom nobody knows, RFC 6638 §5", async () => {
    await dav.request("ben", "PUT", "/dav/calendars/ben@example.test/calendar/b.ics", {
      body: eventText("b", "DTSTART:20280302T090000Z", "DTEND:20280302T100000Z", "SUMMARY:Secret"),
    });
    const people = ["ben@example.test", "BEN@EXAMPLE.TEST", "nobody@example.test", "eve@elsewhere.test"];
    const reply = await ann(
      "POST",
      path,
      ask("ORGANIZER:MAILTO:Ann@Example.test", ...people.map((one) => `ATTENDEE:mailto:${one}`)),
      {
        "content-type": "text/calendar",
      },
    );
    expect([reply.status, reply.xml?.name]).toEqual([200, caldav("schedule-response")]);
    expect(reply.text).toContain("<cal:request-status>2.0;Success</cal:request-status>");
    expect(reply.text).toContain("FREEBUSY;FBTYPE=BUSY:20280302T090000Z/20280302T100000Z");
    expect(reply.text).toContain("3.7;Invalid calendar user");
    expect(reply.text).toContain("5.3;No scheduling support for user");
    expect(reply.text).not.toContain("Secret");
  });

  test.each([
    [
      "another's question",
      ask("ORGANIZER:mailto:ben@example.test", "ATTENDEE:mailto:ann@example.test"),
      403,
      "valid-organizer",
    ],
    ["no question", eventText("x"), 400, "valid-scheduling-message"],
    ["no calendar", "hello", 400, "valid-calendar-data"],
    [
      "ten years",
      ask("ORGANIZER:mailto:ann@example.test").replace("20280303T", "20380303T"),
      400,
      "valid-scheduling-message",
    ],
    [
      "too many people",
      ask(
        "ORGANIZER:mailto:ann@example.test",
        ...[...Array(101).keys()].map((one) => `ATTENDEE:mailto:p${one}@example.test`),
      ),
      403,
      "max-attendees-per-instance",
    ],
  ])(
    "CALSCHED-5-01 CALSCHED-5-03 CALSCHED-5.2-01 CALSCHED-5.2.1-01 CALSCHED-5.2.2-01 CALSCHED-11.3-01 refuses %s",
    async (_, body, status, condition) => {
      const reply = await ann("POST", path, body, { "content-type": "text/calendar" });
      expect([reply.status, conditionOf(reply)]).toEqual([status, caldav(condition)]);
    },
  );

  test("asks people elsewhere by mail where its owner likes, and tells what they told", async () => {
    const { store } = dav.server.house;
    const id = dav.people["ann"]?.id ?? "";
    const question = () =>
      ann("POST", path, ask("ORGANIZER:mailto:ann@example.test", "ATTENDEE:mailto:eve@elsewhere.test"));
    const queued = () =>
      store.read(({ queue }) => queue.count({ states: ["queued", "deferred", "handed-over"], principal: id }));
    const before = await queued();
    await question();
    expect(await queued()).toBe(before);
    await store.write(({ preferences }) => preferences.set(id, "ask-by-mail", "on"));
    expect((await question()).text).toContain("5.3;");
    expect(await queued()).toBe(before + 1);
    await question();
    expect(await queued()).toBe(before + 1);
    const address = parseAddress("eve@elsewhere.test");
    if (!address) throw new Error("no address");
    const [from, to] = [Date.UTC(2028, 2, 2) / 1_000, Date.UTC(2028, 2, 3) / 1_000];
    const periods = [{ from: from + 3_600, to: from + 7_200, type: "BUSY" }] as const;
    const toldAt = dav.clock.now;
    const report = { address, uid: "told", dtstamp: toldAt, range: { from, to }, periods, toldAt };
    await store.write(({ knownBusy }) => knownBusy.remember(id, report, toldAt + 1_000));
    expect((await question()).text).toContain("FREEBUSY;FBTYPE=BUSY:20280302T010000Z/20280302T020000Z");
  });
});
