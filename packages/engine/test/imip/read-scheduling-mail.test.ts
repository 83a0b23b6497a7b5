import { defaultLimits } from "@parley/engine";
import { type MailPart, readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { describe, expect, test } from "vitest";
import { calendar, calendarLeaf, invitation, leaf, mailOf, multipart, octets } from "./mails.ts";

const read = (root: MailPart, over = {}): ReturnType<typeof readSchedulingMail> =>
  readSchedulingMail(mailOf(root, over), intlZoneProvider, defaultLimits);

const answer = (uid: string, ...attendees: readonly string[]): Uint8Array =>
  calendar("REPLY", `UID:${uid}`, "ORGANIZER:mailto:ann@example.test", ...attendees.map((line) => `ATTENDEE${line}`));

describe("one message", () => {
  test.each([
    ["method in both places", calendarLeaf(invitation)],
    ["method in the calendar only", calendarLeaf(invitation, "")],
    [
      "method in the parameter only",
      calendarLeaf(calendar("", "UID:one@example.test", "ORGANIZER:mailto:ann@example.test")),
    ],
    ["methods that differ in case", calendarLeaf(invitation, "Request")],
    [
      "the same calendar twice",
      multipart("mixed", calendarLeaf(invitation), leaf("application/ics", { bytes: invitation })),
    ],
    [
      "the same calendar written differently",
      multipart(
        "mixed",
        calendarLeaf(invitation),
        calendarLeaf(octets(new TextDecoder().decode(invitation).replaceAll("\r\n", "\n"))),
      ),
    ],
    [
      "a calendar beside one that cannot be read",
      multipart("mixed", calendarLeaf(octets("hello")), leaf("application/ics", { bytes: invitation })),
    ],
    ["UTF-16", calendarLeaf(utf16(invitation), "REQUEST", "UTF-16LE")],
  ])("%s", (_, root) => {
    const reading = read(root);
    expect(reading).toMatchObject({
      kind: "messages",
      messages: [{ method: "REQUEST", originator: "ann@example.test", object: { uid: "one@example.test" } }],
    });
    expect(reading.kind === "messages" && reading.messages.length).toBe(1);
  });

  function utf16(bytes: Uint8Array): Uint8Array {
    return Uint8Array.from([...new TextDecoder().decode(bytes)].flatMap((unit) => [unit.charCodeAt(0), 0]));
  }
});

test("parts of one UID and method are messages each: the series, and an instance of it", () => {
  const instance = calendar(
    "REQUEST",
    "UID:one@example.test",
    "RECURRENCE-ID:20270317T090000Z",
    "ORGANIZER:mailto:ann@example.test",
  );
  const reading = read(multipart("mixed", calendarLeaf(invitation), calendarLeaf(instance)));
  expect(reading.kind === "messages" && reading.messages.map(({ object }) => object.overrides.size)).toEqual([0, 1]);
});

test("what is wrong with the mail and its calendars is handed on", () => {
  const broken = octets("garbage");
  const root = multipart("mixed", calendarLeaf(invitation, "REQUEST", "x-none"), calendarLeaf(broken));
  const reading = read(root, { problems: ["cut short"] });
  expect(reading.kind === "messages" && reading.problems.join("\n")).toMatch(/cut short\n.*x-none.*\n.*left out/s);
});

describe("who speaks", () => {
  const from = (address: string): object => ({ from: [{ address }] });
  test.each([
    ["the Organizer of a REQUEST, whoever it is From", invitation, from("x@else.test"), "ann@example.test"],
    [
      "the one Attendee of a REPLY, whoever it is From",
      answer("a", ":mailto:Ben@Example.test"),
      from("x@else.test"),
      "ben@example.test",
    ],
    [
      "of several Attendees the one it is From",
      answer("a", ";PARTSTAT=DELEGATED:mailto:ben@example.test", ":mailto:clara@partner.test"),
      from("clara@partner.test"),
      "clara@partner.test",
    ],
    [
      "of several Attendees the one it is SENT-BY",
      answer("a", ":mailto:ben@example.test", ';SENT-BY="mailto:secretary@partner.test":mailto:clara@partner.test'),
      from("secretary@partner.test"),
      "clara@partner.test",
    ],
    ["the sender where no Attendee is named", answer("a"), from("ben@example.test"), "ben@example.test"],
    [
      "nobody where several Attendees are others",
      answer("a", ":mailto:b@x.test", ":mailto:c@x.test"),
      from("d@x.test"),
      undefined,
    ],
    [
      "nobody where no Attendee is named and there are two senders",
      answer("a"),
      { from: [{ address: "a@x.test" }, { address: "b@x.test" }] },
      undefined,
    ],
  ])("%s", (_, bytes, over, originator) => {
    const reading = read(calendarLeaf(bytes, ""), over);
    expect(reading.kind === "messages" && reading.messages[0]?.originator).toBe(originator);
  });
});

describe("what cannot be acted on", () => {
  const uid = "UID:one@example.test";
  const other = calendar("REQUEST", "UID:two@example.test", "ORGANIZER:mailto:ann@example.test");
  const cancel = calendar("CANCEL", uid, "ORGANIZER:mailto:ann@example.test");
  test.each([
    ["no-calendar", leaf("text/plain"), {}],
    ["auto-submitted", leaf("text/plain"), { autoSubmitted: "auto-replied" }],
    ["no-calendar", leaf("text/plain"), { autoSubmitted: "no" }],
    ["delivery-report", multipart("report", calendarLeaf(invitation)), {}],
    ["tnef", multipart("mixed", leaf("application/vnd.ms-tnef")), {}],
    ["broken-calendar", calendarLeaf(octets("hello")), {}],
    ["broken-calendar", calendarLeaf(new Uint8Array()), {}],
    ["broken-calendar", calendarLeaf(octets("BEGIN:VCALENDAR", "METHOD:REQUEST", "END:VCALENDAR")), {}],
    ["broken-calendar", calendarLeaf(calendar("REQUEST", "SUMMARY:No UID")), {}],
    [
      "broken-calendar",
      calendarLeaf(calendar("REQUEST", uid, "END:VEVENT", "BEGIN:VEVENT", "UID:two@example.test")),
      {},
    ],
    ["no-method", calendarLeaf(calendar("", uid), ""), {}],
    ["unknown-method", calendarLeaf(calendar("EXPLODE", uid), "EXPLODE"), {}],
    ["conflicting-methods", calendarLeaf(invitation, "CANCEL"), {}],
    ["conflicting-methods", multipart("mixed", calendarLeaf(invitation), calendarLeaf(invitation, "CANCEL")), {}],
    ["conflicting-parts", multipart("mixed", calendarLeaf(invitation), calendarLeaf(other)), {}],
    ["conflicting-parts", multipart("mixed", calendarLeaf(invitation), calendarLeaf(cancel, "CANCEL")), {}],
  ] as const)("%s (%#)", (reason, root, over) => {
    expect(read(root, over)).toMatchObject({ kind: "unreadable", reason, detail: expect.stringMatching(/\.$/) });
  });

  test("too-large, unread", () => {
    const limits = { ...defaultLimits, maxCalendarBytes: invitation.length - 1 };
    const reading = readSchedulingMail(mailOf(calendarLeaf(invitation)), intlZoneProvider, limits);
    expect(reading).toMatchObject({ kind: "unreadable", reason: "too-large" });
  });
});
