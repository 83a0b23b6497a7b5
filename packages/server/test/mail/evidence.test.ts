import type { Relation } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { parseAuthenticationResults } from "../../src/mail/authentication-results.ts";
import { judgeSender } from "../../src/mail/evidence.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";

const pass = "mx.ours.test; dmarc=pass header.from=example.test";

async function judge(
  headers: readonly string[],
  over: { readonly trustRelay?: boolean; readonly from?: string; readonly ids?: readonly string[] } = {},
) {
  const from = over.from ?? "From: Ann <ann@example.test>";
  const mail = await parseMail(Buffer.from([...headers, from, "", ""].join("\r\n")));
  return judgeSender(mail, {
    trustedAuthservIds: over.ids ?? ["mx.ours.test"],
    trustRelay: over.trustRelay ?? false,
    relation: (address): Relation => (address === "ann@example.test" ? "correspondent" : "stranger"),
  });
}

const results = (...values: readonly string[]): readonly string[] =>
  values.map((value) => `Authentication-Results: ${value}`);

describe("what our relay says", () => {
  test.each([
    ["pass", [pass], "relayed"],
    [
      "pass, written with comments, version, space and quotes",
      ['(c) "MX.Ours.Test" (d) 1 ; spf=fail (x; y) ; DMARC / 1 = (z) PASS (p=none) header . From = "Example.TEST."'],
      "relayed",
    ],
    ["pass, with the whole address", ["mx.ours.test; dmarc=pass header.from=ann@example.test"], "relayed"],
    [
      "pass, folded",
      ["mx.ours.test;\r\n\tspf=none;\r\n\tdmarc=pass (p=reject)\r\n\theader.from=example.test"],
      "relayed",
    ],
    ["pass of another domain", ["mx.ours.test; dmarc=pass header.from=elsewhere.test"], "weak"],
    ["pass of a subdomain", ["mx.ours.test; dmarc=pass header.from=a.example.test"], "weak"],
    ["pass of nothing named", ["mx.ours.test; dmarc=pass"], "weak"],
    ["fail", ["mx.ours.test; dmarc=fail header.from=example.test"], "none"],
    ["pass and fail", ["mx.ours.test; dmarc=pass header.from=example.test; dmarc=fail"], "none"],
    ["no policy", ["mx.ours.test; dmarc=none header.from=example.test"], "weak"],
    ["trouble", ["mx.ours.test; dmarc=temperror header.from=example.test"], "weak"],
    [
      "other methods only",
      ["mx.ours.test; dkim=pass header.d=example.test; spf=pass smtp.mailfrom=example.test"],
      "weak",
    ],
    ["nothing", ["mx.ours.test; none"], "weak"],
    ["nothing at all", [], "weak"],
  ])("%s", async (_, lines, strength) => expect((await judge(results(...lines))).strength).toBe(strength));
});

describe("what came with the mail never helps", () => {
  test.each([
    ["another id", ["mx.theirs.test; dmarc=pass header.from=example.test"], "weak"],
    ["an id that begins like ours", ["mx.ours.test.evil.test; dmarc=pass header.from=example.test"], "weak"],
    ["our id in a comment", ["mx.theirs.test (mx.ours.test; dmarc=pass header.from=example.test)"], "weak"],
    ["our id in another place", ["mx.theirs.test mx.ours.test; dmarc=pass header.from=example.test"], "weak"],
    ["no id", ["; dmarc=pass header.from=example.test"], "weak"],
    ["below ours, which says fail", ["mx.ours.test; dmarc=fail", pass], "none"],
    ["below ours, which says nothing", ["mx.ours.test; none", pass], "weak"],
    ["below ours, in capitals", ["MX.OURS.TEST; dmarc=fail", pass], "none"],
    ["below one of ours and a foreign one", ["filter.test; none", "mx.ours.test; dmarc=fail", pass], "none"],
    ["a comment", ["mx.ours.test; dmarc=fail (dmarc=pass header.from=example.test)"], "none"],
    ["a comment that is not closed", ["mx.ours.test; dmarc=none (; dmarc=pass header.from=example.test"], "weak"],
    ["a quoted value", ['mx.ours.test; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.test"'], "weak"],
    [
      "a quoted value with escaped quotes",
      ['mx.ours.test; spf=pass smtp.mailfrom="x\\"; dmarc=pass header.from=example.test"'],
      "weak",
    ],
    ["a second header.from", ["mx.ours.test; dmarc=pass header.from=evil.test header.from=example.test"], "weak"],
    ["a result that breaks the grammar", ["mx.ours.test; x dmarc=pass header.from=example.test"], "weak"],
  ])("%s", async (_, lines, strength) => expect((await judge(results(...lines))).strength).toBe(strength));

  test("a trusted relay counts only where it says nothing", async () => {
    expect((await judge([], { trustRelay: true })).strength).toBe("relayed");
    expect((await judge(results("mx.ours.test; dmarc=fail"), { trustRelay: true })).strength).toBe("none");
    expect((await judge(results("mx.ours.test; dmarc=none"), { trustRelay: true })).strength).toBe("weak");
  });
  test("without trusted ids nothing is believed", async () => {
    expect((await judge(results(pass), { ids: [] })).strength).toBe("weak");
  });
});

describe("From", () => {
  test.each([
    ["none", "X-A: b"],
    ["empty", "From: "],
    ["two addresses", "From: ann@example.test, ben@example.test"],
    ["two fields", "From: ann@example.test\r\nFrom: ann@example.test"],
    ["no mail address", "From: ann"],
  ])("%s: no evidence, whatever else is said", async (_, from) => {
    const evidence = await judge(results(pass), { from, trustRelay: true });
    expect(evidence).toMatchObject({ strength: "none", relation: "stranger", confirmedByOwner: false });
    expect(evidence.from).toBeUndefined();
  });
  test("the one address, canonical, and what it is to the owner", async () => {
    expect(await judge(results(pass), { from: "From: Ann@Example.TEST" })).toMatchObject({
      from: "ann@example.test",
      relation: "correspondent",
      detail: "mx.ours.test says DMARC passed for example.test.",
    });
  });
  test("an international domain is the same in both its forms", async () => {
    const line = results("mx.ours.test; dmarc=pass header.from=xn--mnchen-3ya.test");
    expect((await judge(line, { from: "From: a@münchen.test" })).strength).toBe("relayed");
  });
});

test("values may hold what names may not", () => {
  const parsed = parseAuthenticationResults('mx.test; dkim=pass header.b=ab+/c= header.i=@x.test reason="a;b"');
  expect([...(parsed?.results[0]?.properties ?? [])]).toEqual([
    ["header.b", "ab+/c="],
    ["header.i", "@x.test"],
    ["reason", "a;b"],
  ]);
});
