export { decodeCalendarText } from "./charset.ts";
export type { ComposedMail, ComposeOptions } from "./compose.ts";
export { composeMail } from "./compose.ts";
export type { CalendarPart, CalendarParts } from "./find-calendar-parts.ts";
export { calendarClaim, findCalendarParts } from "./find-calendar-parts.ts";
export type { Mail, MailAddress, MailPart } from "./mail.ts";
export type { MailReading, UnreadableReason } from "./read-scheduling-mail.ts";
export { readSchedulingMail } from "./read-scheduling-mail.ts";
