import { alignInstances } from "../model/align.ts";
import { exceedsLimits, organizerOf } from "../model/calendar-object.ts";
import { type Method, speakers } from "../model/method.ts";
import { makeRequestStatus } from "../model/request-status.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { type SchedulingState, unknownState } from "../model/scheduling-state.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { answerRejected } from "./answer-rejected.ts";
import { type Permission, permit } from "./authority.ts";
import type { Context } from "./context.ts";
import { type Evidence, isProven } from "./evidence.ts";
import { fallbackFor, rejectUnserved } from "./fallbacks.ts";
import { rejectForeignRule } from "./foreign-rule.ts";
import { receiveCancel } from "./methods/cancel.ts";
import { receiveCounter } from "./methods/counter.ts";
import { receiveDeclineCounter } from "./methods/decline-counter.ts";
import { receiveFreeBusy } from "./methods/freebusy.ts";
import { receiveAdd } from "./methods/receive-add.ts";
import { receivePublish } from "./methods/receive-publish.ts";
import { receiveRefresh } from "./methods/receive-refresh.ts";
import { receiveReply } from "./methods/receive-reply.ts";
import { receiveRequest } from "./methods/request.ts";
import type { Held, Outcome, Question, Violation } from "./outcome.ts";
import { mendMessage, rejectUntolerated } from "./quirks/tolerance.ts";
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
  PUBLISH: receivePublish,
  REQUEST: receiveRequest,
  REPLY: receiveReply,
  ADD: receiveAdd,
  CANCEL: receiveCancel,
  REFRESH: receiveRefresh,
  COUNTER: receiveCounter,
  DECLINECOUNTER: receiveDeclineCounter,
};

/**
 * Receives a message for the owner of this copy. RFC 5546 §3.
 *
 * The restriction tables come first (`rejected` where the message cannot be acted on) and whether its rules can be followed
 * (`rejected` with 3.1 where they are not Gregorian), and whether its deviations are tolerated (`rejected` with the status of the
 * quirk, decision 0025), then what the METHOD does, and what would change the copy at last needs
 * evidence that allows it (decision 0004): `undecided` where a person must say yes, `rejected` with 3.8 where the sender has no
 * authority. The other outcomes are those of the METHOD. A proven sender is told of a rejection (decision 0024).
 * Total: nothing a peer can send makes it throw.
 */
export function receive(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const outcome = judge(state, message, evidence, context);
  return outcome.kind === "rejected" ? answerRejected(outcome, state, message, evidence, context) : outcome;
}

function judge(state: SchedulingState, received: SchedulingMessage, evidence: Evidence, context: Context): Outcome {
  const fallback = fallbackFor(received, context.policy);
  const message: SchedulingMessage = fallback === "publish" ? { ...received, method: "PUBLISH" } : received;
  const violations = checkRestrictions(received);
  const fatal = fatalViolations(violations);
  if (fatal.length > 0) {
    return { kind: "rejected", rule: fatal[0]?.rule ?? "RFC 5546 §3", status: statusFor(fatal), violations };
  }
  const foreign = rejectForeignRule(message, violations);
  if (foreign) return foreign;
  const untolerated = rejectUntolerated(message, violations, context);
  if (untolerated) return untolerated;
  if (fallback === "not-supported") return rejectUnserved(message, violations);
  const aligned = alignToKnown(state, mendMessage(message, context), context);
  // Busy time is a person's: an object that happens to have its UID has nothing to do with it.
  const isFreeBusy = message.object.type === "VFREEBUSY";
  const receiver = isFreeBusy ? receiveFreeBusy : receivers[message.method];
  const outcome = receiver(state, aligned, evidence, context);
  if (outcome.kind === "ignored" || outcome.kind === "rejected") return outcome;
  const permission = permit(isFreeBusy ? unknownState : state, message, evidence, context.addresses);
  if (permission === "refuse") return refused(message, violations);
  if (outcome.kind === "applied" && outcome.state.object && exceedsLimits(outcome.state.object, context.limits)) {
    return tooLarge(violations);
  }
  if (outcome.kind === "held") return permission === "apply" || evidence.confirmedByOwner ? outcome : silent(outcome);
  if (outcome.kind === "undecided") return { ...outcome, tolerated: violations };
  if (permission === "apply" || evidence.confirmedByOwner) return { ...outcome, tolerated: violations };
  return askOwner(permission, message, evidence, violations);
}

/** Nobody is asked anything for a message whose sender is not proven. */
function silent({ kind, rule, awaiting }: Held): Held {
  return { kind, rule, awaiting, messages: [] };
}

function alignToKnown(state: SchedulingState, message: SchedulingMessage, context: Context): SchedulingMessage {
  const known = state.object;
  const series = message.object.master ?? known?.master;
  if (!series || message.object.overrides.size === 0) return message;
  if (!context.quirks.has("recurrence-id-of-other-type")) return message;
  const timezones = [...(known?.timezones ?? []), ...message.object.timezones];
  const zones = makeZoneResolver(timezones, context.zones, context.limits);
  return { ...message, object: alignInstances(message.object, series, zones) };
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
  const { from, relation } = evidence;
  const proven = isProven(evidence);
  const organizer = organizerOf(message.object)?.address;
  if (proven && from && organizer && from !== organizer && speakers[message.method] === "organizer") {
    return { kind: "forwarded", from, organizer };
  }
  if (proven && from && message.method === "PUBLISH") return { kind: "published", from };
  if (proven && relation === "stranger") return { kind: "stranger", ...(from && { from }) };
  return { kind: "unverified-sender", ...(from && { from }), suspicious: permission === "warn" };
}

/** RFC 5546 §3.6.23: the object would grow beyond what is kept of one UID. */
function tooLarge(violations: readonly Violation[]): Outcome {
  return { kind: "rejected", rule: "RFC 5546 §3.6.23", status: makeRequestStatus("3.10"), violations };
}

/** RFC 5546 §3.6.21: the sender has no authority over what it speaks of. */
function refused(message: SchedulingMessage, violations: readonly Violation[]): Outcome {
  const status = makeRequestStatus("3.8", `METHOD:${message.method}`);
  return { kind: "rejected", rule: "decision 0004", status, violations };
}
