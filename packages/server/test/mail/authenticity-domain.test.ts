import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withinBounds } from "../../src/mail/authenticity/dns.ts";
import { findClient } from "../../src/mail/authenticity/received-client.ts";
import { judgeSender } from "../../src/mail/evidence.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { bytesOf, checkOf, dns, keyRecord, mailOf, now, sealed, signed, tableLookup } from "./authenticity.ts";

type Over = Parameters<typeof checkOf>[0];

/** What is believed of a mail after our own check alone. */
async function strengthOf(mail: string, over: Over = {}, envelopeFrom?: string): Promise<string> {
  const check = await checkOf(over);
  const proof = await check(bytesOf(mail), envelopeFrom);
  const facts = { trustedAuthservIds: [], trustRelay: false, relation: () => "correspondent" as const };
  return (await judgeSender(await parseMail(bytesOf(mail)), { ...facts, proof })).strength;
}

const mail = mailOf();
const none = "DKIM-Signature: v=1; d=example.test\r\n";
const dnsWith = (over: typeof dns) => ({ lookUp: tableLookup({ ...dns, ...over }) });

describe("IMIP-2.2.1-03 DKIM and DMARC, checked by ourselves", () => {
  test.each<[string, () => Promise<string> | string, string, Over?]>([
    ["a signature of the From domain", () => signed(mail), "domain"],
    [
      "of a mail with the line ends of the machine",
      async () => (await signed(mail)).replaceAll("\r\n", "\n"),
      "domain",
    ],
    ["of a domain above it", () => signed(mailOf({ from: "ann@sub.example.test" })), "domain"],
    ["nothing, and a policy", () => mail, "weak"],
    ["another domain's signature", () => signed(mail, "evil.test"), "weak"],
    ["a signature that was changed", async () => (await signed(mail)).replace("Hello", "Hullo"), "weak"],
    ["a Subject that was changed", async () => (await signed(mail)).replace("One", "Two"), "weak"],
    ["a From that was changed", async () => (await signed(mail)).replace("ann@", "bob@"), "weak"],
    ["a From field put before the signed one", async () => `From: boss@example.test\r\n${await signed(mail)}`, "none"],
    ["a second Content-Type", async () => `Content-Type: text/html\r\n${await signed(mail)}`, "weak"],
    [
      "a body that goes on behind what is signed",
      async () => `${await signed(mail, "example.test", { maxBodyLength: 5 })}More`,
      "weak",
    ],
    ["a signature that has run out", () => signed(mail, "example.test", { expires: now - 1 }), "weak"],
    ["a domain without policy", () => signed(mail), "weak", dnsWith({ "TXT _dmarc.example.test": [] })],
    [
      "a key that is being tried out",
      () => signed(mail),
      "weak",
      dnsWith({ "TXT s._domainkey.example.test": [`${keyRecord}; t=y`] }),
    ],
    ["a key that is gone", () => signed(mail), "weak", dnsWith({ "TXT s._domainkey.example.test": [] })],
    [
      "a key that cannot be looked up",
      () => signed(mail),
      "weak",
      dnsWith({ "TXT s._domainkey.example.test": "broken" }),
    ],
    ["a policy that cannot be looked up", () => signed(mail), "weak", dnsWith({ "TXT _dmarc.example.test": "broken" })],
    ["ten signatures", async () => none.repeat(9) + (await signed(mail)), "domain"],
    ["eleven", async () => none.repeat(10) + (await signed(mail)), "weak"],
    ["a header of many lines", async () => `X-A: ${"a\r\n ".repeat(4_900)}b\r\n${await signed(mail)}`, "domain"],
    ["of too many", async () => `X-A: ${"a\r\n ".repeat(5_000)}b\r\n${await signed(mail)}`, "weak"],
    ["a header that is too long", async () => `X-A: ${"a".repeat(900)}\r\n`.repeat(300) + (await signed(mail)), "weak"],
    ["a long line", () => signed(mailOf({ body: "a".repeat(256 * 1024 - 2) })), "domain"],
    ["too long a line", () => signed(mailOf({ body: "a".repeat(256 * 1024) })), "weak"],
    ["no header at all", () => "\r\n", "none"],
  ])("%s", async (_, make, want, over = {}) => expect(await strengthOf(await make(), over)).toBe(want));

  test("what could not be looked up is temporary, and never a failure", async () => {
    const broken = dnsWith({ "TXT s._domainkey.example.test": "broken" });
    const check = await checkOf({ ...broken, receivedBy: ["mx.ours.test"] });
    const received =
      "Received: from x.test (x.test [198.51.100.1]) by mx.ours.test; Tue, 2 Mar 2027 12:00:00 +0000\r\n";
    const proof = await check(bytesOf(received + (await signed(mail))), "x@evil.test");
    expect(proof.dmarc).toMatchObject({ result: "temporary", domain: "example.test" });
  });

  test("without a client's address nothing fails; with it a policy's word counts", async () => {
    const check = await checkOf();
    expect((await check(bytesOf(mail))).dmarc).toMatchObject({ result: "unproven" });
  });
});

