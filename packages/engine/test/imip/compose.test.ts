import { defaultLimits, type Method } from "@parley/engine";
import { composeMail, readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider, type Zone } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { html } from "../../src/imip/html.ts";
import { address, ann, ben, clara, message, readText } from "../itip/world.ts";
import { calendarLeaf, mailOf } from "./mails.ts";

const zoneOf = (name: string): Zone => {
  const zone = intlZoneProvider.zone(name);
  if (!zone) throw new Error(name);
  return zone;
};
const berlin = zoneOf("Europe/Berlin");
const compose = (
  event: Parameters<typeof message>[0],
  over: Partial<Parameters<typeof composeMail>[1]> = {},
): ReturnType<typeof composeMail> =>
  composeMail(message(event), {
    provider: intlZoneProvider,
    limits: defaultLimits,
    senderName: "Ann Archer",
    changes: [],
    zone: berlin,
    ...over,
  });

test("an invitation, whole", () => {
  const mail = compose({
    method: "REQUEST",
    attendees: [`;CN=Clara Cook:mailto:${clara}`, `:mailto:${ben}`],
    lines: ["LOCATION:Room 4\\, left", "DESCRIPTION:Two points:\\n- one\\n- two", "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=5"],
  });
  expect(mail.subject).toBe("Invitation: Planning");
  expect(mail.text).toBe(`Ann Archer invites you.

Planning
When:      Wednesday, 10 March 2027, 10:00–11:00 (Europe/Berlin)
Repeats:   every Wednesday, 5 times
Where:     Room 4, left
Organizer: ann@example.test
Guests:    Clara Cook <clara@partner.test>
           ben@example.test

Two points:
- one
- two

To answer, open this mail in a program with a calendar.
`);
  expect([mail.method, mail.component, mail.filename]).toEqual(["REQUEST", "VEVENT", "invite.ics"]);
});

test("a time in another zone than the viewer's is said in both", () => {
  const [start, end] = ["20270310T090000", "20270310T100000"];
  const lines = [`DTSTART;TZID=America/New_York:${start}`, `DTEND;TZID=America/New_York:${end}`];
  const text = [
    "BEGIN:VCALENDAR",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    "UID:z@example.test",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  const options = { provider: intlZoneProvider, limits: defaultLimits, senderName: "", changes: [], zone: berlin };
  const mail = composeMail(readText(text, "REQUEST", ann), options);
  expect(mail.text).toContain("When: Wednesday, 10 March 2027, 09:00–10:00 (America/New_York)\n");
  expect(mail.text).toContain("\n      Wednesday, 10 March 2027, 15:00–16:00 (Europe/Berlin)\n");
  expect(mail.text).toMatch(/^ann@example\.test invites you\./);
  expect(mail.subject).toBe("Invitation: Event without a title");
});

describe("subject and opening of every method", () => {
  const cases: readonly (readonly [
    Method,
    Partial<Parameters<typeof message>[0]>,
    readonly string[],
    string,
    string,
  ])[] = [
    ["PUBLISH", {}, [], "For your calendar: Planning", "Ann Archer shares this event with you."],
    ["REQUEST", {}, [], "Invitation: Planning", "Ann Archer invites you."],
    ["REQUEST", {}, ["Place: Room 5."], "Updated: Planning", "Ann Archer changed this event."],
    ["REPLY", { attendees: [`;PARTSTAT=ACCEPTED:mailto:${ben}`] }, [], "Accepted: Planning", "Ann Archer accepted."],
    ["REPLY", { attendees: [`;PARTSTAT=DECLINED:mailto:${ben}`] }, [], "Declined: Planning", "Ann Archer declined."],
    [
      "REPLY",
      { attendees: [`;PARTSTAT=TENTATIVE:mailto:${ben}`] },
      [],
      "Tentatively accepted: Planning",
      "Ann Archer accepted tentatively.",
    ],
    ["ADD", {}, [], "More dates: Planning", "Ann Archer adds dates to this event."],
    ["CANCEL", { lines: ["STATUS:CANCELLED"] }, [], "Cancelled: Planning", "Ann Archer cancelled this event."],
    ["CANCEL", {}, [], "No longer invited: Planning", "Ann Archer took you off this event."],
    ["REFRESH", {}, [], "Please send again: Planning", "Ann Archer asks for the latest version of this event."],
    ["COUNTER", {}, [], "Proposal: Planning", "Ann Archer proposes to change this event as follows."],
    [
      "DECLINECOUNTER",
      {},
      [],
      "Proposal declined: Planning",
      "Ann Archer does not take up your proposal; the event stays as it was.",
    ],
  ];
  test.each(cases)("%s %o", (method, over, changes, subject, opening) => {
    const mail = compose({ method, ...over }, { changes });
    expect([mail.subject, mail.text.split("\n")[0]]).toEqual([subject, opening]);
  });
});

test("changes and comment are said in text and HTML, the comment quoted", () => {
  const update = compose({ method: "REQUEST" }, { changes: ["Place: Room <5>.", "Start: later."] });
  expect(update.text).toContain("What changed:\n- Place: Room <5>.\n- Start: later.\n");
  expect(update.html).toContain("<li>Place: Room &lt;5&gt;.</li>");
  const cancel = compose({ method: "CANCEL", lines: ["COMMENT:Ill\\, sorry.\\nNext week?"] });
  expect(cancel.text).toContain("> Ill, sorry.\n> Next week?\n");
  expect(cancel.html).toContain("Ill, sorry.<br>\nNext week?</blockquote>");
});

test("long lists and texts are cut, and it is said", () => {
  const attendees = Array.from({ length: 500 }, (_, i) => `:mailto:g${i}@example.test`);
  const mail = compose({
    method: "REQUEST",
    attendees,
    summary: "x".repeat(5_000),
    lines: [`DESCRIPTION:${"y".repeat(50_000)}`],
  });
  expect(mail.text).toContain("and 480 more");
  expect(mail.subject.length).toBeLessThan(250);
  expect(mail.text).toContain("y…");
  expect(mail.text.length).toBeLessThan(12_000);
});

test("whatever a peer wrote: no element, no attribute, no control, one line of subject", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("<", ">", '"', "'", "&", "a", " ", "\\n", "\u0000", "\u001b", "\u2028", "\u0085", "😀"),
  });
  const shape = (markup: string): readonly string[] => markup.match(/<[^>]*>/g) ?? [];
  const plain = shape(compose({ method: "REQUEST", summary: "x", lines: ["LOCATION:x", "DESCRIPTION:x"] }).html);
  const breaks = (tags: readonly string[]): readonly string[] => tags.filter((tag) => tag !== "<br>");
  fc.assert(
    fc.property(nasty, nasty, nasty, (summary, place, description) => {
      const mail = compose({
        method: "REQUEST",
        summary: `x${summary}`,
        lines: [`LOCATION:x${place}`, `DESCRIPTION:x${description}`],
      });
      expect(breaks(shape(mail.html))).toEqual(breaks(plain));
      expect(mail.subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
      expect(mail.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028]/);
    }),
  );
});

