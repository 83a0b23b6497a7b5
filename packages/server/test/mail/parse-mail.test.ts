import { defaultLimits } from "@parley/engine";
import { type Mail, type MailPart, readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeWords, readParameters } from "../../src/mail/header-field.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { decodeTransfer } from "../../src/mail/transfer-encoding.ts";

const parse = (...lines: readonly string[]): Promise<Mail> => parseMail(Buffer.from(lines.join("\r\n"), "utf8"));
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString("latin1");

/** A tree in one line: leaves by their type, with the content of those kept. */
function shape(part: MailPart): string {
  const content = part.bytes ? `=${text(part.bytes)}` : "";
  return part.parts.length > 0 ? `${part.contentType}(${part.parts.map(shape).join(" ")})` : part.contentType + content;
}

const calendarHeader = "Content-Type: text/calendar; method=REQUEST";
const multipart = (boundary: string, subtype = "mixed"): string =>
  `Content-Type: multipart/${subtype}; boundary="${boundary}"`;

describe("the tree", () => {
  test.each([
    ["one part", [calendarHeader, "", "A", "B", ""], "text/calendar=A\r\nB\r\n"],
    [
      "nested parts; the line break before a delimiter is not content",
      [
        ...[multipart("x"), "", "preamble", "--x", multipart("y", "alternative"), "", "--y", "", "text", "--y"],
        ...[
          calendarHeader,
          "",
          "A",
          "",
          "--y--",
          "epilogue",
          "--x",
          "Content-Type: application/ics",
          "",
          "B",
          "--x--",
          "C",
        ],
      ],
      "multipart/mixed(multipart/alternative(text/plain text/calendar=A\r\n) application/ics=B)",
    ],
    [
      "space after a delimiter",
      [multipart("x"), "", "--x  ", calendarHeader, "", "A", "--x-- \t", ""],
      "multipart/mixed(text/calendar=A)",
    ],
    [
      "an outer delimiter ends an inner multipart",
      [multipart("x"), "", "--x", multipart("y"), "", "--y", "", "text", "--x", calendarHeader, "", "B", "--x--"],
      "multipart/mixed(multipart/mixed(text/plain) text/calendar=B)",
    ],
    [
      "a delimiter in the epilogue of its own multipart is none",
      [multipart("x"), "", "--x", calendarHeader, "", "A", "--x--", "--x", calendarHeader, "", "B"],
      "multipart/mixed(text/calendar=A)",
    ],
    [
      "a longer line that begins like a delimiter is content",
      [multipart("x"), "", "--x", calendarHeader, "", "--xy", "--x", "", "", "--x--"],
      "multipart/mixed(text/calendar=--xy text/plain)",
    ],
    [
      "a part without an empty line",
      [multipart("x"), "", "--x", calendarHeader, "--x--"],
      "multipart/mixed(text/calendar=)",
    ],
    [
      "a mail inside a mail, and one inside that",
      [
        ...[multipart("x"), "", "--x", "Content-Type: message/rfc822", "", multipart("y"), "", "--y"],
        ...["Content-Type: message/global", "", calendarHeader, "", "A", "--y--", "--x", "", "B", "--x--"],
      ],
      "multipart/mixed(message/rfc822(multipart/mixed(message/global(text/calendar=A))) text/plain)",
    ],
    [
      "a mail inside a mail that is cut short by the outer delimiter",
      [multipart("x"), "", "--x", "Content-Type: message/rfc822", "", calendarHeader, "--x", calendarHeader, "", "B"],
      "multipart/mixed(message/rfc822(text/calendar=) text/calendar=B)",
    ],
    [
      "an empty line before a header, as RFC 6047 §4.3 prints it, and one before content",
      [multipart("x"), "", "--x", "", calendarHeader, "", "A", "--x", "", "content: x", "--x--"],
      "multipart/mixed(text/calendar=A text/plain)",
    ],
    [
      "mails in a digest",
      [
        multipart("x", "digest"),
        "",
        "--x",
        "",
        calendarHeader,
        "",
        "A",
        "--x",
        "Content-Type: text/plain",
        "",
        "B",
        "--x--",
      ],
      "multipart/digest(message/rfc822(text/calendar=A) text/plain)",
    ],
    [
      "an encoded mail inside a mail",
      [
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        "",
        Buffer.from(`${calendarHeader}\r\n\r\nA`).toString("base64"),
      ],
      "message/rfc822(text/calendar=A)",
    ],
    [
      "what a report and Outlook's own form hold is kept",
      [
        ...[multipart("x"), "", "--x", "Content-Type: message/delivery-status", "", "S"],
        ...["--x", "Content-Type: application/octet-stream; name=winmail.dat", "", "T", "--x--"],
      ],
      "multipart/mixed(message/delivery-status=S application/octet-stream=T)",
    ],
    ["a multipart without boundary", ["Content-Type: multipart/mixed", "", "--x", "", "--x--"], "multipart/mixed"],
    ["nothing", [], "text/plain"],
    ["a type that is none", ["Content-Type: ;;;", "", "A"], "text/plain"],
    [
      "a name on a vague type",
      ['Content-Type: application/octet-stream; name="a.ICS"', "", "A"],
      "application/octet-stream=A",
    ],
    ["a name that the type contradicts", ["Content-Type: image/png; name=a.ics", "", "A"], "image/png"],
  ])("%s", async (_, lines, expected) => expect(shape((await parse(...lines)).root)).toBe(expected));

  test("bare line feeds do as well", async () => {
    const mail = await parseMail(Buffer.from(`${multipart("x")}\n\n--x\n${calendarHeader}\n\nA\n--x--\n`));
    expect(shape(mail.root)).toBe("multipart/mixed(text/calendar=A)");
  });
});

