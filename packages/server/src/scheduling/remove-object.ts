import { authorize } from "../auth/authorize.ts";
import type { CalendarId, Member, ReadTransaction, Transaction } from "../store/store.ts";
import { keepDecided } from "./change-object.ts";
import { decideRemoval } from "./decide-put.ts";
import { contextFor, type House } from "./house.ts";
import { holds, memberAt, type OpenCalendar, openCalendar } from "./open-place.ts";
import { isHidden, seesPrivate } from "./privacy.ts";
import type { Actor, Conditions, ObjectPlace, RemoveResult } from "./writing.ts";

/** Objects removed in one transaction with their calendar: others wait no longer than for these. */
const maxTogether = 50;

/** More than a calendar can hold. */
const maxMembers = 10_000_000;

/** How something is removed. */
export interface RemoveOptions {
  readonly conditions?: Conditions;
  /** Whether the Organizer is told that an Attendee does not come, RFC 6638 §8.1; they are where nobody says. */
  readonly reply?: boolean;
}

/** Removes an object: RFC 6638 §3.2.1.3 and §3.2.2.4. Guests are sent a CANCEL, an Organizer that the owner declines. */
export function deleteObject(
  house: House,
  actor: Actor,
  at: ObjectPlace,
  { conditions, reply = true }: RemoveOptions = {},
): Promise<RemoveResult> {
  return house.store.write(async (transaction): Promise<RemoveResult> => {
    const open = await openCalendar(transaction, actor, at.calendar, "organize");
    if (open.kind !== "open") return open;
    const member = await memberAt(transaction, at.calendar, at.name);
    if (!member) return conditions?.ifMatch ? { kind: "condition-failed" } : { kind: "not-found" };
    if (!holds(member, conditions)) return { kind: "condition-failed" };
    return removeMember(house, transaction, actor, open, member, reply);
  });
}

/** Removes what is a member of an open calendar. */
export async function removeMember(
  house: House,
  transaction: Transaction,
  actor: Actor,
  { principal }: OpenCalendar,
  { uid }: Member,
  reply: boolean,
): Promise<RemoveResult> {
  const stored = await transaction.objects.byUid(principal.id, uid);
  if (!stored?.state.object) return { kind: "not-found" };
  if (isHidden(actor, stored.state.object)) return { kind: "not-allowed" };
  const decided = decideRemoval(stored.state, reply, contextFor(house, principal));
  const kept = await keepDecided(house, transaction, principal, uid, decided);
  return kept.kind === "done" ? { kind: "done" } : kept;
}

/**
 * Removes a calendar with all that is in it, each object as `deleteObject` does: RFC 6638 §3.2.3.2. What was removed stays so where it ends
 * before its end. The default calendar is not removed, §4.3.
 */
export async function removeCalendar(
  house: House,
  actor: Actor,
  id: CalendarId,
  { reply = true }: Pick<RemoveOptions, "reply"> = {},
): Promise<RemoveResult> {
  // Nothing is removed where something is that they may not: not a part of it either.
  if (await house.store.read((transaction) => hidesSome(transaction, actor, id))) return { kind: "not-allowed" };
  for (;;) {
    const step = await house.store.write((transaction) => removeSome(house, transaction, actor, id, reply));
    if (step !== "more") return step;
  }
}

/** Tells whether a calendar that somebody could remove for its owner has something they may not look into. */
async function hidesSome(transaction: ReadTransaction, actor: Actor, id: CalendarId): Promise<boolean> {
  const { caller, owner } = actor;
  if (seesPrivate(actor) || !(await authorize(transaction, caller, owner, "organize"))) return false;
  const calendar = await transaction.calendars.byId(owner.id, id);
  if (!calendar || calendar.source !== undefined) return false;
  return (await transaction.calendars.members(id, maxMembers)).some(({ privacy }) => privacy !== undefined);
}

async function removeSome(
  house: House,
  transaction: Transaction,
  actor: Actor,
  id: CalendarId,
  reply: boolean,
): Promise<RemoveResult | "more"> {
  const open = await openCalendar(transaction, actor, id, "read");
  if (open.kind !== "open") return open;
  // Who shares one calendar does not take it away from its owner.
  if (open.calendar.isDefault || !(await authorize(transaction, actor.caller, actor.owner, "organize")))
    return { kind: "not-allowed" };
  const members = await transaction.calendars.members(id, maxTogether);
  if (open.calendar.source !== undefined) {
    // Copies of what is elsewhere: there is nobody to be told.
    await transaction.sharing.removeCopies(
      actor.owner.id,
      id,
      members.map(({ object }) => object),
    );
  }
  for (const member of open.calendar.source === undefined ? members : []) {
    const removed = await removeMember(house, transaction, actor, open, member, reply);
    if (removed.kind !== "done") return removed;
  }
  if (members.length === maxTogether) return "more";
  return (await transaction.calendars.remove(open.principal.id, id)) ? { kind: "done" } : { kind: "not-found" };
}
