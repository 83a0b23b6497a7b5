import { defaultLimits, type Limits } from "@parley/engine";
import { daysFromCivil } from "@parley/engine/icalendar";
import { calendarClaim, type Mail, type MailAddress, type MailPart } from "@parley/engine/imip";
import addressparser from "nodemailer/lib/addressparser";
import { allFields, decodeWords, firstField, type HeaderField, readParameters } from "./header-field.ts";
import { type RawPart, splitMail } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer-encoding.ts";

const maxAddresses = 1_000;
const maxAuthenticationResults = 50;
const maxSubjectLength = 1_000;

/**
 * Parses a mail into the tree and the header fields iMIP needs. Content is kept, its transfer encoding undone and not an octet
 * otherwise changed, of leaves that claim to be calendars only. Whatever the bytes are there is a Mail: `problems` says
 * what could not be read. Never rejects.
 */
export async function parseMail(bytes: Uint8Array, limits: Limits = defaultLimits): Promise<Mail> {
  const { root, problems: found } = splitMail(bytes, limits);
  const problems = new Set(found);
  const { fields } = root;
  const [sender] = addressesOf(fields, "sender");
  const date = readDate(firstField(fields, "date") ?? "");
  const messageId = /<[^<>\s]{1,996}>/.exec(firstField(fields, "message-id") ?? "")?.[0];
  const autoSubmitted = firstField(fields, "auto-submitted");
  return {
    from: addressesOf(fields, "from"),
    ...(sender && { sender }),
    replyTo: addressesOf(fields, "reply-to"),
    to: addressesOf(fields, "to"),
    cc: addressesOf(fields, "cc"),
    subject: plainLine(decodeWords(firstField(fields, "subject") ?? "")).slice(0, maxSubjectLength),
    ...(messageId && { messageId }),
    ...(date !== undefined && { date }),
    ...(autoSubmitted && { autoSubmitted: readParameters(autoSubmitted).value.toLowerCase() }),
    authenticationResults: allFields(fields, "authentication-results").slice(0, maxAuthenticationResults),
    root: toMailPart(root, problems),
    problems: [...problems],
  };
}

/** The tree is no deeper than `maxMailDepth`, so recursion is bounded. */
function toMailPart(part: RawPart, problems: Set<string>): MailPart {
  const { value: contentType, parameters } = part.contentType;
  const disposition = readParameters(firstField(part.fields, "content-disposition") ?? "");
  const written = disposition.parameters["filename"] ?? parameters["name"];
  const filename = written === undefined ? undefined : plainLine(decodeWords(written));
  const bytes =
    part.parts.length === 0 && calendarClaim(contentType, filename) ? decodeBody(part, problems) : undefined;
  return {
    contentType,
    parameters,
    ...(disposition.value && { disposition: disposition.value.toLowerCase() }),
    ...(filename && { filename }),
    ...(bytes && { bytes }),
    parts: part.parts.map((child) => toMailPart(child, problems)),
  };
}

function decodeBody(part: RawPart, problems: Set<string>): Uint8Array {
  const decoded = decodeTransfer(part.body, firstField(part.fields, "content-transfer-encoding") ?? "");
  if (!decoded) problems.add("A calendar has an unknown transfer encoding; it was read as it stands.");
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
