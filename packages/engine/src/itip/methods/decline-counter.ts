import { makeComponent, type Property } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty, readText } from "../../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  organizerOf,
} from "../../model/calendar-object.ts";
import { instanceAt, makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegister } from "../../model/registers.ts";
import { lastAnswer } from "../../model/render.ts";
import { gravestStatus } from "../../model/request-status.ts";
import { clampRevision, compareRevisions } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { type Proposal, participationKey, type SchedulingState } from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Change, Outcome } from "../outcome.ts";
import { checkRestrictions } from "../restrictions/check.ts";
import { buildReply } from "./reply.ts";

/**
 * Records in an Attendee's copy that the Organizer declined the owner's counter-proposal. RFC 5546 §3.2.8 and §3.4.8.
 *
 * - `ignored/unknown-uid`: nothing of that kind is here. `ignored/not-for-us`: the owner organizes it.
 * - `ignored/no-proposal`: the owner has proposed nothing that waits.
 * - `ignored/superseded`: the owner has proposed anew since. `ignored/duplicate`: it is known already.
 */
export function receiveDeclineCounter(
  state: SchedulingState,
  message: SchedulingMessage,
  _evidence: Evidence,
  context: Context,
): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  if (!organizer || context.addresses.has(organizer.address)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const declined = objectComponents(message.object).map((component) => findDeclined(state, component, context));
  const open = declined.flatMap((one) => (one.kind === "open" ? [one] : []));
  if (open.length === 0) {
    const reasons = declined.map(({ kind }) => kind);
    const reason = (["superseded", "duplicate"] as const).find((one) => reasons.includes(one)) ?? "no-proposal";
    return { kind: "ignored", rule: "RFC 5546 §3.2.8", reason };
  }
  let { proposals } = state;
  const changes: Change[] = [];
  const messages: SchedulingMessage[] = [];
  for (const { proposal, comment, isUnread } of open) {
    if (isUnread) messages.push(...replyInstead(state, object, organizer.address, proposal, context));
    const { attendee, key } = proposal;
    proposals = writeRegister(proposals, participationKey(attendee, key), { ...proposal, status: "declined" });
    changes.push({ kind: "proposal", key, attendee, status: "declined", updates: [], ...(comment && { comment }) });
  }
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.8",
    state: { ...state, proposals },
    messages,
    changes,
    tolerated: [],
  };
}

/** Where the Organizer reads no COUNTERs, nobody has heard the answer that went with it (decision 0021): it leaves as a REPLY. */
function replyInstead(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  { attendee, key, counter }: Proposal,
  context: Context,
): readonly SchedulingMessage[] {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const said = lastAnswer(state, attendee, key);
  const component = key === masterKey ? object.master : instanceAt(object, key, zones, context.limits);
  if (!component || !said || compareRevisions(said.reply, counter) !== 0) return [];
  const reply = buildReply(object, component, organizer, said, context);
  return checkRestrictions(reply).length === 0 ? [reply] : [];
}

type Declined =
  | { readonly kind: "open"; readonly proposal: Proposal; readonly comment?: string; readonly isUnread: boolean }
  | { readonly kind: "none" | "superseded" | "duplicate" };

/** The owner's proposal that a component declines; one that was made since is another. */
function findDeclined(state: SchedulingState, component: ObjectComponent, context: Context): Declined {
  const named = [...context.addresses].filter((address) => component.attendees.has(address));
  const candidates = component.attendees.size === 0 ? [...context.addresses] : named;
  const proposal = candidates
    .map((address) => readRegister(state.proposals, participationKey(address, component.key)))
    .find((known) => known !== undefined);
  if (!proposal) return { kind: "none" };
  const { sequence, dtstamp } = clampRevision(component.revision, context.now);
  const { counter, status } = proposal;
  if (sequence < counter.sequence || dtstamp < counter.dtstamp) return { kind: "superseded" };
  if (status !== "open") return { kind: status === "declined" ? "duplicate" : "none" };
  const { code } = gravestStatus(component.component);
  const comment = commentOf(readText(component.component, "COMMENT"), context);
  return { kind: "open", proposal, isUnread: code[0] === 3 || code[0] === 5, ...comment };
}

/** What a DECLINECOUNTER repeats, so that its reader recognises what stays as it is. */
const repeated: ReadonlySet<string> = new Set([
  "UID",
  "RECURRENCE-ID",
  "ORGANIZER",
  "SUMMARY",
  "DTSTART",
  "DTEND",
  "DURATION",
  "DUE",
  "LOCATION",
]);

/**
 * Builds the DECLINECOUNTER that tells one Attendee that their proposal is not taken up, with the SEQUENCE of the COUNTER and what
 * stays as it is; of an Instance that is no more, its name. RFC 5546 §3.2.8 and §3.4.8.
 */
export function buildDeclineCounter(
  object: CalendarObject,
  present: ObjectComponent | undefined,
  proposal: Proposal,
  decline: { readonly dtstamp: number; readonly comment?: string },
  context: Context,
): SchedulingMessage {
  const shown = present ?? leadingComponent(object);
  const maker = shown.attendees.get(proposal.attendee)?.property;
  const bare: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(proposal.attendee) };
  const properties = shown.component.properties.filter(({ name }) => (present ? repeated : named).has(name));
  const component = makeComponent(shown.component.name, [
    ...properties,
    ...(present ? [] : goneInstance(object, proposal.key, context)),
    withParameter(maker ?? bare, "RSVP", undefined),
    makeSequence(proposal.counter.sequence),
    makeDtstamp(decline.dtstamp),
    ...(decline.comment ? [makeTextProperty("COMMENT", decline.comment)] : []),
  ]);
  return buildMessage({
    method: "DECLINECOUNTER",
    originator: organizerOf(object)?.address ?? context.owner,
    recipients: [proposal.attendee],
    type: object.type,
    components: [component],
    timezones: object.timezones,
    context,
  });
}

const named: ReadonlySet<string> = new Set(["UID", "ORGANIZER", "SUMMARY"]);

/** Names an Instance that is no more. */
function goneInstance(object: CalendarObject, key: InstanceKey, context: Context): readonly Property[] {
  const id = parseInstanceKey(key);
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  return id ? [makeRecurrenceId(id, object.master, zones)] : [];
}
