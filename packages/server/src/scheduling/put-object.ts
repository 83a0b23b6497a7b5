import { type CalendarObject, type Outcome, objectComponents, unknownState } from "@parley/engine";
import { allows } from "../auth/authorize.ts";
import type { Member, StoredObject, Transaction } from "../store/store.ts";
import { withoutAnswered } from "./answered-instances.ts";
import { keepDecided } from "./change-object.ts";
import { decidePut, isKeptAsItIs, isOrganizedBy } from "./decide-put.ts";
import { contextFor, type House } from "./house.ts";
import { holds, isName, memberAt, type OpenCalendar, openCalendar } from "./open-place.ts";
import { organizedForOwner } from "./organize-for-owner.ts";
import { preferenceOf } from "./preferences.ts";
import { isHidden } from "./privacy.ts";
import { readWritten, type Written } from "./read-written.ts";
import { formatObject } from "./render-object.ts";
import type { Actor, Conditions, NotDone, ObjectPlace, WriteResult } from "./writing.ts";

/**
 * Lets somebody's program write an object: RFC 4791 §5.3.2 and RFC 6638 §3.2.3.1. In one transaction it is read, compared with what is
 * there, kept, and what follows from it queued. What of an Attendee's version is not theirs is not refused: it stays as it was
 * (decision 0038).
 */
export function putObject(
  house: House,
  actor: Actor,
  at: ObjectPlace,
  text: string,
  conditions: Conditions = {},
): Promise<WriteResult> {
  const written = readWritten(house, text);
  return house.store.write(async (transaction): Promise<WriteResult> => {
    const open = await openCalendar(transaction, actor, at.calendar, "respond");
    if (open.kind !== "open") return open;
    const member = await memberAt(transaction, at.calendar, at.name);
    const stored = member && (await transaction.objects.byUid(open.principal.id, member.uid));
    if (!mayWrite(house, actor, open, stored)) return { kind: "not-allowed" };
    if (!holds(member, conditions)) return { kind: "condition-failed" };
    if (!isName(at.name)) return { kind: "name-refused" };
    if ("kind" in written) return written;
    const source = member ? undefined : await findSource(transaction, actor, open, at, written.object);
    const refused = await checkPlace(transaction, actor, open, at, written.object, member ?? source);
    if (refused) return refused;
    const object = await organizedForOwner(house, transaction, actor, written.object);
    const to = source ? placeOf(source) : at;
    const kept = await keepWritten(house, transaction, open, to, { written: { ...written, object }, stored, text });
    if (kept.kind !== "done" || !source) return kept;
    const moved = await transaction.calendars.move(open.principal.id, source.object, at, house.clock());
    if (!moved) throw new Error(`nothing could be moved to ${at.name}`);
    return { ...kept, member: moved };
  });
}

/**
 * Finds the object of another calendar that is moved by being written to a new one. Programs that know no MOVE do so, Thunderbird among
 * them, and delete at the old place after. RFC 6638 §3.2.4.1 leaves it to a server.
 */
async function findSource(
  transaction: Transaction,
  actor: Actor,
  { principal }: OpenCalendar,
  at: ObjectPlace,
  { uid }: CalendarObject,
): Promise<Member | undefined> {
  const known = await transaction.calendars.ofUid(principal.id, uid);
  if (!known || known.calendar === at.calendar) return undefined;
  const open = await openCalendar(transaction, actor, known.calendar, "organize");
  const stored = open.kind === "open" ? await transaction.objects.byUid(principal.id, uid) : undefined;
  return stored?.state.object && !isHidden(actor, stored.state.object) ? known : undefined;
}

function placeOf({ calendar, name }: Member): ObjectPlace {
  return { calendar, name };
}

/** Tells whether somebody may write over what is there, or make something new: who may only answer may write what is an Attendee's. */
function mayWrite(
  house: House,
  actor: Actor,
  { principal, scope }: OpenCalendar,
  stored: StoredObject | undefined,
): boolean {
  const object = stored?.state.object;
  if (object && isHidden(actor, object)) return false;
  if (allows(scope, "organize")) return true;
  return object !== undefined && !isOrganizedBy(object, contextFor(house, principal));
}

