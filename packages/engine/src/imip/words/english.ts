import type { ObjectType } from "../../model/method.ts";
import { purposeOfCode } from "../../model/request-status.ts";
import { english as dates } from "../../recurrence/words/english.ts";
import type { MailLanguage } from "./language.ts";

const nouns: Readonly<Record<ObjectType, string>> = {
  VEVENT: "event",
  VTODO: "task",
  VJOURNAL: "journal entry",
  VFREEBUSY: "busy time",
};

/** Writes mails in English. */
export const english: MailLanguage = {
  code: "en",
  direction: "left-to-right",
  dates,
  colon: ": ",
  purposes: {
    publish: ["For your calendar", (name, type) => `${name} shares this ${nouns[type]} with you.`],
    invite: ["Invitation", (name) => `${name} invites you.`],
    assign: ["Task", (name) => `${name} asks you to do this.`],
    "ask-busy-time": ["When are you free?", (name) => `${name} asks when you are busy.`],
    update: ["Updated", (name, type) => `${name} changed this ${nouns[type]}.`],
    add: ["More dates", (name, type) => `${name} adds dates to this ${nouns[type]}.`],
    cancel: ["Cancelled", (name, type) => `${name} cancelled this ${nouns[type]}.`],
    uninvite: ["No longer invited", (name, type) => `${name} took you off this ${nouns[type]}.`],
    refresh: ["Please send again", (name, type) => `${name} asks for the latest version of this ${nouns[type]}.`],
    counter: ["Proposal", (name, type) => `${name} proposes to change this ${nouns[type]} as follows.`],
    "decline-counter": [
      "Proposal declined",
      (name, type) => `${name} does not take up your proposal; the ${nouns[type]} stays as it was.`,
    ],
    "tell-busy-time": ["Busy times", (name) => `${name} tells you when they are busy.`],
    refuse: ["Not taken", (name, _, why) => `${name} has a calendar that could not take this. ${why}`],
    "NEEDS-ACTION": ["No answer yet", (name) => `${name} has not decided yet.`],
    ACCEPTED: ["Accepted", (name) => `${name} accepted.`],
    DECLINED: ["Declined", (name) => `${name} declined.`],
    TENTATIVE: ["Tentatively accepted", (name) => `${name} accepted tentatively.`],
    DELEGATED: ["Delegated", (name) => `${name} passed it on to somebody else.`],
    COMPLETED: ["Completed", (name) => `${name} completed the task.`],
    "IN-PROCESS": ["In progress", (name) => `${name} is working on the task.`],
  },
  labels: {
    title: "What",
    when: "When",
    due: "Due",
    repeats: "Repeats",
    where: "Where",
    link: "Link",
    organizer: "Organizer",
    guests: "Guests",
    description: "Description",
    changed: "What changed",
    wouldChange: "What would change",
  },
  untitled: {
    VEVENT: "Event without a title",
    VTODO: "Task without a title",
    VJOURNAL: "Journal entry without a title",
    VFREEBUSY: "Busy time",
  },
  somebody: "Somebody",
  moreGuests: (count) => `and ${count} more`,
  moreDates: (count) => `and ${count} more date${count === 1 ? "" : "s"}`,
  refusal: (code) => purposeOfCode(code) ?? "",
  rules: { tooLong: "in a pattern too long to say here", unreadable: "in a pattern that cannot be read" },
  howToAnswer: {
    alone: "To answer, open this mail in a program with a calendar.",
    afterLinks: "You can answer in your calendar program, too.",
  },
  links: {
    title: "Answer here",
    accept: "Accept",
    tentative: "Accept tentatively",
    decline: "Decline",
    propose: "Propose another time",
  },
};
