import type { Component } from "../../icalendar/component.ts";
import { type CalendarUserAddress, domainOf } from "../../model/address.ts";
import type { BusyPeriod } from "../../model/busy-time.ts";
import { type ObjectComponent, readObjectComponent } from "../../model/calendar-object.ts";
import { makeFreeBusy, readFreeBusyAnswer, readFreeBusyRange } from "../../model/free-busy.ts";
import { type KnownStatusCode, makeRequestStatus } from "../../model/request-status.ts";
import { clampRevision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { InstantRange } from "../../recurrence/recurrence-set.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { utc } from "../../recurrence/zone.ts";
import { buildMessage } from "../build.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Change, FreeBusyRequest, Outcome, Rule } from "../outcome.ts";

/**
 * Receives a VFREEBUSY, RFC 5546 §3.3. It is about a person's time and not about an object, so no copy changes: what is told is
 * in `changes`, for the caller to remember (`combineReports`).
 *
 * - `undecided/free-busy-request`: a REQUEST that asks for the owner's busy time (§3.3.2). `replyFreeBusy` answers it; receiving
 *   it again changes nothing.
 * - `applied`: a REPLY to the owner (§3.3.3) or a PUBLISH (§3.3.1), with one Change for each VFREEBUSY.
 * - `ignored/not-for-us`: a REQUEST that does not ask for the owner, or a REPLY to somebody else.
 * - `rejected`: a range nobody can read (3.5); a PUBLISH that does not say whose time it is (3.11); another METHOD (3.14).
 */
export function receiveFreeBusy(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const zones = makeZoneResolver(message.object.timezones, context.zones, context.limits);
  const components = message.calendar.components.filter(({ name }) => name === "VFREEBUSY");
  const parts = components.flatMap((component) => readObjectComponent(component, zones, context.limits) ?? []);
  switch (message.method) {
    case "REQUEST":
      return receiveRequest(message, parts, evidence, context, zones);
    case "REPLY":
      return receiveReply(state, message, parts, context, zones);
    case "PUBLISH":
      return receivePublish(state, parts, context, zones);
    default:
      return reject("RFC 5546 §3.6.27", "3.14", `METHOD:${message.method}`);
  }
}

function receiveRequest(
  message: SchedulingMessage,
  [part]: readonly ObjectComponent[],
  evidence: Evidence,
  context: Context,
  zones: ZoneResolver,
): Outcome {
  const asked = part && [...context.addresses].find((address) => part.attendees.has(address));
  if (!part?.organizer || !asked) return { kind: "ignored", rule: "RFC 5546 §3.3.2", reason: "not-for-us" };
  const range = readFreeBusyRange(part.component, zones, utc);
  if (!range) return reject("RFC 5546 §3.6.6", "3.5", "DTEND");
  const { address, sentBy } = part.organizer;
  const isBySender =
    evidence.from === address ||
    (sentBy !== undefined && evidence.from === sentBy && domainOf(address) === domainOf(sentBy));
  const isProven = isBySender && proven.has(evidence.strength);
  const request: FreeBusyRequest = { uid: message.object.uid, organizer: address, asked, range };
  const question = { kind: "free-busy-request", request, isProven } as const;
  return { kind: "undecided", rule: "RFC 5546 §3.3.2", question, tolerated: [] };
}

/** Evidence that shows who asks. A link is for answers, not for questions. */
const proven: ReadonlySet<Evidence["strength"]> = new Set(["local", "domain", "relayed"]);

function receiveReply(
  state: SchedulingState,
  message: SchedulingMessage,
  parts: readonly ObjectComponent[],
  context: Context,
  zones: ZoneResolver,
): Outcome {
  const { originator } = message;
  const answers = parts.filter(
    ({ organizer, attendees }) =>
      (!organizer || context.addresses.has(organizer.address)) && originator && attendees.has(originator),
  );
  if (!originator || answers.length === 0) return { kind: "ignored", rule: "RFC 5546 §3.3.3", reason: "not-for-us" };
  return told(state, "RFC 5546 §3.3.3", answers, originator, context, zones);
}

function receivePublish(
  state: SchedulingState,
  parts: readonly ObjectComponent[],
  context: Context,
  zones: ZoneResolver,
): Outcome {
  const publisher = parts[0]?.organizer?.address;
  if (!publisher) return reject("RFC 5546 §3.3.1", "3.11", "ORGANIZER");
  // Whoever is proven to have sent it speaks for themselves alone.
  const own = parts.filter(({ organizer }) => organizer?.address === publisher);
  return told(state, "RFC 5546 §3.3.1", own, publisher, context, zones);
}

function told(
  state: SchedulingState,
  rule: Rule,
  parts: readonly ObjectComponent[],
  address: CalendarUserAddress,
  context: Context,
  zones: ZoneResolver,
): Outcome {
  const changes = parts.map(({ component, key, revision }): Change => {
    const { dtstamp } = clampRevision(revision, context.now);
    return { kind: "free-busy", key, answer: readFreeBusyAnswer(component, address, dtstamp, zones, utc) };
  });
  return { kind: "applied", rule, state, messages: [], changes, tolerated: [] };
}

function reject(rule: Rule, code: KnownStatusCode, exception: string): Outcome {
  return { kind: "rejected", rule, status: makeRequestStatus(code, exception), violations: [] };
}

/** Builds the REQUEST that asks some calendar users for their busy time. RFC 5546 §3.3.2. */
export function requestFreeBusy(
  wanted: {
    readonly uid: string;
    readonly attendees: readonly [CalendarUserAddress, ...CalendarUserAddress[]];
    readonly range: InstantRange;
    readonly comment?: string;
  },
  context: Context,
): SchedulingMessage {
  const attendees = [...new Set(wanted.attendees)];
  const component = makeFreeBusy({ ...wanted, dtstamp: context.now, organizer: context.owner, attendees });
  return build("REQUEST", context.owner, attendees, [component], context);
}

/**
 * Builds the REPLY to a REQUEST, RFC 5546 §3.3.3: with the owner's busy time in the range that was asked for and 2.0, or with the
 * status that says why not, such as 3.8 to who may not know. Busy time that is not complete is not told, for what is missing would
 * look free: 5.1.
 */
export function replyFreeBusy(
  request: FreeBusyRequest,
  answer: { readonly periods: readonly BusyPeriod[]; readonly isIncomplete: boolean } | KnownStatusCode,
  context: Context,
): SchedulingMessage {
  const known = typeof answer === "string" || answer.isIncomplete ? undefined : answer.periods;
  const code = typeof answer === "string" ? answer : known ? "2.0" : "5.1";
  const { uid, range, organizer, asked } = request;
  const status = makeRequestStatus(code);
  const component = makeFreeBusy({
    uid,
    range,
    organizer,
    status,
    dtstamp: context.now,
    attendees: [asked],
    ...(known && { periods: known }),
  });
  return build("REPLY", asked, [organizer], [component], context);
}

/** Some of the owner's busy time, and the range it is complete for. */
export interface PublishedTime {
  readonly range: InstantRange;
  readonly periods: readonly BusyPeriod[];
}

/** Builds the PUBLISH that tells the owner's busy time unasked, one VFREEBUSY for each range. RFC 5546 §3.3.1. */
export function publishFreeBusy(
  uid: string,
  times: readonly [PublishedTime, ...PublishedTime[]],
  recipients: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  const components = times.map((time) =>
    makeFreeBusy({ uid, ...time, dtstamp: context.now, organizer: context.owner }),
  );
  return build("PUBLISH", context.owner, recipients, components, context);
}

function build(
  method: "PUBLISH" | "REQUEST" | "REPLY",
  originator: CalendarUserAddress,
  recipients: readonly CalendarUserAddress[],
  components: readonly Component[],
  context: Context,
): SchedulingMessage {
  return buildMessage({ method, originator, recipients, type: "VFREEBUSY", components, timezones: [], context });
}