describe("content is the very octets", () => {
  const octets = Uint8Array.from({ length: 256 }, (_, i) => i);
  const quoted = [...octets].map((octet) => `=${octet.toString(16).padStart(2, "0").toUpperCase()}`);
  const lines = (items: readonly string[], size: number, end: string): string =>
    Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
      items.slice(i * size, (i + 1) * size).join(""),
    ).join(end);
  const base64 = Buffer.from(octets).toString("base64");
  test.each([
    ["base64", lines([...base64], 76, "\r\n")],
    ["Base64 (of a kind)", lines([...base64], 10, " \n")],
    ["quoted-printable", lines(quoted, 24, "=\r\n")],
    ["Quoted-Printable", lines(quoted, 10, "=  \n")],
  ])("%s", async (encoding, body) => {
    const mail = await parse(calendarHeader, `Content-Transfer-Encoding: ${encoding}`, "", body);
    expect(text(mail.root.bytes)).toBe(text(octets));
  });
  test.each(["7bit", "8BIT", "binary", "x-unknown"])("%s is left alone", async (encoding) => {
    const head = Buffer.from(`${calendarHeader}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`);
    const mail = await parseMail(Buffer.concat([head, octets]));
    expect(text(mail.root.bytes)).toBe(text(octets));
    expect(mail.problems.length).toBe(encoding === "x-unknown" ? 1 : 0);
  });
  test.each([
    ["base64", "QQ==QkM=!RA", "ABCD"],
    ["base64", "****", ""],
    ["quoted-printable", "a=\r\nb =3d=3D=zz= \t\r\nc  \r\nd=", "ab ===zzc\r\nd"],
    ["quoted-printable", `${" ".repeat(50_000)}x`, `${" ".repeat(50_000)}x`],
  ])("broken %s is read as far as it makes sense", (encoding, body, expected) => {
    expect(text(decodeTransfer(Buffer.from(body), encoding))).toBe(expected);
  });
  test("every content comes back from base64, whatever the line length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (content, width) => {
        const body = lines([...Buffer.from(content).toString("base64")], width, "\r\n");
        expect(text(decodeTransfer(Buffer.from(body), "base64"))).toBe(text(content));
      }),
    );
  });
});

describe("parameters as mails really have them", () => {
  test.each([
    ["text/calendar; method=REQUEST;; charset=UTF-8", { method: "REQUEST", charset: "UTF-8" }],
    ['text/calendar;METHOD = "REPLY" ; charset="utf\\-8"', { method: "REPLY", charset: "utf-8" }],
    ["text/calendar (a; method=CANCEL) ; method=ADD (b (c))", { method: "ADD" }],
    ['a/b; name="x; method=CANCEL"; method=REQUEST', { name: "x; method=CANCEL", method: "REQUEST" }],
    ["a/b; method=REQUEST; method=CANCEL", { method: "REQUEST" }],
    ["a/b; name*=utf-8'de'Gr%C3%BC%C3%9Fe.ics; name=x.ics", { name: "Grüße.ics" }],
    ["a/b; name*=iso-8859-1''%FC.ics", { name: "ü.ics" }],
    ['a/b; name*0=in; name*1="vi"; name*2=te.ics', { name: "invite.ics" }],
    ["a/b; name*1*=%C3%BC; name*0*=utf-8''100%25; name*2=%41", { name: "100%ü%41" }],
    ['a/b; name="open', { name: "open" }],
    ["a/b; novalue; =x; __proto__=y", { ["__proto__"]: "y" }],
  ])("%s", (written, parameters) => {
    expect(Object.entries(readParameters(written).parameters)).toEqual(Object.entries(parameters));
  });
  test.each([
    ["=?utf-8?Q?Gr=C3=BC?= =?UTF-8?b?w59l?= an", "Grüße an"],
    ["=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"],
    ["a =?iso-8859-1*de?q?=FC_x?= b", "a ü x b"],
    ["=?x-none?q?abc?=", "=?x-none?q?abc?="],
    ["=?utf-8?q?unclosed", "=?utf-8?q?unclosed"],
  ])("%s is %s", (written, decoded) => expect(decodeWords(written)).toBe(decoded));
});

