import { english as dates } from "../../recurrence/words/english.ts";
import type { Language } from "./language.ts";

/** Says everything in English. */
export const english: Language = {
  code: "en",
  direction: "left-to-right",
  dates,
  marks: {
    stop: ".",
    colon: ": ",
    joint: "; ",
    notes: [" (", "; ", ")"],
    quotes: [": “", "”"],
    names: [", ", " and "],
  },
  changes: {
    created: "new in the calendar",
    cancelled: "cancelled",
    cancelledFromThenOn: "cancelled from then on",
    moved: (from, to) => `moved from ${from} to ${to}`,
    set: (property, value) => `${property}: ${value}`,
    changed: (property, value, old) => `${property}: ${value} (it was ${old})`,
    removed: (property, old) => `${property} removed (it was ${old})`,
    attendeeAdded: (name) => `${name} was added`,
    attendeeRemoved: (name) => `${name} was taken off the guest list`,
    sentAgain: (name) => `${name} was sent the present version again`,
    refused: (name) => `${name} was told that they are not invited`,
    busyTold: (name) => `${name} told when they are busy`,
    busyUntold: (name, why) => `${name} did not tell when they are busy: ${why}`,
  },
  answers: {
    "NEEDS-ACTION": (name) => `${name} has not answered`,
    ACCEPTED: (name) => `${name} accepted`,
    DECLINED: (name) => `${name} declined`,
    TENTATIVE: (name) => `${name} accepted tentatively`,
    DELEGATED: (name, delegates) => `${name} delegated it${delegates ? ` to ${delegates}` : ""}`,
    COMPLETED: (name) => `${name} completed it`,
    "IN-PROCESS": (name) => `${name} is working on it`,
  },
  notes: {
    percent: (percent) => `${percent} %`,
    thisAndFuture: "for this time and all after",
    outdated: "an answer to an older time, which does not count",
    calendarSays: (text) => `their calendar says: ${text}`,
  },
  proposals: {
    accepted: (name) => `the proposal of ${name} was taken up`,
    declined: (name) => `the proposal of ${name} was declined`,
    withdrawn: (name) => `${name} proposed another way and has since agreed to this one`,
    open: (name, wishes) => `${name} proposes ${wishes}`,
    outdated: (name, wishes) => `${name} proposed ${wishes} (to what has changed since)`,
  },
  wishes: {
    instead: (value, old) => `${value} instead of ${old}`,
    of: (property, value) => `${property}: ${value}`,
    noValue: "none",
    nothing: "no change",
  },
  properties: {
    SUMMARY: "title",
    DTSTART: "start",
    DTEND: "end",
    DUE: "due",
    DURATION: "length",
    RRULE: "repetition",
    RDATE: "extra dates",
    EXDATE: "left-out dates",
    LOCATION: "place",
    STATUS: "status",
    DESCRIPTION: "description",
    URL: "link",
    PRIORITY: "priority",
    GEO: "position",
    RESOURCES: "resources",
    ATTACH: "attachments",
    ORGANIZER: "organizer",
  },
  statuses: {
    TENTATIVE: "tentative",
    CONFIRMED: "confirmed",
    CANCELLED: "cancelled",
    "NEEDS-ACTION": "to be done",
    COMPLETED: "completed",
    "IN-PROCESS": "in progress",
    DRAFT: "draft",
    FINAL: "final",
  },
  hours: (clock) => `${clock} h`,
  applied: { changed: "Taken into the calendar.", unchanged: "Confirmed; nothing in the calendar changed." },
  ignored: {
    superseded: "A newer version is known already.",
    duplicate: "This version is known already.",
    "unknown-uid": "Nothing of this kind is in the calendar.",
    "not-for-us": "It does not concern this calendar's copy, or its sender's part does not allow it.",
    "nothing-changed": "Nothing changed.",
    cancelled: "It is cancelled.",
    "too-often": "Its sender was sent the present version as often today as the house allows.",
    "no-proposal": "There is no proposal that waits for a decision.",
    "no-counters": "The organizer takes no proposals for it.",
  },
  held: {
    request: "It came before the invitation it speaks of, and waits for that.",
    delegation: "It came before the answer that delegates to its sender, and waits for that.",
    series: "It came before the series it belongs to, and waits for that.",
  },
  rejected: (status, why) => `Refused (${status})${why ? `: ${why}` : "."}`,
  questions: {
    stranger: (from = "Somebody") => `${from} has not written to you before. Do you want this in your calendar?`,
    "unverified-sender": (from, suspicious) =>
      suspicious
        ? `It may not be from ${from ?? "whom it says"}: nothing proves who sent it. Apply it only if you expected it.`
        : `It says it is from ${from ?? "somebody"}, but this could not be proven. Apply it?`,
    published: (from) => `${from} publishes this. Do you want it in your calendar?`,
    forwarded: (from, organizer) =>
      `${from} sent you this; it is organized by ${organizer}. Do you want it in your calendar?`,
    "uninvited-reply": (answer, isForOneTime, group) =>
      `${answer}, but was not invited${isForOneTime ? " to that time" : ""}${group ? ` except as a member of ${group}, as they say` : ""}. Add them to the guest list?`,
    "free-busy-request": (organizer, isProven) =>
      isProven
        ? `${organizer} asks when you are busy.`
        : `Somebody who says to be ${organizer} asks when you are busy; this could not be proven.`,
    "uninvited-counter": (from) =>
      `${from} proposes a change, but was not invited. Do you want to see it among the proposals?`,
    "new-organizer": (organizer) => `It names another organizer, ${organizer}. Do you accept that?`,
  },
};
