import { makeComponent } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import { drain } from "../scheduling/house.ts";
import { calendarObject, property } from "../store/fixtures.ts";
import {
  api,
  ask,
  begin,
  day,
  endApi,
  eventOf,
  guest,
  hiddenOf,
  invite,
  ledger,
  noticeOf,
  partstatOf,
  planning,
  send,
  tokenFor,
} from "./answer-links.ts";
import { ann, start } from "./api.ts";

endApi();

describe("an answer by link", () => {
  const answers: readonly (readonly [answer: string, partstat: string, method: string])[] = [
    ["accept", "ACCEPTED", "REPLY"],
    ["tentative", "TENTATIVE", "REPLY"],
    ["decline", "DECLINED", "REPLY"],
  ];
  test.each(answers)("%s is a %s in a %s, in the ledger with its rule", async (answer, partstat, method) => {
    await begin();
    const { id } = await invite();
    const token = await tokenFor();
    const page = await send(token, { answer, comment: "See\r\nyou <there>" });
    expect(page.status).toBe(200);
    expect(noticeOf(page)).toContain("Your answer has been sent.");
    expect(page.text).toContain("Your answer so far");
    const { attendees } = await eventOf(id);
    expect(attendees.at(-1)).toMatchObject({
      address: guest,
      partstat,
      comment: "See\nyou <there>",
      delivery: "answered",
    });
    const [row] = await ledger();
    expect(row).toMatchObject({
      ...{ direction: "in", method, from: guest, verdict: "applied", rule: "RFC 5546 §3.2.3" },
      evidence: `Answered on the web, by the link that ${guest} was sent.`,
    });
    // Nobody but the organizer hears of it.
    expect(await drain(api.house)).toEqual([]);
  });

  test("that proposes another time is a COUNTER, which the organizer decides about", async () => {
    await begin();
    const { id } = await invite();
    const token = await tokenFor();
    const fields = { answer: "propose", day: "2027-03-03", from: "14:30", to: "15:00", comment: "Later?" };
    const page = await send(token, fields);
    expect([page.status, noticeOf(page)]).toEqual([
      200,
      "Your proposal has been sent. The organizer decides about it.",
    ]);
    expect(await partstatOf(id)).toBe("TENTATIVE");
    expect((await eventOf(id)).start).toBe("2027-03-02T09:00:00Z");
    const [row] = await ledger();
    expect(row).toMatchObject({ method: "COUNTER", verdict: "applied", rule: "RFC 5546 §3.2.7" });
    // Entered by the clock of Berlin, which is Ann's.
    expect(row.changes.map(({ text }: { text: string }) => text).join()).toContain("3 March 2027, 14:30");
  });

  const lengths: readonly (readonly [name: string, over: object, fields: Record<string, string>, ends: string])[] = [
    ["of an hour, without an end", {}, { from: "14:00", to: "" }, "15:00"],
    ["into the night", {}, { from: "23:30", to: "00:15" }, "4 March 2027, 00:15"],
    ["of days", { end: "2027-03-04T10:00:00Z" }, { from: "09:00", to: "12:00" }, "5 March 2027, 12:00"],
    ["of whole days", { start: "2027-03-02", end: "2027-03-04" }, {}, "4 March 2027"],
  ];
  test.each(lengths)("that proposes another time for something %s", async (_name, over, fields, ends) => {
    await begin();
    await invite(over);
    const page = await send(await tokenFor(), { answer: "propose", day: "2027-03-03", ...fields });
    expect(page.status).toBe(200);
    const [{ changes }] = await ledger();
    expect(changes.map(({ text }: { text: string }) => text).join()).toContain(ends);
  });

  const wrong: readonly (readonly [name: string, fields: Record<string, string>, status: number, says: string])[] = [
    ["nothing chosen", {}, 422, "Please choose an answer."],
    ["no day", { answer: "propose", day: "", from: "10:00", to: "11:00" }, 422, "Please enter a day"],
    ["a day that is none", { answer: "propose", day: "2027-02-30", from: "10:00", to: "" }, 422, "Please enter a day"],
    [
      "an hour that is none",
      { answer: "propose", day: "2027-03-02", from: "25:00", to: "" },
      422,
      "Please enter a day",
    ],
    ["the same time", { answer: "propose", day: "2027-03-02", from: "10:00", to: "11:00" }, 409, "That is the time"],
    ["a date that is none", { answer: "accept", date: "20270309T090000Z" }, 409, "could not be taken"],
    ["a date that is no date", { answer: "accept", date: "__proto__" }, 409, "could not be taken"],
  ];
  test.each(wrong)("with %s keeps nothing, and the form says why", async (_name, fields, status, says) => {
    await begin();
    await invite();
    const token = await tokenFor();
    const before = await ledger();
    const page = await send(token, { ...fields, comment: "<b>kept</b>" });
    expect([page.status, noticeOf(page)]).toEqual([status, expect.stringContaining(says)]);
    expect(page.text).toContain("&lt;b&gt;kept&lt;/b&gt;</textarea>");
    expect(await ledger()).toEqual(before);
  });

  test("and one from their calendar: the later counts, whichever that is", async () => {
    await begin();
    const { id } = await invite();
    const token = await tokenFor();
    const { uid } = await eventOf(id);
    const reply = (partstat: string, dtstamp: string) =>
      deliverMail(api.house, replyMail(uid, partstat, dtstamp), [ann], "outside");
    api.clock.now = start + 10;
    await send(token, { answer: "accept" });
    await reply("DECLINED", "20270301T080005Z");
    expect(await partstatOf(id)).toBe("ACCEPTED");
    api.clock.now = start + 30;
    await reply("DECLINED", "20270301T080020Z");
    expect(await partstatOf(id)).toBe("DECLINED");
    expect((await ask(token)).text).toContain("<dd>Declined</dd>");
    await send(token, { answer: "tentative" });
    expect(await partstatOf(id)).toBe("TENTATIVE");
  });

  test("to a time that has changed since is not kept: the present one is shown", async () => {
    await begin();
    const { id } = await invite();
    const old = await tokenFor();
    const form = hiddenOf(await ask(old));
    api.clock.now += 60;
    const moved = { ...planning, start: "2027-03-04T09:00:00Z", end: "2027-03-04T10:00:00Z" };
    const body = { ...moved, attendees: [{ address: guest }] };
    expect((await api.call("PUT", `/api/events/${id}`, { as: ann, body })).status).toBe(200);
    const page = await ask(old, { method: "POST", body: new URLSearchParams({ ...form, answer: "accept" }) });
    expect([page.status, noticeOf(page)]).toEqual([409, expect.stringContaining("has just changed")]);
    expect(page.text).toContain("Thursday, 4 March 2027");
    expect(page.text).toContain('value="accept" required checked>');
    expect(await partstatOf(id)).toBe("NEEDS-ACTION");
    // Who opens the old mail now is told, and answers the present time.
    expect(noticeOf(await ask(old))).toContain("has changed since your mail was sent");
    expect(noticeOf(await ask(await tokenFor()))).toBe("");
    expect((await send(old, { answer: "accept" })).status).toBe(200);
    expect(await partstatOf(id)).toBe("ACCEPTED");
  });

  test("is taken so often in a day and no more", async () => {
    await begin();
    await invite();
    const token = await tokenFor();
    const statuses: number[] = [];
    for (let count = 0; count < 31; count++) {
      api.clock.now += 1;
      statuses.push((await send(token, { answer: count % 2 === 0 ? "accept" : "decline" })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 200), 429]);
    api.clock.now += day;
    expect((await send(token, { answer: "accept" })).status).toBe(200);
  });
});

