import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type CalendarUserAddress, type EpochSeconds, withoutTag } from "@parley/engine";

/** Somebody's certificate, those between it and its authority (it is the first of them), and its key. */
export interface SmimeKeys {
  readonly leaf: X509Certificate;
  readonly chain: readonly X509Certificate[];
  readonly key: KeyObject;
}

const curves: ReadonlySet<string | undefined> = new Set(["prime256v1", "secp384r1", "secp521r1"]);

/** Reads certificates, somebody's own first, and its key, of PEM texts; throws a sentence where they cannot be used. */
export function readSmimeKeys(certificates: string, keyText: string): SmimeKeys {
  const chain = readCertificates(certificates);
  const [leaf] = chain;
  if (!leaf) throw new Error("there is no certificate in it");
  const key = readKey(keyText);
  if (!key) throw new Error("its key is no private key in PEM without a passphrase");
  if (!leaf.checkPrivateKey(key)) throw new Error("its key is that of another certificate");
  if (key.asymmetricKeyType !== "rsa" && !curves.has(key.asymmetricKeyDetails?.namedCurve)) {
    throw new Error("its key is neither RSA nor of a curve of NIST");
  }
  return { leaf, chain, key };
}

/** Reads the certificate mail to somebody is encrypted for; throws a sentence where that cannot be done. */
export function readRecipient(certificates: string): X509Certificate {
  const [leaf] = readCertificates(certificates);
  if (!leaf) throw new Error("there is no certificate in it");
  if (leaf.publicKey.asymmetricKeyType !== "rsa")
    throw new Error("its key is not RSA: nothing is encrypted for others");
  return leaf;
}

function readCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new Error("a certificate in it cannot be read");
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** Tells whether a certificate is somebody's: it names the address in its subjectAltName. The subject never counts: RFC 6047 §3. */
export function isOf(leaf: X509Certificate, address: string): boolean {
  return leaf.checkEmail(address, { subject: "never" }) !== undefined;
}

/** Tells whether a certificate is that of who gets mail at an address, with a plus-tag of theirs or without. */
export function isFor(leaf: X509Certificate, recipient: CalendarUserAddress): boolean {
  return isOf(leaf, recipient) || isOf(leaf, withoutTag(recipient));
}

/** Tells whether a certificate is valid at a time. */
export function isValidAt(leaf: X509Certificate, at: EpochSeconds): boolean {
  return Date.parse(leaf.validFrom) <= at * 1_000 && at * 1_000 <= Date.parse(leaf.validTo);
}
