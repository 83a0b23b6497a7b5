import { type KnownStatusCode, makeRequestStatus, type RequestStatus } from "../../model/request-status.ts";
import type { Violation } from "../outcome.ts";

/**
 * Tells the REQUEST-STATUS that violations earn, RFC 5546 §3.6: that of the first, which is told by name.
 * None earn 2.0.
 */
export function statusFor(violations: readonly Violation[]): RequestStatus {
  const first = violations[0];
  if (!first) return makeRequestStatus("2.0");
  if (first.name === "METHOD" && first.problem === "forbidden") {
    return makeRequestStatus("3.14", `METHOD:${first.method}`);
  }
  const exception = first.what === "component" && first.problem !== "missing" ? `BEGIN:${first.name}` : first.name;
  return makeRequestStatus(codeOf(first), exception);
}

function codeOf(violation: Violation): KnownStatusCode {
  const byName = violation.problem === "invalid" ? codeByName[violation.name] : undefined;
  return byName ?? (violation.what === "component" ? componentCodes : propertyCodes)[violation.problem];
}

/** Properties whose bad values have a code of their own. */
const codeByName: Readonly<Record<string, KnownStatusCode | undefined>> = {
  VERSION: "3.9",
  ATTENDEE: "3.7",
  ORGANIZER: "3.7",
  DTSTART: "3.5",
  DTEND: "3.5",
  DUE: "3.5",
  "RECURRENCE-ID": "3.5",
  RRULE: "3.6",
};

const propertyCodes: Readonly<Record<Violation["problem"], KnownStatusCode>> = {
  missing: "3.11",
  forbidden: "3.13",
  "too-many": "3.1",
  invalid: "3.1",
};

const componentCodes: Readonly<Record<Violation["problem"], KnownStatusCode>> = {
  missing: "3.11",
  forbidden: "3.4",
  "too-many": "3.4",
  invalid: "3.4",
};
