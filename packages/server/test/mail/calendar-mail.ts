/** A mail that is one calendar part of one VEVENT: its header as `header` begins it, and the event's lines. */
export function calendarMail(header: readonly string[], method: string, lines: readonly string[]): string {
  return [
    ...header,
    "MIME-Version: 1.0",
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    "",
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//example//guest//EN",
    `METHOD:${method}`,
    "BEGIN:VEVENT",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}
