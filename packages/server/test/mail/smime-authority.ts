import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether there is an OpenSSL to sign with: it is the other side of these tests. */
export const hasOpenssl = ((): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** A certificate's extensions as OpenSSL wants them; the subject has an address too where one is given. */
export interface Person {
  readonly extensions: readonly string[];
  readonly subjectAddress?: string;
  /** Of a curve where it is absent. */
  readonly isRsa?: boolean;
}

/** A folder with an authority, and people whom it vouches for. */
export interface SmimeWorld {
  /** PEM file. */
  readonly authority: string;
  /** A minute after the first certificate, in epoch seconds. */
  readonly now: number;
  certify(name: string, person: Person): void;
  /** Signs content with headers of its own; `of` are the headers of the mail. */
  sign(name: string, of: readonly string[], content: string, options?: readonly string[]): string;
  remove(): void;
}

export function makeSmimeWorld(): SmimeWorld {
  const folder = mkdtempSync(join(tmpdir(), "parley-smime-"));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync("openssl", args, { stdio: ["ignore", "pipe", "ignore"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const;
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-subj",
    "/CN=Test Authority",
    "-days",
    "20000",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  return {
    authority: at("ca.pem"),
    now: Date.parse(new X509Certificate(readFileSync(at("ca.pem"))).validFrom) / 1_000 + 60,
    certify: (name, { extensions, subjectAddress, isRsa }) => {
      const subject = `/CN=${name}${subjectAddress ? `/emailAddress=${subjectAddress}` : ""}`;
      writeFileSync(at("extensions"), extensions.join("\n"));
      const key = isRsa ? ["-newkey", "rsa:2048", "-nodes"] : newKey;
      openssl("req", ...key, "-subj", subject, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`));
      const by = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "10000"];
      openssl("x509", "-req", "-in", at(`${name}.csr`), ...by, "-extfile", at("extensions"), "-out", at(`${name}.pem`));
    },
    sign: (name, of, content, options = ["-md", "sha256"]) => {
      writeFileSync(at("content"), content);
      const signer = ["-signer", at(`${name}.pem`), "-inkey", at(`${name}.key`)];
      const signed = openssl("cms", "-sign", "-in", at("content"), ...signer, ...options).toString("latin1");
      return `${of.join("\n")}\n${signed}`.replace(/\r?\n/g, "\r\n");
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
