import type { Sharee } from "../../scheduling/share-calendar.ts";
import type { CalendarId, ReadTransaction, Share } from "../../store/store.ts";
import { maySharePart, type Node } from "../node.ts";

/** Finds with whom calendars among some resources are shared, for whoever may know: one look for all of an owner's. */
export async function loadSharees(
  { calendars, principals }: ReadTransaction,
  nodes: readonly Node[],
): Promise<ReadonlyMap<CalendarId, readonly Sharee[]>> {
  const own = nodes.flatMap((node) => (node.kind === "calendar" && maySharePart(node) ? [node.owner.id] : []));
  const shares: Share[] = [];
  for (const owner of new Set(own)) shares.push(...(await calendars.sharedBy(owner)));
  const known = await principals.byIds(shares.map(({ sharee }) => sharee));
  const sharees = new Map<CalendarId, Sharee[]>();
  for (const { calendar, sharee, access } of shares) {
    const principal = known.get(sharee);
    const present = sharees.get(calendar);
    if (principal && present) present.push({ principal, access });
    else if (principal) sharees.set(calendar, [{ principal, access }]);
  }
  return sharees;
}
