import { type CalendarUserAddress, domainOf } from "../model/address.ts";
import { objectComponents, organizerOf } from "../model/calendar-object.ts";
import type { Organizer } from "../model/calendar-user.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { Evidence, EvidenceStrength } from "./evidence.ts";

/**
 * What evidence allows: act at once, ask the owner first, ask with a warning, or refuse.
 * An owner's yes turns `ask` and `warn` into `apply`, never `refuse`.
 */
export type Permission = "apply" | "ask" | "warn" | "refuse";

/** What a message wants, as far as trust is concerned. */
type Purpose =
  | "invitation"
  | "delegation"
  | "strange-invitation"
  | "update"
  | "answer"
  | "refresh"
  | "decline"
  | "publication";

/** Decision 0004, cell for cell: what a message may do by how sure we are of the address it came From. */
const permissions: Record<Purpose, Record<EvidenceStrength, Permission>> = {
  invitation: { local: "apply", domain: "apply", relayed: "apply", link: "warn", weak: "ask", none: "warn" },
  delegation: { local: "apply", domain: "apply", relayed: "apply", link: "warn", weak: "ask", none: "warn" },
  "strange-invitation": { local: "ask", domain: "ask", relayed: "ask", link: "warn", weak: "warn", none: "warn" },
  update: { local: "apply", domain: "apply", relayed: "apply", link: "refuse", weak: "ask", none: "refuse" },
  answer: { local: "apply", domain: "apply", relayed: "apply", link: "apply", weak: "ask", none: "refuse" },
  refresh: { local: "apply", domain: "apply", relayed: "apply", link: "refuse", weak: "refuse", none: "refuse" },
  decline: { local: "apply", domain: "apply", relayed: "apply", link: "refuse", weak: "ask", none: "refuse" },
  publication: { local: "ask", domain: "ask", relayed: "ask", link: "refuse", weak: "ask", none: "refuse" },
};

/**
 * Tells what the evidence allows a message to do to this copy. RFC 5546 §6.1.1 and §6.1.2: who speaks for the Organizer or
 * for an Attendee is settled by the mail's proven sender and what is stored, never by what the message says of itself.
 */
export function permit(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  owner: ReadonlySet<CalendarUserAddress>,
): Permission {
  const purpose = purposeOf(state, message, evidence, owner);
  const permission = permissions[purpose][evidence.strength];
  if (permission === "refuse" || speaks(purpose, state, message, evidence)) return permission;
  // New things from somebody else than the Organizer are forwarded ones, which a person can judge; all else is not theirs.
  if (purpose === "update" && (forwardedBefore(state, evidence) || claimsSentBy(state, message, evidence)))
    return "ask";
  if (purpose === "update" || purpose === "refresh" || purpose === "decline") return "refuse";
  if (purpose === "answer") return evidence.strength === "link" ? "refuse" : "ask";
  return permission === "apply" ? "ask" : permission;
}

/** Whether the owner has said yes to this sender's forwarding of the object before: then they are asked again, not spared. */
function forwardedBefore(state: SchedulingState, { from, strength }: Evidence): boolean {
  return from !== undefined && strength !== "weak" && state.speakers.includes(from);
}

/**
 * Whether the sender calls itself SENT-BY of the stored Organizer, from the same domain. Anybody with a mailbox at a large provider
 * can, so it is asked about; what the owner has said yes to is stored, and counts from then on.
 */
function claimsSentBy(state: SchedulingState, message: SchedulingMessage, { from, strength }: Evidence): boolean {
  const stored = state.object && organizerOf(state.object);
  const claimed = organizerOf(message.object);
  if (!stored || !from || strength === "weak" || claimed?.address !== stored.address) return false;
  return claimed.sentBy === from && domainOf(from) === domainOf(stored.address);
}

function purposeOf(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  owner: ReadonlySet<CalendarUserAddress>,
): Purpose {
  switch (message.method) {
    case "REPLY":
    case "COUNTER":
      return "answer";
    case "REFRESH":
      return "refresh";
    case "DECLINECOUNTER":
      return "decline";
    case "PUBLISH":
      // What the owner has taken once is kept up to date by whoever published it.
      return state.object ? "update" : "publication";
    default:
      if (state.object) return "update";
      if (evidence.relation === "stranger") return "strange-invitation";
      return isDelegation(message, evidence.from, owner) ? "delegation" : "invitation";
  }
}

/**
 * Tells whether a REQUEST shows its sender delegating to the owner of the copy, RFC 5546 §3.2.2.3: then it comes from somebody else than the
 * Organizer as it should. It says so itself, so it is believed of people the owner knows alone.
 */
export function isDelegation(
  { method, object }: SchedulingMessage,
  from: CalendarUserAddress | undefined,
  owner: ReadonlySet<CalendarUserAddress>,
): boolean {
  if (method !== "REQUEST" || !from) return false;
  return objectComponents(object).some(({ attendees }) =>
    attendees.get(from)?.delegatedTo.some((to) => owner.has(to) && attendees.get(to)?.delegatedFrom.includes(from)),
  );
}

/** Whether the proven From address is the one that may say this. */
function speaks(purpose: Purpose, state: SchedulingState, message: SchedulingMessage, evidence: Evidence): boolean {
  const { from } = evidence;
  if (!from) return false;
  // A link was made for one Attendee, and speaks for nobody else.
  if (evidence.strength === "link") return purpose === "answer" && message.originator === from;
  if (purpose === "delegation") return true;
  if (purpose === "answer" || purpose === "refresh") return message.originator === from;
  const claimed = organizerOf(message.object);
  const stored = state.object && organizerOf(state.object);
  if (!state.object) return claimed?.address === from;
  // A REQUEST of another Organizer is always a Question to the owner, if that Organizer is proven at all: RFC 5546 §6.1.3.
  if (message.method === "REQUEST" && claimed && claimed.address !== stored?.address) {
    return evidence.strength !== "weak" && (from === claimed.address || from === stored?.address);
  }
  // An object without an Organizer is its owner's: nobody else speaks for it.
  if (!stored) return false;
  if (speaksForOrganizer(stored, from)) return true;
  return isCalendarId(stored.address) && state.speakers.includes(from);
}

/** The Organizer, or the SENT-BY of the same domain that the owner's copy knows: RFC 5546 §2.1.3. */
function speaksForOrganizer(known: Organizer, from: CalendarUserAddress): boolean {
  return from === known.address || (from === known.sentBy && domainOf(from) === domainOf(known.address));
}

/**
 * Tells whether an ORGANIZER is the id of a calendar rather than of a person, so that mail for it never comes From it.
 * The sender of the invitation the owner believed is then remembered as who speaks for it (decision 0004).
 */
export function isCalendarId(organizer: CalendarUserAddress): boolean {
  return calendarIdDomains.has(domainOf(organizer));
}

const calendarIdDomains: ReadonlySet<string> = new Set([
  "group.calendar.google.com",
  "import.calendar.google.com",
  "imip.me.com",
]);
