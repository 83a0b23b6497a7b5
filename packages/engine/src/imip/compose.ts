import { formatCalendar } from "../icalendar/format.ts";
import type { Limits } from "../limits.ts";
import type { Method, ObjectType } from "../model/method.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Zone, ZoneProvider } from "../recurrence/zone.ts";
import { html, type SafeHtml } from "./html.ts";
import { type Fact, sayMessage, type Words } from "./words.ts";

/** What a mail with a scheduling message is made of, RFC 6047 §2.4; whoever sends it adds addresses and MIME. Plain data. */
export interface ComposedMail {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** A whole document without any reference to the outside. */
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
  /** What changed, or would in a COUNTER, in sentences; none makes a REQUEST a first invitation. Other methods do not say it. */
  readonly changes: readonly string[];
  /** The zone times are said in beside the one they were written in. */
  readonly zone?: Zone;
}

/** Composes the mail of a scheduling message: the calendar, and what it says in English for people without one. */
export function composeMail(message: SchedulingMessage, options: ComposeOptions): ComposedMail {
  const words = sayMessage(message, {
    senderName: options.senderName,
    changes: options.changes,
    zones: makeZoneResolver(message.object.timezones, options.provider, options.limits),
    ...(options.zone && { zone: options.zone }),
    limits: options.limits,
  });
  return {
    subject: words.subject,
    text: layOutText(words),
    html: layOutHtml(words),
    calendar: formatCalendar(message.calendar),
    method: message.method,
    component: message.object.type,
    filename: message.method === "CANCEL" ? "cancel.ics" : message.method === "REPLY" ? "reply.ics" : "invite.ics",
  };
}

function layOutText(words: Words): string {
  const width = words.facts.reduce((most, fact) => Math.max(most, fact.label.length), 0) + 2;
  const facts = words.facts.map(({ label, lines }) =>
    lines.map((line, index) => (index === 0 ? `${label}:` : "").padEnd(width) + line).join("\n"),
  );
  const changes = words.changes.map((change) => `- ${change}`).join("\n");
  const blocks = [
    words.opening,
    words.comment && quoteText(words.comment),
    [words.title, ...facts].join("\n"),
    changes && `${words.changesTitle}:\n${changes}`,
    words.description,
    words.closing,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function quoteText(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}

const fonts = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const cell = "padding:4px 16px 4px 0;text-align:left;vertical-align:top";

function layOutHtml(words: Words): string {
  const comment = words.comment
    ? html`<blockquote style="margin:0 0 16px;padding:4px 12px;border-left:3px solid #7a9cc6">${words.comment}</blockquote>`
    : html``;
  const changes =
    words.changes.length > 0
      ? html`<h2 style="margin:16px 0 4px;font-size:16px">${words.changesTitle}</h2>
<ul style="margin:0 0 16px;padding-left:20px">${words.changes.map((change) => html`<li>${change}</li>`)}</ul>`
      : html``;
  return html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${words.subject}</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:#1c2733;font-size:15px;line-height:1.45;${fonts}">
<div style="max-width:600px">
<p style="margin:0 0 16px">${words.opening}</p>
${comment}
<h1 style="margin:0 0 8px;font-size:20px;line-height:1.3">${words.title}</h1>
<table style="border-collapse:collapse;margin:0 0 16px;font-size:15px">
${words.facts.map(layOutFact)}</table>
${changes}
${words.description ? html`<p style="margin:0 0 16px">${words.description}</p>` : html``}
${words.closing ? html`<p style="margin:0;color:#5b6875">${words.closing}</p>` : html``}
</div>
</body>
</html>
`.markup;
}

function layOutFact(fact: Fact): SafeHtml {
  return html`<tr><th scope="row" style="${cell};color:#5b6875;font-weight:normal">${fact.label}</th><td style="${cell}">${fact.lines.join("\n")}</td></tr>
`;
}
