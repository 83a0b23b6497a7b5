import { defaultLimits, type Limits } from "@parley/engine";
import { daysFromCivil } from "@parley/engine/icalendar";
import {
  answerMarkHeaders,
  calendarClaim,
  isTnef,
  type Mail,
  type MailAddress,
  type MailHeader,
  type MailPart,
} from "@parley/engine/imip";
import addressparser from "nodemailer/lib/addressparser";
import { allFields, decodeWords, firstField, type HeaderField, readHeader, readParameters } from "./header-field.ts";
import { isMail, type RawPart, splitMail } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer-encoding.ts";

const maxAddresses = 1_000;
const maxAuthenticationResults = 50;
const maxSubjectLength = 1_000;
const maxReturnedHeaderBytes = 1024 * 1024;

/**
 * Parses a mail into the tree and the header fields iMIP needs. Content is kept, its transfer encoding undone and not an octet
 * otherwise changed, of leaves that iMIP looks into only: those that claim to be calendars, Outlook's own form of a meeting, and
 * reports of a delivery. Whatever the bytes are there is a Mail: `problems` says what could not be read. Never rejects.
 */
export async function parseMail(bytes: Uint8Array, limits: Limits = defaultLimits): Promise<Mail> {
  const { root, problems: found, count } = splitMail(bytes, limits);
  const reading: Reading = { limits, problems: new Set(found), count };
  return {
    ...readMailHeader(root.fields),
    authenticationResults: allFields(root.fields, "authentication-results").slice(0, maxAuthenticationResults),
    root: toMailPart(root, 1, reading),
    problems: [...reading.problems],
  };
}

function readMailHeader(fields: readonly HeaderField[]): MailHeader {
  const [sender] = addressesOf(fields, "sender");
  const date = readDate(firstField(fields, "date") ?? "");
  const messageId = readMessageId(fields, "message-id");
  const inReplyTo = readMessageId(fields, "in-reply-to");
  const autoSubmitted = firstWord(fields, "auto-submitted");
  const precedence = firstWord(fields, "precedence");
  const answerMarks = answerMarkHeaders.filter((name) => firstField(fields, name) !== undefined);
  return {
    from: addressesOf(fields, "from"),
    ...(sender && { sender }),
    to: addressesOf(fields, "to"),
    cc: addressesOf(fields, "cc"),
    subject: plainLine(decodeWords(firstField(fields, "subject") ?? "")).slice(0, maxSubjectLength),
    ...(messageId && { messageId }),
    ...(inReplyTo && { inReplyTo }),
    ...(date !== undefined && { date }),
    ...(autoSubmitted && { autoSubmitted }),
    ...(precedence && { precedence }),
    ...(answerMarks.length > 0 && { answerMarks }),
  };
}

function readMessageId(fields: readonly HeaderField[], name: string): string | undefined {
  return /<[^<>\s]{1,996}>/.exec(firstField(fields, name) ?? "")?.[0];
}

/** The value of a field without its parameters and comments, in lower case. */
function firstWord(fields: readonly HeaderField[], name: string): string {
  return readParameters(firstField(fields, name) ?? "").value.toLowerCase();
}

/** What the reading of a whole mail shares. */
interface Reading {
  readonly limits: Limits;
  readonly problems: Set<string>;
  /** Parts so far, also of mails inside the mail. */
  count: number;
}

