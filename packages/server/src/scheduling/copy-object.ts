import { keepObject, objectComponents, unknownState } from "@parley/engine";
import { scopeIn } from "../auth/authorize.ts";
import type { Member, StoredObject, Transaction } from "../store/store.ts";
import { keepDecided } from "./change-object.ts";
import { isOrganizedBy } from "./decide-put.ts";
import { contextFor, type House } from "./house.ts";
import { holds, isName, memberAt, type OpenCalendar, openCalendar } from "./open-place.ts";
import { isHidden } from "./privacy.ts";
import { conflict } from "./put-object.ts";
import { readWritten } from "./read-written.ts";
import { removeMember } from "./remove-object.ts";
import { renderObjects } from "./render-object.ts";
import type { Actor, Conditions, NotDone, ObjectPlace, WriteResult } from "./writing.ts";

/** A place, and who does something there. */
export interface ActingPlace {
  readonly actor: Actor;
  readonly at: ObjectPlace;
}

/** How something is copied. */
export interface CopyOptions {
  /** Of what is copied, RFC 6638 §8.3. */
  readonly conditions?: Conditions;
  /** Whether something may be at the destination. */
  readonly overwrite?: boolean;
  /** It is removed where it was, in the same transaction: a move from one owner to another. */
  readonly isMove?: boolean;
}

interface Source {
  readonly open: OpenCalendar;
  readonly member: Member;
  readonly stored: StoredObject;
}

/**
 * Copies an object to a calendar of another owner, as somebody sees it: it is kept there as an import is, and no message is sent (RFC 6638
 * §3.2.3.3). Of what its owner has already there is no second one: a UID is one object of theirs (decision 0038). What has guests is not
 * moved away from whose it is: nobody would answer for it.
 */
export function copyObject(
  house: House,
  from: ActingPlace,
  to: ActingPlace,
  { conditions, overwrite = true, isMove = false }: CopyOptions = {},
): Promise<WriteResult> {
  return house.store.write(async (transaction): Promise<WriteResult> => {
    const source = await openSource(transaction, from, isMove ? "organize" : "read");
    if ("kind" in source) return source;
    const open = await openCalendar(transaction, to.actor, to.at.calendar, "organize");
    if (open.kind !== "open") return open;
    if (!holds(source.member, conditions)) return { kind: "condition-failed" };
    if (!isName(to.at.name)) return { kind: "name-refused" };
    const there = await memberAt(transaction, to.at.calendar, to.at.name);
    if (there && !overwrite) return { kind: "condition-failed" };
    const known = (await transaction.calendars.ofUid(open.principal.id, source.member.uid)) ?? there;
    if (known) return conflict(transaction, to.actor, known, to.at);
    const bound = isMove ? boundTo(house, source) : undefined;
    if (bound) return bound;
    const kept = await keepCopy(house, transaction, from.actor, source, open, to.at);
    if (kept.kind !== "done" || !isMove) return kept;
    const removed = await removeMember(house, transaction, from.actor, source.open, source.member, false);
    // It was looked at in this transaction: what is half moved is not kept.
    if (removed.kind !== "done") throw new Error(`${from.at.name} could not be removed`);
    return kept;
  });
}

async function openSource(
  transaction: Transaction,
  { actor, at }: ActingPlace,
  needed: "read" | "organize",
): Promise<Source | NotDone> {
  const open = await openCalendar(transaction, actor, at.calendar, needed);
  if (open.kind !== "open") return open;
  const member = await memberAt(transaction, at.calendar, at.name);
  const stored = member && (await transaction.objects.byUid(open.principal.id, member.uid));
  if (!member || !stored?.state.object) return { kind: "not-found" };
  if (!isHidden(actor, stored.state.object)) return { open, member, stored };
  // Whoever was told of this calendar alone does not see what is private at all.
  const isListed = member.privacy !== "private" || (await scopeIn(transaction, actor.caller, actor.owner));
  return { kind: isListed ? "not-allowed" : "not-found" };
}

/** Why something stays in the calendars of its owner. */
function boundTo(house: House, { open: { principal }, stored: { state } }: Source): NotDone | undefined {
  const { object } = state;
  if (!object || objectComponents(object).every(({ attendees }) => attendees.size === 0)) return undefined;
  const role = isOrganizedBy(object, contextFor(house, principal)) ? "organizer" : "attendee";
  return {
    kind: "precondition",
    name: `allowed-${role}-scheduling-object-change`,
    detail: "What has guests stays with whose it is.",
  };
}

async function keepCopy(
  house: House,
  transaction: Transaction,
  actor: Actor,
  { stored }: Source,
  { calendar, principal }: OpenCalendar,
  at: ObjectPlace,
): Promise<WriteResult> {
  const texts = await renderObjects(house, transaction, actor, [stored]);
  const written = readWritten(house, texts.get(stored.id) ?? "");
  if ("kind" in written) return written;
  const { object } = written;
  if (!calendar.components.some((component) => component === object.type)) {
    const detail = `This calendar holds no ${object.type}.`;
    return { kind: "precondition", name: "supported-calendar-component", detail };
  }
  // What was removed has left registers.
  const before = (await transaction.objects.byUid(principal.id, object.uid))?.state ?? unknownState;
  const kept = await keepDecided(house, transaction, principal, object.uid, keepObject(before, object), at);
  if (kept.kind !== "done") return kept;
  const member = await memberAt(transaction, at.calendar, at.name);
  if (!member) throw new Error(`what was copied to ${at.name} is not there`);
  return { kind: "done", member, isNew: true, isAsWritten: false };
}
