import { type CalendarUserAddress, type EpochSeconds, parseMailbox } from "@parley/engine";
import { AltName, Certificate, ContentInfo, ExtKeyUsage, SignedData } from "pkijs";
import type { SignatureFinding } from "../../scheduling/sender-proof.ts";
import type { SignedParts } from "./signed-parts.ts";

/** Object identifiers of RFC 5652, RFC 5280 and RFC 8551 §2.1. */
const oids = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  subjectAltName: "2.5.29.17",
  extKeyUsage: "2.5.29.37",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  anyExtendedKeyUsage: "2.5.29.37.0",
} as const;

/** SHA-256, SHA-384, SHA-512: what is weaker proves nothing. */
const digests = new Set(["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"]);
/** Chains of honest senders have two or three; every order of them may be tried. */
const maxCertificates = 5;

/** Reads the certificates of a PEM file; throws where it has none, or one that cannot be read. */
export function readAuthorities(pem: string): readonly Certificate[] {
  const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  if (blocks.length === 0) throw new Error("there is no certificate in it");
  return blocks.map(([, base64 = ""]) => Certificate.fromBER(Buffer.from(base64, "base64")));
}

/**
 * Verifies an S/MIME signature, RFC 8551 §3.5, up to one of our authorities. It counts where there is one signer, who signed exactly the part
 * beside it by SHA-2 with a certificate that is valid now and may be used for mail. Whether it has been revoked is not asked. Never
 * rejects: what is wrong with a signature is said.
 */
export async function verifySignature(
  { data, signature }: SignedParts,
  authorities: readonly Certificate[],
  now: EpochSeconds,
): Promise<SignatureFinding> {
  try {
    const signed = readSignedData(signature);
    if (typeof signed === "string") return { kind: "invalid", reason: signed };
    const { signerCertificate, signatureVerified, certificatePath } = await signed.verify({
      signer: 0,
      data: Uint8Array.from(data).buffer,
      trustedCerts: [...authorities],
      checkChain: true,
      checkDate: new Date(now * 1_000),
      extendedMode: true,
    });
    if (!signatureVerified || !signerCertificate) return { kind: "invalid", reason: "it is not of this mail" };
    if (!isForMail(signerCertificate)) return { kind: "invalid", reason: "its certificate is not for mail" };
    return { kind: "valid", addresses: addressesOf(signerCertificate), authority: nameOf(certificatePath.at(-1)) };
  } catch (error) {
    return { kind: "invalid", reason: reasonOf(error) };
  }
}

/** Tells whether what is signed is as its signer made it, whoever that is and whoever vouches for them. Never rejects. */
export async function isSignedBySomebody({ data, signature }: SignedParts): Promise<boolean> {
  try {
    const signed = readSignedData(signature);
    if (typeof signed === "string") return false;
    const options = { signer: 0, data: Uint8Array.from(data).buffer, checkChain: false, extendedMode: true } as const;
    return (await signed.verify(options)).signatureVerified === true;
  } catch {
    return false;
  }
}

function readSignedData(signature: Uint8Array): SignedData | string {
  const info = ContentInfo.fromBER(signature);
  if (info.contentType !== oids.signedData) return "it is no signature";
  const signed = new SignedData({ schema: info.content });
  const [signer, ...others] = signed.signerInfos;
  if (!signer || others.length > 0) return "it is not of one signer";
  // With content of its own it would be a signature of that, whatever stands beside it.
  if (signed.encapContentInfo.eContentType !== oids.data || signed.encapContentInfo.eContent) {
    return "it is of something else";
  }
  if (!signer.signedAttrs || !digests.has(signer.digestAlgorithm.algorithmId))
    return "it is of a kind that is too weak";
  if ((signed.certificates ?? []).length > maxCertificates) return "it has too many certificates";
  // What a sender says of revocation proves nothing.
  delete signed.crls;
  delete signed.ocsps;
  return signed;
}

/** RFC 8550 §4.4.4: a certificate that names purposes must name mail. */
function isForMail(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === oids.extKeyUsage)?.parsedValue;
  if (!(usage instanceof ExtKeyUsage)) return true;
  return usage.keyPurposes.some((purpose) => purpose === oids.emailProtection || purpose === oids.anyExtendedKeyUsage);
}

/** RFC 6047 §3: the rfc822Name of subjectAltName, never an address in the subject. */
function addressesOf(certificate: Certificate): readonly CalendarUserAddress[] {
  const names = certificate.extensions?.find(({ extnID }) => extnID === oids.subjectAltName)?.parsedValue;
  if (!(names instanceof AltName)) return [];
  const rfc822Name = 1;
  return names.altNames.slice(0, 100).flatMap(({ type, value }) => {
    const address = type === rfc822Name && typeof value === "string" ? parseMailbox(value) : undefined;
    return address ? [address] : [];
  });
}

const commonName = "2.5.4.3";

function nameOf(certificate: Certificate | undefined): string {
  const name = certificate?.subject.typesAndValues.find(({ type }) => type === commonName)?.value.valueBlock.value;
  return typeof name === "string"
    ? name.replace(/[^\p{L}\p{N} .,'()-]/gu, " ").slice(0, 100)
    : "an authority without a name";
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  if (/signer's certificate/.test(message)) return "no authority we believe stands behind its certificate today";
  if (/digest/i.test(message)) return "the mail was changed after it was signed";
  return "it cannot be read";
}
