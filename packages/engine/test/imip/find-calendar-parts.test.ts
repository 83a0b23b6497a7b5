import { defaultLimits } from "@parley/engine";
import { decodeCalendarText, findCalendarParts, type MailPart } from "@parley/engine/imip";
import { describe, expect, test } from "vitest";
import { calendarLeaf, invitation, leaf, mailInside, mailOf, multipart, octets } from "./mails.ts";

const other = octets("BEGIN:VCALENDAR", "END:VCALENDAR");
const text = leaf("text/plain");
const attached = leaf("application/ics", { bytes: other, filename: "invite.ics" });
const octetStream = leaf("application/octet-stream", { bytes: other, filename: "Meeting.ICS " });

describe("which parts are calendars, in the order of the mail", () => {
  const cases: readonly (readonly [string, MailPart, readonly string[]])[] = [
    ["the only part", calendarLeaf(invitation), [""]],
    ["an alternative", multipart("alternative", text, leaf("text/html"), calendarLeaf(invitation)), ["3"]],
    [
      "an attachment before an alternative",
      multipart("mixed", attached, multipart("alternative", text, calendarLeaf(invitation))),
      ["1", "2.2"],
    ],
    [
      "a byte-equal copy before the alternative, which is believed more",
      multipart("mixed", attached, multipart("alternative", text, calendarLeaf(other))),
      ["2.2"],
    ],
    [
      "inside related inside alternative",
      multipart("alternative", text, multipart("related", leaf("text/html"), calendarLeaf(invitation))),
      ["2.2"],
    ],
    ["an attachment alone", multipart("mixed", text, attached), ["2"]],
    ["a file name in capitals", multipart("mixed", text, octetStream), ["2"]],
    [
      "a name that contradicts the type",
      multipart("mixed", leaf("text/html", { bytes: other, filename: "x.ics" }), octetStream),
      ["2"],
    ],
    [
      "IMIP-2.6-02: the type counts, whatever the name",
      multipart(
        "mixed",
        leaf("text/plain", { bytes: other, filename: "x.ics" }),
        leaf("text/calendar", { bytes: other, filename: "x.exe" }),
      ),
      ["2"],
    ],
    [
      "a byte-equal copy without method",
      multipart("mixed", calendarLeaf(invitation), leaf("application/ics", { bytes: invitation })),
      ["1"],
    ],
    [
      "a byte-equal copy with another method",
      multipart("mixed", calendarLeaf(invitation), calendarLeaf(invitation, "CANCEL")),
      ["1", "2"],
    ],
  ];
  test.each(cases)("%s", (_, root, paths) => {
    const found = findCalendarParts(mailOf(root), defaultLimits);
    expect(found.kind === "parts" && found.parts.map((part) => part.path)).toEqual(paths);
  });
});

test.each([
  ["no-calendar", multipart("mixed", text, leaf("message/rfc822"))],
  ["delivery-report", multipart("report", text, calendarLeaf(invitation))],
  ["delivery-report", multipart("mixed", leaf("message/delivery-status"), mailInside(calendarLeaf(invitation)))],
] as const)("nothing to act on: %s", (reason, root) => {
  expect(findCalendarParts(mailOf(root), defaultLimits)).toEqual({ kind: "none", reason });
});

test("of what alternative a part is a choice, and who passed it on", () => {
  const inner = mailInside(multipart("mixed", calendarLeaf(other)), { subject: "inside" });
  const root = multipart("mixed", multipart("alternative", text, calendarLeaf(invitation), inner), attached);
  const found = findCalendarParts(mailOf(root), defaultLimits);
  expect(found.kind === "parts" && found.parts).toMatchObject([
    { path: "1.2", alternative: "1" },
    { path: "1.3.1.1", forwarded: { subject: "inside" } },
    { path: "2" },
  ]);
});

test("parameters are compared in one case; a charset nobody knows is a problem", () => {
  const found = findCalendarParts(mailOf(calendarLeaf(invitation, "request", "KOI8-X")), defaultLimits);
  const [part] = found.kind === "parts" ? found.parts : [];
  expect([part?.method, part?.charset]).toEqual(["REQUEST", "koi8-x"]);
  expect(part?.problems.join()).toContain("koi8-x");
});

