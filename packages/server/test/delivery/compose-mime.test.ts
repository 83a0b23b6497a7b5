import { defaultLimits } from "@parley/engine";
import { type ComposedMail, type MailPart, readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeMime, type MailHeader } from "../../src/delivery/compose-mime.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { threadIdOf } from "../../src/scheduling/message-id.ts";

const calendar = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//Parley//Test//EN",
  "METHOD:REQUEST",
  "BEGIN:VEVENT",
  "UID:one@example.test",
  "DTSTAMP:20270301T090000Z",
  "DTSTART:20270310T090000Z",
  "SUMMARY:Überraschung 🎉",
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE:mailto:ben@partner.test",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

const composed: ComposedMail = {
  subject: "Invitation: Überraschung 🎉",
  text: "Ann invites you.\n\n.a line that begins with a dot\nFrom here on\n",
  html: "<!DOCTYPE html><p>Ann invites you. ü</p>",
  calendar,
  method: "REQUEST",
  component: "VEVENT",
  filename: "invite.ics",
};

const header: MailHeader = {
  from: { address: "ann@example.test", name: "Ärcher, Ann" },
  to: { address: "ben@partner.test" },
  messageId: "<abc@example.test>",
  date: Date.UTC(2027, 2, 2, 9, 0, 5) / 1_000,
};

const shape = (part: MailPart): string =>
  part.parts.length > 0 ? `${part.contentType}(${part.parts.map(shape).join(" ")})` : part.contentType;
const ascii = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

test("the mail, read back", async () => {
  const mail = await parseMail(await composeMime(composed, header));
  expect(shape(mail.root)).toBe(
    "multipart/mixed(multipart/alternative(text/plain text/html text/calendar) application/ics)",
  );
  expect(mail).toMatchObject({
    from: [{ address: "ann@example.test", name: "Ärcher, Ann" }],
    to: [{ address: "ben@partner.test" }],
    subject: composed.subject,
    messageId: header.messageId,
    date: header.date,
    problems: [],
  });
  const [inner, attached] = [mail.root.parts[0]?.parts[2], mail.root.parts[1]];
  expect(inner?.parameters).toEqual({ charset: "UTF-8", method: "REQUEST", component: "VEVENT" });
  expect([inner?.filename, inner?.disposition]).toEqual([undefined, undefined]);
  expect([attached?.filename, attached?.disposition]).toEqual(["invite.ics", "attachment"]);
  for (const part of [inner, attached]) expect(Buffer.from(part?.bytes ?? []).toString("utf8")).toBe(calendar);
  expect(readSchedulingMail(mail, intlZoneProvider, defaultLimits)).toMatchObject({
    parts: [
      {
        kind: "message",
        message: { method: "REQUEST", originator: "ann@example.test", object: { uid: "one@example.test" } },
        problems: [],
      },
    ],
    problems: [],
  });
});

const everyMethod = ["PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"] as const;
test.each(everyMethod)(
  "IMIP-2.1-01 IMIP-2.4-01 IMIP-2.4-02 IMIP-2.4-06 IMIP-2.4-08 IMIP-2.5-01 IMIP-2.6-01 the parts of a mail: %s",
  async (method) => {
    const { root } = await parseMail(await composeMime({ ...composed, method }, header));
    const [readable, attached] = root.parts;
    expect(readable?.contentType).toBe("multipart/alternative");
    expect(readable?.parts.map(({ contentType }) => contentType)).toEqual(["text/plain", "text/html", "text/calendar"]);
    expect(readable?.parts[2]?.parameters).toEqual({ charset: "UTF-8", method, component: "VEVENT" });
    expect(attached).toMatchObject({ contentType: "application/ics", filename: "invite.ics" });
    const raw = ascii(await composeMime({ ...composed, method }, header));
    const encodings = [...raw.matchAll(/^Content-Transfer-Encoding: (.*)\r$/gm)].map(([, name]) => name);
    expect(encodings).toEqual(["quoted-printable", "quoted-printable", "base64", "base64"]);
    expect(raw).not.toMatch(/^BEGIN:VCALENDAR/m);
  },
);