function replyMail(uid: string, partstat: string, dtstamp: string): Uint8Array {
  const calendar = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//guest//EN", "METHOD:REPLY", "BEGIN:VEVENT"],
    ...[`UID:${uid}`, `DTSTAMP:${dtstamp}`, "SEQUENCE:0", `ORGANIZER:mailto:${ann}`],
    ...[`ATTENDEE;PARTSTAT=${partstat}:mailto:${guest}`, "END:VEVENT", "END:VCALENDAR", ""],
  ];
  const header = [`From: ${guest}`, `Message-ID: <${dtstamp}@elsewhere.test>`, "MIME-Version: 1.0"];
  const type = "Content-Type: text/calendar; charset=utf-8; method=REPLY";
  return new TextEncoder().encode([...header, type, "", ...calendar].join("\r\n"));
}

describe("a link of a series", () => {
  const uid = "series@example.test";
  async function inviteToSeries(): Promise<void> {
    const [organizer] = [api.people[ann]];
    if (!organizer) throw new Error("nobody organizes");
    const result = await changeObject(api.house, organizer, { uid }, () => series("Weekly"));
    expect(result.kind).toBe("done");
  }
  const lines = (summary: string, ...more: readonly string[]) => [
    ...[property("UID", uid), property("SUMMARY", summary), property("DTSTAMP", "20270301T080000Z")],
    ...[property("ORGANIZER", `mailto:${ann}`), property("ATTENDEE", `mailto:${guest}`)],
    ...more.map((line) => property(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1))),
  ];
  const series = (summary: string, ...overrides: ReturnType<typeof makeComponent>[]) => {
    const times = ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z", "RRULE:FREQ=WEEKLY"];
    return calendarObject(makeComponent("VEVENT", lines(summary, ...times)), ...overrides);
  };

  async function answersOf(): Promise<Record<string, string>> {
    const { id } = api.people[ann] ?? { id: "" };
    const stored = await api.house.store.read(({ objects }) => objects.byUid(id, uid));
    const said = [...(stored?.state.participations.stored ?? new Map()).values()];
    return Object.fromEntries(said.filter(({ attendee }) => attendee === guest).map((one) => [one.key, one.partstat]));
  }

  test("answers the whole, or one of the next dates; for another time one date is to be named", async () => {
    await begin();
    await inviteToSeries();
    const token = await tokenFor();
    const page = await ask(token);
    const dates = [...page.text.matchAll(/name="date" value="([^"]*)"/g)].map(([, value]) => value);
    expect(dates).toEqual([
      "all",
      ...[2, 9, 16, 23, 30].map((one) => march(one)),
      ...[6, 13, 20, 27].map(april),
      "20270504T090000Z",
    ]);
    api.clock.now += 1;
    expect((await send(token, { answer: "accept", date: "all" })).status).toBe(200);
    api.clock.now += 1;
    expect((await send(token, { answer: "decline", date: march(9) })).status).toBe(200);
    expect(await answersOf()).toEqual({ "": "ACCEPTED", [march(9)]: "DECLINED" });
    const later = { answer: "propose", day: "2027-03-17", from: "12:00", to: "" };
    const unnamed = await send(token, { ...later, date: "all" });
    expect([unnamed.status, noticeOf(unnamed)]).toEqual([422, expect.stringContaining("the one date")]);
    api.clock.now += 1;
    expect((await send(token, { ...later, date: march(16) })).status).toBe(200);
    expect((await ledger())[0]).toMatchObject({ method: "COUNTER", verdict: "applied" });
    expect(await answersOf()).toEqual({ "": "ACCEPTED", [march(9)]: "DECLINED", [march(16)]: "TENTATIVE" });
  });

  test("goes on while it is used, and ends about a year after", async () => {
    await begin();
    await inviteToSeries();
    const token = await tokenFor();
    api.clock.now = start + 390 * day;
    expect((await send(token, { answer: "accept", date: "all" })).status).toBe(200);
    api.clock.now = start + 780 * day;
    expect((await ask(token)).status).toBe(200);
    api.clock.now = start + 791 * day;
    expect((await ask(token)).status).toBe(404);
  });

  test("that came in a mail about one date is for that date alone", async () => {
    await begin();
    await inviteToSeries();
    await drain(api.house);
    api.clock.now += 60;
    const organizer = api.people[ann];
    if (!organizer) throw new Error("nobody organizes");
    const moved = ["RECURRENCE-ID:20270316T090000Z", "DTSTART:20270316T120000Z", "DTEND:20270316T130000Z"];
    const override = makeComponent("VEVENT", lines("Weekly", ...moved));
    expect((await changeObject(api.house, organizer, { uid }, () => series("Weekly", override))).kind).toBe("done");
    const token = await tokenFor();
    const page = await ask(token);
    expect(hiddenOf(page)).toMatchObject({ date: march(16) });
    expect(page.text).not.toContain('type="radio" name="date"');
    api.clock.now += 1;
    for (const date of ["all", march(9)]) expect((await send(token, { answer: "accept", date })).status).toBe(404);
    expect(await answersOf()).toEqual({});
    expect((await send(token, { answer: "accept" })).status).toBe(200);
    expect(await answersOf()).toEqual({ [march(16)]: "ACCEPTED" });
  });
});

const march = (date: number): string => `202703${String(date).padStart(2, "0")}T090000Z`;
const april = (date: number): string => `202704${String(date).padStart(2, "0")}T090000Z`;