describe("the header", () => {
  test("what iMIP needs of it", async () => {
    const mail = await parse(
      "From: =?utf-8?q?J=C3=B6rg_Example?= <Joerg@Example.test>",
      'Sender: "Secretary, The" <sec@example.test>',
      "Reply-To: answers@example.test",
      "To: Team: ben@example.test, Clara <clara@partner.test>;",
      "Cc:",
      " dave@example.test",
      "Subject: =?utf-8?q?Einladung:?=",
      "\t=?utf-8?q?_M=C3=B6bel?=",
      "Message-ID:  <a.b@example.test> (c)",
      "Date: Tue, 2 Mar 2027 10:30:15 +0130 (here)",
      "Auto-Submitted: Auto-Replied (vacation); x=y",
      "Authentication-Results: first.test;",
      " none",
      "Authentication-Results: second.test; none",
      "",
      "",
    );
    expect(mail).toMatchObject({
      from: [{ address: "Joerg@Example.test", name: "Jörg Example" }],
      sender: { address: "sec@example.test", name: "Secretary, The" },
      to: [{ address: "ben@example.test" }, { address: "clara@partner.test", name: "Clara" }],
      cc: [{ address: "dave@example.test" }],
      subject: "Einladung: Möbel",
      messageId: "<a.b@example.test>",
      date: Date.UTC(2027, 2, 2, 9, 0, 15) / 1_000,
      autoSubmitted: "auto-replied",
      authenticationResults: ["first.test; none", "second.test; none"],
      problems: [],
    });
  });

  test("a mail inside the mail has its own, also where it is all that is returned", async () => {
    const inner = ["From: olaf@outside.test", "Message-ID: <in@outside.test>", "Date: 2 Mar 2027 09:00 GMT"];
    const { root } = await parse(
      ...["From: a@x.test", multipart("x"), "", "--x", "Content-Type: message/rfc822", "", ...inner, "", "A"],
      ...["--x", "Content-Type: text/rfc822-headers", "Content-Transfer-Encoding: base64", ""],
      ...[Buffer.from(inner.join("\r\n")).toString("base64"), "--x--"],
    );
    const header = {
      from: [{ address: "olaf@outside.test" }],
      messageId: "<in@outside.test>",
      date: Date.UTC(2027, 2, 2, 9) / 1_000,
    };
    expect(root.parts).toMatchObject([{ header }, { header }]);
  });

  test("marks of mails that nobody wrote, and languages", async () => {
    const mail = await parse(
      ...["Precedence: Bulk (x)", "X-Auto-Response-Suppress: All", "X-AutoReply: yes"],
      ...["Content-Language: de-AT, en", "", ""],
    );
    expect((await parse("In-Reply-To: <a@b.test> <c@d.test>", "", "")).inReplyTo).toBe("<a@b.test>");
    expect(mail).toMatchObject({ precedence: "bulk", answerMarks: ["x-autoreply", "x-auto-response-suppress"] });
    expect(mail.root.languages).toEqual(["de-at", "en"]);
  });

  test.each([
    ["two fields", ["From: a@x.test", "From: b@x.test"], ["a@x.test", "b@x.test"]],
    ["two in one field", ["From: a@x.test, B <b@x.test>"], ["a@x.test", "b@x.test"]],
    ["an address as a name", ['From: "ann@example.test" <mallory@x.test>'], ["mallory@x.test"]],
    [
      "an encoded name that looks like another address",
      ["From: =?utf-8?q?ann=40example.test=3E=2C?= <mallory@x.test>"],
      ["mallory@x.test"],
    ],
    ["a field after a line that is none", ["From: a@x.test", "garbage", " b@x.test"], ["a@x.test"]],
  ])("From: %s", async (_, lines, expected) => {
    const { from } = await parse(...lines, "", "");
    expect(from.map(({ address }) => address)).toEqual(expected);
  });

  test.each([
    ["2 Mar 2027 09:00 GMT", Date.UTC(2027, 2, 2, 9) / 1_000],
    ["Tue, 02 Mar 27 09:00:00 -0500", Date.UTC(2027, 2, 2, 14) / 1_000],
    ["32 Mar 2027 09:00:00 +0000", undefined],
    ["yesterday", undefined],
  ])("Date: %s", async (written, date) => expect((await parse(`Date: ${written}`, "", "")).date).toBe(date));
});

