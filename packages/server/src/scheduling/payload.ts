import type { EpochSeconds, InstanceKey, Method, SchedulingMessage } from "@parley/engine";
import type { ComposedMail } from "@parley/engine/imip";
import type { Delivery, LedgerRow } from "../store/store.ts";

/** Is what a delivery carries, as JSON under its content address: the same for all its recipients. */
export interface Payload {
  readonly from: { readonly address: string; readonly name: string };
  readonly date: EpochSeconds;
  readonly mail: ComposedMail;
  /** Absent in what an older program has queued: that is never superseded. */
  readonly said?: Said;
  /** Stands in the texts for what is each recipient's own: the token of their links. */
  readonly placeholder?: string;
  /** Absent in what a person has just had sent. */
  readonly automatic?: AutoSubmitted;
  /** Message-ID of the mail it answers, with its angle brackets. */
  readonly inReplyTo?: string;
}

/** Is what a message says, as far as a later one is compared with it. */
export interface Said {
  readonly method: Method;
  readonly keys: readonly InstanceKey[];
  /** As in the SchedulingMessage: none of a first invitation. */
  readonly updates: SchedulingMessage["updates"];
}

/** Marks a mail that no person had sent, RFC 3834 §5. */
export type AutoSubmitted = "auto-generated" | "auto-replied";

/** What became of deliveries of one payload. Those that are in neither list are delivered, and so recorded. */
export interface DeliveredInside {
  /** Their recipients are nobody's here. */
  readonly elsewhere: readonly Delivery[];
  /** They could not be kept; try again. */
  readonly failed: readonly { readonly delivery: Delivery; readonly error: unknown }[];
}

/** Writes a payload as it is kept. */
export function formatPayload(payload: Payload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}

/** Reads a payload that was kept. */
export function readPayload(bytes: Uint8Array): Payload {
  return JSON.parse(new TextDecoder().decode(bytes)) as Payload;
}

/**
 * Gives the payload a message came in that one of our own people sent, or `undefined` where it came as a mail. Older programs carried
 * such messages as mails too. Nothing from outside is taken for one: no mail has the evidence `local`. Decision 0030.
 */
export function insidePayload(row: Pick<LedgerRow, "evidence">, source: Uint8Array): Payload | undefined {
  return row.evidence?.strength === "local" && source[0] === openingBrace ? readPayload(source) : undefined;
}

const openingBrace = 0x7b;

/** Shows a message that came inside as a mail of one part, for whoever wants to look at it. */
export function showInside({ from, date, mail }: Payload, row: Pick<LedgerRow, "to" | "messageId">): Uint8Array {
  const name = oneLine(from.name).replace(/["\\]/g, "");
  const lines = [
    `From: "${name}" <${oneLine(from.address)}>`,
    `To: ${row.to.map(oneLine).join(", ")}`,
    `Subject: ${oneLine(mail.subject)}`,
    ...(row.messageId === undefined ? [] : [`Message-ID: ${oneLine(row.messageId)}`]),
    `Date: ${new Date(date * 1_000).toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    `Content-Type: text/calendar; charset=UTF-8; method=${mail.method}; component=${mail.component}`,
    "Content-Transfer-Encoding: 8bit",
    "",
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n${mail.calendar}`);
}

/** Makes of a text what can stand in one line of a header. */
export function oneLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}
