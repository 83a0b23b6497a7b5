import { type Change, defaultLimits, type Method, type SchedulingMessage } from "@parley/engine";
import { languages } from "@parley/engine/languages";
import { type MailLanguage, mailLanguages } from "@parley/engine/mail-languages";
import { intlZoneProvider, type Zone } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import { type ComposedMail, type ComposeOptions, composeMail } from "../../src/imip/compose.ts";
import { changed, move } from "../itip/describe-samples.ts";
import { address, ann, ben, clara, readText } from "../itip/world.ts";

/** A zone that is known. */
export function zoneOf(name: string): Zone {
  const zone = intlZoneProvider.zone(name);
  if (!zone) throw new Error(name);
  return zone;
}

/** A mail as a table of them has it. */
export interface Sample {
  readonly name: string;
  readonly method: Method;
  readonly component?: "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY";
  readonly lines: readonly string[];
  readonly by?: typeof ann;
  readonly changes?: readonly Change[];
  readonly options?: Partial<ComposeOptions>;
}

const sara = address("sara@example.test");
const hour = ["DTSTART:20270310T090000Z", "DTEND:20270310T100000Z"];
const planning = ["SUMMARY:Planning", ...hour, "LOCATION:Room 4\\, left", `ORGANIZER;CN=Ann Archer:mailto:${ann}`];
const guests = [
  `ATTENDEE;CN=Clara Cook:mailto:${clara}`,
  `ATTENDEE;CN=سارة:mailto:${sara}`,
  "ATTENDEE:mailto:ben@example.test",
];
const reply = (partstat: string, ...lines: readonly string[]): Pick<Sample, "method" | "lines" | "by"> => ({
  method: "REPLY",
  by: clara,
  lines: [...planning, `ATTENDEE;CN=Clara Cook;PARTSTAT=${partstat}:mailto:${clara}`, ...lines],
});
const links = {
  accept: "https://calendar.example.test/a/2fYh8s?to=accept",
  tentative: "https://calendar.example.test/a/2fYh8s?to=tentative",
  decline: "https://calendar.example.test/a/2fYh8s?to=decline",
  propose: "https://calendar.example.test/a/2fYh8s?to=propose",
};

