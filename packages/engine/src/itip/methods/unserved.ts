import type { Outcome } from "../outcome.ts";

/** Answers a METHOD that is not served yet: the message is kept, and its sender has earned 3.14. RFC 5546 §3.6.27. */
export function receiveUnserved(): Outcome {
  return {
    kind: "rejected",
    rule: "RFC 5546 §3.6.27",
    status: { code: [3, 14], description: "Unsupported capability" },
    violations: [],
  };
}
