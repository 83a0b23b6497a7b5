import {
  type Action,
  act,
  type CalendarObject,
  type Context,
  type Outcome,
  schedule,
  unknownState,
} from "@parley/engine";
import type { Placing, Principal, StoredObject, Transaction } from "../store/store.ts";
import { checkBooking, conflict } from "./booking.ts";
import { type Applied, commitApplied } from "./commit.ts";
import { contextFor, type House } from "./house.ts";
import { isHiddenFromActor } from "./privacy.ts";

/** What became of a change the owner asked for. */
export type ChangeResult =
  /** Kept; `object` is absent where it was removed. */
  | { readonly kind: "done"; readonly object?: StoredObject }
  | { readonly kind: "not-found" }
  /** It is private, and who acts for the owner may not look into it. */
  | { readonly kind: "not-allowed" }
  /** Somebody or something changed it after the caller last looked. */
  | { readonly kind: "changed-meanwhile"; readonly object: StoredObject }
  /** The engine did not take it; `outcome` says why. */
  | { readonly kind: "refused"; readonly outcome: Exclude<Outcome, { kind: "applied" }> };

/** Which object a change is of: a new one by its UID, or a present one by its id, and the etag the caller saw. */
export type Target = { readonly uid: string } | { readonly id: string; readonly etag?: string };

/**
 * Lets the owner write a new version of an object, or remove it (`undefined`). The one way for forms, programs and imports:
 * load, engine, save and queue in one transaction.
 */
export function changeObject(
  house: House,
  principal: Principal,
  target: Target,
  edit: (present: StoredObject | undefined, context: Context) => CalendarObject | undefined,
): Promise<ChangeResult> {
  return changeBy(house, principal, target, (present, context) =>
    schedule(present?.state ?? unknownState, edit(present, context), context),
  );
}

/** Lets the owner act on an object: answer it, call it off. */
export function actOnObject(house: House, principal: Principal, target: Target, action: Action): Promise<ChangeResult> {
  // Whoever looks after a room answers for it what they may not look into: nobody else would.
  const mayAnswer = action.kind === "answer" && principal.booking !== undefined;
  const acting = mayAnswer ? { ...principal, hidesPrivate: false } : principal;
  return changeBy(house, acting, target, (present, context) => act(present?.state ?? unknownState, action, context));
}

async function changeBy(
  house: House,
  principal: Principal,
  target: Target,
  decide: (present: StoredObject | undefined, context: Context) => Outcome,
): Promise<ChangeResult> {
  return house.store.write(async (transaction): Promise<ChangeResult> => {
    const present = await find(transaction, principal, target);
    if ("id" in target && !present?.state.object) return { kind: "not-found" };
    if (present && (await isReadFromElsewhere(transaction, principal, present))) return { kind: "not-found" };
    if (present?.state.object && isHiddenFromActor(principal, present.state.object)) return { kind: "not-allowed" };
    if ("id" in target && present && target.etag !== undefined && target.etag !== present.etag) {
      return { kind: "changed-meanwhile", object: present };
    }
    const decided = decide(present, contextFor(house, principal));
    return keepDecided(house, transaction, principal, present?.uid ?? decidedUid(decided), decided);
  });
}

/** What is read from elsewhere is nobody's to change here, and is as if it were not there. */
async function isReadFromElsewhere(
  { calendars }: Transaction,
  { id }: Principal,
  { uid }: StoredObject,
): Promise<boolean> {
  const member = await calendars.ofUid(id, uid);
  return member !== undefined && (await calendars.byId(id, member.calendar))?.source !== undefined;
}

function decidedUid(decided: Outcome): string | undefined {
  return decided.kind === "applied" ? decided.state.object?.uid : undefined;
}

/** What became of a change that was decided over. */
export type Kept = Extract<ChangeResult, { kind: "done" | "not-found" | "refused" }>;

/** Keeps what the engine made of the owner's change: where a room is free for it, and nothing is written over. */
export async function keepDecided(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string | undefined,
  decided: Outcome,
  placing: Placing = {},
): Promise<Kept> {
  if (decided.kind !== "applied") return { kind: "refused", outcome: decided };
  const outcome = await checkBooking(house, transaction, principal, uid ?? "", decided);
  if (outcome.kind !== "applied") return { kind: "refused", outcome };
  const taken = await takenUid(transaction, principal, outcome);
  if (taken !== undefined) return { kind: "refused", outcome: conflict(taken) };
  if (uid === undefined) return { kind: "not-found" };
  const object = await commitApplied(house, transaction, principal, uid, outcome, "owner", placing);
  return { kind: "done", ...(object && { object }) };
}

/** The UID of something an outcome would make that is there already: it would be written over. */
async function takenUid(transaction: Transaction, principal: Principal, { further = [] }: Applied) {
  for (const { object } of further) {
    const known = object && (await transaction.objects.byUid(principal.id, object.uid));
    if (known?.state.object) return known.uid;
  }
  return undefined;
}

function find(transaction: Transaction, principal: Principal, target: Target): Promise<StoredObject | undefined> {
  return "id" in target
    ? transaction.objects.byId(principal.id, target.id)
    : transaction.objects.byUid(principal.id, target.uid);
}
