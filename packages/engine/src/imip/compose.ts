import { formatCalendar } from "../icalendar/format.ts";
import type { Limits } from "../limits.ts";
import type { Method, ObjectType } from "../model/method.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Zone, ZoneProvider } from "../recurrence/zone.ts";
import { layOutHtml } from "./lay-out-html.ts";
import { layOutText } from "./lay-out-text.ts";
import { outgoingCalendar } from "./outgoing-calendar.ts";
import { english } from "./words/english.ts";
import type { MailLanguage } from "./words/language.ts";
import { type AnswerLinks, sayMessage, saySubject } from "./words.ts";

/** What a mail with a scheduling message is made of, RFC 6047 §2.4; whoever sends it adds addresses and MIME. Plain data. */
export interface ComposedMail {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** A whole document without any reference to the outside but `links`. */
  readonly html: string;
  /** The iCalendar text, in lines that end with CRLF. */
  readonly calendar: string;
  /** For the `method` parameter. */
  readonly method: Method;
  /** For the `component` parameter. */
  readonly component: ObjectType;
  /** Name for a copy of the calendar as an attachment. */
  readonly filename: string;
}

/** How a message is to be put into words. */
export interface ComposeOptions {
  readonly provider: ZoneProvider;
  readonly limits: Limits;
  /** Name of who sends it; its address where empty. */
  readonly senderName: string;
  /**
   * What changed, or would in a COUNTER, in sentences of the same language; none makes a REQUEST a first invitation. Other methods do
   * not say it.
   */
  readonly changes: readonly string[];
  /** The sender's zone; times are said in it beside the one they were written in. */
  readonly zone?: Zone;
  /** The reader's, where it is known: times are said in it first, and then in one other. */
  readonly readerZone?: Zone;
  /** English where it is absent; `@parley/engine/mail-languages` has others. */
  readonly language?: MailLanguage;
  /** Where the reader can answer without a calendar, of a mail to one recipient. What is no address of the web is left out. */
  readonly links?: AnswerLinks;
}

/** Composes the mail of a scheduling message: the calendar, and what it says in words for people without one. */
export function composeMail(message: SchedulingMessage, options: ComposeOptions): ComposedMail {
  const { provider, language = english, ...telling } = options;
  const zones = makeZoneResolver(message.object.timezones, provider, options.limits);
  const words = sayMessage(message, { ...telling, language, zones });
  return {
    subject: words.subject,
    text: layOutText(words, language),
    html: layOutHtml(words, language),
    calendar: formatCalendar(outgoingCalendar(message.calendar)),
    method: message.method,
    component: message.object.type,
    filename: message.method === "CANCEL" ? "cancel.ics" : message.method === "REPLY" ? "reply.ics" : "invite.ics",
  };
}

/** Composes the subject alone, such as for a list of what was sent. */
export function composeSubject(
  message: SchedulingMessage,
  { changes, language = english }: Pick<ComposeOptions, "changes" | "language">,
): string {
  return saySubject(message, { changes, language });
}