describe("SPF, where our relay says whom it took the mail from", () => {
  const from = (ip: string, by = "mx.ours.test") =>
    `Received: from host.example.test (host.example.test [${ip}])\r\n\tby ${by} (Postfix) with ESMTPS id 1; Tue, 2 Mar 2027 12:00:00 +0000\r\n${mail}`;
  const ours = { receivedBy: ["mx.ours.test"] };

  test.each<[string, string, string, string, Over?]>([
    ["the domain's own machine", from("192.0.2.1"), "x@example.test", "domain", ours],
    ["another machine", from("203.0.113.9"), "x@example.test", "none", ours],
    ["another domain's own machine", from("198.51.100.1"), "x@evil.test", "none", ours],
    ["the domain's own machine, for another domain's sender", from("192.0.2.1"), "x@evil.test", "none", ours],
    ["a line that is not of our relay", from("192.0.2.1", "mx.theirs.test"), "x@example.test", "weak", ours],
    ["nobody has named our relay", from("192.0.2.1"), "x@example.test", "weak"],
    ["a machine of a private network", from("10.0.0.1"), "x@example.test", "weak", ours],
    [
      "a DNS that does not answer",
      from("192.0.2.1"),
      "x@example.test",
      "weak",
      { ...ours, ...dnsWith({ "TXT example.test": "broken" }) },
    ],
  ])("%s", async (_, text, sender, want, over) => expect(await strengthOf(text, over, sender)).toBe(want));

  test("the envelope alone proves nothing", async () => {
    expect(await strengthOf(mail, ours, "ann@example.test")).toBe("weak");
    expect(await strengthOf(`Return-Path: <ann@example.test>\r\n${mail}`, ours)).toBe("weak");
  });

  const names = new Set(["mx.ours.test"]);
  test.each<[string, readonly string[], string | undefined]>([
    ["Postfix", ["from a.test (b.test [192.0.2.7]) by mx.ours.test (Postfix) with ESMTP"], "192.0.2.7"],
    [
      "Postfix over TLS",
      ["from a.test (b.test [IPv6:2001:db8::7]) (using TLSv1.3) by mx.ours.test with ESMTPS"],
      "2001:db8::7",
    ],
    ["Exim", ["from [192.0.2.7] (helo=a.test) by mx.ours.test with esmtp"], "192.0.2.7"],
    ["a name like an address", ["from [192.0.2.1] ([192.0.2.7]) by mx.ours.test"], "192.0.2.7"],
    ["an address the client calls itself", ["from x (helo=[192.0.2.1]) by mx.ours.test"], undefined],
    ["one that qmail repeats", ["from unknown (HELO [192.0.2.1]) (203.0.113.9) by mx.ours.test with SMTP"], undefined],
    [
      "one behind a name that Exim repeats",
      ["from h.test ([203.0.113.9] helo=a[192.0.2.1]) by mx.ours.test with esmtp"],
      "203.0.113.9",
    ],
    [
      "a filter on the machine itself",
      ["from localhost (localhost [127.0.0.1]) by mx.ours.test", "from a (a [192.0.2.7]) by mx.ours.test"],
      "192.0.2.7",
    ],
    [
      "a forged line below",
      ["from a (a [192.0.2.7]) by mx.ours.test", "from b (b [192.0.2.1]) by mx.ours.test"],
      "192.0.2.7",
    ],
    ["our name in a comment", ["from a (a [192.0.2.1] by mx.ours.test) by mx.theirs.test"], undefined],
    [
      "a line that cannot be read, before one that can",
      ["by mx.ours.test", "from b (b [192.0.2.1]) by mx.ours.test"],
      undefined,
    ],
    ["none", [], undefined],
  ])("Received of %s", (_, lines, want) => expect(findClient(lines, names)?.ip).toBe(want));
});

