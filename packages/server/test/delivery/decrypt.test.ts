import { createCipheriv, randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDecrypt } from "../../src/mail/authenticity/decrypt-mail.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { encryptSmime } from "../../src/smime/encrypt.ts";
import { readRecipient } from "../../src/smime/keys.ts";
import { readAllSmimeKeys, readPem } from "../../src/smime/settings.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { hasOpenssl, makeSmimeWorld, type SmimeWorld } from "../mail/smime-authority.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";
import { ann, calendar } from "./sealing.ts";

const ben = "ben@partner.test";

describe.skipIf(!hasOpenssl)("what an attacker makes of encrypted mail (SKIPPED where there is no openssl)", () => {
  let world: SmimeWorld;
  let decrypt: ReturnType<typeof makeDecrypt>;
  let certificate: ReturnType<typeof readRecipient>;
  beforeAll(async () => {
    world = makeSmimeWorld();
    world.certify("ann", { extensions: [`subjectAltName=email:${ann}`], isRsa: true });
    world.certify("ben", { extensions: [`subjectAltName=email:${ben}`], isRsa: true });
    const files = { certificateFile: at("ben.pem"), keyFile: at("ben.key") };
    decrypt = makeDecrypt(await readAllSmimeKeys({ ben: files }));
    certificate = readRecipient(await readPem(at("ben.pem")));
  });
  afterAll(() => world.remove());

  const at = (name: string): string => join(dirname(world.authority), name);
  const part = `Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n${calendar}`;
  const signed = (): string => world.sign("ann", ["MIME-Version: 1.0"], part, ["-md", "sha256"]);
  function encrypted(entity: string, header: readonly string[] = []): Uint8Array {
    const own = [`From: ${ann}`, `To: ${ben}`, "Subject: One", ...header];
    const raw = Buffer.from(`${own.join("\r\n")}\r\n${entity}`, "latin1");
    return encryptSmime(raw, ben, [certificate], (count) => randomBytes(count));
  }

  test("a letter that is no line end makes no new field", async () => {
    const forged = "Authentication-Results: mx.test; dmarc=pass header.from=example.test";
    for (const header of [`X-Note: a\r${forged}`, `X-Note: a\r\n b\r${forged}`]) {
      const mail = encrypted(signed(), [header]);
      const inside = await decrypt(mail, ben);
      expect((await parseMail(mail)).authenticationResults).toEqual([]);
      expect((await parseMail(inside ?? new Uint8Array())).authenticationResults).toEqual([]);
      expect(inside).toBeDefined();
    }
  });

  test("a header that ends ends, whatever its line ends are; and a pipe may have those of the machine", async () => {
    const mail = Buffer.from(encrypted(signed())).toString("latin1");
    const cut = mail.replace("Subject:", "X-Note: a\n\r\nAuthentication-Results: mx.test; dmarc=pass\r\nSubject:");
    expect(await decrypt(Buffer.from(cut, "latin1"), ben)).toBeUndefined();
    expect(await decrypt(Buffer.from(mail.replaceAll("\r\n", "\n"), "latin1"), ben)).toBeDefined();
  });

  /** What somebody has who puts pieces of a mail together: before each that says something stands a block of noise. */
  const noise = createCipheriv("aes-128-ecb", Buffer.alloc(16, 1), null).update(Buffer.alloc(16, 2)).toString("latin1");
  test.each<[string, (entity: string) => string, boolean]>([
    ["as it was made", (entity) => entity, true],
    ["an explanation for old programs", (entity) => entity.replace("\r\n\r\n", "\r\n\r\nThis is signed.\r\n"), true],
    ["noise before the first part", (entity) => entity.replace("\r\n\r\n", `\r\n\r\n${noise}\r\n`), false],
    ["noise behind the last", (entity) => `${entity}${noise}`, false],
    ["noise in a field inside that nobody reads", (entity) => `Content-A: ${noise}\r\n${entity}`, false],
  ])("%s", async (_, change, opens) => {
    expect((await decrypt(encrypted(change(signed())), ben)) !== undefined).toBe(opens);
  });

  test("to a plus-tag of theirs nothing leaves open either", () => {
    const raw = Buffer.from(`From: ${ann}\r\n${part}`, "latin1");
    const to = (address: string): boolean =>
      encryptSmime(raw, address, [certificate], (count) => randomBytes(count)) !== raw;
    expect([ben, "Ben+work@partner.test", "benedict@partner.test", "ben@other.test", ""].map(to)).toEqual([
      ...[true, true, false, false, false],
    ]);
  });

  test("its sender is looked for once, however many it is brought to", async () => {
    const store = await openSqliteStore(":memory:", storeOptions);
    let checks = 0;
    const check = async () => {
      checks++;
      return {};
    };
    const trust = { authservIds: [], relay: false, decrypt, check };
    const house: House = { ...houseOver(store), domains: new Set(["partner.test"]), trust };
    for (const name of ["ben", "clara"]) {
      await addPerson(store, { name, addresses: [`${name}@partner.test`], timezone: "UTC" });
    }
    const tags = Array.from({ length: 4 }, (_, count) => `clara+${count}@partner.test`);
    const named = `From: ${ann}\r\nContent-Type: application/pkcs7-mime; name="i.ics"\r\n\r\n${calendar}`;
    const open = await deliverMail(house, Buffer.from(named, "latin1"), [...tags, "nobody@partner.test"], "outside");
    expect(open.map(({ kind }) => kind)).toEqual(["kept", ...Array(3).fill("duplicate"), "unknown-recipient"]);
    expect(checks).toBe(1);
    checks = 0;
    const to = ["clara@partner.test", ben, "clara+x@partner.test", "ben+x@partner.test"];
    const closed = await deliverMail(house, encrypted(signed()), to, "outside");
    expect(closed.map(({ kind }) => kind)).toEqual(["kept", "kept", "duplicate", "duplicate"]);
    const methods = closed.map((result) => ("rows" in result ? result.rows[0]?.method : ""));
    expect(methods).toEqual([undefined, "REQUEST", undefined, "REQUEST"]);
    expect(checks).toBe(1);
    await store.close();
  });
});
