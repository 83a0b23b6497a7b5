import type { Limits } from "@parley/engine";
import { firstField } from "../header-field.ts";
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
 * those two parts alone, so that nothing is read of it that is not signed. `undefined` for every other mail.
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
  const signature = decodeTransfer(second.body, firstField(second.fields, "content-transfer-encoding") ?? "");
  if (!signature || signature.length === 0 || signature.length > maxSignatureBytes) return "malformed";
  const data = firstPart(
    Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength),
    parameters["boundary"]?.trimEnd() ?? "",
  );
  return data ? { data, signature } : "malformed";
}

/** What stands between the first two delimiters, without the line end before the second: RFC 2046 §5.1.1. */
function firstPart(mail: Buffer, boundary: string): Uint8Array | undefined {
  const first = findDelimiter(mail, boundary, 0);
  const second = first && findDelimiter(mail, boundary, first.end);
  if (!second) return undefined;
  const text = mail.toString("latin1", first.end, second.start).replace(/\r?\n$/, "");
  return Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1");
}

function findDelimiter(mail: Buffer, boundary: string, from: number): { start: number; end: number } | undefined {
  const mark = Buffer.from(`--${boundary}`, "utf8");
  for (let at = mail.indexOf(mark, from); at >= 0; at = mail.indexOf(mark, at + 1)) {
    if (mail[at - 1] !== 0x0a) continue;
    const lineEnd = mail.indexOf("\n", at);
    const end = lineEnd < 0 ? mail.length : lineEnd + 1;
    const rest = mail.toString("latin1", at + mark.length, end);
    if (/^(?:--)?[ \t]*\r?\n?$/.test(rest)) return { start: at, end };
  }
  return undefined;
}