/** Mails of every method and kind of component that leave. */
export const samples: readonly Sample[] = [
  {
    name: "invitation to a series, organizer elsewhere",
    method: "REQUEST",
    lines: [
      "SUMMARY:Quarterly planning 企画会議",
      "DTSTART;TZID=America/New_York:20270310T090000",
      "DTEND;TZID=America/New_York:20270310T103000",
      "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=5",
      "LOCATION:Room 4\\, left",
      "URL:https://meet.example.test/planning",
      `ORGANIZER;CN=Ann Archer:mailto:${ann}`,
      ...guests,
      "DESCRIPTION:Please read the paper first. It is long\\, so that it is better to begin with it some days before the meeting\\, and not on its eve.\\n\\n- one\\n- two",
    ],
    options: { readerZone: zoneOf("Europe/Berlin") },
  },
  {
    name: "invitation to whole days, with links to answer",
    method: "REQUEST",
    lines: [
      "SUMMARY:رحلة",
      "DTSTART;VALUE=DATE:20270310",
      "DTEND;VALUE=DATE:20270313",
      `ORGANIZER;CN=Ann Archer:mailto:${ann}`,
      ...Array.from({ length: 25 }, (_, index) => `ATTENDEE:mailto:guest${index}@example.test`),
    ],
    options: { links },
  },
  {
    name: "update",
    method: "REQUEST",
    lines: [...planning, ...guests],
    changes: [
      ...move,
      changed("LOCATION", "Room 3", "Room 4\\, left"),
      changed("RRULE", undefined, "FREQ=WEEKLY;COUNT=5"),
      changed("DESCRIPTION", "Bring the paper", undefined),
    ],
  },
  {
    name: "cancelled, with a comment",
    method: "CANCEL",
    lines: [...planning, "STATUS:CANCELLED", "COMMENT:I am ill\\, sorry.\\nNext week?"],
  },
  { name: "no longer invited", method: "CANCEL", lines: [...planning, `ATTENDEE:mailto:${clara}`] },
  { name: "accepted", ...reply("ACCEPTED", "COMMENT:With pleasure!") },
  { name: "declined", ...reply("DECLINED") },
  { name: "accepted tentatively", ...reply("TENTATIVE") },
  { name: "delegated", ...reply("DELEGATED") },
  { name: "not answered", ...reply("NEEDS-ACTION") },
  { name: "not taken", ...reply("NEEDS-ACTION", "REQUEST-STATUS:3.1;Invalid property value;RRULE:FREQ=LUNAR") },
  {
    name: "proposal",
    method: "COUNTER",
    by: clara,
    lines: [...planning, `ATTENDEE;CN=Clara Cook;PARTSTAT=TENTATIVE:mailto:${clara}`],
    changes: move,
  },
  { name: "proposal declined", method: "DECLINECOUNTER", lines: [...planning, "COMMENT:The room is taken."] },
  {
    name: "more dates",
    method: "ADD",
    lines: ["SUMMARY:Planning", ...hour, `ORGANIZER;CN=Ann Archer:mailto:${ann}`, ...guests],
  },
  { name: "asked to send again", method: "REFRESH", by: clara, lines: [...planning, `ATTENDEE:mailto:${clara}`] },
  { name: "published", method: "PUBLISH", lines: planning },
  {
    name: "task",
    method: "REQUEST",
    component: "VTODO",
    lines: [
      "SUMMARY:Write the report",
      "DUE;TZID=Asia/Tokyo:20270310T170000",
      `ORGANIZER:mailto:${ann}`,
      `ATTENDEE:mailto:${ben}`,
    ],
  },
  {
    name: "task done",
    method: "REPLY",
    component: "VTODO",
    by: ben,
    lines: ["SUMMARY:Write the report", `ORGANIZER:mailto:${ann}`, `ATTENDEE;PARTSTAT=COMPLETED:mailto:${ben}`],
  },
  {
    name: "task under way",
    method: "REPLY",
    component: "VTODO",
    by: ben,
    lines: ["SUMMARY:Write the report", `ORGANIZER:mailto:${ann}`, `ATTENDEE;PARTSTAT=IN-PROCESS:mailto:${ben}`],
  },
  {
    name: "journal entry",
    method: "PUBLISH",
    component: "VJOURNAL",
    lines: ["DTSTART;VALUE=DATE:20270310", `ORGANIZER:mailto:${ann}`, "DESCRIPTION:All went well."],
  },
  {
    name: "busy time asked for",
    method: "REQUEST",
    component: "VFREEBUSY",
    lines: [...hour, `ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${clara}`],
  },
  {
    name: "busy time told",
    method: "REPLY",
    component: "VFREEBUSY",
    by: clara,
    lines: [...hour, `ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${clara}`, "FREEBUSY:20270310T090000Z/PT1H"],
  },
];

/** A mail that has everything a mail can have. */
export const whole: Sample = {
  name: "whole",
  method: "REQUEST",
  lines: [
    ...planning,
    "RRULE:FREQ=WEEKLY;COUNT=5",
    "URL:https://meet.example.test/planning",
    ...guests,
    "COMMENT:نلتقي غدًا\\, see you!",
    "DESCRIPTION:Please read <the paper> first:\\n- one & two",
  ],
  changes: [...move, changed("LOCATION", "قاعة", "Room 4\\, left")],
  options: { links, readerZone: zoneOf("Asia/Tokyo") },
};

/** All languages, in the order of the tables. */
export const tongues: readonly MailLanguage[] = Object.values(mailLanguages);

/** Makes the message of a sample. */
export function messageOf({ method, component = "VEVENT", lines, by = ann }: Sample): SchedulingMessage {
  const text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Test//EN", `METHOD:${method}`];
  const start = [`BEGIN:${component}`, "UID:one@example.test", "DTSTAMP:20270301T090000Z", "SEQUENCE:1"];
  return readText([...text, ...start, ...lines, `END:${component}`, "END:VCALENDAR", ""].join("\r\n"), method, by);
}

/** Composes the mail of a sample, sent from Berlin. */
export function composeSample(sample: Sample, language: MailLanguage): ComposedMail {
  const zone = zoneOf("Europe/Berlin");
  const viewer = { zone, zones: intlZoneProvider.zone, language: languages[language.code] };
  return composeMail(messageOf(sample), {
    provider: intlZoneProvider,
    limits: defaultLimits,
    senderName: (sample.by ?? ann) === ann ? "Ann Archer" : sample.by === clara ? "Clara Cook" : "",
    changes: describeChanges(sample.changes ?? [], viewer),
    zone,
    language,
    ...sample.options,
  });
}
