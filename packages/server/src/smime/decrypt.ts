import { constants, createDecipheriv, type KeyObject, privateDecrypt } from "node:crypto";
import { parseMailbox } from "@parley/engine";
import { OctetString } from "asn1js";
import { Certificate, ContentInfo, EnvelopedData, IssuerAndSerialNumber, KeyTransRecipientInfo } from "pkijs";
import { isFor, type SmimeKeys } from "./keys.ts";
import { isOfContent, isPlain, partMail, splitEntity, withCrlf } from "./mail-entity.ts";

/** Ciphers we open, RFC 8551 §2.7, by how long their keys are; what is weaker is not opened. */
const ciphers: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.1.2": "aes-128-cbc",
  "2.16.840.1.101.3.4.1.22": "aes-192-cbc",
  "2.16.840.1.101.3.4.1.42": "aes-256-cbc",
};
const paddings: Readonly<Record<string, number>> = {
  "1.2.840.113549.1.1.1": constants.RSA_PKCS1_PADDING,
  "1.2.840.113549.1.1.7": constants.RSA_PKCS1_OAEP_PADDING,
};
/** More no honest mail to one of us has. */
const maxRecipients = 100;
/** Octets of what is taken apart: a library makes an object of every two of them where a sender wants it to. */
const maxEnvelopeBytes = 1024 * 1024;

/**
 * Decrypts a mail that is encrypted for the person it is brought to, RFC 8551 §3.3: a key is only used for who its certificate names, or
 * anybody here could have another's mail opened by sending it to themselves. What is inside brings its content and nothing else: no From, no
 * Subject. `undefined` for any other mail. Total and bounded.
 */
export function decryptSmime(raw: Uint8Array, to: string, all: readonly SmimeKeys[]): Uint8Array | undefined {
  const recipient = parseMailbox(to);
  if (!recipient) return undefined;
  const own = all.filter(({ leaf }) => isFor(leaf, recipient));
  if (own.length === 0) return undefined;
  const { outer, entity } = partMail(withCrlf(raw));
  const { fields, body } = splitEntity(entity);
  const isEncrypted = /^content-type:\s*application\/(?:x-)?pkcs7-mime\b/i.test(fields.find(isType) ?? "");
  if (!isEncrypted) return undefined;
  try {
    const content = open(Buffer.from(body, "base64"), own);
    if (!content) return undefined;
    const inner = splitEntity(withCrlf(content).toString("latin1"));
    if (!inner.fields.every(isPlain)) return undefined;
    const lines = [...outer, ...inner.fields.filter(isOfContent), "", inner.body];
    return Buffer.from(lines.join("\r\n"), "latin1");
  } catch {
    // Whatever it is, it is no mail we can open: it is kept as it came.
    return undefined;
  }
}

function isType(field: string): boolean {
  return /^content-type\s*:/i.test(field);
}

function open(der: Uint8Array, keys: readonly SmimeKeys[]): Buffer | undefined {
  if (der.length > maxEnvelopeBytes) return undefined;
  const info = ContentInfo.fromBER(der);
  if (info.contentType !== ContentInfo.ENVELOPED_DATA) return undefined;
  const { recipientInfos, encryptedContentInfo } = new EnvelopedData({ schema: info.content });
  const { algorithmId, algorithmParams } = encryptedContentInfo.contentEncryptionAlgorithm;
  const cipher = ciphers[algorithmId];
  if (!cipher || !(algorithmParams instanceof OctetString)) return undefined;
  for (const { value } of recipientInfos.slice(0, maxRecipients)) {
    const key = value instanceof KeyTransRecipientInfo ? keyFor(value, keys) : undefined;
    if (!key || !(value instanceof KeyTransRecipientInfo)) continue;
    const decipher = createDecipheriv(cipher, unwrap(value, key), algorithmParams.valueBlock.valueHexView);
    const encrypted = Buffer.from(encryptedContentInfo.getEncryptedContent());
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  }
  return undefined;
}

/** The key of the certificate that is named by its issuer and number. */
function keyFor({ rid }: KeyTransRecipientInfo, keys: readonly SmimeKeys[]): KeyObject | undefined {
  if (!(rid instanceof IssuerAndSerialNumber)) return undefined;
  return keys.find(({ leaf }) => {
    const { issuer, serialNumber } = Certificate.fromBER(leaf.raw);
    return issuer.isEqual(rid.issuer) && serialNumber.isEqual(rid.serialNumber);
  })?.key;
}

function unwrap({ keyEncryptionAlgorithm, encryptedKey }: KeyTransRecipientInfo, key: KeyObject): Buffer {
  const padding = paddings[keyEncryptionAlgorithm.algorithmId];
  if (padding === undefined) throw new Error("a padding we do not know");
  return privateDecrypt({ key, padding }, encryptedKey.valueBlock.valueHexView);
}