/** Checks what an object may be where it is to be, beside what it says itself. */
async function checkPlace(
  transaction: Transaction,
  actor: Actor,
  { calendar, principal }: OpenCalendar,
  at: ObjectPlace,
  { uid, type }: CalendarObject,
  member: Member | undefined,
): Promise<NotDone | undefined> {
  if (member && member.uid !== uid) return conflict(transaction, actor, member, at);
  const known = member ? undefined : await transaction.calendars.ofUid(principal.id, uid);
  if (known) return conflict(transaction, actor, known, at);
  if (calendar.components.some((component) => component === type)) return undefined;
  const detail = `This calendar holds ${calendar.components.join(", ")}, and no ${type}.`;
  return { kind: "precondition", name: "supported-calendar-component", detail };
}

/** Says that there is that UID: it is one object of its owner's, RFC 4791 §5.3.2.1, RFC 6638 §3.2.4.1. Where it is they are told alone: §11.4. */
export async function conflict(
  { calendars }: Transaction,
  { caller, owner }: Actor,
  { calendar, name, scheduleTag, privacy }: Member,
  at: ObjectPlace,
): Promise<NotDone> {
  const isElsewhere = calendar !== at.calendar;
  const isTold = caller.id === owner.id || (!isElsewhere && privacy !== "private");
  const where = isTold ? await calendars.byId(owner.id, calendar) : undefined;
  return {
    kind: "precondition",
    name: isElsewhere && scheduleTag !== undefined ? "unique-scheduling-object-resource" : "no-uid-conflict",
    detail: "There is another object with that UID.",
    ...(where && { conflict: { calendar, slug: where.slug, name } }),
  };
}

interface Writing {
  readonly written: Written;
  readonly stored: StoredObject | undefined;
  readonly text: string;
}

async function keepWritten(
  house: House,
  transaction: Transaction,
  { principal, scope }: OpenCalendar,
  at: ObjectPlace,
  { written, stored, text }: Writing,
): Promise<WriteResult> {
  const { uid } = written.object;
  // What was removed has left registers.
  const before = stored ?? (await transaction.objects.byUid(principal.id, uid));
  const state = before?.state ?? unknownState;
  const context = contextFor(house, principal);
  // Who may only answer does that by what the engine takes of an Attendee's version.
  if (!allows(scope, "organize") && isKeptAsItIs(state, written.object, context)) return { kind: "not-allowed" };
  const object = withoutAnswered(house, principal, state, written.object);
  const proposes = hasGuests(object) && (await preferenceOf(transaction, principal, "edited-times")) === "propose";
  const decided = decidePut(state, { ...written, object }, context, {
    proposes,
    delegates: allows(scope, "organize"),
  });
  const isKept = isUnchanged(decided);
  // What is scheduled is shown with what others have said: it is never as its program has written it.
  const heading = hasGuests(object) ? undefined : written.heading;
  const placing = { ...at, ...(heading !== undefined && { heading }) };
  const kept = isKept ? undefined : await keepDecided(house, transaction, principal, uid, decided, placing);
  if (kept && kept.kind !== "done") return kept;
  const now = kept ? kept.object : before;
  const present = now?.state.object;
  const member = await memberAt(transaction, at.calendar, at.name);
  if (!member || !present) throw new Error(`what was written to ${at.name} is not there`);
  const isAsWritten = !hasGuests(present) && formatObject(house, now) === text;
  return { kind: "done", member, isNew: stored === undefined, isAsWritten };
}

/** Tells whether what was written is what was there. */
function isUnchanged(outcome: Outcome): boolean {
  return outcome.kind === "ignored" && outcome.reason === "nothing-changed";
}

/** What is scheduled is never shown as it was written: it has answers, and what became of messages. */
function hasGuests(object: CalendarObject): boolean {
  return objectComponents(object).some(({ attendees }) => attendees.size > 0);
}
