import { allProperties } from "../icalendar/component.ts";
import { maxRuleLength } from "../limits.ts";
import { objectComponents } from "../model/calendar-object.ts";
import type { Method } from "../model/method.ts";
import { makeRequestStatus } from "../model/request-status.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { parseRule } from "../recurrence/rule-text.ts";
import type { Rejected, Violation } from "./outcome.ts";

/** METHODs whose RRULE would be taken, now or when a person agrees; in the others it only repeats what is known. */
const bringsRules: Readonly<Record<Method, boolean>> = {
  PUBLISH: true,
  REQUEST: true,
  REPLY: false,
  ADD: true,
  CANCEL: false,
  REFRESH: false,
  COUNTER: true,
  DECLINECOUNTER: false,
};

/**
 * Rejects a message as a whole where an RRULE of it counts by another calendar than the Gregorian one: RFC 7529 §7 calls that
 * the best choice, and the status for it is 3.1, RFC 5546 §3.6.14, with the RRULE. `undefined` for all other messages.
 */
export function rejectForeignRule(message: SchedulingMessage, violations: readonly Violation[]): Rejected | undefined {
  const text = bringsRules[message.method] ? foreignRule(message) : undefined;
  if (text === undefined) return undefined;
  const violation: Violation = {
    rule: "RFC 7529 §7",
    method: message.method,
    type: message.object.type,
    name: "RRULE",
    what: "value",
    problem: "invalid",
    found: 1,
    detail: "It repeats by another calendar than the Gregorian one.",
  };
  const status = makeRequestStatus("3.1", `RRULE:${text.slice(0, maxRuleLength)}`);
  return { kind: "rejected", rule: violation.rule, status, violations: [violation, ...violations] };
}

function foreignRule({ object }: SchedulingMessage): string | undefined {
  for (const { component } of objectComponents(object)) {
    for (const { value } of allProperties(component, "RRULE")) {
      if (parseRule(value).problems.some(({ kind }) => kind === "unsupported-rscale")) return value;
    }
  }
  return undefined;
}
