import type { SchedulingMessage } from "@parley/engine";
import type { JudgedPart, Mail, MailHeader, MailPart, MailReading } from "@parley/engine/imip";

/** Text lines as octets, ended by CRLF. */
export function octets(...lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n`);
}

/** A VCALENDAR of one VEVENT; `lines` stand in it, `method` before it unless empty. */
export function calendar(method: string, ...lines: readonly string[]): Uint8Array {
  return octets(
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    ...(method === "" ? [] : [`METHOD:${method}`]),
    "BEGIN:VEVENT",
    "DTSTAMP:20270301T090000Z",
    "DTSTART:20270310T090000Z",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
  );
}

/** An invitation by Ann to Ben. */
export const invitation = calendar(
  "REQUEST",
  "UID:one@example.test",
  "SUMMARY:Planning",
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE:mailto:ben@example.test",
);

export function leaf(contentType: string, over: Partial<MailPart> = {}): MailPart {
  return { contentType, parameters: {}, parts: [], ...over };
}

/** A `text/calendar` leaf; the method parameter is left out where empty. */
export function calendarLeaf(bytes: Uint8Array, method = "REQUEST", charset?: string): MailPart {
  return leaf("text/calendar", { bytes, parameters: { ...(method && { method }), ...(charset && { charset }) } });
}

export function multipart(subtype: string, ...parts: readonly MailPart[]): MailPart {
  return leaf(`multipart/${subtype}`, { parts });
}

export function mailOf(root: MailPart, over: Partial<Mail> = {}): Mail {
  return {
    from: [{ address: "ann@example.test" }],
    to: [],
    cc: [],
    subject: "",
    authenticationResults: [],
    problems: [],
    root,
    ...over,
  };
}

/** A mail inside a mail, passed on by who sends the outer one. */
export function mailInside(root: MailPart, over: Partial<MailHeader> = {}): MailPart {
  const { root: _, authenticationResults: _results, problems: _problems, ...header } = mailOf(root);
  return leaf("message/rfc822", { header: { ...header, ...over }, parts: [root] });
}

/** The messages of a reading, without what else was found. */
export function messagesOf({ parts }: MailReading): readonly SchedulingMessage[] {
  return parts.flatMap((part) => (part.kind === "message" ? [part.message] : []));
}

/** A part in one word or two: the METHOD and UID of a message and why it is only offered, or why it was not acted on. */
export function verdictOf(part: JudgedPart): string {
  if (part.kind === "unreadable") return part.reason;
  if (part.kind !== "message") return part.kind;
  const { method, object } = part.message;
  return [method, object.uid, ...(part.offered ? [part.offered] : [])].join(" ");
}