describe("nothing makes it reject", () => {
  test("no mail at all", async () => {
    const mail = await parse("this is not a mail at all", "it has no header: or does it");
    expect(mail.from).toEqual([]);
    expect(mail.problems.join()).toContain("no header");
  });
  test("a multipart without end keeps what there is, and it is said", async () => {
    const mail = await parse(multipart("x"), "", "--x", calendarHeader, "", "A");
    expect([shape(mail.root), mail.problems.join()]).toEqual([
      "multipart/mixed(text/calendar=A)",
      expect.stringContaining("cut short"),
    ]);
  });
  test("10,000 parts: as many as the bound", async () => {
    const mail = await parse(multipart("x"), "", ...Array.from({ length: 10_000 }, () => "--x\r\n\r\nhi"), "--x--");
    expect(mail.root.parts.length).toBe(defaultLimits.maxMailParts - 1);
    expect(mail.problems.join()).toContain("more than 1000 parts");
  });
  test("1,000 nested multiparts: as deep as the bound", async () => {
    const mail = await parse(...Array.from({ length: 1_000 }, (_, i) => [multipart(`b${i}`), "", `--b${i}`]).flat());
    let depth = 0;
    for (let part: MailPart | undefined = mail.root; part; part = part.parts[0]) depth++;
    expect(depth).toBe(defaultLimits.maxMailDepth);
    expect(mail.problems.join()).toContain("nested deeper");
  });
  test.each([
    ["as it stands", (inner: Buffer) => Buffer.concat([Buffer.from("Content-Type: message/rfc822\r\n\r\n"), inner])],
    [
      "encoded",
      (inner: Buffer) =>
        Buffer.from(
          `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${inner.toString("base64")}`,
        ),
    ],
  ])("40 mails inside each other, %s: as deep as the bound", async (_, wrap) => {
    let bytes = Buffer.from(`${calendarHeader}\r\n\r\nA`);
    for (let i = 0; i < 40; i++) bytes = wrap(bytes);
    const mail = await parseMail(bytes);
    let depth = 0;
    for (let part: MailPart | undefined = mail.root; part; part = part.parts[0]) depth++;
    expect(depth).toBe(defaultLimits.maxMailDepth);
  });
  test("encoded mails of many parts each: as many as the bound, together", async () => {
    const inner = Buffer.from(`${multipart("y")}\r\n\r\n${"--y\r\n\r\n".repeat(400)}`).toString("base64");
    const part = `--x\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${inner}\r\n`;
    const { root } = await parse(multipart("x"), "", part.repeat(100));
    const count = (one: MailPart): number => one.parts.reduce((sum, child) => sum + count(child), 1);
    expect(count(root)).toBe(defaultLimits.maxMailParts);
  });
  test("30 MB of which nothing is a calendar: no content is kept", async () => {
    const mail = await parseMail(
      Buffer.concat([Buffer.from("Subject: big\r\n\r\n"), Buffer.alloc(30 * 1024 * 1024, "a\n")]),
    );
    expect([mail.subject, mail.root.bytes, mail.problems]).toEqual(["big", undefined, []]);
  });
  test("a header without end is cut, and it is said", async () => {
    const mail = await parseMail(Buffer.from(`Subject: x\r\n${"X-A: b\r\n".repeat(300_000)}`));
    expect([mail.subject, mail.problems.join()]).toEqual(["x", expect.stringContaining("too long")]);
  });
  test("any octets", async () => {
    const piece = fc.constantFrom(
      multipart("x"),
      calendarHeader,
      "--x",
      "--x--",
      "",
      "From: a@b.test",
      "=?utf-8?b?",
      "\u0000",
      "ü",
    );
    const mails = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.array(piece, { maxLength: 30 }).map((lines) => Buffer.from(lines.join("\n"))),
    );
    await fc.assert(
      fc.asyncProperty(mails, async (bytes) => {
        const mail = await parseMail(bytes);
        readSchedulingMail(mail, intlZoneProvider, defaultLimits);
      }),
    );
  });
});
