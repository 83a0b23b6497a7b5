import {
  type CalendarObject,
  type CalendarUserAddress,
  formatAddress,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  readCalendarObject,
  replyFreeBusy,
} from "@parley/engine";
import { type BusyTime, readFreeBusyRange } from "@parley/engine/freebusy";
import { firstProperty, formatCalendar, parseCalendar, readDateTime, readText } from "@parley/engine/icalendar";
import { type InstantRange, makeZoneResolver, utc, type ZoneResolver } from "@parley/engine/recurrence";
import { describeOutcome } from "@parley/engine/sentences";
import { maySeeBusy } from "../auth/may-see-busy.ts";
import type { DavRequest, DavResponse } from "../dav/message.ts";
import { xmlResponse } from "../dav/multistatus.ts";
import { DavRefusal } from "../dav/refusal.ts";
import { dav, type XmlElement, xml } from "../dav/xml.ts";
import { askBusyTimes } from "../scheduling/busy-by-mail.ts";
import { readBusyTimes } from "../scheduling/free-busy.ts";
import { contextFor, type House, isLocal } from "../scheduling/house.ts";
import { type PostedMethod, postMessage } from "../scheduling/post-message.ts";
import { preferenceOf } from "../scheduling/preferences.ts";
import { readToldTimes } from "../scheduling/told-busy.ts";
import type { Principal, PrincipalId, ReadTransaction } from "../store/store.ts";
import { caldav, prefixes } from "./names.ts";
import type { OutboxNode } from "./node.ts";
import type { CaldavWorld } from "./world.ts";

const maxAsked = 100;
const maxRangeSeconds = 400 * 86_400;
/** Of a question by mail: nobody answers more. */
const maxQuestionSeconds = 62 * 86_400;
const maxQuestions = 20;

/**
 * Takes what a program posts to its user's outbox: a question when people are busy, RFC 6638 §5, or a COUNTER or REFRESH of somebody who is
 * invited, which goes to the Organizer. All else is sent by writing objects.
 */
export async function postToOutbox(
  world: CaldavWorld,
  caller: Principal,
  { owner }: OutboxNode,
  { body }: DavRequest,
): Promise<DavResponse> {
  const posted = readPosted(world.house, body);
  const method = postedMethods.find((one) => one === posted.method);
  return method ? sendPosted(world, owner, method, posted) : tellBusyTimes(world, caller, owner, posted);
}

const postedMethods: readonly PostedMethod[] = ["COUNTER", "REFRESH"];

/** Sends a message to the Organizer of the meeting it is about. RFC 6638 §10.1 has the answer. */
async function sendPosted(
  { house }: CaldavWorld,
  owner: Principal,
  method: PostedMethod,
  { object }: Posted,
): Promise<DavResponse> {
  const organizer = object && organizerOf(object)?.address;
  const isOwners = objectComponents(object).every(({ attendees }) => owner.addresses.some((one) => attendees.has(one)));
  if (!organizer || !isOwners) refuse(403, "valid-scheduling-message", "It is no message of whose outbox it is.");
  const result = await postMessage(house, owner, method, object);
  if (result.kind === "not-found") refuse(403, "valid-organizer", "They are not invited to it by that organizer.");
  const outcome = result.kind === "refused" ? result.outcome : undefined;
  if (outcome && outcome.kind !== "rejected") refuse(403, "valid-scheduling-message", describeOutcome(outcome));
  const status = outcome ? `${outcome.status.code.join(".")};${outcome.status.description}` : "1.0;Pending";
  const recipient = xml(caldav("recipient"), xml(dav("href"), formatAddress(organizer)));
  const response = xml(caldav("response"), recipient, xml(caldav("request-status"), status));
  return xmlResponse(200, xml(caldav("schedule-response"), response), prefixes);
}

/**
 * Tells when some people are busy: those who are here, and of those elsewhere what they have told the owner. Of others it says
 * that nobody knows; where the owner likes, they are asked by mail, and may be known the next time.
 */
async function tellBusyTimes(
  world: CaldavWorld,
  caller: Principal,
  owner: Principal,
  posted: Posted,
): Promise<DavResponse> {
  const { house } = world;
  const { component, uid, range } = readRequest(owner, posted);
  const asked = [...component.attendees.keys()];
  const { found, asksByMail } = await house.store.read(async (transaction) => ({
    found: await findTimes(world, transaction, caller, owner, asked, range),
    asksByMail: (await preferenceOf(transaction, owner, "ask-by-mail")) === "on",
  }));
  const unknown = asked.filter((address) => found.get(address) === "elsewhere");
  if (asksByMail && range.to - range.from <= maxQuestionSeconds) {
    await askBusyTimes(house, owner, unknown.slice(0, maxQuestions), range);
  }
  const responses = asked.map((address) =>
    responseOf(house, owner, { uid, range, asked: address }, found.get(address) ?? "nobody"),
  );
  return xmlResponse(200, xml(caldav("schedule-response"), ...responses), prefixes);
}

