import type { Rejected, Rule } from "../outcome.ts";
import { type CheckedMessage, checkRestrictions } from "./check.ts";
import { statusFor } from "./status.ts";

/**
 * Rejects what would leave in breach of a strict restriction table: then nothing of it leaves, and nothing changes. `undefined` where
 * all may leave. RFC 5546 §3.
 */
export function rejectUnsendable(
  messages: readonly CheckedMessage[],
  rule: Rule = "RFC 5546 §3",
): Rejected | undefined {
  const violations = messages.flatMap((message) => checkRestrictions(message));
  return violations.length > 0 ? { kind: "rejected", rule, status: statusFor(violations), violations } : undefined;
}
