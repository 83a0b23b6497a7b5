import { methods } from "../model/method.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { DeliveryReport } from "./dsn.ts";

/**
 * One thing a mail says, judged alone; `detail` is one sentence for a person:
 *
 * - `message`: something that can be acted on.
 * - `unreadable`: a calendar, or a mail, that asks for something but cannot be acted on.
 * - `ignored`: a mail that nobody wrote and that asks for nothing.
 * - `report`: what became of a mail that was sent.
 */
export type JudgedPart =
  | MessagePart
  | UnreadablePart
  | { readonly kind: "ignored"; readonly detail: string }
  | { readonly kind: "report"; readonly report: DeliveryReport; readonly detail: string };

/** A scheduling message of a mail. */
export interface MessagePart {
  readonly kind: "message";
  readonly message: SchedulingMessage;
  /** Why it may be offered to a person only, and never be applied by itself, however sure the sender is. */
  readonly offered?: OfferedReason;
  /** Where in the mail it stands, as in a `CalendarPart`. */
  readonly path: string;
  /** What was not as it should be and how it was read, in words. */
  readonly problems: readonly string[];
}

/** A part of a mail that was not acted on; without `path` it is the mail as a whole. */
export interface UnreadablePart {
  readonly kind: "unreadable";
  readonly reason: UnreadableReason;
  readonly detail: string;
  readonly path?: string;
}

/**
 * Why a message is only offered:
 *
 * - `forwarded`: it stands in a mail inside the mail. Who sent that is not known, whatever is known of who passed it on.
 * - `no-method`: it asks for nothing, RFC 6047 §2.4: a calendar somebody attached, read as if it was published.
 */
export type OfferedReason = "forwarded" | "no-method";

/** Why a part could not be acted on, for a program; its sentence for a person is `detail`. */
export type UnreadableReason =
  | "no-calendar"
  | "delivery-report"
  | "tnef"
  | "too-large"
  | "too-many-objects"
  | "broken-calendar"
  | "unknown-method"
  | "conflicting-methods"
  | "conflicting-parts";

const details: Record<UnreadableReason, string> = {
  "no-calendar": "There is no calendar in this mail.",
  "delivery-report": "This is a report about another mail; the calendar in it was not acted on.",
  tnef: "The meeting is in Outlook's own form (winmail.dat), which cannot be read here; ask the sender for an iCalendar invitation.",
  "too-large": "The calendar in this mail is too large.",
  "too-many-objects": "The calendars in this mail are about more things than are read of one mail.",
  "broken-calendar": "The calendar in this mail cannot be read.",
  "unknown-method": `The calendar in this mail has a METHOD that is none of ${methods.join(", ")}.`,
  "conflicting-methods": "The mail and the calendar in it name different METHODs.",
  "conflicting-parts": "One invitation is there in several versions, and they are not about one thing.",
};

/** Makes a part that was not acted on, with the sentence of its reason where none is given. */
export function unreadable(
  reason: UnreadableReason,
  more: { readonly path?: string | undefined; readonly detail?: string | undefined } = {},
): UnreadablePart {
  const { path, detail = details[reason] } = more;
  return { kind: "unreadable", reason, detail, ...(path !== undefined && { path }) };
}
