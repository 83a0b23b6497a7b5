import type { Relation } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { parseAuthenticationResults } from "../../src/mail/authentication-results.ts";
import { judgeSender, type SenderFacts } from "../../src/mail/evidence.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import type { SenderProof } from "../../src/scheduling/sender-proof.ts";

const pass = "mx.ours.test; dmarc=pass header.from=example.test";

async function judge(
  headers: readonly string[],
  over: Partial<Pick<SenderFacts, "trustRelay" | "proof">> & {
    readonly from?: string;
    readonly ids?: readonly string[];
    readonly known?: readonly string[];
  } = {},
) {
  const from = over.from ?? "From: Ann <ann@example.test>";
  const mail = await parseMail(Buffer.from([...headers, from, "", ""].join("\r\n")));
  return judgeSender(mail, {
    trustedAuthservIds: over.ids ?? ["mx.ours.test"],
    trustRelay: over.trustRelay ?? false,
    ...(over.proof && { proof: over.proof }),
    known: () => over.known ?? [],
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

describe("IMIP-2-01 IMIP-2.3-02 Reply-To, Sender and the envelope give no authority, whatever they say", () => {
  const others = ["Reply-To: boss@example.test", "Sender: boss@example.test", "Return-Path: <boss@example.test>"];
  const more = ["Resent-From: boss@example.test", "X-Original-From: boss@example.test"];
  const every = [...others, ...more];
  const combinations = Array.from({ length: 2 ** every.length }, (_, bits) =>
    every.filter((_line, index) => bits & (1 << index)),
  );

  test.each([
    ["proven", [pass], "relayed"],
    ["weak", [], "weak"],
    ["failed", ["mx.ours.test; dmarc=fail header.from=example.test"], "none"],
    ["proven for the other domain alone", ["mx.ours.test; dmarc=pass header.from=boss.test"], "weak"],
  ] as const)("From %s: the same in all 32 combinations", async (_, lines, strength) => {
    for (const headers of combinations) {
      for (const order of [
        [...results(...lines), ...headers],
        [...headers, ...results(...lines)],
      ]) {
        const evidence = await judge(order);
        expect([evidence.from, evidence.strength, evidence.relation]).toEqual([
          "ann@example.test",
          strength,
          "correspondent",
        ]);
      }
    }
  });

  test("no From: none of them takes its place", async () => {
    for (const headers of combinations) expect((await judge(headers, { from: "X-A: b" })).from).toBeUndefined();
  });
});

describe("decision 0033: which check decides", () => {
  const dmarc = (result: "pass" | "fail" | "unproven" | "temporary" | "none", domain = "example.test") => ({
    dmarc: { result, domain, detail: `own: ${result}` },
  });
  const arc = { arc: { sealer: "list.test", domain: "example.test" } };
  const fail = "mx.ours.test; dmarc=fail header.from=example.test";
  const none = "mx.ours.test; dmarc=none header.from=example.test";

  // What our own check says, what our relay says, whether the relay is trusted with all -> what is believed.
  test.each<[string, SenderProof, string | undefined, boolean, string]>([
    ["ours passes", dmarc("pass"), undefined, false, "domain"],
    ["ours passes, the relay's fails", dmarc("pass"), fail, false, "domain"],
    ["ours passes for another domain", dmarc("pass", "evil.test"), undefined, false, "weak"],
    ["ours passes for a subdomain", dmarc("pass", "a.example.test"), undefined, false, "weak"],
    ["ours fails, the relay's passes", dmarc("fail"), pass, false, "relayed"],
    ["ours fails, the relay says nothing", dmarc("fail"), undefined, false, "none"],
    ["ours fails, the relay is trusted and says nothing", dmarc("fail"), undefined, true, "none"],
    ["ours proves nothing", dmarc("unproven"), undefined, false, "weak"],
    ["ours proves nothing, the relay's passes", dmarc("unproven"), pass, false, "relayed"],
    ["ours proves nothing, the relay's fails", dmarc("unproven"), fail, false, "none"],
    ["ours proves nothing, the relay's is none", dmarc("unproven"), none, true, "weak"],
    ["ours proves nothing, the relay is trusted", dmarc("unproven"), undefined, true, "relayed"],
    ["ours could not be made", dmarc("temporary"), undefined, false, "weak"],
    ["ours could not be made, the relay's fails", dmarc("temporary"), fail, false, "none"],
    ["there is no policy", dmarc("none"), undefined, false, "weak"],
    ["ours fails, ARC passes", { ...dmarc("fail"), ...arc }, undefined, false, "relayed"],
    ["the relay's fails, ARC passes", { ...dmarc("unproven"), ...arc }, fail, false, "relayed"],
    ["ARC passes for another domain", { ...arc, arc: { ...arc.arc, domain: "evil.test" } }, undefined, false, "weak"],
    ["nothing was checked", {}, undefined, false, "weak"],
  ])("%s", async (_, proof, line, trustRelay, want) => {
    const evidence = await judge(line === undefined ? [] : results(line), { proof, trustRelay });
    expect(evidence.strength).toBe(want);
    expect(evidence.detail).toMatch(/\.$|^own/);
  });
});

describe("what could be taken for somebody else is shown", () => {
  test("several From addresses, named", async () => {
    const evidence = await judge([], { from: "From: a@x.test, b@x.test, c@x.test, d@x.test" });
    expect(evidence.warnings).toEqual(["It says to be from 4 addresses: “a@x.test”, “b@x.test”, “c@x.test”, …."]);
  });
  test("a name that is another address", async () => {
    const { warnings, strength } = await judge(results(pass), { from: 'From: "boss@example.test" <ann@example.test>' });
    expect(strength).toBe("relayed");
    expect(warnings).toEqual(["Its sender calls itself “boss@example.test”, but its address is “ann@example.test”."]);
  });
  test("a stranger's domain beside those the owner knows; a correspondent's is not compared", async () => {
    const known = ["carl@examp1e.test"];
    expect((await judge([], { from: "From: x@example.test", known })).warnings).toHaveLength(1);
    expect((await judge([], { known })).warnings).toBeUndefined();
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
