import { type Change, masterKey, type Outcome, type Question } from "@parley/engine";
import { languages } from "@parley/engine/languages";
import { intlZoneProvider } from "@parley/engine/recurrence";
import type { Language, Viewer } from "@parley/engine/sentences";
import type { ToldProperty } from "../../src/itip/describe/language.ts";
import { knownStatusCodes, makeRequestStatus } from "../../src/model/request-status.ts";
import { address, ann, ben, clara } from "./world.ts";

/** The languages in the order of the tables. */
export const tongues: readonly Language[] = ["en", "de", "fr", "es", "ja", "ar"].map((code) => {
  const language = Object.values(languages).find((each) => each.code === code);
  if (!language) throw new Error(`no language ${code}`);
  return language;
});

const berlin = intlZoneProvider.zone("Europe/Berlin");
if (!berlin) throw new Error("no zone");

/** Sees times in Berlin, and knows Ben by his name. */
export const viewer: Viewer = {
  zone: berlin,
  zones: (tzid) => intlZoneProvider.zone(tzid),
  names: new Map([[ben, "Ben"]]),
};

const key = masterKey;

/** Makes the change of a property. */
export function changed(name: ToldProperty, old?: string, now?: string): Extract<Change, { kind: "property" }> {
  return { kind: "property", key, name, ...(old !== undefined && { old }), ...(now !== undefined && { new: now }) };
}

/** An hour on a Wednesday, moved by a day. */
export const move: readonly Change[] = [
  changed("DTSTART", "20270310T090000Z", "20270311T140000Z"),
  changed("DTEND", "20270310T100000Z", "20270311T150000Z"),
];

type Kind<T extends { kind: string }, K extends T["kind"]> = Extract<T, { kind: K }>;
type Reasons = Kind<Outcome, "ignored">["reason"];
type Answer = Kind<Change, "participation">;
type Proposed = Kind<Change, "proposal">;

const answer = { kind: "participation", key, attendee: ben, old: "NEEDS-ACTION", outdated: false } as const;
const answers: Record<Answer["new"], Answer> = {
  "NEEDS-ACTION": { ...answer, new: "NEEDS-ACTION" },
  ACCEPTED: { ...answer, new: "ACCEPTED", outdated: true },
  DECLINED: { ...answer, new: "DECLINED", comment: "x y" },
  TENTATIVE: { ...answer, new: "TENTATIVE", range: "this-and-future" },
  DELEGATED: { ...answer, new: "DELEGATED", delegatedTo: [ann, clara] },
  COMPLETED: { ...answer, new: "COMPLETED", requestStatus: makeRequestStatus("2.8") },
  "IN-PROCESS": { ...answer, new: "IN-PROCESS", percentComplete: 50 },
};

const proposal = { kind: "proposal", key, attendee: ben, updates: [changed("LOCATION", "1", "2")] } as const;
const proposals: Record<Proposed["status"], Proposed> = {
  open: { ...proposal, status: "open" },
  outdated: { ...proposal, status: "outdated" },
  accepted: { ...proposal, status: "accepted" },
  declined: { ...proposal, status: "declined" },
  withdrawn: { ...proposal, status: "withdrawn" },
};

const properties: Record<ToldProperty, readonly Change[]> = {
  SUMMARY: [changed("SUMMARY", "1", "2")],
  DTSTART: [changed("DTSTART", "20270310T090000Z", "20270311T090000Z")],
  DTEND: [changed("DTEND", "20270310", "20270311")],
  DUE: [changed("DUE", undefined, "20270311T090000")],
  DURATION: [changed("DURATION", "PT45M", "PT1H30M")],
  RRULE: [changed("RRULE", "FREQ=DAILY"), changed("RRULE", undefined, "FREQ=WEEKLY;BYDAY=TU")],
  RDATE: [changed("RDATE", undefined, "20270310T090000Z,20270311T090000Z/PT1H")],
  EXDATE: [changed("EXDATE", "20270310", "20270310,20270311")],
  LOCATION: [changed("LOCATION", "1"), changed("LOCATION", undefined, "2")],
  STATUS: [
    changed("STATUS", "TENTATIVE", "CONFIRMED"),
    changed("STATUS", "DRAFT", "FINAL"),
    changed("STATUS", "NEEDS-ACTION", "IN-PROCESS"),
    changed("STATUS", "COMPLETED", "CANCELLED"),
  ],
  DESCRIPTION: [changed("DESCRIPTION", "1", "2")],
  URL: [changed("URL", "1", "2")],
  PRIORITY: [changed("PRIORITY", "1", "2")],
  GEO: [changed("GEO", "1;2", "3;4")],
  RESOURCES: [changed("RESOURCES", "1", "2")],
  ATTACH: [changed("ATTACH", "1", "2")],
  ORGANIZER: [changed("ORGANIZER", "mailto:ann@example.test", "mailto:ben@example.test")],
};

