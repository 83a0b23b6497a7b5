import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAddress } from "@parley/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeSender } from "../../src/mail/evidence.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import type { SignatureFinding } from "../../src/scheduling/sender-proof.ts";
import { bytesOf, checkOf } from "./authenticity.ts";
import { hasOpenssl, makeSmimeWorld, type SmimeWorld } from "./smime-authority.ts";

const ann = parseAddress("ann@example.test");
const headers = ["From: Ann <ann@example.test>", "To: clara@partner.test", "Subject: One"];
const calendar = "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
const forMail = "extendedKeyUsage=emailProtection";

describe.skipIf(!hasOpenssl)("IMIP-2.2.2-01 S/MIME signatures that OpenSSL makes", () => {
  let world: SmimeWorld;
  let other: SmimeWorld;
  beforeAll(() => {
    [world, other] = [makeSmimeWorld(), makeSmimeWorld()];
    const of = (address: string) => ({ extensions: [`subjectAltName=email:${address}`, forMail] });
    world.certify("ann", of("ann@example.test"));
    world.certify("mallory", of("mallory@evil.test"));
    world.certify("subject", { extensions: [forMail], subjectAddress: "ann@example.test" });
    world.certify("server", { extensions: ["subjectAltName=email:ann@example.test", "extendedKeyUsage=serverAuth"] });
    world.certify("plain", { extensions: ["subjectAltName=email:ann@example.test"] });
    other.certify("ann", of("ann@example.test"));
  });
  afterAll(() => {
    world.remove();
    other.remove();
  });

  async function find(mail: string, now = world.now): Promise<SignatureFinding | undefined> {
    const check = await checkOf({ domains: false, smimeAuthorities: [world.authority], clock: () => now });
    return (await check(bytesOf(mail))).signature;
  }

  async function judge(mail: string, hasSigned = false) {
    const check = await checkOf({ domains: false, smimeAuthorities: [world.authority], clock: () => world.now });
    return judgeSender(await parseMail(bytesOf(mail)), {
      trustedAuthservIds: [],
      trustRelay: true,
      proof: await check(bytesOf(mail)),
      relation: () => "correspondent",
      hasSigned: () => hasSigned,
    });
  }

  test("a signature of the From address proves it, and says who vouches", async () => {
    const mail = world.sign("ann", headers, calendar);
    expect(await find(mail)).toEqual({ kind: "valid", addresses: [ann], authority: "Test Authority" });
    expect(await judge(mail)).toMatchObject({
      strength: "domain",
      detail: "It is signed by ann@example.test, for whom Test Authority vouches.",
    });
    expect((await judge(mail)).warnings).toBeUndefined();
  });

  test("with the line ends of the machine, and with a certificate that names no purpose", async () => {
    expect(await find(world.sign("ann", headers, calendar).replaceAll("\r\n", "\n"))).toMatchObject({ kind: "valid" });
    expect(await find(world.sign("plain", headers, calendar))).toMatchObject({ kind: "valid", addresses: [ann] });
  });

  test.each<[string, (mail: string) => string, string]>([
    ["a letter changed", (mail) => mail.replace("VCALENDAR", "VCALENDAX"), "the mail was changed after it was signed"],
    [
      "a line put before it",
      (mail) => mail.replace(/(\r\n--[^\r\n]+\r\n)/, "$1X-A: b\r\n"),
      "the mail was changed after it was signed",
    ],
    [
      "a third part put behind it",
      (mail) =>
        mail.replace(
          /\r\n(--[^\r\n]+)--\r\n/,
          "\r\n$1\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n$1--\r\n",
        ),
      "the mail holds more or less than what is signed",
    ],
    ["its signature cut short", (mail) => mail.replace(/\r\n[A-Za-z0-9+/]{64}\r\n/, "\r\n"), "it cannot be read"],
  ])("IMIP-2.2.2-01 %s: it does not count, and that is shown", async (_, change, reason) => {
    const mail = world.sign("ann", headers, calendar);
    const changed = change(mail);
    expect(changed).not.toBe(mail);
    expect(await find(changed)).toEqual({ kind: "invalid", reason });
    expect((await judge(changed)).warnings).toEqual([`Its signature does not count: ${reason}.`]);
    expect((await judge(changed)).detail).not.toContain("signed");
  });

  test.each([
    [
      "of an authority nobody believes",
      () => other.sign("ann", headers, calendar),
      "no authority we believe stands behind its certificate today",
    ],
    ["of a certificate for servers", () => world.sign("server", headers, calendar), "its certificate is not for mail"],
    ["by SHA-1", () => world.sign("ann", headers, calendar, ["-md", "sha1"]), "it is of a kind that is too weak"],
    [
      "without signed attributes",
      () => world.sign("ann", headers, calendar, ["-md", "sha256", "-noattr"]),
      "it is of a kind that is too weak",
    ],
  ])("a signature %s does not count", async (_, make, reason) => {
    expect(await find(make())).toEqual({ kind: "invalid", reason });
  });

  test("a signature of something else, carried along beside a mail, does not count", async () => {
    const mail = world.sign("ann", headers, calendar);
    const opaque = world.sign("ann", [], "Yes", ["-md", "sha256", "-nodetach"]);
    const base64 = opaque.slice(opaque.indexOf("\r\n\r\n") + 4);
    const boundary = /boundary="([^"]+)"/.exec(mail)?.[1] ?? "";
    const parts = mail.split(`--${boundary}`);
    const swapped = [parts[0], parts[1], parts[2]?.replace(/\r\n\r\n[\s\S]*$/, `\r\n\r\n${base64}\r\n`), parts[3]].join(
      `--${boundary}`,
    );
    expect(await find(swapped)).toEqual({ kind: "invalid", reason: "it is of something else" });
  });

  describe("a mail made of two, one for who checks and one for who reads", () => {
    const evil = calendar.replace("END:", "X-EVIL:1\r\nEND:");

    /** A signed mail taken apart: its header, its boundary, what is signed, and the part with the signature. */
    function takeApart() {
      const mail = world.sign("ann", headers, calendar);
      const mark = `--${/boundary="([^"]+)"/.exec(mail)?.[1]}`;
      const [, good = "", rest = ""] = mail.split(`${mark}\r\n`);
      const type = /Content-Type: multipart\/signed[^\r]*/.exec(mail)?.[0] ?? "";
      return { top: [...headers, type, ""].join("\r\n"), mark, good, signature: rest.split(`${mark}--`)[0] ?? "" };
    }
    type Parts = ReturnType<typeof takeApart>;
    const wide = (mark: string, length: number) => mark.padEnd(length);

    test.each<[string, (parts: Parts) => string]>([
      [
        "what is signed begins in the header",
        ({ top, mark, good, signature }) =>
          `${top}${mark}\r\n${good}${mark}\r\n${evil}\r\n${mark}\r\n${signature}${mark}--\r\n`,
      ],
      [
        "delimiters with other space, and what is signed behind the end",
        ({ top, mark, good, signature }) =>
          `${top}\r\n${mark}\v\r\n${evil}\r\n${mark}\v\r\n${signature}${mark}--\v\r\n${mark}\r\n${good}${mark}\r\n`,
      ],
      [
        "a delimiter with more space than is looked at",
        ({ top, mark, good, signature }) =>
          `${top}\r\n${wide(mark, 3_000)}\r\n${good}${mark}\r\n${evil}\r\n${mark}\r\n${signature}${mark}--\r\n`,
      ],
      [
        "a delimiter that is too long with other line ends",
        ({ top, mark, good, signature }) =>
          `${top}\r\n${wide(mark, 1_999)}\r\n${evil}\r\n${wide(`${mark}--`, 1_999)}\r\n${mark}\r\n${good}${mark}\r\n${signature}${mark}--\r\n`.replaceAll(
            "\r\n",
            "\n",
          ),
      ],
      [
        "a calendar behind the signature, in a file of that name",
        ({ top, mark, good, signature }) => {
          const [head = "", base64 = ""] = signature.split("\r\n\r\n");
          const both = Buffer.concat([Buffer.from(base64, "base64"), bytesOf(`\r\n${evil.split("\r\n\r\n")[1]}`)]);
          const named = head.replaceAll("smime.p7s", "invite.ics");
          return `${top}\r\n${mark}\r\n${good}${mark}\r\n${named}\r\n\r\n${both.toString("base64")}\r\n${mark}--\r\n`;
        },
      ],
    ])("IMIP-2.2.2-01 %s: it does not count", async (_, make) => {
      const parts = takeApart();
      const { top, mark, good, signature } = parts;
      const whole = `${top}\r\n${mark}\r\n${good}${mark}\r\n${signature}${mark}--\r\n`;
      expect((await find(whole))?.kind).toBe("valid");
      expect((await find(make(parts)))?.kind).toBe("invalid");
    });
  });

  test.each([
    [3, "valid"],
    [4, "valid"],
    [5, "invalid"],
  ])("with %i certificates more: %s", async (more, kind) => {
    const others = ["ca", "mallory", "subject", "server", "plain"].slice(0, more);
    const folder = dirname(world.authority);
    const bundle = join(folder, `${more}.bundle`);
    writeFileSync(bundle, others.map((name) => readFileSync(join(folder, `${name}.pem`), "utf8")).join(""));
    const mail = world.sign("ann", headers, calendar, ["-md", "sha256", "-certfile", bundle]);
    expect((await find(mail))?.kind).toBe(kind);
  });

  test("a certificate counts while it is valid", async () => {
    const mail = world.sign("ann", headers, calendar);
    const year = 365 * 86_400;
    expect(await find(mail, world.now + 20 * year)).toMatchObject({ kind: "valid" });
    expect(await find(mail, world.now + 40 * year)).toMatchObject({ kind: "invalid" });
    expect(await find(mail, world.now - year)).toMatchObject({ kind: "invalid" });
  });

  test("IMIP-3-02 an address in the subject of the certificate is nobody's", async () => {
    const mail = world.sign("subject", headers, calendar);
    expect(await find(mail)).toMatchObject({ kind: "valid", addresses: [] });
    const evidence = await judge(mail);
    expect(evidence.detail).toBe("Our mail server is trusted to check all senders.");
    expect(evidence.warnings).toEqual(["It is signed by nobody with a mail address, who is not its sender."]);
  });

  test("IMIP-3-03 another's signature warns, and proves nothing", async () => {
    const evidence = await judge(world.sign("mallory", headers, calendar));
    expect(evidence.strength).toBe("relayed");
    expect(evidence.warnings).toEqual(["It is signed by mallory@evil.test, who is not its sender."]);
  });

  test("IMIP-2.2.2-02 IMIP-3-08 IMIP-3-09 who has signed before and does not now is asked about, with a warning", async () => {
    const unsigned = [...headers, calendar].join("\r\n");
    expect(await judge(unsigned)).toMatchObject({ strength: "relayed" });
    const missed = await judge(unsigned, true);
    expect(missed.strength).toBe("weak");
    expect(missed.warnings?.[0]).toContain("has been signed until now");
    expect((await judge(other.sign("ann", headers, calendar), true)).strength).toBe("weak");
    expect(await judge(world.sign("ann", headers, calendar), true)).toMatchObject({ strength: "domain" });
    expect((await judge(unsigned.replace("From: Ann", "From: a@b.test, Ann"), true)).strength).toBe("none");
  });

  test("a mail that is not signed as a whole is not signed", async () => {
    expect(await find([...headers, calendar].join("\r\n"))).toEqual({ kind: "none" });
    const inner = world.sign("ann", [], calendar);
    const wrapped = [
      ...headers,
      'Content-Type: multipart/mixed; boundary="w"',
      "",
      "--w",
      inner.trimStart(),
      "--w--",
      "",
    ].join("\r\n");
    expect(await find(wrapped)).toEqual({ kind: "none" });
  });

  test("IMIP-3-10 without authorities no signature is looked at", async () => {
    const check = await checkOf({ domains: false });
    expect(await check(bytesOf(world.sign("ann", headers, calendar)))).toEqual({});
  });
});

test("a file of authorities that is none is said", async () => {
  await expect(checkOf({ smimeAuthorities: ["/nowhere/ca.pem"] })).rejects.toThrow(/trust\.smimeAuthorities.*nowhere/);
  await expect(checkOf({ smimeAuthorities: [new URL(import.meta.url).pathname] })).rejects.toThrow(/no certificate/);
});
