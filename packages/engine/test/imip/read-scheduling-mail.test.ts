import { defaultLimits } from "@parley/engine";
import { type MailPart, type ReadMailOptions, readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { describe, expect, test } from "vitest";
import { maxObjectsOfMail } from "../../src/limits.ts";
import {
  calendar,
  calendarLeaf,
  invitation,
  leaf,
  mailInside,
  mailOf,
  messagesOf,
  multipart,
  octets,
  verdictOf,
} from "./mails.ts";

const read = (root: MailPart, over = {}, options: ReadMailOptions = {}): ReturnType<typeof readSchedulingMail> =>
  readSchedulingMail(mailOf(root, over), intlZoneProvider, defaultLimits, options);

const verdicts = (root: MailPart, over = {}): readonly string[] => read(root, over).parts.map(verdictOf);

const organizer = "ORGANIZER:mailto:ann@example.test";
const event = (method: string, uid: string, ...lines: readonly string[]): Uint8Array =>
  calendar(method, `UID:${uid}`, organizer, ...lines);
const answer = (uid: string, ...attendees: readonly string[]): Uint8Array =>
  event("REPLY", uid, ...attendees.map((line) => `ATTENDEE${line}`));

/** A VCALENDAR of a component for each of these, all under one METHOD. */
function together(method: string, ...components: readonly (readonly [name: string, ...lines: string[]])[]): Uint8Array {
  return octets(
    "BEGIN:VCALENDAR",
    `METHOD:${method}`,
    ...components.flatMap(([name, ...lines]) => [
      `BEGIN:${name}`,
      "DTSTAMP:20270301T090000Z",
      "DTSTART:20270310T090000Z",
      organizer,
      ...lines,
      `END:${name}`,
    ]),
    "END:VCALENDAR",
  );
}

const attached = (bytes: Uint8Array): MailPart => leaf("application/ics", { bytes, filename: "invite.ics" });
const text = leaf("text/plain");

describe("one message", () => {
  test.each([
    ["method in both places", calendarLeaf(invitation)],
    ["method in the calendar only", calendarLeaf(invitation, "")],
    ["method in the parameter only", calendarLeaf(event("", "one@example.test"))],
    ["IMIP-2.4-03: methods that differ in case", calendarLeaf(invitation, "Request")],
    ["the same calendar twice", multipart("mixed", calendarLeaf(invitation), attached(invitation))],
    [
      "the same calendar written differently",
      multipart(
        "mixed",
        calendarLeaf(invitation),
        calendarLeaf(octets(new TextDecoder().decode(invitation).replaceAll("\r\n", "\n"))),
      ),
    ],
    [
      "a second copy that says no METHOD",
      multipart(
        "mixed",
        multipart("alternative", text, calendarLeaf(invitation)),
        attached(event("", "one@example.test")),
      ),
    ],
    ["the same passed on as well", multipart("mixed", mailInside(calendarLeaf(invitation)), calendarLeaf(invitation))],
    [
      "an alternative that cannot be read",
      multipart("alternative", calendarLeaf(octets("x")), calendarLeaf(invitation)),
    ],
    [
      "IMIP-2.4-11: deep inside",
      multipart(
        "signed",
        multipart("mixed", multipart("alternative", text, multipart("related", calendarLeaf(invitation)))),
        leaf("application/pkcs7-signature"),
      ),
    ],
    ["UTF-16", calendarLeaf(utf16(invitation), "REQUEST", "UTF-16LE")],
  ])("%s", (_, root) => {
    const reading = read(root);
    expect(reading.parts).toMatchObject([
      {
        kind: "message",
        message: { method: "REQUEST", originator: "ann@example.test", object: { uid: "one@example.test" } },
      },
    ]);
    expect(reading.parts[0]).not.toHaveProperty("offered");
  });

  function utf16(bytes: Uint8Array): Uint8Array {
    return Uint8Array.from([...new TextDecoder().decode(bytes)].flatMap((unit) => [unit.charCodeAt(0), 0]));
  }
});

describe("several objects in one mail, each judged alone", () => {
  const one = "one@example.test";
  const instance = event("REQUEST", one, "RECURRENCE-ID:20270317T090000Z");
  const other = event("REQUEST", "two@example.test");
  const cancel = event("CANCEL", "two@example.test");
  test.each([
    [
      "IMIP-2.4-12: all parts, in the order of the mail",
      multipart("mixed", attached(event("PUBLISH", "zero")), multipart("alternative", text, calendarLeaf(invitation))),
      ["PUBLISH zero", `REQUEST ${one}`],
    ],
    [
      "a series, and an instance of it",
      multipart("mixed", calendarLeaf(invitation), calendarLeaf(instance)),
      [`REQUEST ${one}`, `REQUEST ${one}`],
    ],
    [
      "IMIP-2.4-04: two METHODs",
      multipart("mixed", calendarLeaf(invitation), calendarLeaf(cancel, "CANCEL")),
      [`REQUEST ${one}`, "CANCEL two@example.test"],
    ],
    [
      "one that cannot be read does not harm another",
      multipart("mixed", calendarLeaf(octets("hello")), attached(invitation)),
      [`REQUEST ${one}`, "broken-calendar"],
    ],
    [
      "one that contradicts itself does not harm another",
      multipart("mixed", calendarLeaf(cancel, "REQUEST"), calendarLeaf(invitation)),
      [`REQUEST ${one}`, "conflicting-methods"],
    ],
    [
      "two that cannot be read for the same reason are told once",
      multipart("mixed", calendarLeaf(octets("hello")), attached(invitation), attached(octets("good bye"))),
      [`REQUEST ${one}`, "broken-calendar"],
    ],
    [
      "several UIDs in one calendar",
      calendarLeaf(together("PUBLISH", ["VEVENT", "UID:a"], ["VEVENT", "UID:b"], ["VEVENT", "UID:a"]), "PUBLISH"),
      ["PUBLISH a", "PUBLISH b"],
    ],
    [
      "an event, a task of the same UID, and one without UID",
      calendarLeaf(together("REQUEST", ["VEVENT", "UID:a"], ["VTODO", "UID:a"], ["VEVENT", "SUMMARY:x"])),
      ["REQUEST a", "REQUEST a", "broken-calendar"],
    ],
    [
      "busy time is one object, whatever its UIDs",
      calendarLeaf(together("PUBLISH", ["VFREEBUSY", "UID:a"], ["VFREEBUSY", "UID:b"]), "PUBLISH"),
      ["PUBLISH a"],
    ],
    [
      "IMIP-2.4-09: alternatives that are about different things",
      multipart(
        "mixed",
        multipart("alternative", calendarLeaf(invitation), calendarLeaf(other)),
        calendarLeaf(cancel, "CANCEL"),
      ),
      ["CANCEL two@example.test", "conflicting-parts"],
    ],
    [
      "alternatives, one of which contradicts itself",
      multipart("alternative", calendarLeaf(invitation), calendarLeaf(invitation, "CANCEL")),
      ["conflicting-methods"],
    ],
  ])("%s", (_, root, expected) => expect(verdicts(root)).toEqual(expected));

  test("an object of several in one calendar has all time zones and no other object", () => {
    const zone = ["BEGIN:VTIMEZONE", "TZID:Z", "END:VTIMEZONE"];
    const both = new TextDecoder().decode(together("PUBLISH", ["VEVENT", "UID:a"], ["VEVENT", "UID:b"]));
    const bytes = octets(both.replace("METHOD:PUBLISH", ["METHOD:PUBLISH", ...zone].join("\r\n")));
    const names = messagesOf(read(calendarLeaf(bytes, "PUBLISH"))).map(({ calendar: { components } }) =>
      components.map(({ name }) => name),
    );
    expect(names).toEqual([
      ["VTIMEZONE", "VEVENT"],
      ["VTIMEZONE", "VEVENT"],
    ]);
  });

  const some = (count: number, first = 0): Uint8Array =>
    together("PUBLISH", ...Array.from({ length: count }, (_, i) => ["VEVENT", `UID:${first + i}`] as const));
  test.each([
    ["one calendar", calendarLeaf(some(maxObjectsOfMail + 2), "PUBLISH")],
    [
      "several",
      multipart("mixed", calendarLeaf(some(50), "PUBLISH"), calendarLeaf(some(maxObjectsOfMail - 48, 50), "PUBLISH")),
    ],
  ])("more than are read of one mail, in %s: it is said", (_, root) => {
    const { parts } = read(root);
    expect(parts.length).toBe(maxObjectsOfMail + 1);
    expect(parts.at(-1)).toMatchObject({
      reason: "too-many-objects",
      detail: `This mail is about ${maxObjectsOfMail + 2} things; only the first ${maxObjectsOfMail} were read.`,
    });
  });
});

describe("IMIP-2.4-10: alternatives of one object", () => {
  const variant = (language: string, summary: string): MailPart => ({
    ...calendarLeaf(event("REQUEST", "one", `SUMMARY:${summary}`)),
    languages: [language],
  });
  const root = multipart("alternative", text, variant("de-at", "Planung"), variant("en", "Planning"));
  test.each([
    ["the last where no language is asked for", [], "Planning"],
    ["the language asked for", ["de"], "Planung"],
    ["the second choice", ["fr", "de-at", "en"], "Planung"],
    ["the last where none is there", ["fr"], "Planning"],
  ])("%s", (_, languages, summary) => {
    const messages = messagesOf(read(root, {}, { languages }));
    const summaries = messages.flatMap(({ object }) =>
      object.master?.component.properties.filter(({ name }) => name === "SUMMARY").map(({ value }) => value),
    );
    expect(summaries).toEqual([summary]);
  });
});

describe("what is only offered", () => {
  const bare = calendar("", "UID:one", "SUMMARY:Webinar");
  const from = (address: string): object => ({ from: [{ address }] });
  test.each([
    ["IMIP-2.4-05: no METHOD", calendarLeaf(event("", "one"), ""), ["PUBLISH one no-method"]],
    ["no METHOD and no ORGANIZER", attached(bare), ["PUBLISH one no-method"]],
    ["METHOD:EXPORT", calendarLeaf(event("EXPORT", "one"), ""), ["PUBLISH one no-method"]],
    [
      "passed on",
      multipart("mixed", text, mailInside(calendarLeaf(event("CANCEL", "one"), ""))),
      ["CANCEL one forwarded"],
    ],
    ["passed on twice", mailInside(mailInside(calendarLeaf(event("REQUEST", "one")))), ["REQUEST one forwarded"]],
    ["passed on without METHOD", mailInside(calendarLeaf(event("", "one"), "")), ["PUBLISH one no-method"]],
    [
      "two in one alternative, of which one is a mail",
      multipart(
        "alternative",
        calendarLeaf(event("REQUEST", "one")),
        mailInside(calendarLeaf(event("REQUEST", "two"))),
      ),
      ["REQUEST one", "REQUEST two forwarded"],
    ],
  ])("%s", (_, root, expected) => expect(verdicts(root)).toEqual(expected));

  test("who the inner mail is from counts for what it leaves out", () => {
    const inner = mailInside(calendarLeaf(calendar("REQUEST", "UID:one")), from("olaf@outside.test"));
    expect(messagesOf(read(inner))[0]?.originator).toBe("olaf@outside.test");
    expect(messagesOf(read(attached(bare), from("site@outside.test")))[0]?.originator).toBe("site@outside.test");
  });
});

test.each([
  [
    "two components for one Instance",
    together("REQUEST", ["VEVENT", "UID:a"], ["VEVENT", "UID:a"]),
    "REQUEST a",
    "the first one counts",
  ],
  [
    "busy time without UID",
    together("PUBLISH", ["VFREEBUSY"]),
    "PUBLISH freebusy-ann@example.test",
    "the busy time of its organizer",
  ],
])("%s: read, and said", (_, bytes, verdict, problem) => {
  const { parts } = read(calendarLeaf(bytes, ""));
  expect(parts.map(verdictOf)).toEqual([verdict]);
  expect(parts).toMatchObject([{ problems: [expect.stringContaining(problem)] }]);
});

test("what is wrong with the mail and its calendars is handed on", () => {
  const odd = calendarLeaf(invitation, "REQUEST", "x-none");
  const root = multipart("mixed", { ...odd, parameters: { ...odd.parameters, component: "vtodo" } });
  const { parts, problems } = read(root, { problems: ["cut short"] });
  expect(problems).toEqual(["cut short"]);
  // IMIP-2.4-07: another component than the mail says is tolerated.
  expect(parts[0]).toMatchObject({
    problems: [expect.stringContaining("x-none"), "The mail says it is a VTODO, and it is not."],
  });
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
    expect(messagesOf(read(calendarLeaf(bytes, ""), over)).map((message) => message.originator)).toEqual([originator]);
  });
});

