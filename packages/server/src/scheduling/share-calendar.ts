import type { CalendarUserAddress } from "@parley/engine";
import type { Calendar, Principal, ReadTransaction, ShareAccess, Transaction } from "../store/store.ts";

/** With how many people and groups one calendar is shared. */
const maxSharees = 500;

/** What became of a share. */
export type ShareResult =
  | { readonly kind: "done"; readonly sharee: Principal }
  /** Nobody here has that address, or they are no person and no group, or the owner themselves. */
  | { readonly kind: "nobody" }
  | { readonly kind: "too-many" };

/** Shares a calendar with whoever has an address, or ends that (`undefined`), at once: nobody has to accept. Decision 0041. */
export async function shareCalendar(
  transaction: Transaction,
  calendar: Pick<Calendar, "id" | "principal" | "source">,
  address: CalendarUserAddress,
  access: ShareAccess | undefined,
): Promise<ShareResult> {
  const { calendars, principals } = transaction;
  const sharee = await principals.byAddress(address);
  const canShare = sharee?.kind === "person" || sharee?.kind === "group";
  if (!sharee || !canShare || sharee.id === calendar.principal) return { kind: "nobody" };
  const shares = await calendars.shares(calendar.id);
  const isNew = !shares.some((share) => share.sharee === sharee.id);
  if (isNew && access === undefined) return { kind: "nobody" };
  if (isNew && shares.length >= maxSharees) return { kind: "too-many" };
  // Of what is read from elsewhere there is nothing to write.
  const kept = access === "write" && calendar.source !== undefined ? "read" : access;
  await calendars.share(calendar.principal, calendar.id, sharee.id, kept);
  return { kind: "done", sharee };
}

/** With whom a calendar is shared. */
export interface Sharee {
  readonly principal: Principal;
  readonly access: ShareAccess;
}

/** Lists with whom a calendar is shared. */
export async function shareesOf(
  { calendars, principals }: ReadTransaction,
  { id }: Pick<Calendar, "id">,
): Promise<readonly Sharee[]> {
  const shares = await calendars.shares(id);
  const known = await principals.byIds(shares.map(({ sharee }) => sharee));
  return shares.flatMap(({ sharee, access }): readonly Sharee[] => {
    const principal = known.get(sharee);
    return principal ? [{ principal, access }] : [];
  });
}

/** Lets somebody leave what is shared with them: what is theirs by a group they do not see any more. */
export async function leaveShared(
  { calendars, sharing }: Transaction,
  sharee: Principal,
  { id, principal }: Pick<Calendar, "id" | "principal">,
): Promise<void> {
  await calendars.share(principal, id, sharee.id, undefined);
  await sharing.changeView(sharee.id, id, { isHidden: true });
}
