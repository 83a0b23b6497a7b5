import type { AttendeeView, EventView, LedgerEntry } from "@parley/server/contract";
import type { FieldError } from "./form/draft.ts";

type Partstat = AttendeeView["partstat"];

/** In what language numbers, dates and lists are written. */
export const locale = "en-GB";

const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** Everything the app says. A translation is another such object. */
export const words = {
  app: {
    name: "Parley",
    skip: "Skip to content",
    nav: "Main",
    home: "Calendar",
    ledger: "Messages",
    programs: "Programs",
    newEvent: "New event",
    signOut: "Sign out",
    title: (page: string) => `${page} – Parley`,
    loading: "Loading…",
    tryAgain: "Try again",
    refreshFailed: (message: string) => `Could not refresh: ${message}`,
    unknownPage: "There is no such page",
    unknownPageHint: "The link may be old, or mistyped.",
    backHome: "Back to the calendar",
    person: (name: string, address: string) => `Signed in as ${name}, ${address}`,
  },
  signIn: {
    title: "Sign in",
    tagline: "Invitations answered, meetings agreed, and a reason for everything.",
    who: "Who are you?",
    tryOut: "This is a try-out: choose anybody, no password is needed.",
    nobody: "There is nobody to sign in as yet.",
    address: "Address",
    password: "Password",
    submit: "Sign in",
    or: "or",
    elsewhere: (name: string) => `Sign in with ${name}`,
    noWay: "Nobody can sign in at this page.",
    /** By the word the server sends the browser back with. */
    problems: {
      unavailable: "The sign-in service does not answer. Try again in a moment.",
      denied: "You said no there, so nobody is signed in.",
      expired: "That took too long, or was begun in another browser. Try again.",
      failed:
        "The answer of the sign-in service could not be trusted. Try again; if it happens again, tell your administrator.",
      "no-address": "The sign-in service does not say which address is yours. Tell your administrator.",
      unverified: "The sign-in service has not proven yet that the address is yours. Confirm it there, then try again.",
      "unknown-person":
        "You are signed in there, but nobody of your address has a calendar here. Ask your administrator.",
      "too-many": "Too many people are signing in at the moment. Try again in a few minutes.",
    } as Readonly<Record<string, string>>,
  },
  problems: {
    unreachable: "The server does not answer. Check the connection.",
    unreadable: "The server’s answer could not be read.",
    status: (status: number) => `The server refused (${status}).`,
    changedMeanwhile: "It changed meanwhile. What you see now is the newest version; nothing was done yet.",
  },
  when: {
    today: (day: string) => `Today, ${day}`,
    tomorrow: (day: string) => `Tomorrow, ${day}`,
    allDay: "All day",
    wholeDays: (days: string) => `${days}, all day`,
    dayOf: (day: number, days: number) => `Day ${day} of ${days}`,
    from: (time: string) => `From ${time}`,
    until: (time: string) => `Until ${time}`,
    forOrganizer: (time: string, zone: string) => `${time} in ${zone}`,
    justNow: "just now",
    zone: (zone: string) => `Times in ${zone}`,
  },
  home: {
    title: "Your calendar",
    waiting: "Waiting for you",
    waitingCount: (count: number) => (count === 1 ? "1 item" : `${count} items`),
    nothingWaiting: "All answered",
    nothingWaitingHint: "New invitations will show up here.",
    agenda: "Coming days",
    nothingPlanned: "Nothing planned",
    nothingPlannedHint: (days: number) => `No events in the next ${days} days.`,
    laterDays: "Show later days",
    repeating: "Repeating",
    news: "What is new",
    noNews: "Nothing new",
    noNewsHint: "Answers, changes and cancellations will show up here.",
    allMessages: "All messages",
  },
  card: {
    newInvitation: "Invitation",
    moved: "New time",
    question: "Please check",
    suspicious: "Suspicious",
    from: (name: string) => `from ${name}`,
    answeredBefore: (answer: string) => `You had said “${answer}” to an earlier time.`,
    conflict: (summaries: readonly string[]) => `At the same time: ${lists.format(summaries)}`,
    guests: (count: number, names: readonly string[], more: number) =>
      `${count === 1 ? "1 guest" : `${count} guests`}: ${lists.format(more > 0 ? [...names, `${more} more`] : names)}`,
    apply: "Apply",
    addGuest: "Add to the guests",
    dismiss: "Ignore",
    dismissHint: "Ignoring tells the sender nothing.",
    notShown: "What it says cannot be shown here, so it cannot be answered here.",
    applied: "Applied.",
    dismissed: "Ignored. The sender is told nothing.",
  },
  answer: {
    legend: "Your answer",
    buttons: { ACCEPTED: "Accept", TENTATIVE: "Tentative", DECLINED: "Decline" },
    done: {
      ACCEPTED: (summary: string) => `Accepted: ${summary}`,
      TENTATIVE: (summary: string) => `Answered tentatively: ${summary}`,
      DECLINED: (summary: string) => `Declined: ${summary}`,
    },
    addComment: "Add a comment",
    comment: "Comment for the organizer",
    optional: "optional",
  },
  partstat: {
    "NEEDS-ACTION": "No answer yet",
    ACCEPTED: "Accepted",
    TENTATIVE: "Tentative",
    DECLINED: "Declined",
    DELEGATED: "Delegated",
    COMPLETED: "Completed",
    "IN-PROCESS": "In progress",
  } satisfies Record<Partstat, string>,
  role: {
    CHAIR: "Chair",
    "REQ-PARTICIPANT": "",
    "OPT-PARTICIPANT": "Optional",
    "NON-PARTICIPANT": "For information",
  } satisfies Record<AttendeeView["role"], string>,
  delivery: {
    queued: "Mail waiting to be sent",
    "handed-over": "Mail sent",
    deferred: "Mail delayed, will be tried again",
    refused: "Mail could not be delivered",
    bounced: "Mail came back",
    answered: "Mail answered",
    superseded: "Not sent, as a newer mail says it",
  } satisfies Record<NonNullable<AttendeeView["delivery"]> | "superseded", string>,
  event: {
    untitled: "(no title)",
    back: "Calendar",
    when: "When",
    where: "Where",
    who: "Organizer",
    notes: "Description",
    you: "you",
    cancelled: "Cancelled",
    provisional: "Not yet confirmed",
    repeats: "Repeats",
    updated: "Updated",
    cancelledNote: "This event was cancelled.",
    notInvited: "You are not on its guest list, so there is nothing to answer.",
    guests: (count: number) => `Guests (${count})`,
    tally: (accepted: number, all: number) => `${accepted} of ${all} accepted`,
    tallyOf: (counts: readonly (readonly [Partstat, number])[]): string =>
      counts.map(([partstat, count]) => `${count} ${words.partstat[partstat].toLowerCase()}`).join(" · "),
    outdated: (answer: string) => `Said “${answer}” to an earlier time`,
    comment: (text: string) => `“${text}”`,
    showAllGuests: (count: number) => `Show all ${count} guests`,
    edit: "Edit",
    cancel: "Cancel event",
    cancelTitle: "Cancel this event?",
    cancelHint: (guests: number) => (guests === 1 ? "1 guest is told." : `${guests} guests are told.`),
    cancelComment: "Comment for the guests",
    cancelConfirm: "Cancel the event",
    cancelDone: (summary: string) => `Cancelled: ${summary}`,
    keep: "Keep it",
    remove: "Remove",
    removeTitle: "Remove it from your calendar?",
    removeHint: "The messages about it stay readable.",
    removeConfirm: "Remove it",
    removeDone: (summary: string) => `Removed: ${summary}`,
    notFound: "This event is not in your calendar",
    notFoundHint: "It may have been removed.",
    history: "History",
    noHistory: "No message about this event yet.",
  },
  form: {
    newTitle: "New event",
    editTitle: (summary: string) => `Edit “${summary}”`,
    summary: "Title",
    allDay: "All day",
    start: "Starts",
    end: "Ends",
    firstDay: "First day",
    lastDay: "Last day",
    location: "Where",
    description: "Description",
    guests: "Guests",
    guestsHint: "One on each line: an address, or a name with the address in angle brackets.",
    guestsExample: "Ana Lima <ana@example.com>",
    optionalGuests: "Optional guests",
    create: "Save",
    createInvite: "Save and invite",
    save: "Save changes",
    discard: "Back without saving",
    created: (summary: string) => `Saved: ${summary}`,
    saved: (summary: string) => `Changes saved: ${summary}`,
    startAgain: "Start again from the newest version",
    changedMeanwhile: "This event changed while you were editing. Nothing was saved yet; your entries are still here.",
    gap: (meant: string) => `Clocks go forward over this time that day; ${meant} is meant.`,
    fold: "Clocks go back over this time that day, so it comes twice; the first is meant.",
    errorsFound: (count: number) =>
      count === 1 ? "One field needs another look." : `${count} fields need another look.`,
    notYours: "Only its organizer can change this event.",
    error: (error: FieldError) => {
      switch (error.kind) {
        case "missing":
          return "Give it a title.";
        case "no-time":
          return "Choose a date and a time.";
        case "no-date":
          return "Choose a date.";
        case "ends-before-start":
          return "This is before the start.";
        case "no-address":
          return `“${error.piece}” is not an address like ana@example.com.`;
      }
    },
  },
  programs: {
    title: "Calendar programs",
    lead: "Use your calendar in the programs you already have: Apple Calendar, Thunderbird, DAVx5 and others that speak CalDAV.",
    server: "Server",
    account: "User name",
    secret: "Password",
    secretHint: "One of its own for each device or program, made below. Your own password stays with you.",
    list: "Passwords you have made",
    none: "None yet",
    noneHint: "A device or program that has one is listed here.",
    made: (when: string) => `Made ${when}`,
    remove: "Take back",
    removeFor: (name: string) => `Take back the password of ${name}`,
    removed: (name: string) => `${name} cannot sign in any more.`,
    newTitle: "New password",
    name: "For which device or program?",
    nameHint: "Such as “phone” or “Thunderbird at work”.",
    make: "Make a password",
    done: (name: string) => `Made a password for ${name}.`,
    once: (name: string) => `The password for ${name}. It is shown this once: type or copy it there now.`,
  },
  ledger: {
    title: "Messages",
    lead: "Everything that came in or went out, what was decided about it, and why.",
    empty: "No messages yet",
    emptyHint: "Invitations you send and receive will be listed here.",
    older: "Show older messages",
    direction: { in: "Received", out: "Sent" },
    from: (who: string) => `from ${who}`,
    to: (who: readonly string[], more: number) => `to ${lists.format(more > 0 ? [...who, `${more} more`] : who)}`,
    noSubject: "(no subject)",
    openEvent: "Open the event",
    why: "Why, and what happened",
    rule: "Rule",
    evidence: "Sender",
    warnings: "Take care",
    violations: "What was wrong",
    deliveries: "Delivery",
    recipient: "Recipient",
    state: "State",
    attempts: "Attempts",
    detail: "Answer of the mail server",
    source: "Read the mail as it came",
    sourceOut: "Read the mail as it left",
    revision: (sequence: number) => `revision ${sequence}`,
    verdict: {
      applied: "Applied",
      ignored: "No effect",
      held: "Waiting",
      undecided: "Undecided",
      rejected: "Refused",
      unreadable: "Unreadable",
      sent: "Sent",
      undelivered: "Not delivered",
    } satisfies Record<LedgerEntry["verdict"], string>,
    decision: {
      open: "Asks you",
      apply: "You applied it",
      dismiss: "You ignored it",
    } satisfies Record<NonNullable<LedgerEntry["decision"]>, string>,
    mail: "Mail",
    methods: {
      REQUEST: "Invitation",
      REPLY: "Answer",
      CANCEL: "Cancellation",
      PUBLISH: "Announcement",
      ADD: "More dates",
      REFRESH: "Request for the newest version",
      COUNTER: "Proposal",
      DECLINECOUNTER: "Proposal declined",
    } as Readonly<Record<string, string>>,
  },
} as const;

/** Names an event even where its organizer did not. */
export function titleOf(event: Pick<EventView, "summary">): string {
  return event.summary.trim() === "" ? words.event.untitled : event.summary;
}

/** Names somebody by name, or else by address. */
export function nameOf(somebody: { readonly name: string | null; readonly address: string }): string {
  return somebody.name ?? somebody.address;
}
