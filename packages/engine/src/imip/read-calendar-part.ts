import { allProperties, type Component } from "../icalendar/component.ts";
import { parseCalendar } from "../icalendar/parse.ts";
import { decodeText } from "../icalendar/text.ts";
import { type Limits, maxObjectsOfMail } from "../limits.ts";
import { type CalendarUserAddress, parseMailbox } from "../model/address.ts";
import {
  type CalendarObject,
  type ObjectProblem,
  objectComponents,
  organizerOf,
  readCalendarObject,
  readUid,
} from "../model/calendar-object.ts";
import type { Attendee } from "../model/calendar-user.ts";
import { type Method, parseMethod, parseObjectType, speakers } from "../model/method.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { ZoneProvider } from "../recurrence/zone.ts";
import { decodeCalendarText } from "./charset.ts";
import type { CalendarPart } from "./find-calendar-parts.ts";
import { type MessagePart, type OfferedReason, type UnreadablePart, unreadable } from "./judged-part.ts";
import type { Mail, MailHeader } from "./mail.ts";
import { repairByMail } from "./repair.ts";

/** What one calendar of a mail says: a message for each object in it, and what of it cannot be acted on. At least one thing. */
export type ReadPart = readonly (MessagePart | UnreadablePart)[];

/**
 * Reads the messages of one calendar. A METHOD is for one object, and those that put several UIDs, or events and tasks, under one
 * mean each by itself: RFC 5546 §3.2.1 has them so for PUBLISH. One of them that cannot be read does not harm the others.
 */
export function readCalendarPart(part: CalendarPart, mail: Mail, provider: ZoneProvider, limits: Limits): ReadPart {
  const { path } = part;
  if (part.bytes.length > limits.maxCalendarBytes) return [unreadable("too-large", { path })];
  const { calendar: written, problems } = parseCalendar(decodeCalendarText(part), limits);
  if (!written) return [unreadable("broken-calendar", { path })];
  const said = readMethod(part, written);
  if (said.kind === "unreadable") return [{ ...said, path }];
  const header = part.forwarded ?? mail;
  const offered = said.offered ?? (part.forwarded && "forwarded");
  const { calendar, repairs } = repairByMail(written, said.method, header);
  const { objects, count } = splitObjects(calendar);
  const notes = [...part.problems, ...repairs, ...problems.map(({ line, detail }) => `Line ${line}: ${detail}`)];
  const { component } = part;
  if (component && !calendar.components.some(({ name }) => name === component)) {
    notes.push(`The mail says it is a ${component.slice(0, 40)}, and it is not.`);
  }
  if (count > 1) notes.push(`It is about ${count} things; each was read by itself.`);
  const timezones = calendar.components.filter(({ name }) => name === "VTIMEZONE");
  const zones = makeZoneResolver(timezones, provider, limits);
  const judged = objects.map((one): MessagePart | UnreadablePart => {
    const read = readCalendarObject(one, zones, limits);
    if ("problem" in read) return brokenObject(read.problem, path);
    const originator = findOriginator(said.method, read.object, header);
    const who = { ...(originator && { originator }), recipients: [], updates: [] };
    const message = { method: said.method, ...who, object: read.object, calendar: one };
    const problems = hasRivals(one, read.object) ? [...notes, rivals] : notes;
    return { kind: "message", message, ...(offered && { offered }), path, problems };
  });
  return count > objects.length ? [...judged, tooMany(count, path)] : judged;
}

/** Makes the part that stands for the objects which were not read. */
export function tooMany(count: number, path?: string): UnreadablePart {
  const detail = `This mail is about ${count} things; only the first ${maxObjectsOfMail} were read.`;
  return unreadable("too-many-objects", { path, detail });
}

type SaidMethod = { readonly kind: "said"; readonly method: Method; readonly offered?: OfferedReason };

/**
 * Reads the METHOD, said twice or once: RFC 6047 §2.4 wants the parameter and the property to be equal but for case. A calendar
 * that says none is somebody's attachment, and so is one that says EXPORT, as Apple's program does.
 */
function readMethod(part: CalendarPart, calendar: Component): SaidMethod | UnreadablePart {
  const written = allProperties(calendar, "METHOD").map(({ value }) => decodeText(value).trim().toUpperCase());
  const said = new Set([part.method ?? "", ...written].filter((text) => text !== ""));
  if (said.size > 1) return unreadable("conflicting-methods");
  const [text] = said;
  if (text === undefined || text === "EXPORT") return { kind: "said", method: "PUBLISH", offered: "no-method" };
  const method = parseMethod(text);
  return method ? { kind: "said", method } : unreadable("unknown-method");
}

const rivals = "Two of its components speak for the same Instance; the first one counts.";

/** Tells whether there are more components than Instances they could speak for. Busy time comes in as many as its writer likes. */
function hasRivals(calendar: Component, object: CalendarObject): boolean {
  const count = calendar.components.filter(({ name }) => name === object.type).length;
  return object.type !== "VFREEBUSY" && count > objectComponents(object).length;
}

/**
 * Parts a calendar by what its components are about, each with all time zones, up to `maxObjectsOfMail`; `count` is of all. Busy time
 * is one thing, whatever its UIDs.
 */
function splitObjects(calendar: Component): { readonly objects: readonly Component[]; readonly count: number } {
  const groups = new Map<string, Component[]>();
  for (const component of calendar.components) {
    if (!parseObjectType(component.name)) continue;
    const uid = component.name === "VFREEBUSY" ? "" : readUid(component);
    const key = `${component.name} ${uid ?? ""}`;
    const group = groups.get(key);
    if (group) group.push(component);
    else groups.set(key, [component]);
  }
  if (groups.size <= 1) return { objects: [calendar], count: 1 };
  const others = calendar.components.filter(({ name }) => !parseObjectType(name));
  const first = [...groups.values()].slice(0, maxObjectsOfMail);
  return { objects: first.map((group) => ({ ...calendar, components: [...others, ...group] })), count: groups.size };
}

/**
 * Finds who the message says it is from. Where an Attendee speaks and several are named, as when a delegate is shown beside
 * who delegated, it is the one the mail is From; where none is, the sender, who is then uninvited: RFC 5546 §3.2.3.
 */
function findOriginator(method: Method, object: CalendarObject, header: MailHeader): CalendarUserAddress | undefined {
  if (speakers[method] === "organizer") return organizerOf(object)?.address;
  const [sender, ...others] = header.from;
  const from = sender && others.length === 0 ? parseMailbox(sender.address) : undefined;
  const attendees = new Map<CalendarUserAddress, Attendee>();
  for (const component of objectComponents(object)) {
    for (const [address, attendee] of component.attendees) attendees.set(address, attendee);
  }
  const [only] = attendees.keys();
  if (attendees.size <= 1) return only ?? from;
  if (from && attendees.has(from)) return from;
  return [...attendees.values()].find((attendee) => from !== undefined && attendee.sentBy === from)?.address;
}

const objectProblems: Record<ObjectProblem, string> = {
  "no-component": "The calendar in this mail holds no event, task, journal entry or busy time.",
  "several-types": "The calendar in this mail mixes events, tasks or other things.",
  "several-uids": "The calendar in this mail is about several things at once.",
  "no-uid": "The calendar in this mail has no UID.",
  "too-many": "The calendar in this mail names too many people or dates.",
};

function brokenObject(problem: ObjectProblem, path: string): UnreadablePart {
  const reason = problem === "too-many" ? "too-large" : "broken-calendar";
  return unreadable(reason, { path, detail: objectProblems[problem] });
}
