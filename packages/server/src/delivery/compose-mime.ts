import { createHash } from "node:crypto";
import { type EpochSeconds, parseMailbox } from "@parley/engine";
import type { ComposedMail, MailAddress } from "@parley/engine/imip";
import MailComposer from "nodemailer/lib/mail-composer";
import { oneLine } from "../scheduling/payload.ts";

/** What a mail needs beside its content. */
export interface MailHeader {
  /** An address of ours. */
  readonly from: MailAddress;
  readonly to: MailAddress;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly date: EpochSeconds;
  /** What all mails of its conversation refer to, with its angle brackets. */
  readonly thread?: string;
  /** Message-ID of the mail this one answers, with its angle brackets. */
  readonly inReplyTo?: string;
  /** Such as `auto-generated`, RFC 3834 §5. */
  readonly autoSubmitted?: "auto-generated" | "auto-replied";
}

/**
 * Makes the bytes of a mail, RFC 6047 §2.4: text, HTML and `text/calendar` as alternatives, and the calendar once more as a
 * file for programs that look for one. The inner calendar part has neither name nor disposition, or Exchange and Gmail show
 * it as an attachment. Equal arguments make equal bytes, so what is sent again is the same mail.
 * Rejects where an argument is no address or Message-ID.
 */
export async function composeMime(mail: ComposedMail, header: MailHeader): Promise<Uint8Array> {
  const contentType = `text/calendar; charset=UTF-8; method=${mail.method}; component=${mail.component}`;
  const inReplyTo = header.inReplyTo && checkMessageId(header.inReplyTo);
  const references = [header.thread, header.inReplyTo].flatMap((id) => (id === undefined ? [] : checkMessageId(id)));
  const composer = new MailComposer({
    from: toMailbox(header.from),
    to: toMailbox(header.to),
    subject: unencoded(mail.subject),
    messageId: checkMessageId(header.messageId),
    date: formatDate(header.date),
    ...(inReplyTo && { inReplyTo }),
    ...(references.length > 0 && { references }),
    ...(header.autoSubmitted && { headers: { "Auto-Submitted": header.autoSubmitted } }),
    text: mail.text,
    html: mail.html,
    alternatives: [{ content: Buffer.from(mail.calendar, "utf8"), contentType, contentTransferEncoding: "base64" }],
    attachments: [
      {
        content: Buffer.from(mail.calendar, "utf8"),
        filename: mail.filename,
        contentType: "application/ics; charset=UTF-8",
        contentTransferEncoding: "base64",
      },
    ],
    encoding: "quoted-printable",
    // "=_" stands in no base64 and no quoted-printable.
    boundaryPrefix: "=_p",
    baseBoundary: boundaryOf(mail, header),
    newline: "\r\n",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** Derived, so that a retry is the same mail; unguessable for whoever wrote the texts, as the digest covers them. */
function boundaryOf(mail: ComposedMail, header: MailHeader): string {
  return createHash("sha256")
    .update(JSON.stringify([header.messageId, mail.text, mail.html, mail.calendar]))
    .digest("hex")
    .slice(0, 32);
}

function toMailbox({ address, name }: MailAddress): { readonly address: string; readonly name: string } {
  if (!parseMailbox(address)) throw new Error(`${JSON.stringify(address)} is no mail address`);
  return { address, name: unencoded(name ?? "") };
}

/** Takes apart what readers would decode: an encoded word could hide a line break or another's address. */
function unencoded(text: string): string {
  return oneLine(text).replaceAll("=?", "= ?");
}

function checkMessageId(id: string): string {
  if (!/^<[!-;=?-~]{1,996}>$/.test(id)) throw new Error(`${JSON.stringify(id)} is no Message-ID`);
  return id;
}

/** RFC 5322 §3.3, in UTC. */
function formatDate(seconds: EpochSeconds): string {
  return new Date(seconds * 1_000).toUTCString().replace("GMT", "+0000");
}
