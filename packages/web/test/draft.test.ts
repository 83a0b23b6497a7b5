import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, newDraft, readDraft, withAllDay, withFirstDay, withStart } from "../src/form/draft.ts";
import { readGuests, writeGuests } from "../src/form/guests.ts";
import { makeEvent, makeGuest } from "./make-event.ts";

const zone = "Europe/Berlin";
const empty = newDraft(Date.UTC(2027, 2, 1, 8, 10), zone);
const draft = { ...empty, summary: "Review" };

function errorsOf(given: Partial<typeof draft>): Record<string, string> {
  const reading = readDraft({ ...draft, ...given }, zone);
  if (reading.kind === "ok") return {};
  return Object.fromEntries(Object.entries(reading.errors).map(([field, error]) => [field, error.kind]));
}

test("a new draft begins at the next full hour and lasts one", () => {
  expect([empty.start, empty.end, empty.firstDay]).toEqual(["2027-03-01T10:00", "2027-03-01T11:00", "2027-03-01"]);
  expect(newDraft(Date.UTC(2027, 2, 1, 9), zone).start).toBe("2027-03-01T11:00");
});

test.each([
  [{}, {}],
  [{ summary: "  " }, { summary: "missing" }],
  [{ start: "" }, { start: "no-time" }],
  [{ end: "2027-02-30T10:00" }, { end: "no-time" }],
  [{ end: "2027-03-01T09:59" }, { end: "ends-before-start" }],
  [{ end: "2027-03-01T10:00" }, {}],
  [{ allDay: true, lastDay: "2027-02-28" }, { lastDay: "ends-before-start" }],
  [{ allDay: true, firstDay: "" }, { firstDay: "no-date" }],
  [{ guests: "a@b\nnobody" }, { guests: "no-address" }],
  [
    { summary: "", optionalGuests: "@" },
    { summary: "missing", optionalGuests: "no-address" },
  ],
])("%j has the faults %j", (given, faults) => expect(errorsOf(given)).toEqual(faults));

test("hours are sent as instants, days with an exclusive end", () => {
  const hours = readDraft({ ...draft, location: " Hall ", guests: "Ana <ana@example.org>" }, zone);
  expect(hours).toEqual({
    kind: "ok",
    input: {
      summary: "Review",
      start: "2027-03-01T09:00:00Z",
      end: "2027-03-01T10:00:00Z",
      location: "Hall",
      description: "",
      attendees: [{ address: "ana@example.org", name: "Ana", role: "REQ-PARTICIPANT" }],
    },
  });
  const days = readDraft(withAllDay(draft, true), zone);
  expect(days.kind === "ok" && [days.input.start, days.input.end]).toEqual(["2027-03-01", "2027-03-02"]);
});

test.each([
  ["in the second pass of a fold", { start: "2027-10-31T01:30:00Z", end: "2027-10-31T01:45:00Z" }],
  ["with seconds", { start: "2027-03-01T09:00:30Z", end: "2027-03-01T10:00:59Z" }],
  ["over all of two days", { start: "2027-03-01", end: "2027-03-03", allDay: true, timezone: null }],
])("an event %s that is opened and saved is what it was", (_, times) => {
  const roles = ["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"] as const;
  const attendees = roles.map((role, index) =>
    makeGuest(index === 0 ? "jo@example.org" : `${index}@x.example`, { role }),
  );
  const event = makeEvent({ ...times, role: "organizer", location: "Hall", description: " a\nb ", attendees });
  const reading = readDraft(draftOf(event, zone), zone, event);
  expect(reading.kind === "ok" && reading.input).toMatchObject({
    summary: event.summary,
    start: event.start,
    end: event.end,
    location: event.location,
    description: event.description,
  });
  const sent = reading.kind === "ok" ? (reading.input.attendees ?? []) : [];
  expect(Object.fromEntries(sent.map(({ address, role }) => [address, role]))).toEqual(
    Object.fromEntries(attendees.map(({ address, role }) => [address, role])),
  );
});

test("moving the start takes the end along by the clock that runs, not the one that shows", () => {
  const moved = withStart(draft, "2027-03-28T01:30", zone);
  expect([moved.start, moved.end]).toEqual(["2027-03-28T01:30", "2027-03-28T03:30"]);
  expect(withStart(draft, "", zone).end).toBe(draft.end);
  expect(withFirstDay({ ...draft, lastDay: "2027-03-03" }, "2027-12-31").lastDay).toBe("2028-01-02");
});

test("switching to whole days and back keeps times and dates", () => {
  expect(withAllDay(withAllDay(draft, true), false)).toEqual(draft);
});

test.each([
  ["a@b.example", ["a@b.example"]],
  ["a@b, c@d;e@f\n\n g@h ,", ["a@b", "c@d", "e@f", "g@h"]],
  ["Doe, Jane <jane@x.example>, Max <max@x.example>", ["Doe, Jane|jane@x.example", "Max|max@x.example"]],
  ['"Lee, Ann" <ann@x.example>', ["Lee, Ann|ann@x.example"]],
  ["A@b.example\na@B.EXAMPLE", ["A@b.example"]],
  ["mailto:a@b", ["a@b"]],
])("guests of %j", (text, expected) => {
  const reading = readGuests(text);
  expect(
    reading.kind === "ok" && reading.guests.map(({ name, address }) => (name ? `${name}|${address}` : address)),
  ).toEqual(expected);
});

test.each(["nobody", "a@b@c", "a b@c", "Ana <ana>", "<>", `${"x".repeat(320)}@y`])("%j is no guest", (text) => {
  expect(readGuests(text)).toMatchObject({ kind: "invalid" });
});

test("guests written are guests read", () => {
  const address = fc.stringMatching(/^[a-z0-9.+-]{1,12}@[a-z0-9-]{1,12}$/);
  const name = fc.option(fc.stringMatching(/^[A-Za-zäöü,.' -]{1,20}$/).map((text) => text.trim()));
  const guests = fc.uniqueArray(fc.record({ address, name }), { selector: (guest) => guest.address });
  fc.assert(
    fc.property(guests, (list) => {
      const read = readGuests(writeGuests(list));
      expect(read.kind === "ok" && read.guests.map((guest) => guest.address)).toEqual(
        list.map((guest) => guest.address),
      );
    }),
  );
});
