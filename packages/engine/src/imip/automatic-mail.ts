import type { MailHeader } from "./mail.ts";

/** Names the headers, in lower case, by which programs older than RFC 3834, or Exchange, mark a mail that nobody wrote. */
export const answerMarkHeaders: readonly string[] = [
  "x-autoreply",
  "x-autorespond",
  "x-autoresponder",
  "x-autoreply-from",
  "x-mail-autoreply",
  "x-auto-response-suppress",
];

const automaticPrecedences: ReadonlySet<string> = new Set(["bulk", "junk", "auto_reply"]);

/**
 * Tells by what a mail shows that no person wrote it, in words; `undefined` for one that does not. RFC 3834 §2 and §5. An empty
 * envelope sender, where the envelope is known, is the mark of all reports and of most answers. An invitation may well be automatic:
 * it is for mails without a calendar, which are nothing to answer.
 */
export function findAutomaticMark(header: MailHeader, envelopeSender?: string): string | undefined {
  const { autoSubmitted, precedence, answerMarks } = header;
  if (autoSubmitted !== undefined && autoSubmitted !== "no") return `Auto-Submitted is ${autoSubmitted.slice(0, 40)}`;
  if (envelopeSender === "" || envelopeSender === "<>") return "its envelope has no sender";
  if (precedence !== undefined && automaticPrecedences.has(precedence)) return `Precedence is ${precedence}`;
  return answerMarks?.[0] === undefined ? undefined : `it has the header ${answerMarks[0]}`;
}
