import type { AttendeeView, EventView, LedgerEntry } from "@parley/server/contract";

/** Makes an event of an hour with nothing special about it, but for what is given. */
export function makeEvent(given: Partial<EventView> = {}): EventView {
  return {
    id: "1",
    etag: '"1"',
    uid: "1@example.org",
    role: "attendee",
    summary: "Review",
    location: "",
    description: "",
    start: "2027-03-01T09:00:00Z",
    end: "2027-03-01T10:00:00Z",
    allDay: false,
    timezone: "Europe/Berlin",
    recurring: false,
    status: null,
    sequence: 0,
    organizer: { address: "jo@example.org", name: "Jo" },
    attendees: [],
    answer: { partstat: "NEEDS-ACTION", comment: null },
    shared: null,
    ...given,
  };
}

/** Makes a guest who has not answered, but for what is given. */
export function makeGuest(address: string, given: Partial<AttendeeView> = {}): AttendeeView {
  return {
    address,
    name: null,
    role: "REQ-PARTICIPANT",
    partstat: "NEEDS-ACTION",
    comment: null,
    outdatedAnswer: null,
    delivery: null,
    me: false,
    ...given,
  };
}

/** Makes a ledger entry of a message that came in and was applied, but for what is given. */
export function makeEntry(given: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: "1",
    at: "2027-03-01T09:00:00Z",
    direction: "in",
    method: "REQUEST",
    uid: "1@example.org",
    sequence: 0,
    subject: "Review",
    from: "jo@example.org",
    to: ["ann@example.org"],
    verdict: "applied",
    decision: null,
    rule: "",
    reason: "",
    evidence: "",
    warnings: [],
    changes: [],
    violations: [],
    deliveries: [],
    eventId: null,
    hasSource: false,
    ...given,
  };
}
