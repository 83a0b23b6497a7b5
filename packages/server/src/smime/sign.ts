import { createHash, type KeyObject } from "node:crypto";
import type { EpochSeconds } from "@parley/engine";
import { ObjectIdentifier, OctetString, UTCTime } from "asn1js";
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from "pkijs";
import { isOf, isValidAt, type SmimeKeys } from "./keys.ts";
import { base64Lines, partMail } from "./mail-entity.ts";

/** Object identifiers of RFC 5652. */
const oids = {
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
} as const;

/**
 * Signs a mail by the first signer whose certificate names the From in its subjectAltName (RFC 6047 §3) and is valid at that time: RFC 8551
 * §3.5.3, multipart/signed. Any other mail stays as it is. A key of RSA makes equal octets of equal mails, one of a curve does not.
 */
export async function signSmime(
  raw: Uint8Array,
  from: string,
  date: EpochSeconds,
  signers: readonly SmimeKeys[],
): Promise<Uint8Array> {
  const signer = signers.find(({ leaf }) => isOf(leaf, from) && isValidAt(leaf, date));
  if (!signer) return raw;
  const { outer, entity } = partMail(raw);
  const signature = await signEntity(Buffer.from(entity, "latin1"), signer, date);
  const boundary = `=_s-${createHash("sha256").update(raw).digest("hex").slice(0, 32)}`;
  const lines = [
    ...outer,
    `Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n micalg=sha-256; boundary="${boundary}"`,
    "",
    ...[`--${boundary}`, entity, `--${boundary}`],
    'Content-Type: application/pkcs7-signature; name="smime.p7s"',
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="smime.p7s"',
    "",
    ...base64Lines(signature),
    `--${boundary}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "latin1");
}

/** Of RSA, or of a curve of NIST. */
function toSigningKey(key: KeyObject) {
  if (key.asymmetricKeyType === "rsa") {
    return key.toCryptoKey({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["sign"]);
  }
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? "";
  return key.toCryptoKey({ name: "ECDSA", namedCurve }, false, ["sign"]);
}

const curves: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

async function signEntity(entity: Buffer, { chain, key }: SmimeKeys, date: EpochSeconds): Promise<Buffer> {
  const certificates = chain.map(({ raw }) => Certificate.fromBER(raw));
  const [leaf] = certificates;
  if (!leaf) throw new Error("a signer without a certificate");
  const digest = createHash("sha256").update(entity).digest();
  const attribute = (type: string, value: unknown): Attribute => new Attribute({ type, values: [value] });
  const attributes = [
    attribute(oids.contentType, new ObjectIdentifier({ value: ContentInfo.DATA })),
    attribute(oids.signingTime, new UTCTime({ valueDate: new Date(date * 1_000) })),
    attribute(oids.messageDigest, new OctetString({ valueHex: Uint8Array.from(digest).buffer })),
  ];
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: ContentInfo.DATA }),
    certificates,
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: leaf.issuer, serialNumber: leaf.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes }),
      }),
    ],
  });
  await signed.sign(toSigningKey(key), 0, "SHA-256", Uint8Array.from(entity).buffer);
  const info = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
  return Buffer.from(info.toSchema().toBER(false));
}
