import type { Sharee } from "../../scheduling/share-calendar.ts";
import type { CalendarId, ReadTransaction } from "../../store/store.ts";
import { maySharePart, type Node } from "../node.ts";

/** Finds with whom calendars among some resources are shared, for whoever may know: one look for all of an owner's. */
export async function loadSharees(
  { calendars, principals }: ReadTransaction,
  nodes: readonly Node[],
): Promise<ReadonlyMap<CalendarId, readonly Sharee[]>> {
  const own = nodes.flatMap((node) => (node.kind === "calendar" && maySharePart(node) ? [node.owner.id] : []));
  const sharees = new Map<CalendarId, Sharee[]>();
  for (const owner of new Set(own)) {
    for (const { calendar, sharee, access } of await calendars.sharedBy(owner)) {
      const principal = await principals.byId(sharee);
      if (principal) sharees.set(calendar, [...(sharees.get(calendar) ?? []), { principal, access }]);
    }
  }
  return sharees;
}
