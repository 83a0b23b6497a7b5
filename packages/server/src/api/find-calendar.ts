import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { sharedCalendar } from "../auth/shared-calendars.ts";
import type { NotDone } from "../scheduling/writing.ts";
import type { Calendar, Principal, ReadTransaction, ShareAccess } from "../store/store.ts";
import { requireCaller } from "./caller.ts";
import { Refusal } from "./problem.ts";

const closed = { additionalProperties: false };
const Slug = Type.String({ minLength: 1, maxLength: 255 });

/** What routes below one calendar are named by. */
export const BySlug = Type.Object({ slug: Slug }, closed);
export const BySlugAndAddress = Type.Object(
  { slug: Slug, address: Type.String({ minLength: 3, maxLength: 320 }) },
  closed,
);
export const BySlugAndId = Type.Object({ slug: Slug, id: Type.String({ minLength: 1, maxLength: 20 }) }, closed);

/** A calendar a person can name: one of theirs, or one that is shared with them. */
export interface KnownCalendar {
  readonly calendar: Calendar;
  readonly owner: Principal;
  readonly access: "own" | ShareAccess;
}

/** Finds who is calling, for themselves: what one does with whole calendars nobody does in another's name here. */
export function requireSelf(request: FastifyRequest): Principal {
  const caller = requireCaller(request);
  if (caller.actor !== undefined) throw new Refusal("not-allowed", "That is done for oneself alone.");
  return caller;
}

/** Finds a calendar of a person's, or one that is shared with them; throws the problem `not-found` for all others alike. */
export async function findCalendar(
  transaction: ReadTransaction,
  caller: Principal,
  slug: string,
): Promise<KnownCalendar> {
  const own = await transaction.calendars.bySlug(caller.id, slug);
  if (own) return { calendar: own, owner: caller, access: "own" };
  const shared = await sharedCalendar(transaction, caller, slug);
  if (!shared) throw noCalendar();
  return shared;
}

/** Finds a calendar of a person's own. */
export async function findOwnCalendar(
  transaction: ReadTransaction,
  caller: Principal,
  slug: string,
): Promise<Calendar> {
  const known = await findCalendar(transaction, caller, slug);
  if (known.access !== "own") throw new Refusal("not-allowed", "That is its owner's to do.");
  return known.calendar;
}

/** Makes the problem of a calendar that is not there. */
export function noCalendar(): Refusal {
  return new Refusal("not-found", "You have no such calendar.");
}

/** Makes the problem of what was not done. */
export function refusalOf(result: NotDone): Refusal {
  switch (result.kind) {
    case "not-found":
      return noCalendar();
    case "not-allowed":
      return new Refusal("not-allowed", "You may not do that with this calendar.");
    case "precondition":
      return new Refusal("invalid", result.detail);
    case "refused":
      return new Refusal("refused", `It cannot be done: ${result.outcome.kind} (${result.outcome.rule}).`);
    case "condition-failed":
    case "name-refused":
      return new Refusal("refused", "It cannot be done.");
  }
}
