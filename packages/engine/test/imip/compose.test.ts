import { defaultLimits, type Method } from "@parley/engine";
import { composeMail, composeSubject, localesOf, readSchedulingMail } from "@parley/engine/imip";
import { mailLanguageOf, mailLanguages } from "@parley/engine/mail-languages";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { describe, expect, test } from "vitest";
import { html } from "../../src/imip/html.ts";
import { address, ann, ben, clara, message, readText } from "../itip/world.ts";
import { zoneOf } from "./mail-samples.ts";
import { calendarLeaf, mailOf, messagesOf } from "./mails.ts";

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

What:      Planning
When:      Wednesday, 10 March 2027, 10:00–11:00 (Europe/Berlin)
Repeats:   every Wednesday, 5 times
Where:     Room 4, left
Organizer: ann@example.test
Guests:    Clara Cook <clara@partner.test>
           ben@example.test

Description:
  Two points:
  - one
  - two

To answer, open this mail in a program with a calendar.
`);
  expect([mail.method, mail.component, mail.filename]).toEqual(["REQUEST", "VEVENT", "invite.ics"]);
});

test("IMIP-5.1-01 what another part of a mail would hold is not referred to, as there is none", () => {
  const { calendar } = compose({
    method: "REQUEST",
    lines: [
      ...["ATTACH:cid:plan@example.test", "ATTACH:https://example.test/plan", "IMAGE;VALUE=URI: MID:a@b.test"],
      ...['LOCATION;ALTREP="CID:map@example.test":Room 4', 'COMMENT;ALTREP="https://example.test/a":Come'],
    ],
  });
  expect(calendar).toContain("\r\nATTACH:https://example.test/plan\r\n");
  expect(calendar).toContain('\r\nCOMMENT;ALTREP="https://example.test/a":Come\r\n');
  expect(calendar).toContain("\r\nLOCATION:Room 4\r\n");
  expect(calendar).not.toMatch(/cid:|mid:/i);
});

test("what only begins like the name of a part is said as it is", () => {
  const { calendar } = compose({ method: "REQUEST", lines: ["LOCATION:Mid: left wing", "DESCRIPTION:cid: three"] });
  expect(calendar).toContain("\r\nLOCATION:Mid: left wing\r\nDESCRIPTION:cid: three\r\n");
});

describe("a time is said in two zones at most, the reader's first", () => {
  const inNewYork = ["DTSTART;TZID=America/New_York:20270310T090000", "DTEND;TZID=America/New_York:20270310T100000"];
  const inUtc = ["DTSTART:20270310T140000Z", "DTEND:20270310T150000Z"];
  const [newYork, berlinTime, tokyo] = [
    "Wednesday, 10 March 2027, 09:00–10:00 (America/New_York)",
    "Wednesday, 10 March 2027, 15:00–16:00 (Europe/Berlin)",
    "Wednesday, 10 March 2027, 23:00 – Thursday, 11 March 2027, 00:00\n        (Asia/Tokyo)",
  ];
  const japan = zoneOf("Asia/Tokyo");
  test.each<readonly [string, readonly string[], Partial<Parameters<typeof composeMail>[1]>, readonly string[]]>([
    ["its own, then the sender's", inNewYork, { zone: berlin }, [newYork, berlinTime]],
    ["the reader's, then its own", inNewYork, { zone: berlin, readerZone: japan }, [tokyo, newYork]],
    ["the reader's, then the sender's", inUtc, { zone: berlin, readerZone: japan }, [tokyo, berlinTime]],
    ["the sender's alone", inUtc, { zone: berlin }, [berlinTime]],
    [
      "zones that agree once",
      inNewYork,
      { zone: berlin, readerZone: zoneOf("Europe/Paris") },
      ["Wednesday, 10 March 2027, 15:00–16:00 (Europe/Berlin)", newYork],
    ],
    ["no zone at all", inUtc, {}, ["Wednesday, 10 March 2027, 14:00–15:00 (UTC)"]],
  ])("%s", (_, lines, options, said) => {
    const text = ["BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:z@example.test"];
    const event = readText([...text, ...lines, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"), "REQUEST", ann);
    const world = { provider: intlZoneProvider, limits: defaultLimits, senderName: "", changes: [] };
    const mail = composeMail(event, { ...world, ...options });
    expect(mail.text).toContain(`\nWhen: ${said.join("\n      ")}\n\n`);
    expect(mail.text).toMatch(/^ann@example\.test invites you\./);
    expect(mail.subject).toBe("Invitation: Event without a title");
  });
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
  const changes = Array.from({ length: 100 }, () => `\u2068${"z".repeat(2_000)}\u2069.`);
  const update = compose({ method: "REQUEST" }, { changes });
  expect(update.text.match(/^- .*$/gm)).toEqual([
    ...Array.from({ length: 20 }, () => `- \u2068${"z".repeat(999)}…\u2069`),
    "- …",
  ]);
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
  expect(messagesOf(reading)).toMatchObject([{ method, originator: address("ann@example.test") }]);
  expect(messagesOf(reading)[0]?.calendar).toEqual(sent.calendar);
});

describe("links to answer by", () => {
  const links = {
    propose: "https://example.test/p?a=1&b=2",
    accept: "https://example.test/a",
    decline: "javascript:alert(1)",
    tentative: `https://example.test/${"x".repeat(2_000)}`,
  };

  test("are shown in text and HTML, in their order, with what else can be done; what is no address of the web is not", () => {
    const mail = compose({ method: "REQUEST" }, { links });
    expect(mail.text).toContain(`
Answer here:
  Accept:
    https://example.test/a
  Propose another time:
    https://example.test/p?a=1&b=2

You can answer in your calendar program, too.
`);
    expect(mail.html.match(/href="[^"]*"/g)).toEqual([
      'href="https://example.test/a"',
      'href="https://example.test/p?a=1&amp;b=2"',
    ]);
  });

  test.each<Method>(["PUBLISH", "REPLY", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"])("not in a %s", (method) => {
    const mail = compose({ method }, { links });
    expect(mail.text).not.toContain("https:");
    expect(mail.html).not.toContain("href");
  });
});

describe("the language of a mail", () => {
  test.each<readonly [readonly (string | undefined)[], string]>([
    [[], "en"],
    [[undefined, "de-AT", "fr"], "de"],
    [["kok", "FR_ca"], "fr"],
    [["", "xx", "constructor", "ja"], "ja"],
    [["ar-EG"], "ar"],
    [["es-419"], "es"],
    [["tlh"], "en"],
  ])("of %j is %s", (locales, code) => {
    expect(mailLanguageOf(...locales).code).toBe(code);
  });

  test("is known of those whose LANGUAGE the object says", () => {
    const { object } = message({
      method: "REQUEST",
      attendees: [`;LANGUAGE=de-AT;CN=Clara:mailto:${clara}`, `:mailto:${ben}`],
    });
    expect([...localesOf(object)]).toEqual([[clara, "de-AT"]]);
  });

  test("is that of the subject alone, too", () => {
    const cancel = message({ method: "CANCEL", lines: ["STATUS:CANCELLED"] });
    expect(composeSubject(cancel, { changes: [], language: mailLanguageOf("fr") })).toBe("Annulation\u00a0: Planning");
    expect(composeSubject(cancel, { changes: [] })).toBe("Cancelled: Planning");
  });

  test("no two purposes begin alike in one language, so that a reader knows what came", () => {
    for (const { purposes } of Object.values(mailLanguages)) {
      const subjects = Object.values(purposes).map(([subject]) => subject);
      expect(new Set(subjects).size).toBe(subjects.length);
    }
  });
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