/** What is known of somebody: when they are busy, or why that is not known. */
type Found = BusyTime | "hidden" | "elsewhere" | "nobody";

async function findTimes(
  world: CaldavWorld,
  transaction: ReadTransaction,
  caller: Principal,
  owner: Principal,
  asked: readonly CalendarUserAddress[],
  range: InstantRange,
): Promise<ReadonlyMap<CalendarUserAddress, Found>> {
  const { house } = world;
  const here = await transaction.principals.byAddresses(asked);
  const visible = new Map<PrincipalId, Principal>();
  for (const one of here.values()) {
    if (!visible.has(one.id) && (await maySeeBusy(world.freeBusy, transaction, caller, one))) visible.set(one.id, one);
  }
  const people = [...visible.values()];
  const times = await readBusyTimes(house, transaction, people, range);
  const known = new Map(people.map(({ id }, index) => [id, times[index]]));
  const elsewhere = asked.filter((address) => !here.has(address) && !isLocal(house, address));
  const told = await readToldTimes(house, transaction, owner, elsewhere, range);
  return new Map(
    asked.map((address): readonly [CalendarUserAddress, Found] => {
      const principal = here.get(address);
      if (principal) return [address, known.get(principal.id) ?? "hidden"];
      return [address, isLocal(house, address) ? "nobody" : (told.get(address) ?? "elsewhere")];
    }),
  );
}

interface Asked {
  readonly uid: string;
  readonly range: InstantRange;
  readonly asked: CalendarUserAddress;
}

/** RFC 5546 §3.6 and RFC 6638 §3.2.9: why nothing is told. */
const statuses = {
  hidden: "3.8;No authority",
  elsewhere: "5.3;No scheduling support for user",
  nobody: "3.7;Invalid calendar user",
  incomplete: "5.1;Service unavailable",
} as const;

function responseOf(house: House, owner: Principal, { uid, range, asked }: Asked, found: Found): XmlElement {
  const recipient = xml(caldav("recipient"), xml(dav("href"), formatAddress(asked)));
  // What is missing would look free.
  if (typeof found === "string" || found.isIncomplete) {
    const status = statuses[typeof found === "string" ? found : "incomplete"];
    return xml(caldav("response"), recipient, xml(caldav("request-status"), status));
  }
  const { calendar } = replyFreeBusy({ uid, organizer: owner.address, asked, range }, found, contextFor(house, owner));
  return xml(
    caldav("response"),
    recipient,
    xml(caldav("request-status"), "2.0;Success"),
    xml(caldav("calendar-data"), formatCalendar(calendar)),
  );
}

/** What was posted, as it was read. */
interface Posted {
  readonly method: string;
  readonly object: CalendarObject;
  readonly resolver: ZoneResolver;
}

function readPosted({ zones, limits }: House, body: Uint8Array): Posted {
  const { calendar } = parseCalendar(new TextDecoder().decode(body), limits);
  if (!calendar) refuse(400, "valid-calendar-data", "The body is no calendar.");
  const timezones = calendar.components.filter(({ name }) => name === "VTIMEZONE");
  const resolver = makeZoneResolver(timezones, zones, limits);
  const read = readCalendarObject(calendar, resolver, limits);
  if (!("object" in read)) refuse(400, "valid-scheduling-message", "The body is no message.");
  return { method: readText(calendar, "METHOD")?.trim().toUpperCase() ?? "", object: read.object, resolver };
}

/** RFC 6638 §5.1: a VFREEBUSY of METHOD:REQUEST, by whose outbox it is. */
function readRequest(owner: Principal, { method, object, resolver }: Posted) {
  const component: ObjectComponent | undefined = object.master;
  if (!component || object.type !== "VFREEBUSY" || method !== "REQUEST") {
    refuse(400, "valid-scheduling-message", "The body asks for no busy time.");
  }
  if (!component.organizer || !owner.addresses.includes(component.organizer.address)) {
    refuse(403, "valid-organizer", "The organizer is not whose outbox it is.");
  }
  const isInUtc = ["DTSTART", "DTEND"].every((name) => {
    const property = firstProperty(component.component, name);
    return property !== undefined && readDateTime(property)?.kind === "utc";
  });
  const range = isInUtc ? readFreeBusyRange(component.component, resolver, utc) : undefined;
  if (!range || range.to - range.from > maxRangeSeconds) {
    refuse(400, "valid-scheduling-message", "The time asked for is none, or longer than 400 days.");
  }
  if (component.attendees.size > maxAsked) {
    refuse(403, "max-attendees-per-instance", `More than ${maxAsked} people are asked about.`);
  }
  return { component, uid: object.uid, range };
}

function refuse(status: number, condition: string, message: string): never {
  throw new DavRefusal(status, message, { condition: xml(caldav(condition)) });
}