describe("what cannot be acted on", () => {
  const uid = "UID:one@example.test";
  const receipt = leaf("multipart/report", {
    parameters: { "report-type": "Disposition-Notification" },
    parts: [text, leaf("message/disposition-notification")],
  });
  test.each([
    ["no-calendar", text, {}],
    ["ignored", text, { autoSubmitted: "auto-replied" }],
    ["no-calendar", text, { autoSubmitted: "no" }],
    ["ignored", text, { precedence: "bulk" }],
    ["no-calendar", text, { precedence: "list" }],
    ["ignored", text, { answerMarks: ["x-autoreply"] }],
    ["ignored", receipt, {}],
    ["delivery-report", multipart("report", calendarLeaf(invitation)), {}],
    ["delivery-report", multipart("report", mailInside(calendarLeaf(invitation))), {}],
    ["broken-calendar", calendarLeaf(octets("hello")), {}],
    ["broken-calendar", calendarLeaf(new Uint8Array()), {}],
    ["broken-calendar", calendarLeaf(octets("BEGIN:VCALENDAR", "METHOD:REQUEST", "END:VCALENDAR")), {}],
    ["broken-calendar", calendarLeaf(calendar("REQUEST", "SUMMARY:No UID")), {}],
    ["unknown-method", calendarLeaf(calendar("EXPLODE", uid), "EXPLODE"), {}],
    ["conflicting-methods", calendarLeaf(invitation, "CANCEL"), {}],
    ["conflicting-methods", calendarLeaf(octets("BEGIN:VCALENDAR", "METHOD:REQUEST", "METHOD:CANCEL"), ""), {}],
  ] as const)("%s (%#)", (verdict, root, over) => {
    const { parts } = read(root, over);
    expect(parts.map(verdictOf)).toEqual([verdict]);
    expect(parts).toMatchObject([{ detail: expect.stringMatching(/\.$/) }]);
  });

  test("an automatic mail with a calendar is read like any other", () => {
    expect(verdicts(calendarLeaf(invitation), { autoSubmitted: "auto-generated" })).toEqual([
      "REQUEST one@example.test",
    ]);
  });

  test("too-large, unread", () => {
    const limits = { ...defaultLimits, maxCalendarBytes: invitation.length - 1 };
    const reading = readSchedulingMail(mailOf(calendarLeaf(invitation)), intlZoneProvider, limits);
    expect(reading.parts.map(verdictOf)).toEqual(["too-large"]);
  });
});
