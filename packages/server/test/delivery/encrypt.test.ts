import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { defaultLimits } from "@parley/engine";
import { readSchedulingMail } from "@parley/engine/imip";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SealSettings } from "../../src/delivery/seal.ts";
import { makeSenderCheck } from "../../src/mail/authenticity/check-sender.ts";
import { makeDecrypt } from "../../src/mail/authenticity/decrypt-mail.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { addPerson } from "../../src/people.ts";
import type { SenderCheck } from "../../src/scheduling/sender-proof.ts";
import { decryptSmime } from "../../src/smime/decrypt.ts";
import { readAllSmimeKeys } from "../../src/smime/settings.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { hasOpenssl, makeSmimeWorld, type SmimeWorld } from "../mail/smime-authority.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";
import { ann, calendar, compose, dkimSettings, fileOf, resolver, sealOf, verify } from "./sealing.ts";

describe.skipIf(!hasOpenssl)("mail that is encrypted, by us and by OpenSSL (SKIPPED where there is no openssl)", () => {
  const ben = "ben@partner.test";
  let world: SmimeWorld;
  beforeAll(() => {
    world = makeSmimeWorld();
    const of = (address: string) => ({ extensions: [`subjectAltName=email:${address}`], isRsa: true });
    world.certify("ann", of(ann));
    world.certify("ben", of(ben));
    world.certify("mallory", of("mallory@partner.test"));
    world.certify("curve", { extensions: [`subjectAltName=email:${ben}`] });
    world.certify("subject", { extensions: [], subjectAddress: ben, isRsa: true });
  });
  afterAll(() => world.remove());

  const at = (name: string): string => join(dirname(world.authority), name);
  const keysOf = (...names: readonly string[]) =>
    readAllSmimeKeys(
      Object.fromEntries(
        names.map((name) => [name, { certificateFile: at(`${name}.pem`), keyFile: at(`${name}.key`) }]),
      ),
    );
  const latin1 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("latin1");
  async function encrypted(over: SealSettings = {}, to = ben): Promise<Uint8Array> {
    const seal = await sealOf({ encryptFor: { ben: { certificateFile: at("ben.pem") } }, ...over }, to);
    return (await seal?.(await compose(world.now), ann, world.now)) ?? new Uint8Array();
  }
  const signing = (): SealSettings => ({
    smime: { ann: { certificateFile: at("ann.pem"), keyFile: at("ann.key") } },
  });

  test("IMIP-2.2.3-01 IMIP-3-01 OpenSSL opens ours, and we do; nothing of the calendar stands outside", async () => {
    const mail = await encrypted();
    expect(latin1(mail)).not.toMatch(/text\/calendar|BEGIN:VCALENDAR|multipart/);
    const opening = ["cms", "-decrypt", "-in", fileOf(latin1(mail)), "-recip", at("ben.pem"), "-inkey", at("ben.key")];
    const content = execFileSync("openssl", opening, { encoding: "latin1" });
    const raw = latin1(await compose(world.now));
    expect(content).toContain(raw.slice(raw.indexOf("\r\n\r\n")));
    const opened = latin1(decryptSmime(mail, ben, await keysOf("ann", "ben")));
    const fields = (text: string): readonly string[] =>
      text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n").toSorted();
    expect(fields(opened)).toEqual(fields(raw));
    expect(opened.slice(opened.indexOf("\r\n\r\n"))).toBe(raw.slice(raw.indexOf("\r\n\r\n")));
  });

  test("IMIP-3-05 what is signed is encrypted with its signature, and both are found", async () => {
    const mail = await encrypted({ ...signing(), ...dkimSettings("rsa") });
    expect(await verify(mail)).toEqual(["rsa rsa-sha256 pass"]);
    const opened = decryptSmime(mail, ben, await keysOf("ben"));
    const options = { domains: false, receivedBy: [], arcSealers: [], smimeAuthorities: [world.authority] };
    const check = await makeSenderCheck({ ...options, lookUp: resolver, clock: () => world.now });
    expect((await check(mail, undefined, opened)).signature).toMatchObject({ kind: "valid", addresses: [ann] });
    expect((await check(mail)).signature).not.toMatchObject({ kind: "valid" });
  });

  test.each([
    ["AES-256, RSA", ["-aes256"]],
    ["AES-128, RSA", ["-aes128"]],
    ["AES-192, OAEP", ["-aes192", "-keyopt", "rsa_padding_mode:oaep"]],
    ["to several", ["-aes256", "-recip", "mallory.pem"]],
  ])("we open what OpenSSL encrypts: %s", async (_, options) => {
    const content = `Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n${calendar.replaceAll("\r\n", "\n")}`;
    const [recipients, rest] = [
      options.filter((each) => each.endsWith(".pem")),
      options.filter((each) => !each.endsWith(".pem")),
    ];
    const others = recipients.flatMap((name) => ["-recip", at(name)]);
    const args = [
      "cms",
      "-encrypt",
      "-in",
      fileOf(content),
      ...others,
      "-recip",
      at("ben.pem"),
      ...rest.filter((each) => each !== "-recip"),
    ];
    const made = execFileSync("openssl", args, { encoding: "latin1" });
    const mail = `From: ${ann}\r\nTo: ${ben}\r\nSubject: s\r\n${made.replace(/\r?\n/g, "\r\n")}`;
    const parsed = await parseMail(
      decryptSmime(Buffer.from(mail, "latin1"), ben, await keysOf("ben")) ?? new Uint8Array(),
    );
    const { parts } = readSchedulingMail(parsed, storeOptions.zones, defaultLimits);
    expect(parts).toMatchObject([{ kind: "message", message: { method: "REQUEST" } }]);
  });

  test("what is inside brings no field but those of its content", async () => {
    const inside = "From: boss@example.test\nSubject: Pay\nContent-Type: text/plain\nX-A: b\n\nhello\n";
    const args = ["cms", "-encrypt", "-in", fileOf(inside), "-aes256", "-recip", at("ben.pem")];
    const made = execFileSync("openssl", args, { encoding: "latin1" });
    const mail = `From: mallory@evil.test\r\nSubject: s\r\n${made.replace(/\r?\n/g, "\r\n")}`;
    const opened = latin1(decryptSmime(Buffer.from(mail, "latin1"), ben, await keysOf("ben")));
    expect(opened).toBe(
      "From: mallory@evil.test\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello\r\n",
    );
  });

  test("nobody has a mail opened that is for somebody else", async () => {
    const mail = await encrypted();
    const keys = await keysOf("ann", "ben", "mallory");
    expect(decryptSmime(mail, ben, keys)).toBeDefined();
    expect(decryptSmime(mail, "Ben+work@Partner.test", keys)).toBeDefined();
    for (const other of [ann, "mallory@partner.test", "ben@other.test", "", "ben@partner.test, ann@example.test"]) {
      expect(decryptSmime(mail, other, keys)).toBeUndefined();
    }
    expect(decryptSmime(mail, ben, await keysOf("ann", "mallory"))).toBeUndefined();
  });

  test("whatever else it is, it stays as it is, and nothing throws", async () => {
    const keys = await keysOf("ben");
    const whole = latin1(await encrypted());
    expect(decryptSmime(await compose(world.now), ben, keys)).toBeUndefined();
    const body = whole.indexOf("\r\n\r\n") + 4;
    fc.assert(
      fc.property(
        fc.nat(whole.length - body - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        (place, octet, isCut) => {
          const at = body + place;
          const changed = whole.slice(0, at) + String.fromCharCode(octet) + (isCut ? "" : whole.slice(at + 1));
          expect(() => decryptSmime(Buffer.from(changed, "latin1"), ben, keys)).not.toThrow();
        },
      ),
      { numRuns: 150 },
    );
  });

  test("what is not signed inside is not opened, nor what was built out of the pieces of what is", async () => {
    const decrypt = makeDecrypt(await keysOf("ben"));
    expect(await decrypt(await encrypted(), ben)).toBeUndefined();
    const signed = latin1(await encrypted(signing()));
    expect(await decrypt(Buffer.from(signed, "latin1"), ben)).toBeDefined();
    const body = signed.indexOf("\r\n\r\n") + 4;
    const der = Buffer.from(signed.slice(body), "base64");
    // A bit of one block of CBC changes a bit of the next, which makes another text of it.
    for (const place of [Math.floor(der.length / 3), Math.floor(der.length / 2)]) {
      const changed = Buffer.from(der);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const mail = `${signed.slice(0, body)}${(changed.toString("base64").match(/.{1,76}/g) ?? []).join("\r\n")}\r\n`;
      expect(decryptSmime(Buffer.from(mail, "latin1"), ben, await keysOf("ben"))).toBeDefined();
      expect(await decrypt(Buffer.from(mail, "latin1"), ben)).toBeUndefined();
    }
  });

  test("one over a mebibyte is not taken apart", async () => {
    for (const [size, opens] of [
      [1_000_000, true],
      [1_100_000, false],
    ] as const) {
      const inside = `Content-Type: text/plain\n\n${"x".repeat(size)}\n`;
      const args = ["cms", "-encrypt", "-in", fileOf(inside), "-aes256", "-recip", at("ben.pem")];
      const made = execFileSync("openssl", args, { encoding: "latin1", maxBuffer: 1 << 24 });
      const opened = decryptSmime(Buffer.from(made.replace(/\r?\n/g, "\r\n"), "latin1"), ben, await keysOf("ben"));
      expect(opened !== undefined).toBe(opens);
    }
  });

  test("mail to whom no certificate names leaves as it is; only keys of RSA are taken", async () => {
    expect(latin1(await encrypted({}, "clara@partner.test"))).toBe(latin1(await compose(world.now)));
    const subject = { encryptFor: { ben: { certificateFile: at("subject.pem") } } };
    expect(latin1(await encrypted(subject))).toBe(latin1(await compose(world.now)));
    const curve = { encryptFor: { ben: { certificateFile: at("curve.pem") } } };
    await expect(sealOf(curve)).rejects.toThrow(/^encryptFor\.ben\.certificateFile: .* its key is not RSA/);
  });

  test("a mail that comes in encrypted is judged by what is inside, for the one it is for alone", async () => {
    const store = await openSqliteStore(":memory:", storeOptions);
    const keys = await keysOf("ben");
    const checked: string[] = [];
    const check = async (...[bytes, from, inside]: Parameters<SenderCheck>) => {
      checked.push([from, latin1(bytes).includes("smime.p7m"), latin1(inside).includes("smime.p7s")].join());
      return {};
    };
    const trust = { authservIds: [], relay: true, decrypt: makeDecrypt(keys), check };
    const house = { ...houseOver(store), domains: new Set(["partner.test"]), trust };
    for (const name of ["ben", "mallory"]) {
      await addPerson(store, { name, addresses: [`${name}@partner.test`], timezone: "UTC" });
    }
    const both = [ben, "mallory@partner.test"];
    const [mine, hers] = await deliverMail(house, await encrypted(signing()), both, "outside", ann);
    const sources = await store.read(async ({ ledger }) => {
      const rows = [mine, hers].map((result) => (result?.kind === "kept" ? result.rows[0] : undefined));
      return Promise.all(
        rows.map(async (row) => [row?.method, latin1(await ledger.source(row?.source ?? ""))] as const),
      );
    });
    await store.close();
    // DKIM is of the mail as it came, the signature of the person inside; where nothing is found nothing is checked.
    expect(checked).toEqual([`${ann},true,true`]);
    expect(sources[0]).toEqual(["REQUEST", expect.stringContaining("text/calendar")]);
    expect(sources[1]).toEqual([undefined, expect.not.stringContaining("text/calendar")]);
  });
});
