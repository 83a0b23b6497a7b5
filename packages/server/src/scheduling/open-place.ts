import { allows, scopeIn } from "../auth/authorize.ts";
import type { Calendar, CalendarId, DelegationScope, Member, Principal, Transaction } from "../store/store.ts";
import type { Actor, Conditions, NotDone } from "./writing.ts";

/** A calendar somebody may write in. */
export interface OpenCalendar {
  readonly kind: "open";
  readonly calendar: Calendar;
  /** The owner, with who acts for them. */
  readonly principal: Principal;
  readonly scope: DelegationScope;
}

/**
 * Opens a calendar for what takes a scope: `not-found` for whoever may not even see it, `not-allowed` where nobody writes, as it is read
 * from elsewhere. RFC 6638 §11.4: before anything is looked at.
 */
export async function openCalendar(
  transaction: Transaction,
  { caller, owner }: Actor,
  id: CalendarId,
  needed: DelegationScope,
): Promise<OpenCalendar | NotDone> {
  const calendar = await transaction.calendars.byId(owner.id, id);
  const scope = calendar && (await scopeIn(transaction, caller, owner, id));
  if (!calendar || scope === undefined || !allows(scope, "read")) return { kind: "not-found" };
  if (!allows(scope, needed) || (calendar.source !== undefined && needed !== "read")) return { kind: "not-allowed" };
  const principal = caller.id === owner.id ? owner : { ...owner, actor: caller.address };
  return { kind: "open", calendar, principal, scope };
}

/** Finds what is at a name. */
export async function memberAt(transaction: Transaction, calendar: CalendarId, name: string) {
  const [member] = await transaction.calendars.byNames(calendar, [name]);
  return member;
}

/** Tells whether what is there is as the client asks: HTTP, and RFC 6638 §8.3. */
export function holds(member: Member | undefined, conditions: Conditions = {}): boolean {
  const { ifMatch, ifNoneMatch, ifScheduleTagMatch } = conditions;
  if (ifMatch && !(member && (ifMatch === "*" || ifMatch.includes(member.etag)))) return false;
  if (ifNoneMatch && member && (ifNoneMatch === "*" || ifNoneMatch.includes(member.etag))) return false;
  return ifScheduleTagMatch === undefined || (member?.scheduleTag ?? "") === ifScheduleTagMatch;
}

/** Octets of a name that can be kept. */
const maxNameOctets = 255;

/** Tells whether a text can be the last segment of a URL here. */
export function isName(name: string): boolean {
  const isSegment = name !== "" && name !== "." && name !== ".." && !/[\u0000-\u001f\u007f/]/.test(name);
  return isSegment && Buffer.byteLength(name) <= maxNameOctets;
}