test("on the wire: ASCII, CRLF, no line over 998 octets, however long the lines of the text", async () => {
  const long = { ...composed, text: `${"ü".repeat(5_000)}\n`, html: "x".repeat(5_000) };
  const raw = ascii(await composeMime(long, header));
  expect(raw).toMatch(/^[\x09\x0a\x0d\x20-\x7e]*$/);
  expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(Math.max(...raw.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(raw).toContain("\r\nDate: Tue, 02 Mar 2027 09:00:05 +0000\r\n");
});

test("equal arguments make equal octets; another mail has other boundaries", async () => {
  const first = ascii(await composeMime(composed, header));
  expect(ascii(await composeMime({ ...composed }, { ...header }))).toBe(first);
  const boundaries = (raw: string): readonly string[] =>
    [...raw.matchAll(/boundary="([^"]+)"/g)].map(([, name]) => name ?? "");
  const other = ascii(await composeMime(composed, { ...header, messageId: "<abd@example.test>" }));
  expect(boundaries(first).length).toBe(2);
  expect(boundaries(other).some((boundary) => boundaries(first).includes(boundary))).toBe(false);
});

test("optional fields", async () => {
  const raw = ascii(
    await composeMime(composed, {
      ...header,
      inReplyTo: "<their@partner.test>",
      autoSubmitted: "auto-generated",
    }),
  );
  for (const line of [
    "In-Reply-To: <their@partner.test>",
    "References: <their@partner.test>",
    "Auto-Submitted: auto-generated",
  ]) {
    expect(raw.split("\r\n")).toContain(line);
  }
  expect(raw).not.toContain("\r\nReply-To:");
});

test("mails about one UID refer to the same, by whoever and to whom they are; those about another do not", async () => {
  const thread = threadIdOf("one@example.test");
  expect(thread).toMatch(/^<[0-9a-f]{40}@uid\.invalid>$/);
  expect(threadIdOf("two@example.test")).not.toBe(thread);
  const invitation = ascii(await composeMime(composed, { ...header, thread }));
  expect(invitation.split("\r\n")).toContain(`References: ${thread}`);
  expect(invitation).not.toContain("In-Reply-To");
  const answer = await composeMime(composed, { ...header, thread, inReplyTo: "<their@partner.test>" });
  expect(ascii(answer).replace(/\r\n /g, " ")).toContain(`References: ${thread} <their@partner.test>\r\n`);
});

describe("nothing gets a line into the header", () => {
  const names = (raw: string): readonly string[] =>
    [...(raw.split("\r\n\r\n")[0] ?? "").matchAll(/^([^\s:]+):/gm)].map(([, name]) => name ?? "");
  const piece = fc.constantFrom(
    "\r\n",
    "\n",
    "\r",
    "Bcc: x@evil.test",
    "\u2028",
    "\u0000",
    " ",
    ":",
    "<",
    ">",
    '"',
    ",",
    "ü",
    "a",
    "=?utf-8?q?=0A?=",
  );
  const nasty = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

  test("neither names nor subject", async () => {
    const expected = names(ascii(await composeMime(composed, header)));
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (subject, from, to) => {
        const raw = await composeMime(
          { ...composed, subject: `x${subject}` },
          { ...header, from: { ...header.from, name: from }, to: { ...header.to, name: to } },
        );
        expect(names(ascii(raw)).toSorted()).toEqual(expected.toSorted());
        const mail = await parseMail(raw);
        expect(mail.from.map(({ address }) => address)).toEqual(["ann@example.test"]);
        expect(mail.to.map(({ address }) => address)).toEqual(["ben@partner.test"]);
      }),
      { numRuns: 50 },
    );
  });

  const evil = "x@example.test\r\nBcc: y@evil.test";
  test.each([
    ["from", { from: { address: evil } }],
    ["to", { to: { address: evil } }],
    ["to, two addresses", { to: { address: "a@x.test, b@x.test" } }],
    ["to, no address", { to: { address: "urn:uuid:1" } }],
    ["message-id", { messageId: "<a@b.test>\r\nBcc: y@evil.test" }],
    ["in-reply-to", { inReplyTo: "a@b.test" }],
    ["thread", { thread: "<a@b.test>\r\nBcc: y@evil.test" }],
  ])("%s is refused", async (_, over) => {
    await expect(composeMime(composed, { ...header, ...over })).rejects.toThrow(/is no (mail address|Message-ID)/);
  });
});
