import type { CalendarUserAddress } from "@parley/engine";
import { sql } from "kysely";
import { chunksOf } from "./keys.ts";
import { preparedForMany } from "./prepared.ts";
import type { MemberProblem } from "./store.ts";
import type { Database } from "./tables.ts";

/** Groups inside one another; a deeper nesting is refused, and not followed. */
export const maxGroupDepth = 8;

/** Finds the addresses of the groups that principals are members of, also by way of other groups. */
export async function groupsOf(
  db: Database,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly CalendarUserAddress[]>> {
  const groups = new Map<number, CalendarUserAddress[]>();
  for (const { id, address } of await groupRows(db, ids)) {
    groups.set(Number(id), [...(groups.get(Number(id)) ?? []), address]);
  }
  return groups;
}

const groupRows = preparedForMany((db, ids: readonly number[]) => {
  const query = sql<{ id: number; address: CalendarUserAddress }>`
      with recursive above (id, group_id, depth) as (
        select member_id, group_id, 1 from members where member_id in (${sql.join(ids)})
        union
        select above.id, members.group_id, depth + 1 from above join members on members.member_id = above.group_id
          where depth < ${sql.lit(maxGroupDepth)}
      )
      select distinct above.id, addresses.address from above join addresses on addresses.principal_id = above.group_id
        order by above.id, addresses.address`;
  return { compile: () => query.compile(db) };
});

/** Adds a member, or says why not. The caller holds the lock of people: two of these at once could close a circle. */
export async function addMember(db: Database, group: number, member: number): Promise<MemberProblem | undefined> {
  const above = await reach(db, group, "up");
  if (group === member || above.ids.has(member)) return "cycle";
  const below = await reach(db, member, "down");
  if (above.depth + 1 + below.depth > maxGroupDepth) return "depth";
  await db
    .insertInto("members")
    .values({ group_id: group, member_id: member })
    .onConflict((conflict) => conflict.columns(["group_id", "member_id"]).doNothing())
    .execute();
  return undefined;
}

/** Takes a member out of a group; false where they were none. */
export async function removeMember(db: Database, group: number, member: number): Promise<boolean> {
  const removed = await db
    .deleteFrom("members")
    .where("group_id", "=", group)
    .where("member_id", "=", member)
    .executeTakeFirst();
  return Number(removed.numDeletedRows) > 0;
}

/** Finds the groups above a principal, or the members below, and over how many steps. */
export async function reach(
  db: Database,
  start: number,
  direction: "up" | "down",
): Promise<{ readonly ids: ReadonlySet<number>; readonly depth: number }> {
  const [from, to] = direction === "up" ? (["member_id", "group_id"] as const) : (["group_id", "member_id"] as const);
  const ids = new Set<number>();
  let depth = 0;
  for (let layer: readonly number[] = [start]; layer.length > 0 && depth <= maxGroupDepth; ) {
    const next = new Set<number>();
    for (const chunk of chunksOf(layer, 500)) {
      const rows = await db.selectFrom("members").select(to).where(from, "in", chunk).distinct().execute();
      for (const row of rows) next.add((row as Readonly<Record<string, number>>)[to] ?? 0);
    }
    for (const id of next) ids.add(id);
    if (next.size > 0) depth++;
    layer = [...next];
  }
  return { ids, depth };
}