test("HTML has no reference to the outside", () => {
  const mail = compose({
    method: "REQUEST",
    lines: ["URL:https://example.test/x", "DESCRIPTION:https://example.test/y"],
  });
  expect(mail.html).not.toMatch(/\b(src|href|url\(|@import|<script|<link|<img)/i);
});

test("the calendar of a composed mail is read back as the same message", () => {
  const sent = message({ method: "REQUEST", lines: ["X-OWN;X-P=a:b", "LOCATION:Überall"] });
  const options = { provider: intlZoneProvider, limits: defaultLimits, senderName: "", changes: [] };
  const { calendar, method } = composeMail(sent, options);
  const reading = readSchedulingMail(
    mailOf(calendarLeaf(new TextEncoder().encode(calendar), method)),
    intlZoneProvider,
    defaultLimits,
  );
  expect(reading).toMatchObject({ kind: "messages", messages: [{ method, originator: address("ann@example.test") }] });
  expect(reading.kind === "messages" && reading.messages[0]?.calendar).toEqual(sent.calendar);
});

test("escaping: texts are escaped, HTML and lists of it are not", () => {
  const item = html`<i title="${`a"'`}">${"<&>"}</i>`;
  expect(html`<p>${[item, item]}${"x\ny"}</p>`.markup).toBe(
    `<p>${'<i title="a&quot;&#39;">&lt;&amp;&gt;</i>'.repeat(2)}x<br>\ny</p>`,
  );
});

test.each([
  ["FREQ=DAILY", "every day"],
  ["FREQ=WEEKLY", "every week"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;WKST=SU", "every 2 weeks on Monday, Wednesday and Friday"],
  ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", "every month on the 1st Monday"],
  ["freq=weekly; byday=tu; count=1", "every Tuesday, once"],
  ["FREQ=DAILY;UNTIL=20270309T230000Z", "every day until 10 March 2027"],
  ["RSCALE=HEBREW;FREQ=YEARLY", "in a pattern that cannot be read"],
  ["FREQ=FORTNIGHTLY", "in a pattern that cannot be read"],
  [`FREQ=DAILY;X=${"1".repeat(600)}`, "in a pattern too long to say here"],
])("%s is said: %s", (rule, words) => {
  expect(compose({ method: "REQUEST", lines: [`RRULE:${rule}`] }).text).toContain(`\nRepeats:   ${words}\n`);
});
