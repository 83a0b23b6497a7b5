import { formatAddress, parseAddress, parseMailbox } from "@parley/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("addresses of calendar users, as products write them", () => {
  test.each([
    ["mailto:ann@example.test", "ann@example.test"],
    ["MAILTO:Ann@Example.TEST", "ann@example.test"],
    ["ann@example.test", "ann@example.test"],
    ["mailto:a%2Bb@example.test", "a+b@example.test"],
    ["mailto:ann@example.test?subject=x", "ann@example.test"],
    ["mailto:ann@example.test%3Cann@example.test%3E", "ann@example.test"],
    ["mailto:admin/unit@example.test", "admin/unit@example.test"],
    ["urn:uuid:1", "urn:uuid:1"],
    ["http://example.test/ann", "http://example.test/ann"],
    ["mailto:mi\u212ae@example.test", "mi\u212ae@example.test"],
    ["mailto:", undefined],
    ["ann", undefined],
    ["a b@example.test", undefined],
    ["mailto:a@b@c", undefined],
    ["a@b\r\nBcc: c@d", undefined],
    ["mailto:a\u0085@example.test", undefined],
    ["mailto:\u202emoc@example.test", undefined],
    ["mailto:a@\u2066example.test", undefined],
  ])("%j is %j", (text, address) => expect(parseAddress(text)).toBe(address));

  test.each([
    [`${"a".repeat(990)}@test.test`, true],
    [`${"a".repeat(991)}@test.test`, false],
    [`${"\u754c".repeat(330)}@test.test`, true],
    [`${"\u754c".repeat(331)}@test.test`, false],
  ])("one longer than 1,000 octets is none", (text, isAddress) => {
    expect(parseAddress(text) !== undefined).toBe(isAddress);
    expect(parseMailbox(text) !== undefined).toBe(isAddress);
  });

  test("what is formatted is read as the same", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const address = parseAddress(text);
        if (address) expect(parseAddress(formatAddress(address))).toBe(address);
      }),
    );
  });
});

describe("mailboxes, as headers and envelopes have them", () => {
  test.each([
    ["Boss@Corp.test", "boss@corp.test"],
    [" boss@corp.test ", "boss@corp.test"],
    // Nothing is decoded, cut or completed: whoever writes these is not the boss.
    ["b%6Fss@corp.test", "b%6fss@corp.test"],
    ["boss@corp.test?x@evil.test", undefined],
    ["boss@corp.test%3C@evil.test", undefined],
    ["mailto:boss@corp.test", undefined],
    ["<boss@corp.test>", undefined],
    ["mi\u212ae@corp.test", "mi\u212ae@corp.test"],
    ["urn:uuid:1", undefined],
    ["", undefined],
  ])("%j is %j", (text, address) => expect(parseMailbox(text)).toBe(address));
});
