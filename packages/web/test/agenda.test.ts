import { expect, test } from "vitest";
import { agendaOf, conflictsOf, spanOf, waitingOf } from "../src/time/agenda.ts";
import { showDay, showHours, showWhen } from "../src/time/show.ts";
import { makeEvent } from "./make-event.ts";

const zone = "Europe/Berlin";
const now = Date.UTC(2027, 2, 1, 9, 30);
const allDay = { allDay: true, timezone: null } as const;

function linesOf(events: Parameters<typeof agendaOf>[0], today = "2027-03-01", days = 14): readonly string[] {
  return agendaOf(events, zone, today, days).flatMap(({ date, items }) =>
    items.map(({ event, day, days: count }) => `${date} ${event.uid} ${day}/${count}`),
  );
}

test("an event is on each of its days, from today on and within the horizon", () => {
  const offsite = makeEvent({ uid: "offsite", start: "2027-02-27", end: "2027-03-04", ...allDay });
  expect(linesOf([offsite])).toEqual(["2027-03-01 offsite 3/5", "2027-03-02 offsite 4/5", "2027-03-03 offsite 5/5"]);
  expect(linesOf([offsite], "2027-03-01", 2)).toHaveLength(2);
  expect(linesOf([offsite], "2027-03-04")).toEqual([]);
});

test("days are the viewer's, and midnight ends a day without touching the next", () => {
  const late = makeEvent({ uid: "late", start: "2027-03-01T22:00:00Z", end: "2027-03-01T23:00:00Z" });
  const night = makeEvent({ uid: "night", start: "2027-03-01T23:30:00Z", end: "2027-03-02T00:30:00Z" });
  expect(linesOf([night, late])).toEqual(["2027-03-01 late 1/1", "2027-03-02 night 1/1"]);
});

test("a meeting that is the viewer's too is there once, and one at another time is told", () => {
  const shared = { calendar: "shared-1", owner: "ann@example.test", name: "Ann" };
  const [own, anns] = [makeEvent({ uid: "both" }), makeEvent({ uid: "both", id: "2", role: "none", shared })];
  expect(linesOf([anns, own])).toEqual(["2027-03-01 both 1/1"]);
  expect(agendaOf([anns, own], zone, "2027-03-01", 14)[0]?.items[0]?.event).toBe(own);
  expect(linesOf([{ ...anns, start: "2027-03-01T08:00:00Z" }, own])).toHaveLength(2);
  expect(linesOf([anns])).toHaveLength(1);
});

test("within a day whole-day events come first, then by time", () => {
  const noon = makeEvent({ uid: "noon", start: "2027-03-01T11:00:00Z", end: "2027-03-01T12:00:00Z" });
  const whole = makeEvent({ uid: "whole", start: "2027-03-01", end: "2027-03-02", ...allDay });
  expect(linesOf([noon, makeEvent({ uid: "ten" }), whole]).map((line) => line.split(" ")[1])).toEqual([
    "whole",
    "ten",
    "noon",
  ]);
});

test.each([
  ["an invitation", {}, true],
  ["one that is answered", { answer: { partstat: "DECLINED", comment: null } }, false],
  ["one that is cancelled", { status: "CANCELLED" }, false],
  ["what one organizes", { role: "organizer", answer: null }, false],
  ["one that runs now", { end: "2027-03-01T09:31:00Z" }, true],
  ["one that is over", { end: "2027-03-01T09:30:00Z" }, false],
  ["a series whose first is over", { end: "2027-03-01T09:10:00Z", recurring: true }, true],
] as const)("waiting for an answer: %s", (_, given, waits) => {
  expect(waitingOf([makeEvent(given)], zone, now)).toHaveLength(waits ? 1 : 0);
});

test.each([
  ["the same time", {}, true],
  ["a minute of it", { start: "2027-03-01T09:59:00Z", end: "2027-03-01T12:00:00Z" }, true],
  ["right after it", { start: "2027-03-01T10:00:00Z", end: "2027-03-01T11:00:00Z" }, false],
  ["declined", { answer: { partstat: "DECLINED", comment: null } }, false],
  ["cancelled", { status: "CANCELLED" }, false],
  ["the whole day", { ...allDay, start: "2027-03-01", end: "2027-03-02" }, false],
  ["itself", { uid: "1@example.org" }, false],
] as const)("a conflict: %s", (_, given, conflicts) => {
  const other = makeEvent({ uid: "other", ...given });
  expect(conflictsOf(makeEvent(), [other], zone)).toHaveLength(conflicts ? 1 : 0);
  const shared = { calendar: "shared-1", owner: "jo@example.org", name: "Jo" };
  expect(conflictsOf(makeEvent(), [{ ...other, shared }], zone)).toEqual([]);
});

test("a whole day is the viewer's whole day, a short one too", () => {
  const span = spanOf({ start: "2027-03-28", end: "2027-03-29", allDay: true }, zone);
  expect([span.to - span.from, span.firstDate, span.lastDate]).toEqual([23 * 3_600_000, "2027-03-28", "2027-03-28"]);
});

test("times are said in the viewer's zone, and in the organizer's where it shows another", () => {
  const away = makeEvent({ timezone: "America/New_York" });
  expect(showWhen(away, zone, now)).toEqual({ mine: "Mon 1 March, 10:00–11:00", theirs: "04:00–05:00 in New York" });
  expect(showWhen(makeEvent({ timezone: "Asia/Tokyo", end: "2027-03-01T16:00:00Z" }), zone, now).theirs).toContain(
    "2 March",
  );
  expect(showWhen(makeEvent({ timezone: "Europe/Paris" }), zone, now).theirs).toBeNull();
  expect(showWhen(makeEvent({ timezone: "Nowhere/Else" }), zone, now).theirs).toBeNull();
  expect(showWhen(makeEvent(), zone, Date.UTC(2026, 5, 1)).mine).toContain("2027");
});

test("days are named by their distance, hours by their place in a long event", () => {
  expect(showDay("2027-03-01", "2027-03-01")).toBe("Today, Monday 1 March");
  expect(showDay("2027-03-02", "2027-03-01")).toBe("Tomorrow, Tuesday 2 March");
  expect(showDay("2028-01-03", "2027-03-01")).toContain("2028");
  const long = makeEvent({ end: "2027-03-03T10:00:00Z" });
  expect([1, 2, 3].map((day) => showHours(long, zone, day, 3))).toEqual(["From 10:00", "All day", "Until 11:00"]);
});
