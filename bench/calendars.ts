/** Writes the invitation of a meeting with that many Attendees, as programs write them, with its VTIMEZONE. */
export function invitation(attendees: number): string {
  const guests = Array.from(
    { length: attendees },
    (_, i) =>
      `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Guest Number ${i}:mailto:guest.number.${i}@example.com`,
  );
  return calendar("REQUEST", [
    ...berlin,
    ...event("20270302-0001", [
      "DTSTART;TZID=Europe/Berlin:20270302T090000",
      "DTEND;TZID=Europe/Berlin:20270302T103000",
      "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270629T070000Z",
      'ORGANIZER;CN="Meyer, Ann":mailto:ann.meyer@example.com',
      ...guests,
    ]),
  ]);
}

/** Writes a calendar of one person, of at least that many octets. */
export function longCalendar(octets: number): string {
  const events: string[] = [];
  let length = 0;
  for (let i = 0; length < octets; i++) {
    const lines = event(`event-${i}`, [
      `DTSTART:2027${pad(1 + (i % 12))}${pad(1 + (i % 28))}T${pad(i % 24)}0000Z`,
      `DTEND:2027${pad(1 + (i % 12))}${pad(1 + (i % 28))}T${pad(i % 24)}4500Z`,
      `CATEGORIES:WORK,PROJECT ${i % 17}`,
    ]);
    length += lines.reduce((sum, line) => sum + line.length + 2, 0);
    events.push(...lines);
  }
  return calendar(undefined, events);
}

const berlin = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/Berlin",
  "BEGIN:DAYLIGHT",
  "TZNAME:CEST",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0200",
  "DTSTART:19810329T020000",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "BEGIN:STANDARD",
  "TZNAME:CET",
  "TZOFFSETFROM:+0200",
  "TZOFFSETTO:+0100",
  "DTSTART:19961027T030000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "END:VTIMEZONE",
];

function calendar(method: string | undefined, lines: readonly string[]): string {
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Bench//EN", "CALSCALE:GREGORIAN"];
  const all = [...head, ...(method === undefined ? [] : [`METHOD:${method}`]), ...lines, "END:VCALENDAR", ""];
  return all.map(fold).join("\r\n");
}

function event(uid: string, lines: readonly string[]): readonly string[] {
  return [
    "BEGIN:VEVENT",
    `UID:${uid}@example.com`,
    "DTSTAMP:20270115T101500Z",
    "CREATED:20270115T101500Z",
    "LAST-MODIFIED:20270115T101500Z",
    "SEQUENCE:2",
    ...lines,
    "SUMMARY:Planning of the quarter\\, first part",
    "LOCATION:Große Halle\\; Zimmer 4\\, Haus B",
    `DESCRIPTION:${"We go through the list of open points\\, as agreed\\, and name who does what.\\n".repeat(6)}`,
    "STATUS:CONFIRMED",
    "TRANSP:OPAQUE",
    "X-ROOM-CODE;X-FLOOR=2:B-4",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT15M",
    "DESCRIPTION:Reminder",
    "END:VALARM",
    "END:VEVENT",
  ];
}

/** Folds at 74 characters; there are no more octets than that here. */
function fold(line: string): string {
  const parts = line.match(/.{1,73}/gsu) ?? [""];
  return parts.join("\r\n ");
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
