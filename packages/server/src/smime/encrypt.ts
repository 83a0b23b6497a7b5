import { constants, createCipheriv, publicEncrypt, type X509Certificate } from "node:crypto";
import { parseMailbox } from "@parley/engine";
import { Null, OctetString } from "asn1js";
import {
  AlgorithmIdentifier,
  Certificate,
  ContentInfo,
  EncryptedContentInfo,
  EnvelopedData,
  IssuerAndSerialNumber,
  KeyTransRecipientInfo,
  RecipientInfo,
} from "pkijs";
import { isFor } from "./keys.ts";
import { base64Lines, partMail } from "./mail-entity.ts";

const rsaEncryption = "1.2.840.113549.1.1.1";
const aes256Cbc = "2.16.840.1.101.3.4.1.42";

/**
 * Encrypts a mail for the recipient whose certificate names the address, RFC 8551 §3.3, by AES-256 in CBC and RSA, which every program
 * knows; what it says of itself, its subject too, stays readable. Any other mail stays as it is. An old certificate is used as
 * well: better than that what was to be hidden is not.
 */
export function encryptSmime(
  raw: Uint8Array,
  to: string,
  recipients: readonly X509Certificate[],
  randomBytes: (count: number) => Uint8Array,
): Uint8Array {
  const address = parseMailbox(to);
  const recipient = address && recipients.find((leaf) => isFor(leaf, address));
  if (!recipient) return raw;
  const { outer, entity } = partMail(raw);
  const lines = [
    ...outer,
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="smime.p7m"',
    "",
    ...base64Lines(envelop(Buffer.from(entity, "latin1"), recipient, randomBytes)),
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "latin1");
}

function envelop(
  content: Uint8Array,
  recipient: X509Certificate,
  randomBytes: (count: number) => Uint8Array,
): Uint8Array {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]);
  const wrapped = publicEncrypt({ key: recipient.publicKey, padding: constants.RSA_PKCS1_PADDING }, key);
  const { issuer, serialNumber } = Certificate.fromBER(recipient.raw);
  const transported = new KeyTransRecipientInfo({
    version: 0,
    rid: new IssuerAndSerialNumber({ issuer, serialNumber }),
    keyEncryptionAlgorithm: new AlgorithmIdentifier({ algorithmId: rsaEncryption, algorithmParams: new Null() }),
    encryptedKey: octets(wrapped),
  });
  const enveloped = new EnvelopedData({
    version: 0,
    recipientInfos: [new RecipientInfo({ variant: 1, value: transported })],
    encryptedContentInfo: new EncryptedContentInfo({
      contentType: ContentInfo.DATA,
      contentEncryptionAlgorithm: new AlgorithmIdentifier({ algorithmId: aes256Cbc, algorithmParams: octets(iv) }),
      encryptedContent: octets(encrypted),
    }),
  });
  const info = new ContentInfo({ contentType: ContentInfo.ENVELOPED_DATA, content: enveloped.toSchema() });
  return Buffer.from(info.toSchema().toBER(false));
}

function octets(bytes: Uint8Array): OctetString {
  return new OctetString({ valueHex: Uint8Array.from(bytes).buffer });
}