describe("ARC of a sealer we trust", () => {
  const passed = "list.test; dmarc=pass header.from=example.test";
  const list = { arcSealers: ["list.test"] };
  const changed = async (): Promise<string> => (await signed(mail)).replace("Hello", "Hello\r\n-- \r\nThe list");

  test.each<[string, () => Promise<string>, string, Over?]>([
    ["it says DMARC had passed", async () => sealed(await changed(), "list.test", passed), "relayed", list],
    ["nobody trusts it", async () => sealed(await changed(), "list.test", passed), "weak"],
    [
      "of another domain",
      async () => sealed(await changed(), "list.test", "list.test; dmarc=pass header.from=evil.test"),
      "weak",
      list,
    ],
    [
      "it says DMARC had failed",
      async () => sealed(await changed(), "list.test", "list.test; dmarc=fail header.from=example.test"),
      "weak",
      list,
    ],
    [
      "it says nothing of DMARC",
      async () => sealed(await changed(), "list.test", "list.test; dkim=pass header.d=example.test"),
      "weak",
      list,
    ],
    [
      "changed afterwards",
      async () => (await sealed(await changed(), "list.test", passed)).replace("The list", "The Lust"),
      "weak",
      list,
    ],
    [
      "its results changed afterwards",
      async () =>
        (await sealed(await changed(), "list.test", "list.test; dmarc=none header.from=example.test")).replace(
          "dmarc=none",
          "dmarc=pass",
        ),
      "weak",
      list,
    ],
    [
      "below a sealer nobody trusts",
      async () =>
        sealed(await sealed(await changed(), "list.test", passed), "second.test", "second.test; arc=pass", "pass"),
      "weak",
      list,
    ],
    [
      "below another we trust",
      async () =>
        sealed(
          await sealed(await changed(), "list.test", passed),
          "second.test",
          "second.test; arc=pass; dmarc=fail header.from=example.test",
          "pass",
        ),
      "relayed",
      { arcSealers: ["list.test", "second.test"] },
    ],
    [
      "above one nobody trusts",
      async () =>
        sealed(
          await sealed(await changed(), "evil.test", "evil.test; dmarc=pass header.from=example.test"),
          "list.test",
          "list.test; arc=pass; dmarc=fail header.from=example.test",
          "pass",
        ),
      "weak",
      list,
    ],
    [
      "its key cannot be looked up",
      async () => sealed(await changed(), "list.test", passed),
      "weak",
      { ...list, ...dnsWith({ "TXT s._domainkey.list.test": "broken" }) },
    ],
  ])("%s", async (_, make, want, over = {}) => expect(await strengthOf(await make(), over)).toBe(want));
});

describe("whatever is in a mail", () => {
  test("the check never rejects, and believes no mail in which something was changed", async () => {
    const check = await checkOf({ receivedBy: ["mx.ours.test"], arcSealers: ["list.test"] });
    const forwarded = await sealed(await signed(mail), "list.test", "list.test; dmarc=pass header.from=example.test");
    const bytes = Buffer.from(forwarded, "latin1");
    // In letters of From, Subject and body, which are signed and not folded.
    const places = ["ann@example", "Subject: One", "Hello"].map((text) =>
      bytes.indexOf(text, bytes.indexOf("\r\nFrom:")),
    );
    const change = fc.record({ place: fc.constantFrom(...places), at: fc.nat(3), by: fc.integer({ min: 1, max: 31 }) });
    await fc.assert(
      fc.asyncProperty(change, async ({ place, at, by }) => {
        const changed = Buffer.from(bytes);
        changed[place + at] = (changed[place + at] ?? 0) ^ by;
        const proof = await check(changed);
        expect([proof.dmarc?.result, proof.arc]).not.toContain("pass");
        expect(proof.arc).toBeUndefined();
      }),
      { numRuns: 40 },
    );
    const noise = fc.string({ unit: "binary", maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(noise, fc.nat(bytes.length), async (text, at) => {
        const mixed = Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)]);
        expect(typeof (await check(mixed))).toBe("object");
        expect(typeof (await check(Buffer.from(text)))).toBe("object");
      }),
      { numRuns: 60 },
    );
  });
});

describe("the DNS is asked within bounds", () => {
  test("answers are remembered, failures are not", async () => {
    const lookUp = tableLookup(dns);
    const check = await checkOf({ lookUp });
    const text = bytesOf(await signed(mail));
    await check(text);
    const once = lookUp.asked.length;
    await check(text);
    expect(lookUp.asked.length).toBe(once);
    const broken = tableLookup({ ...dns, "TXT s._domainkey.example.test": "broken" });
    const again = await checkOf({ lookUp: broken });
    await again(text);
    await again(text);
    expect(broken.asked.filter((question) => question.includes("_domainkey"))).toHaveLength(2);
  });

  test("no more than so many questions, and not for longer than so long", async () => {
    let asked = 0;
    const one = async (): Promise<string[]> => {
      asked++;
      return ["x"];
    };
    const all = withinBounds(one, { maxLookups: 3, milliseconds: 1_000 }, async (lookUp) => {
      for (let question = 0; question < 10; question++) await lookUp(`${question}.test`, "TXT");
    });
    await expect(all).rejects.toMatchObject({ code: "EREFUSED" });
    expect(asked).toBe(3);
    const never = () => new Promise<string[]>(() => {});
    const late = withinBounds(never, { maxLookups: 3, milliseconds: 5 }, (lookUp) => lookUp("a.test", "TXT"));
    await expect(late).rejects.toMatchObject({ code: "ETIMEOUT" });
  });

  test("a DNS that never answers leaves a mail weak", async () => {
    const lookUp = () => new Promise<string[]>(() => {});
    expect(await strengthOf(await signed(mail), { lookUp, bounds: { maxLookups: 50, milliseconds: 20 } })).toBe("weak");
  });
});
