import { type Limits, maxTnefItems } from "../../limits.ts";
import { openOctets, readNumber, readOctets } from "./octets.ts";
import { decodeNarrow, type MapiProperties, readProperties } from "./properties.ts";

/** What the stream of a `winmail.dat` says of the mail, and the calendars attached to it. */
export interface TnefMail {
  /** Lower-case message class, as MAPI calls it: `ipm.schedule.meeting.request`. */
  readonly messageClass: string;
  readonly properties: MapiProperties;
  /** A list of properties for each recipient. */
  readonly recipients: readonly MapiProperties[];
  /** The mail address of the meeting's owner, as written. */
  readonly owner?: string;
  readonly subject?: string;
  readonly body?: string;
  /** Hexadecimal, the same in all copies of the mail. */
  readonly messageId?: string;
  /** The contents of attached files named `*.ics`. */
  readonly calendars: readonly Uint8Array[];
}

const signature = 0x223e9f78;
const [ofMessage, ofAttachment] = [1, 2];
/** Ids of attributes with their types, MS-OXTNEF section 2.1.3.3. */
const attributes = {
  owner: 0x00060000,
  subject: 0x00018004,
  messageClass: 0x00078008,
  messageId: 0x00018009,
  body: 0x0002800c,
  properties: 0x00069003,
  recipients: 0x00069004,
  fileBegins: 0x00069002,
  fileName: 0x00018010,
  fileContent: 0x0006800f,
} as const;
const wanted: ReadonlySet<number> = new Set(Object.values(attributes));

/**
 * Reads the stream of a `winmail.dat`, MS-OXTNEF section 2.1.1; `undefined` for what is none. Checksums are not looked at, as some
 * programs write wrong ones. What is cut is read as far as it goes: what is asked of a meeting shows whether that was enough.
 */
export function readTnef(bytes: Uint8Array, limits: Limits): TnefMail | undefined {
  const octets = openOctets(bytes);
  if (readNumber(octets, 4) !== signature) return undefined;
  readNumber(octets, 2);
  const found = new Map<number, Uint8Array>();
  const calendars: Uint8Array[] = [];
  let file = "";
  for (let i = 0; i < maxTnefItems && octets.at < bytes.length && !octets.short; i++) {
    const level = readNumber(octets, 1);
    const id = readNumber(octets, 4);
    const content = readOctets(octets, readNumber(octets, 4));
    readNumber(octets, 2);
    if (level === ofMessage && wanted.has(id) && !found.has(id)) found.set(id, content);
    if (level !== ofAttachment) continue;
    if (id === attributes.fileBegins) file = "";
    if (id === attributes.fileName) file = decodeNarrow(content);
    if (id === attributes.fileContent && isCalendarFile(file, calendars, limits)) calendars.push(content);
  }
  const text = (id: number): string => decodeNarrow(found.get(id) ?? new Uint8Array()).trim();
  const properties = readProperties(openOctets(found.get(attributes.properties) ?? new Uint8Array()));
  const owner = readOwner(found.get(attributes.owner));
  const [subject, body, messageId] = [text(attributes.subject), text(attributes.body), text(attributes.messageId)];
  return {
    messageClass: readClass(text(attributes.messageClass)),
    properties,
    recipients: readRecipients(found.get(attributes.recipients), limits),
    ...(owner && { owner }),
    ...(subject && { subject }),
    ...(body && { body }),
    ...(/^[0-9a-f]{8,80}$/i.test(messageId) && { messageId }),
    calendars,
  };
}

function isCalendarFile(name: string, earlier: readonly Uint8Array[], limits: Limits): boolean {
  return /\.ics$/i.test(name.trim()) && earlier.length < limits.maxCalendarParts;
}

/** MAPI's names for the classes that have another in this stream: MS-OXTNEF section 2.3.3.4. */
const classes: ReadonlyMap<string, string> = new Map([
  ["ipm.microsoft schedule.mtgreq", "ipm.schedule.meeting.request"],
  ["ipm.microsoft schedule.mtgcncl", "ipm.schedule.meeting.canceled"],
  ["ipm.microsoft schedule.mtgrespp", "ipm.schedule.meeting.resp.pos"],
  ["ipm.microsoft schedule.mtgrespn", "ipm.schedule.meeting.resp.neg"],
  ["ipm.microsoft schedule.mtgrespa", "ipm.schedule.meeting.resp.tent"],
]);

function readClass(written: string): string {
  const name = written.toLowerCase().replace(/^microsoft mail v3\.0 /, "");
  return classes.get(name) ?? name;
}

function readRecipients(content: Uint8Array | undefined, limits: Limits): readonly MapiProperties[] {
  const octets = openOctets(content ?? new Uint8Array());
  const rows: MapiProperties[] = [];
  const count = Math.min(readNumber(octets, 4), limits.maxAttendees);
  for (let i = 0; i < count && !octets.short; i++) rows.push(readProperties(octets));
  return rows;
}

/** Reads a name and `SMTP:ann@example.test`, each with its length before it. */
function readOwner(content: Uint8Array | undefined): string | undefined {
  const octets = openOctets(content ?? new Uint8Array());
  readOctets(octets, readNumber(octets, 2));
  const address = decodeNarrow(readOctets(octets, readNumber(octets, 2)));
  return /^smtp:(.+)$/i.exec(address)?.[1];
}