const range = { from: 0, to: 1 };
const report = { address: ben, uid: "u", dtstamp: 0, range, periods: [] };
const everyChange: { readonly [K in Change["kind"]]: readonly Kind<Change, K>[] | readonly Change[] } = {
  created: [{ kind: "created", key }],
  cancelled: [
    { kind: "cancelled", key },
    { kind: "cancelled", key, range: "this-and-future", comment: "x y" },
  ],
  property: Object.values(properties).flat(),
  proposal: [
    ...Object.values(proposals),
    { ...proposals.open, updates: [] },
    { ...proposals.open, updates: [changed("URL", "1")] },
    { ...proposals.open, updates: move.filter((change) => change.kind === "property") },
  ],
  "free-busy": [
    { kind: "free-busy", key, answer: { kind: "report", report } },
    ...knownStatusCodes.map((code): Change => {
      return { kind: "free-busy", key, answer: { kind: "unknown", address: ben, status: makeRequestStatus(code) } };
    }),
  ],
  "attendee-added": [{ kind: "attendee-added", key, attendee: ben }],
  "attendee-removed": [{ kind: "attendee-removed", key, attendee: ben }],
  "sent-again": [{ kind: "sent-again", key, attendee: ben }],
  refused: [{ kind: "refused", key, attendee: ben }],
  participation: Object.values(answers),
};

/** Every kind of Change, with every answer, property and status. */
export const allChanges: readonly Change[] = Object.values(everyChange).flat();

const request = { uid: "u", organizer: ann, asked: ben, range };
const everyQuestion: { readonly [K in Question["kind"]]: readonly Kind<Question, K>[] } = {
  stranger: [{ kind: "stranger" }, { kind: "stranger", from: ann }],
  "unverified-sender": [
    { kind: "unverified-sender", suspicious: true },
    { kind: "unverified-sender", suspicious: false },
    { kind: "unverified-sender", suspicious: true, from: ann },
    { kind: "unverified-sender", suspicious: false, from: ann },
  ],
  forwarded: [{ kind: "forwarded", from: ann, organizer: clara }],
  published: [{ kind: "published", from: ann }],
  "uninvited-reply": [
    { kind: "uninvited-reply", from: ann, partstat: "ACCEPTED" },
    { kind: "uninvited-reply", from: ann, partstat: "ACCEPTED", key: "20270310T090000Z" },
    { kind: "uninvited-reply", from: ann, partstat: "DELEGATED", group: address("all@example.test") },
  ],
  "free-busy-request": [
    { kind: "free-busy-request", request, isProven: true },
    { kind: "free-busy-request", request, isProven: false },
  ],
  "uninvited-counter": [{ kind: "uninvited-counter", from: ann }],
  "new-organizer": [{ kind: "new-organizer", organizer: clara }],
};

/** Every kind of Question. */
export const allQuestions: readonly Question[] = Object.values(everyQuestion).flat();

const reasons: Record<Reasons, true> = {
  superseded: true,
  duplicate: true,
  "unknown-uid": true,
  "not-for-us": true,
  "nothing-changed": true,
  cancelled: true,
  "too-often": true,
  "no-proposal": true,
  "no-counters": true,
};
const waits: Record<Kind<Outcome, "held">["awaiting"], true> = { request: true, delegation: true, series: true };
type Broken = Kind<Outcome, "rejected">["violations"][number];
const problems: Record<Broken["problem"], true> = { missing: true, forbidden: true, "too-many": true, invalid: true };

const rule = "RFC 5546 §3";
const refusal = { kind: "rejected", rule, status: makeRequestStatus("3.11") } as const;
const breach = { rule, method: "REQUEST", type: "VEVENT", name: "DTSTAMP", what: "property", found: 0 } as const;
const state = { kind: "applied", rule, messages: [], tolerated: [] } as const;

/** Every kind of Outcome, with every reason; of what is applied the state is left out, which nothing says. */
export const allOutcomes: readonly Outcome[] = [
  ...[move, []].map((changes) => ({ ...state, changes }) as unknown as Outcome),
  ...(Object.keys(reasons) as Reasons[]).map((reason): Outcome => ({ kind: "ignored", rule, reason })),
  ...(Object.keys(waits) as (keyof typeof waits)[]).map((awaiting): Outcome => {
    return { kind: "held", rule, awaiting, messages: [] };
  }),
  ...allQuestions.map((question): Outcome => ({ kind: "undecided", rule, question, tolerated: [] })),
  ...knownStatusCodes.map((code): Outcome => ({ ...refusal, status: makeRequestStatus(code), violations: [] })),
  ...(Object.keys(problems) as Broken["problem"][]).map((problem): Outcome => {
    return { ...refusal, violations: [{ ...breach, problem, detail: `DTSTAMP: ${problem}.` }] };
  }),
];
