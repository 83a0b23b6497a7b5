// What calendar programs write and ask in the benchmark of CalDAV.

/** What everybody signs in with. */
export const password = "correct horse battery";

const daySeconds = 86_400;
const first = Date.UTC(2027, 2, 2, 9) / 1_000;

/** Writes an event of the person of number 0 as the object of a calendar. */
export function eventText(...event: Parameters<typeof eventLines>): string {
  const lines = eventLines(...event);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//program//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

/** Writes an event of the person of number 0: spread over a year, a twentieth of them weekly. `guests` are the people that follow. */
export function eventLines(
  uid: string,
  number: number,
  guests = 0,
  partstat: Readonly<Record<number, string>> = {},
): readonly string[] {
  const start = first + (number % 365) * daySeconds + (number % 7) * 3_600;
  const listed = Array.from(
    { length: guests },
    (_, i) =>
      `ATTENDEE;CN=Person Number ${i + 1};PARTSTAT=${partstat[i + 1] ?? "NEEDS-ACTION"};RSVP=TRUE:mailto:person${i + 1}@example.test`,
  );
  return [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `DTSTAMP:${stamp(first - daySeconds + number)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + 3_600)}`,
    ...(guests === 0 && number % 20 === 0 ? ["RRULE:FREQ=WEEKLY;COUNT=10"] : []),
    `SUMMARY:A meeting of some length\\, number ${number}`,
    "LOCATION:Room 4",
    "DESCRIPTION:What we shall talk about\\, and what we shall not.",
    ...(guests === 0 ? [] : ["ORGANIZER;CN=Person Number 0:mailto:person0@example.test", ...listed]),
    "END:VEVENT",
  ];
}

/** Writes what the guest of that number writes who accepts. */
export function answerText(uid: string, number: number, guests: number, guest: number): string {
  return eventText(uid, number, guests, { [guest]: "ACCEPTED" });
}

function stamp(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(/[-:]|\.\d+/g, "");
}

const spaces = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"';

/** Asks what a program asks of each object of a calendar. */
export const propfindBody = `<d:propfind ${spaces}><d:prop><d:getetag/><d:getcontenttype/><d:resourcetype/></d:prop></d:propfind>`;

/** Asks what changed since a token. */
export function syncBody(token: string): string {
  return `<d:sync-collection ${spaces}><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>`;
}

/** Asks for the week of that number, of 50; with what is in it where `data`. */
export function queryBody(number: number, data: boolean): string {
  const start = first + (number % 50) * 7 * daySeconds;
  const range = `start="${stamp(start)}" end="${stamp(start + 7 * daySeconds)}"`;
  const filter = `<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range ${range}/></c:comp-filter></c:comp-filter>`;
  const asked = `<d:getetag/>${data ? "<c:calendar-data/>" : ""}`;
  return `<c:calendar-query ${spaces}><d:prop>${asked}</d:prop><c:filter>${filter}</c:filter></c:calendar-query>`;
}

/** Asks for some objects with their texts. */
export function multigetBody(paths: readonly string[]): string {
  const hrefs = paths.map((path) => `<d:href>${path}</d:href>`).join("");
  return `<c:calendar-multiget ${spaces}><d:prop><d:getetag/><c:calendar-data/></d:prop>${hrefs}</c:calendar-multiget>`;
}

/** Asks for the busy time of a year. */
export function freeBusyBody(): string {
  return `<c:free-busy-query ${spaces}><c:time-range start="${stamp(first)}" end="${stamp(first + 365 * daySeconds)}"/></c:free-busy-query>`;
}
