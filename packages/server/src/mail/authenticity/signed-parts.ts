import type { Limits } from "@parley/engine";
import { withCrlf } from "../../smime/mail-entity.ts";
import { firstField, readParameters } from "../header-field.ts";
import { splitMail } from "../mime-tree.ts";
import { decodeTransfer } from "../transfer-encoding.ts";

/** What was signed of a mail, octet for octet with CRLF as line ends, and its signature. */
export interface SignedParts {
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

const maxSignatureBytes = 256 * 1024;

/**
 * Finds what a `multipart/signed` with an S/MIME signature says is signed, RFC 8551 §3.5.3 and RFC 1847 §2.1: the mail as a whole must be one, and hold
 * those two parts alone, so that nothing is read of it that is not signed. What is signed is told by the same pass that finds what is read:
 * two that look for delimiters, each in its own way, could be shown two mails in one. `undefined` for every other mail.
 */
export function findSignedParts(mail: Uint8Array, limits: Limits): SignedParts | "malformed" | undefined {
  const { root } = splitMail(mail, limits);
  const { value, parameters } = root.contentType;
  if (value !== "multipart/signed" || !/^application\/(?:x-)?pkcs7-signature$/i.test(parameters["protocol"] ?? "")) {
    return undefined;
  }
  const [content, second, ...others] = root.parts;
  if (!content || !second || others.length > 0) return "malformed";
  if (!/^application\/(?:x-)?pkcs7-signature$/.test(second.contentType.value)) return "malformed";
  // Nothing signs the signature: under another name it would be read as a calendar itself.
  const disposition = readParameters(firstField(second.fields, "content-disposition") ?? "");
  const names = [disposition.parameters["filename"], second.contentType.parameters["name"]];
  if (names.some((name) => name !== undefined && !/\.p7[sm]$/i.test(name))) return "malformed";
  const signature = decodeTransfer(second.body, firstField(second.fields, "content-transfer-encoding") ?? "");
  if (!signature || signature.length === 0 || signature.length > maxSignatureBytes) return "malformed";
  // RFC 1847 §2.1: what is signed has the line ends of mail.
  return { data: withCrlf(content.whole), signature };
}