/** The tree is no deeper than `maxMailDepth`, so recursion is bounded. */
function toMailPart(part: RawPart, depth: number, reading: Reading): MailPart {
  const { value: contentType, parameters } = part.contentType;
  const disposition = readParameters(firstField(part.fields, "content-disposition") ?? "");
  const written = disposition.parameters["filename"] ?? parameters["name"];
  const filename = written === undefined ? undefined : plainLine(decodeWords(written));
  const isLeaf = part.parts.length === 0;
  const bytes = isLeaf && isWanted(contentType, filename) ? decodeBody(part, reading.problems) : undefined;
  const languages = firstField(part.fields, "content-language")
    ?.slice(0, 1_000)
    .toLowerCase()
    .match(/[a-z0-9-]+/g);
  const inner = isMail(contentType) ? (part.parts[0] ?? splitEncoded(part, depth, reading)) : undefined;
  const header = inner ? readMailHeader(inner.fields) : headersAlone(part, reading);
  return {
    contentType,
    parameters,
    ...(disposition.value && { disposition: disposition.value.toLowerCase() }),
    ...(filename && { filename }),
    ...(languages && { languages }),
    ...(bytes && { bytes }),
    ...(header && { header }),
    parts: (inner ? [inner] : part.parts).map((child) => toMailPart(child, depth + 1, reading)),
  };
}

function isWanted(contentType: string, filename: string | undefined): boolean {
  return (
    calendarClaim(contentType, filename) !== undefined ||
    isTnef(contentType, filename) ||
    contentType === "message/delivery-status" ||
    contentType === "message/global-delivery-status"
  );
}

/** Takes a mail inside the mail apart that somebody encoded, which RFC 2046 §5.2.1 forbids and some do. */
function splitEncoded(part: RawPart, depth: number, reading: Reading): RawPart | undefined {
  const { limits, problems } = reading;
  if (depth >= limits.maxMailDepth || reading.count >= limits.maxMailParts || part.body.length === 0) return undefined;
  const within = {
    ...limits,
    maxMailDepth: limits.maxMailDepth - depth,
    maxMailParts: limits.maxMailParts - reading.count,
  };
  const inner = splitMail(decodeBody(part, problems), within);
  reading.count += inner.count;
  for (const problem of inner.problems) problems.add(problem);
  return inner.root;
}

/** Reads the header of a mail that is returned without its content. */
function headersAlone(part: RawPart, { problems }: Reading): MailHeader | undefined {
  if (!/^(text\/rfc822-headers|message\/global-headers)$/.test(part.contentType.value)) return undefined;
  return readMailHeader(readHeader(decodeBody(part, problems).subarray(0, maxReturnedHeaderBytes)));
}

function decodeBody(part: RawPart, problems: Set<string>): Uint8Array {
  const decoded = decodeTransfer(part.body, firstField(part.fields, "content-transfer-encoding") ?? "");
  if (!decoded) problems.add("A part has an unknown transfer encoding; it was read as it stands.");
  return decoded ?? part.body;
}

/** Lists the addresses of all fields of that name, those inside groups too. */
function addressesOf(fields: readonly HeaderField[], name: string): readonly MailAddress[] {
  return allFields(fields, name)
    .flatMap((value) => addressparser(value, { flatten: true }))
    .slice(0, maxAddresses)
    .map((parsed) => {
      const display = plainLine(decodeWords(parsed.name));
      return { address: parsed.address, ...(display && { name: display }) };
    });
}

function plainLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const dateForm =
  /(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{2,4})\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(?:([+-])(\d\d)(\d\d)|gmt|utc?|z|)(?![\d+-])/i;

/** Reads a date, RFC 5322 §3.3, in seconds since 1970; a zone it gives no numbers for is UTC. */
function readDate(text: string): number | undefined {
  const match = dateForm.exec(text.slice(0, 200));
  if (!match) return undefined;
  const month = months.indexOf((match[2] ?? "").toLowerCase()) + 1;
  const [day, year, hour, minute, second] = [match[1], match[3], match[4], match[5], match[6] ?? 0].map(Number);
  if (month === 0 || !day || day > 31 || year === undefined || hour === undefined || minute === undefined)
    return undefined;
  // RFC 5322 §4.3: years of two and three digits.
  const fullYear = year >= 1_000 ? year : year < 50 ? 2_000 + year : 1_900 + year;
  const offset = (match[7] === "-" ? -1 : 1) * (Number(match[8] ?? 0) * 3_600 + Number(match[9] ?? 0) * 60);
  return daysFromCivil(fullYear, month, day) * 86_400 + hour * 3_600 + minute * 60 + (second ?? 0) - offset;
}
