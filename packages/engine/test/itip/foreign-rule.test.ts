import { receive, unknownState } from "@parley/engine";
import { describeOutcome } from "@parley/engine/sentences";
import { expect, test } from "vitest";
import { maxRuleLength } from "../../src/limits.ts";
import { formatRequestStatus } from "../../src/model/request-status.ts";
import { ann, clara, contextOf, evidenceOf, message } from "./world.ts";

const chinese = "RRULE:FREQ=YEARLY;RSCALE=CHINESE;BYMONTH=1;BYMONTHDAY=1";

/** What comes of a message of Ann's to Clara, who knows nothing yet. */
function outcomeOf(
  method: "REQUEST" | "PUBLISH" | "ADD" | "COUNTER" | "CANCEL" | "REPLY",
  ...lines: readonly string[]
) {
  const sent = message({ method, lines });
  return receive(unknownState, sent, evidenceOf(ann), contextOf(clara));
}

test.each(["REQUEST", "PUBLISH", "ADD", "COUNTER"] as const)(
  "RFC 7529 §7: a %s by another calendar earns 3.1",
  (method) => {
    const outcome = outcomeOf(method, "RRULE:FREQ=DAILY", chinese);
    if (outcome.kind !== "rejected") throw new Error(outcome.kind);
    expect([outcome.rule, outcome.violations[0]?.name]).toEqual(["RFC 7529 §7", "RRULE"]);
    expect(formatRequestStatus(outcome.status)).toBe(
      "3.1;Invalid property value;RRULE:FREQ=YEARLY\\;RSCALE=CHINESE\\;BYMONTH=1\\;BYMONTHDAY=1",
    );
    expect(describeOutcome(outcome)).toBe(
      "Refused (3.1 Invalid property value): It repeats by another calendar than the Gregorian one.",
    );
  },
);

test("nothing is taken of it, no Instance either", () => {
  const both = message({ method: "REQUEST" });
  const foreign = message({ method: "REQUEST", lines: ["RECURRENCE-ID:20270310T090000Z", chinese] });
  const overrides = foreign.object.overrides;
  const outcome = receive(
    unknownState,
    { ...both, object: { ...both.object, overrides } },
    evidenceOf(ann, { confirmedByOwner: true }),
    contextOf(clara),
  );
  expect(outcome).toMatchObject({ kind: "rejected", status: { code: [3, 1] } });
});

test.each([
  ["GREGORIAN", "REQUEST", "RRULE:RSCALE=gregorian;FREQ=YEARLY;SKIP=FORWARD"],
  ["GREGORIAN among what is odd", "REQUEST", "RRULE:RSCALE=GREGORIAN;FREQ=SOMETIMES"],
  ["of a comment", "REQUEST", `COMMENT:${chinese}`],
  ["in a CANCEL", "CANCEL", chinese],
  ["in a REPLY", "REPLY", chinese],
] as const)("RSCALE %s is no reason", (_, method, line) => {
  expect(outcomeOf(method, line).rule).not.toBe("RFC 7529 §7");
});

test("the rule is told up to a bound", () => {
  const outcome = outcomeOf("REQUEST", `${chinese};X=${"1".repeat(10_000)}`);
  const exception = outcome.kind === "rejected" ? outcome.status.exception : "";
  expect(exception).toHaveLength("RRULE:".length + maxRuleLength);
});
