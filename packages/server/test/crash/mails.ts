/** Who is where: two people and a room here, everybody else elsewhere. */
export const people = { ann: "ann@example.test", ben: "ben@example.test", room: "blue@example.test" } as const;
export const outside = { clara: "clara@partner.test", david: "david@partner.test", olga: "olga@partner.test" } as const;

/** What all mails of a calendar say. */
export interface MailFacts {
  readonly from: string;
  readonly to: string;
  /** Names it for us: unlike all others. */
  readonly subject: string;
  readonly uid: string;
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly dtstamp: number;
}

/** Makes a guest's answer, which says its subject as its comment. */
export function makeReply(facts: MailFacts, partstat: string): string {
  return makeMail(facts, "REPLY", [
    `ORGANIZER:mailto:${facts.to}`,
    `ATTENDEE;PARTSTAT=${partstat}:mailto:${facts.from}`,
    `COMMENT:${facts.subject}`,
  ]);
}

/** Makes an invitation or its new version, which has its subject as its summary; or calls it off. */
export function makeInvitation(facts: MailFacts, method: "REQUEST" | "CANCEL", start: string): string {
  return makeMail(facts, method, [
    `ORGANIZER:mailto:${facts.from}`,
    `ATTENDEE;RSVP=TRUE:mailto:${facts.to}`,
    `SUMMARY:${facts.subject}`,
    `DTSTART:${compact(start)}`,
    "DURATION:PT1H",
    ...(method === "CANCEL" ? ["STATUS:CANCELLED"] : []),
  ]);
}

function makeMail(
  { from, to, subject, uid, sequence, dtstamp }: MailFacts,
  method: string,
  lines: readonly string[],
): string {
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: <${subject.replace(/[^a-z0-9]+/g, "-")}@partner.test>`,
    "MIME-Version: 1.0",
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    "",
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//example//crash//EN",
    `METHOD:${method}`,
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `DTSTAMP:${compact(new Date(dtstamp * 1_000).toISOString())}`,
    `SEQUENCE:${sequence}`,
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

/** 2027-03-01T09:00:00.000Z as iCalendar has it. */
function compact(instant: string): string {
  return instant.replace(/\.\d+/, "").replace(/[-:]/g, "");
}
