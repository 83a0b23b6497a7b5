import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { dirname, join } from "node:path";
import { defaultLimits } from "@parley/engine";
import { readSchedulingMail } from "@parley/engine/imip";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SealSettings } from "../../src/delivery/seal.ts";
import { makeSenderCheck } from "../../src/mail/authenticity/check-sender.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { hasOpenssl, makeSmimeWorld, type SmimeWorld } from "../mail/smime-authority.ts";
import { storeOptions } from "../scheduling/house.ts";
import { ann, compose, dkimSettings, fileOf, invitation, now, resolver, rsa, sealOf, verify } from "./sealing.ts";

describe("DKIM, verified by another's verifier", () => {
  test.each([
    [["rsa"], ["rsa rsa-sha256 pass"]],
    [["ed25519"], ["ed25519 ed25519-sha256 pass"]],
    [
      ["rsa", "ed25519"],
      ["rsa rsa-sha256 pass", "ed25519 ed25519-sha256 pass"],
    ],
  ] as const)("by %j", async (selectors, results) => {
    const seal = await sealOf(dkimSettings(...selectors));
    const raw = await compose(now);
    const sealed = await seal?.(raw, ann, now);
    expect(await verify(sealed ?? "")).toEqual(results);
    expect(
      Buffer.from(sealed ?? [])
        .toString("latin1")
        .endsWith(Buffer.from(raw).toString("latin1")),
    ).toBe(true);
    expect(await seal?.(raw, ann, now)).toEqual(sealed);
    const lines = Buffer.from(sealed ?? [])
      .toString("latin1")
      .split("\r\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("whatever the mail says", async () => {
    const seal = await sealOf(dkimSettings("ed25519"));
    const text = fc.string({
      unit: fc.constantFrom(" ", "\t", "\n", "a", "ü", "=", ".", "x".repeat(80)),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(text, text, async (subject, body) => {
        const raw = await compose(now, { subject, text: body, html: body });
        expect(await verify((await seal?.(raw, ann, now)) ?? "")).toEqual(["ed25519 ed25519-sha256 pass"]);
      }),
      { numRuns: 60 },
    );
  });

  const header = (line: string) => (mail: string) => mail.replace("\r\nFrom:", `\r\n${line}\r\nFrom:`);
  test.each<[string, (mail: string) => string]>([
    ["a letter of the body", (mail) => mail.replace("Ann invites", "Bob invites")],
    ["a letter of the subject", (mail) => mail.replace(/Subject: (.)/, "Subject: X$1")],
    ["the type of the content", (mail) => mail.replace("multipart/mixed", "multipart/related")],
    ["a From of another", header("From: boss@example.test")],
    ["a Reply-To", header("Reply-To: mallory@evil.test")],
    ["a Subject", header("Subject: Pay at once")],
    ["a Cc", header("Cc: mallory@evil.test")],
    ["a Content-Type", header("Content-Type: text/html")],
    ["an In-Reply-To", header("In-Reply-To: <b@x.test>")],
    ["a Date", header("Date: Tue, 02 Mar 2027 09:00:05 +0000")],
    ["more behind the end", (mail) => `${mail}more\r\n`],
  ])("changed or added on the way: %s", async (_, change) => {
    const seal = await sealOf(dkimSettings("rsa"));
    const sealed = Buffer.from((await seal?.(await compose(now), ann, now)) ?? []).toString("latin1");
    expect(change(sealed)).not.toBe(sealed);
    expect(await verify(change(sealed))).not.toEqual(["rsa rsa-sha256 pass"]);
    expect(await verify(sealed)).toEqual(["rsa rsa-sha256 pass"]);
  });

  test.each(["ann@other.test", "ann@sub.example.test", "ann@example.test.evil.test"])(
    "%s is of a domain without a key",
    async (from) => {
      const seal = await sealOf(dkimSettings("rsa"));
      const raw = await compose(now, {}, from);
      expect(await seal?.(raw, from, now)).toBe(raw);
    },
  );

  test("without any key there is nothing to do", async () => {
    expect(await sealOf({})).toBeUndefined();
  });
});

describe("keys that cannot be used are named", () => {
  const short = generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey;
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const locked = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" } as const;
  test.each([
    ["no file", "/nowhere/key.pem", /^dkim\.a\.keyFile: \/nowhere\/key\.pem cannot be read \(.*ENOENT\)$/],
    ["no key", () => fileOf("hello"), /is no private key in PEM without a passphrase$/],
    ["one with a passphrase", () => fileOf(rsa.export(locked).toString()), /without a passphrase$/],
    ["a short one", () => fileOf(short), /is too short \(1024 bits\): it is to have 2048$/],
    ["one of a curve", () => fileOf(curve), /is a key of ec: it is to be RSA or Ed25519$/],
  ])("%s", async (_, file, words) => {
    const keyFile = typeof file === "string" ? file : file();
    const settings = { dkim: { a: { domain: "example.test", selector: "s", keyFile } } };
    await expect(sealOf(settings)).rejects.toThrow(words);
  });
});

describe.skipIf(!hasOpenssl)("S/MIME, verified by OpenSSL and by ourselves (SKIPPED where there is no openssl)", () => {
  let world: SmimeWorld;
  beforeAll(() => {
    world = makeSmimeWorld();
    world.certify("ann", { extensions: [`subjectAltName=email:${ann}`, "extendedKeyUsage=emailProtection"] });
    world.certify("subject", { extensions: [], subjectAddress: ann });
  });
  afterAll(() => world.remove());

  const at = (name: string): string => join(dirname(world.authority), name);
  const settingsOf = (name: string): NonNullable<SealSettings["smime"]> => ({
    person: { certificateFile: at(`${name}.pem`), keyFile: at(`${name}.key`) },
  });
  async function seal(settings: SealSettings, date = world.now, from = ann): Promise<string> {
    const raw = await compose(date, {}, from);
    return Buffer.from((await (await sealOf(settings))?.(raw, from, date)) ?? raw).toString("latin1");
  }
  const judge = async (mail: string) => {
    const options = { domains: false, receivedBy: [], arcSealers: [], smimeAuthorities: [world.authority] };
    const check = await makeSenderCheck({ ...options, lookUp: resolver, clock: () => world.now });
    return (await check(Buffer.from(mail, "latin1"))).signature;
  };

  test("both find who signed, and the mail is what it was", async () => {
    const mail = await seal({ smime: settingsOf("ann") });
    const file = fileOf(mail);
    const verifying = ["cms", "-verify", "-in", file, "-CAfile", world.authority, "-purpose", "smimesign"];
    const content = execFileSync("openssl", verifying, { encoding: "latin1", stdio: ["ignore", "pipe", "ignore"] });
    expect(content.replace(/\r\n /g, " ")).toContain("text/calendar; charset=UTF-8; method=REQUEST; component=VEVENT");
    expect(await judge(mail)).toEqual({ kind: "valid", addresses: [ann], authority: "Test Authority" });
    const parsed = await parseMail(Buffer.from(mail, "latin1"));
    expect(parsed).toMatchObject({ from: [{ address: ann }], subject: invitation.subject, problems: [] });
    const { parts } = readSchedulingMail(parsed, storeOptions.zones, defaultLimits);
    expect(parts).toMatchObject([{ kind: "message", message: { method: "REQUEST", originator: ann } }]);
    expect(await judge(mail.replace("Ann invites", "Bob invites"))).toMatchObject({ kind: "invalid" });
    expect(
      mail
        .match(/^(?!\t| )[^:\r\n]+(?=:)/gm)
        ?.slice(0, 9)
        .filter((name) => /^content/i.test(name)),
    ).toHaveLength(1);
  });

  test.each([
    ["an address that stands in the subject alone", "subject", 0, ann],
    ["another's address", "ann", 0, "bob@example.test"],
    ["a time before the certificate", "ann", -86_400, ann],
    ["a time after it", "ann", 86_400 * 10_001, ann],
  ])("%s is not vouched for: the mail leaves as it is", async (_, name, later, from) => {
    expect(await seal({ smime: settingsOf(name) }, world.now + later, from)).toBe(
      Buffer.from(await compose(world.now + later, {}, from)).toString("latin1"),
    );
  });

  test("DKIM signs what S/MIME has signed", async () => {
    const mail = await seal({ smime: settingsOf("ann"), ...dkimSettings("rsa") });
    expect(await verify(mail)).toEqual(["rsa rsa-sha256 pass"]);
    expect(await judge(mail)).toMatchObject({ kind: "valid" });
  });

  test("a key of another certificate is named", async () => {
    const smime = { person: { certificateFile: at("ann.pem"), keyFile: at("subject.key") } };
    await expect(sealOf({ smime })).rejects.toThrow(/^smime\.person\.certificateFile: .* its key is that of another/);
    const none = { person: { certificateFile: at("ann.key"), keyFile: at("ann.key") } };
    await expect(sealOf({ smime: none })).rejects.toThrow(/there is no certificate in it$/);
  });
});
