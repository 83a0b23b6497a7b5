import { alignInstances } from "../model/align.ts";
import { exceedsLimits, organizerOf } from "../model/calendar-object.ts";
import type { Method, ObjectType } from "../model/method.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { type Permission, permit } from "./authority.ts";
import type { Context } from "./context.ts";
import type { Evidence } from "./evidence.ts";
import { rejectForeignRule } from "./foreign-rule.ts";
import { receiveCancel } from "./methods/cancel.ts";
import { receiveReply } from "./methods/reply.ts";
import { receiveRequest } from "./methods/request.ts";
import { receiveUnserved } from "./methods/unserved.ts";
import type { Outcome, Question, Violation } from "./outcome.ts";
import { checkRestrictions, fatalViolations } from "./restrictions/check.ts";
import { statusFor } from "./restrictions/status.ts";

/** What one METHOD does to a copy when nothing stands against it. Pure and total. */
export type Receiver = (
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
) => Outcome;

const receivers: Record<Method, Receiver> = {
  PUBLISH: receiveUnserved,
  REQUEST: receiveRequest,
  REPLY: receiveReply,
  ADD: receiveUnserved,
  CANCEL: receiveCancel,
  REFRESH: receiveUnserved,
  COUNTER: receiveUnserved,
  DECLINECOUNTER: receiveUnserved,
};

/** What can be kept in a calendar; the others have METHODs of their own meaning. */
const served: ReadonlySet<ObjectType> = new Set(["VEVENT", "VTODO"]);

/**
 * Receives a message for the owner of this copy. RFC 5546 §3.
 *
 * The restriction tables come first (`rejected` where the message cannot be acted on) and whether its rules can be followed
 * (`rejected` with 3.1 where they are not Gregorian), then what the METHOD does, and what would change the copy at last needs
 * evidence that allows it (decision 0004): `undecided` where a person must say yes, `rejected` with 3.8 where the sender has no
 * authority. The other outcomes are those of the METHOD.
 * Total: nothing a peer can send makes it throw.
 */
export function receive(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const violations = checkRestrictions(message);
  const fatal = fatalViolations(violations);
  if (fatal.length > 0) {
    return { kind: "rejected", rule: fatal[0]?.rule ?? "RFC 5546 §3", status: statusFor(fatal), violations };
  }
  const foreign = rejectForeignRule(message, violations);
  if (foreign) return foreign;
  const aligned = alignToKnown(state, message, context);
  const receiver = served.has(message.object.type) ? receivers[message.method] : receiveUnserved;
  const outcome = receiver(state, aligned, evidence, context);
  if (outcome.kind === "ignored" || outcome.kind === "rejected") return outcome;
  const permission = permit(state, message, evidence);
  if (permission === "refuse") return refused(message, violations);
  if (outcome.kind === "applied" && outcome.state.object && exceedsLimits(outcome.state.object, context.limits)) {
    return tooLarge(message, violations);
  }
  if (outcome.kind === "held") return outcome;
  if (outcome.kind === "undecided") return { ...outcome, tolerated: violations };
  if (permission === "apply" || evidence.confirmedByOwner) return { ...outcome, tolerated: violations };
  return askOwner(permission, message, evidence, violations);
}

function alignToKnown(state: SchedulingState, message: SchedulingMessage, context: Context): SchedulingMessage {
  const { object } = state;
  if (!object?.master || message.object.overrides.size === 0) return message;
  const zones = makeZoneResolver([...object.timezones, ...message.object.timezones], context.zones, context.limits);
  return { ...message, object: alignInstances(message.object, object.master, zones) };
}

function askOwner(
  permission: Permission,
  message: SchedulingMessage,
  evidence: Evidence,
  tolerated: readonly Violation[],
): Outcome {
  return { kind: "undecided", rule: "decision 0004", question: questionFor(permission, message, evidence), tolerated };
}

function questionFor(permission: Permission, message: SchedulingMessage, evidence: Evidence): Question {
  const { from, relation, strength } = evidence;
  const proven = strength === "local" || strength === "domain" || strength === "relayed";
  const organizer = organizerOf(message.object)?.address;
  if (proven && from && organizer && from !== organizer && fromOrganizer.has(message.method)) {
    return { kind: "forwarded", from, organizer };
  }
  if (proven && relation === "stranger") return { kind: "stranger", ...(from && { from }) };
  return { kind: "unverified-sender", ...(from && { from }), suspicious: permission === "warn" };
}

/** METHODs an Organizer sends, RFC 5546 §1.4. */
const fromOrganizer: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL", "DECLINECOUNTER"]);

/** RFC 5546 §3.6.27: the object would grow beyond what is kept of one UID. */
function tooLarge(message: SchedulingMessage, violations: readonly Violation[]): Outcome {
  const status = {
    code: [3, 14],
    description: "Unsupported capability",
    exception: `METHOD:${message.method}`,
  } as const;
  return { kind: "rejected", rule: "RFC 5546 §3.6.27", status, violations };
}

/** RFC 5546 §3.6.21: the sender has no authority over what it speaks of. */
function refused(message: SchedulingMessage, violations: readonly Violation[]): Outcome {
  const status = { code: [3, 8], description: "No authority", exception: `METHOD:${message.method}` } as const;
  return { kind: "rejected", rule: "decision 0004", status, violations };
}
