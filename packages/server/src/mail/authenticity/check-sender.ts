import { readFile } from "node:fs/promises";
import { defaultLimits, type EpochSeconds } from "@parley/engine";
import type { SenderCheck, SignatureFinding } from "../../scheduling/sender-proof.ts";
import { type HeaderField, readHeader } from "../header-field.ts";
import { type DnsBounds, type DnsLookup, dnsBounds, rememberAnswers, withinBounds } from "./dns.ts";

/** What an operator has asked to be checked. */
export interface CheckOptions {
  /** DKIM, DMARC and ARC; SPF with them where `receivedBy` names the relay. */
  readonly domains: boolean;
  readonly receivedBy: readonly string[];
  readonly arcSealers: readonly string[];
  /** PEM files; S/MIME signatures are checked where there are any. */
  readonly smimeAuthorities: readonly string[];
  readonly lookUp: DnsLookup;
  readonly bounds?: DnsBounds;
  readonly clock: () => EpochSeconds;
}

/** What mails of honest senders keep within by far; checking what does not would cost seconds. RFC 5322 §2.1.1 has lines of 998. */
const maxHeaderBytes = 256 * 1024;
const maxHeaderLines = 5_000;
const maxLineBytes = 256 * 1024;

/** Makes the check of a mail's sender; rejects where a file of authorities cannot be read. What it needs is loaded now. */
export async function makeSenderCheck(options: CheckOptions): Promise<SenderCheck> {
  const { clock, bounds = dnsBounds } = options;
  const remembered = rememberAnswers(options.lookUp, clock);
  const receivedBy = new Set(options.receivedBy.map((name) => name.toLowerCase()));
  const arcSealers = new Set(options.arcSealers.map((name) => name.toLowerCase()));
  const loaded = options.domains ? await import("./check-domain.ts") : undefined;
  const checkDomain = (mail: Uint8Array, fields: readonly HeaderField[], envelopeFrom: string | undefined) =>
    withinBounds(remembered, bounds, async (lookUp) =>
      loaded?.checkDomain(mail, fields, envelopeFrom, { lookUp, now: clock(), receivedBy, arcSealers }),
    ).catch(() => undefined);
  const checkSignature = await makeSignatureCheck(options);
  return async (bytes, envelopeFrom, decrypted) => {
    // As it is read, to the octet: the same mail with other line ends could be read otherwise.
    const signature = await checkSignature?.(decrypted ?? bytes);
    const mail = withLineEnds(bytes);
    const header = ordinaryHeader(mail);
    const found = header && (await checkDomain(mail, readHeader(header), envelopeFrom));
    return { ...found, ...(signature && { signature }) };
  };
}

async function makeSignatureCheck({
  smimeAuthorities,
  clock,
}: CheckOptions): Promise<((mail: Uint8Array) => Promise<SignatureFinding>) | undefined> {
  if (smimeAuthorities.length === 0) return undefined;
  const [{ readAuthorities, verifySignature }, { findSignedParts }] = await Promise.all([
    import("./smime.ts"),
    import("./signed-parts.ts"),
  ]);
  const authorities = await Promise.all(
    smimeAuthorities.map(async (file) => {
      try {
        return readAuthorities(await readFile(file, "utf8"));
      } catch (error) {
        throw new Error(`trust.smimeAuthorities: ${file}: ${error instanceof Error ? error.message : "unreadable"}`);
      }
    }),
  );
  return async (mail) => {
    const parts = findSignedParts(mail, defaultLimits);
    if (parts === "malformed") return { kind: "invalid", reason: "the mail holds more or less than what is signed" };
    return parts ? verifySignature(parts, authorities.flat(), clock()) : { kind: "none" };
  };
}

/** A pipe may hand a mail over with the line ends of the machine; what was signed has those of mail. */
function withLineEnds(bytes: Uint8Array): Uint8Array {
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = mail.indexOf(0x0a);
  if (end < 0 || mail[end - 1] === 0x0d) return bytes;
  return Buffer.from(mail.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
}

/** Finds the header of a mail, unless there is more of it than there should be, or a line is longer. */
function ordinaryHeader(mail: Uint8Array): Uint8Array | undefined {
  const buffer = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength);
  const end = buffer.indexOf("\r\n\r\n");
  const header = buffer.subarray(0, end < 0 ? buffer.length : end + 2);
  if (header.length > maxHeaderBytes) return undefined;
  for (let start = 0, line = 0; start < buffer.length; line++) {
    const next = buffer.indexOf(0x0a, start);
    const lineEnd = next < 0 ? buffer.length : next + 1;
    if (lineEnd - start > maxLineBytes || (line >= maxHeaderLines && start < header.length)) return undefined;
    start = lineEnd;
  }
  return header;
}