describe("bounds", () => {
  const limits = { ...defaultLimits, maxMailParts: 10, maxMailDepth: 3, maxCalendarParts: 2 };
  const distinct = (count: number): readonly MailPart[] =>
    Array.from({ length: count }, (_, i) => calendarLeaf(octets(`X-N:${i}`)));

  test("too many calendars: the first are handed on and it is said", () => {
    const found = findCalendarParts(mailOf(multipart("mixed", ...distinct(5))), limits);
    expect(found).toMatchObject({ kind: "parts", parts: [{ path: "1" }, { path: "2" }] });
    expect(found.kind === "parts" && found.problems.join()).toContain("only 2");
  });
  test("too many parts: those behind the bound are not looked at", () => {
    const fillers = Array.from({ length: 12 }, () => text);
    expect(findCalendarParts(mailOf(multipart("mixed", ...fillers, ...distinct(1))), limits).kind).toBe("none");
  });
  test("too deep: not looked at", () => {
    let root = calendarLeaf(invitation);
    for (let i = 0; i < 20_000; i++) root = multipart("mixed", root);
    expect(findCalendarParts(mailOf(root), limits).kind).toBe("none");
  });
});

describe("charsets", () => {
  const units = (mark: boolean, little: boolean): Uint8Array => {
    const codes = [
      ...(mark ? [0xfeff] : []),
      ...[..."é€😀"]
        .join("")
        .split("")
        .map((unit) => unit.charCodeAt(0)),
    ];
    return Uint8Array.from(codes.flatMap((code) => (little ? [code & 255, code >> 8] : [code >> 8, code & 255])));
  };
  const decode = (bytes: Uint8Array, charset?: string): string | Uint8Array =>
    decodeCalendarText({ bytes, ...(charset && { charset }) });

  test.each([
    ["utf-16", units(true, true)],
    ["utf-16", units(true, false)],
    ["utf-16", units(false, false)],
    ["utf-16le", units(false, true)],
    ["utf-16be", units(false, false)],
    ["utf-16le", Uint8Array.from([...units(true, true), 0x41])],
  ])("%s is decoded", (charset, bytes) => expect(decode(bytes, charset)).toBe("é€😀"));

  test("more than one chunk of UTF-16", () => {
    const long = Uint8Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? 0x61 : 0));
    expect(decode(long, "utf-16le")).toBe("a".repeat(20_000));
  });
  test.each([
    ["koi8-r", [0xf0, 0xcc, 0xc1, 0xce], "План"],
    ["shift_jis", [0x8a, 0xc8, 0x88, 0xd5], "簡易"],
    ["gb2312", [0xbb, 0xe1, 0xd2, 0xe9], "会议"],
    ["iso-2022-jp", [0x1b, 0x24, 0x42, 0x32, 0x71, 0x1b, 0x28, 0x42], "会"],
    ["iso-8859-2", [0xb9, 0xe8], "šč"],
    ["shift_jis", [0x8a, 0x0d, 0x0a, 0x20, 0xc8, 0x0a, 0x09, 0x41, 0x0a, 0x42], "簡A\nB"],
  ])("%s is unfolded and decoded", (charset, bytes, text) => {
    expect(decode(Uint8Array.from(bytes), charset)).toBe(text);
  });
  test("UTF-16 is known by its mark; UTF-8 is UTF-8 whatever the mail calls it", () => {
    expect(decode(units(true, true))).toBe("é€😀");
    expect(decode(units(true, false), "utf-8")).toBe("é€😀");
    const bytes = new TextEncoder().encode("簡易");
    expect(decode(bytes, "shift_jis")).toBe(bytes);
  });
  test.each([undefined, "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "x-unknown"])(
    "%s is left to the reader",
    (charset) => {
      const bytes = Uint8Array.from([0x66, 0xfc, 0x72]);
      expect(decode(bytes, charset)).toBe(bytes);
    },
  );
});
