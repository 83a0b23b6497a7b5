import { makeRequestStatus } from "../../model/request-status.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { Rejected, Violation } from "../outcome.ts";
import { type QuirkName, switchedQuirks } from "./index.ts";
import { type MendingContext, makeSight, type Sight } from "./quirk.ts";

/** Which quirks are tolerated, and what mending them needs. */
export interface ToleranceContext extends MendingContext {
  readonly quirks: ReadonlySet<QuirkName>;
}

/**
 * Rejects a message that shows a quirk the house does not tolerate, with the status that quirk earns (RFC 5546 §3.6).
 * `undefined` where it shows none, or none that breaks a standard. Costs nothing where all are tolerated.
 */
export function rejectUntolerated(
  message: SchedulingMessage,
  violations: readonly Violation[],
  { quirks }: ToleranceContext,
): Rejected | undefined {
  let sight: Sight | undefined;
  for (const { name, breach, seen } of switchedQuirks) {
    if (!breach || quirks.has(name)) continue;
    sight ??= makeSight(message.calendar);
    if (!seen(sight)) continue;
    const { status, ...broken } = breach;
    // The restriction table may have told of it already, and names the section of that very component.
    const told = violations.find((violation) => violation.name === broken.name && violation.problem === broken.problem);
    const violation: Violation = told ?? { ...broken, method: message.method, type: message.object.type, found: 1 };
    const others = violations.filter((other) => other !== told);
    const rejection = { rule: violation.rule, status: makeRequestStatus(status, broken.name) };
    return { kind: "rejected", ...rejection, violations: [violation, ...others] };
  }
  return undefined;
}

/** Says a message as the standards would, as far as its quirks are tolerated. */
export function mendMessage(message: SchedulingMessage, context: ToleranceContext): SchedulingMessage {
  let mended = message;
  for (const { name, mend } of switchedQuirks) if (mend && context.quirks.has(name)) mended = mend(mended, context);
  return mended;
}
