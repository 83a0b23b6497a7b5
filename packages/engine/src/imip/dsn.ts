import { decodeBytes } from "../icalendar/decode.ts";
import { type Limits, maxReportBytes, maxReportedRecipients } from "../limits.ts";
import { type CalendarUserAddress, parseMailbox } from "../model/address.ts";
import type { Mail, MailPart } from "./mail.ts";

/** What became of a mail for some of its recipients, RFC 3464: a bounce, in most cases. Anybody can write one. */
export interface DeliveryReport {
  /** The Message-ID of the mail that was sent, with its angle brackets, where the report says which it was. */
  readonly messageId?: string;
  /** The ENVID the mail was sent with. */
  readonly envelopeId?: string;
  /** At least one. */
  readonly recipients: readonly ReportedRecipient[];
}

/** What became of a mail for one recipient. */
export interface ReportedRecipient {
  /** The address the mail ended at. */
  readonly recipient: CalendarUserAddress;
  /** The address it was sent to, where the report says so. */
  readonly original?: CalendarUserAddress;
  readonly action: DeliveryAction;
  /** Three numbers with dots between them, such as `5.1.1`. */
  readonly status?: string;
  /** What the other server said, one line. */
  readonly diagnostic?: string;
}

/** `relayed`: handed to a server that reports nothing; `expanded`: to the members of a list. */
export type DeliveryAction = "failed" | "delayed" | "delivered" | "relayed" | "expanded";

/** Tells whether a part is a report, or holds one: some programs call it a `multipart/mixed`. */
export function isReport(part: MailPart): boolean {
  return part.contentType === "multipart/report" || part.parts.some(isDeliveryStatus);
}

/**
 * Reads what a mail reports of another one's delivery. RFC 3464. Of a report somebody passed on inside their own mail nothing is read.
 * At most `maxReportedRecipients` recipients of the first `maxReportBytes` octets; `undefined` where it reports nothing. Never throws.
 */
export function readDeliveryReport(mail: Mail, limits: Limits): DeliveryReport | undefined {
  const report = findReport(mail.root, limits);
  const status = report?.parts.find(isDeliveryStatus);
  if (!report || !status?.bytes) return undefined;
  const groups = readGroups(status.bytes);
  const recipients = groups.flatMap((group) => readRecipient(group, limits)).slice(0, maxReportedRecipients);
  if (recipients.length === 0) return undefined;
  // Where nothing is returned the report is often an answer to the mail.
  const messageId = report.parts.find(({ header }) => header?.messageId)?.header?.messageId ?? mail.inReplyTo;
  const envelopeId = groups[0]?.get("original-envelope-id")?.slice(0, 1_000);
  return { ...(messageId && { messageId }), ...(envelopeId && { envelopeId }), recipients };
}

function isDeliveryStatus({ contentType }: MailPart): boolean {
  return contentType === "message/delivery-status" || contentType === "message/global-delivery-status";
}

/** Finds the first report of the mail itself. */
function findReport(root: MailPart, limits: Limits): MailPart | undefined {
  const waiting = [{ part: root, depth: 1 }];
  for (let seen = 0; seen < limits.maxMailParts; seen++) {
    const next = waiting.pop();
    if (!next || next.part.parts.some(isDeliveryStatus)) return next?.part;
    if (next.part.header || next.depth >= limits.maxMailDepth) continue;
    const children = next.part.parts.slice(0, limits.maxMailParts);
    waiting.push(...children.map((part) => ({ part, depth: next.depth + 1 })).reverse());
  }
  return undefined;
}

type Fields = ReadonlyMap<string, string>;

/**
 * Reads the groups of fields: those of the mail, then those of each recipient. They are parted by empty lines, and by
 * what names the next recipient where a program leaves these out. Of two fields of one name the first counts.
 */
function readGroups(bytes: Uint8Array): readonly Fields[] {
  const text = decodeBytes(bytes.subarray(0, maxReportBytes), 0).text.replace(/\r?\n[ \t]+/g, " ");
  const groups: Map<string, string>[] = [new Map()];
  for (const line of text.split(/\r?\n/)) {
    if (groups.length > maxReportedRecipients + 1) break;
    if (line.trim() === "" && groups.at(-1)?.size) groups.push(new Map());
    const [, name = "", value = ""] = /^([!-9;-~]{1,100})[ \t]*:(.*)$/.exec(line) ?? [];
    const lower = name.toLowerCase();
    if (lower === "final-recipient" && groups.at(-1)?.has(lower)) groups.push(new Map());
    const group = groups.at(-1);
    if (lower !== "" && !group?.has(lower)) group?.set(lower, value.trim());
  }
  return groups;
}

const actions: ReadonlySet<string> = new Set<DeliveryAction>(["failed", "delayed", "delivered", "relayed", "expanded"]);

function readRecipient(group: Fields, limits: Limits): readonly ReportedRecipient[] {
  const original = readAddress(group.get("original-recipient"));
  const recipient = readAddress(group.get("final-recipient")) ?? original;
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(group.get("status") ?? "")?.[1];
  const action = readAction(group.get("action"), status);
  if (!recipient || !action) return [];
  const diagnostic = withoutType(group.get("diagnostic-code") ?? "")
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ")
    .slice(0, limits.maxCommentLength);
  return [
    {
      recipient,
      ...(original && { original }),
      action,
      ...(status && { status }),
      ...(diagnostic && { diagnostic }),
    },
  ];
}

function readAction(written: string | undefined, status: string | undefined): DeliveryAction | undefined {
  const word = /^[a-z]+/.exec(written?.toLowerCase() ?? "")?.[0] ?? "";
  if (isAction(word)) return word;
  // What the word is for the number says as well.
  if (status === undefined) return undefined;
  return status.startsWith("5") ? "failed" : status.startsWith("4") ? "delayed" : "delivered";
}

function isAction(word: string): word is DeliveryAction {
  return actions.has(word);
}

/** Reads `rfc822; ben@example.test`. */
function readAddress(written: string | undefined): CalendarUserAddress | undefined {
  return parseMailbox(withoutType(written ?? "").replace(/^<(.*)>$/, "$1"));
}

function withoutType(written: string): string {
  return written.replace(/^[^;\s]{1,100}\s*;/, "").trim();
}
