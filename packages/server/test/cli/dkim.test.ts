import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

test("the records of the keys are printed for a zone file, and what is wrong with a key is said", async () => {
  const folder = makeFolder();
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const pem = { type: "pkcs8", format: "pem" } as const;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const ed25519 = generateKeyPairSync("ed25519");
  const keyFile = write("rsa.pem", rsa.privateKey.export(pem).toString());
  const second = write("ed.pem", ed25519.privateKey.export(pem).toString());
  const base = { domains: ["example.com"], data: folder };
  const dkim = {
    first: { domain: "example.com", selector: "r1", keyFile },
    second: { domain: "example.com", selector: "e1", keyFile: second },
  };
  const config = write("parley.json", JSON.stringify({ ...base, dkim }));
  const { code, out, err } = await parley(["dkim", "record", "--config", config]);
  expect([code, err]).toEqual([0, ""]);
  const [long = "", short] = out.split("\n");
  const published = rsa.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const strings = [...long.matchAll(/"([^"]*)"/g)].map(([, text]) => text ?? "");
  expect(long).toMatch(/^r1\._domainkey\.example\.com\. IN TXT \( "[^"]{255}" "[^"]+" \)$/);
  expect(strings.join("")).toBe(`v=DKIM1; k=rsa; p=${published}`);
  const jwk = ed25519.publicKey.export({ format: "jwk" }).x ?? "";
  const octets = Buffer.from(jwk, "base64url").toString("base64");
  expect(short).toBe(`e1._domainkey.example.com. IN TXT "v=DKIM1; k=ed25519; p=${octets}"`);

  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: folder };
  const variables = { PARLEY_DKIM_DOMAIN: "example.com", PARLEY_DKIM_SELECTOR: "s", PARLEY_DKIM_KEY_FILE: config };
  const wrong = await parley(["dkim", "record"], "", { ...env, ...variables });
  expect(wrong).toMatchObject({ code: 1, out: "" });
  expect(wrong.err).toBe(`dkim.key.keyFile: ${config} is no private key in PEM without a passphrase\n`);
  expect(await parley(["dkim", "record"], "", env)).toMatchObject({ code: 1, err: expect.stringMatching(/^No mail/) });
}, 30_000);
