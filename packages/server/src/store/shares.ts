import { toCalendar } from "./calendar-rows.ts";
import type { Calendars, ReadCalendars } from "./calendars.ts";
import { rowId } from "./keys.ts";
import { reach } from "./members.ts";
import type { PrincipalId } from "./people.ts";
import type { Database } from "./tables.ts";

/** Calendars of others that somebody is told of, and people a calendar is shared with. */
const maxShares = 1_000;

/** Reads with whom calendars are shared. */
export function readShares(db: Database): Pick<ReadCalendars, "shares" | "sharedBy" | "sharedWith" | "shareOf"> {
  return {
    shares: async (calendar) => {
      const rows = await db
        .selectFrom("shares")
        .select(["sharee_id", "access"])
        .where("calendar_id", "=", rowId(calendar) ?? 0)
        .orderBy("sharee_id")
        .limit(maxShares)
        .execute();
      return rows.map(({ sharee_id, access }) => ({ calendar, sharee: String(sharee_id), access }));
    },
    sharedBy: async (principal) => {
      const rows = await db
        .selectFrom("shares")
        .innerJoin("calendars", "calendars.id", "shares.calendar_id")
        .select(["calendar_id", "sharee_id", "access"])
        .where("calendars.principal_id", "=", Number(principal))
        .orderBy("calendar_id")
        .orderBy("sharee_id")
        .limit(maxShares)
        .execute();
      return rows.map(({ calendar_id, sharee_id, access }) => ({
        ...{ calendar: String(calendar_id), sharee: String(sharee_id), access },
      }));
    },
    sharedWith: async (principal) => {
      const rows = await db
        .selectFrom("shares")
        .innerJoin("calendars", "calendars.id", "shares.calendar_id")
        .selectAll("calendars")
        .select(["sharee_id", "access"])
        .where("sharee_id", "in", await shareesOf(db, principal))
        .where("calendars.principal_id", "!=", Number(principal))
        .orderBy("calendar_id")
        .orderBy("sharee_id")
        .limit(maxShares)
        .execute();
      return rows.map(({ sharee_id, access, ...row }) => ({
        ...{ calendar: toCalendar(row), sharee: String(sharee_id), access },
      }));
    },
    shareOf: async (calendar, principal) => {
      const rows = await db
        .selectFrom("shares")
        .select("access")
        .where("calendar_id", "=", rowId(calendar) ?? 0)
        .where("sharee_id", "in", await shareesOf(db, principal))
        .execute();
      return rows.find(({ access }) => access === "write")?.access ?? rows[0]?.access;
    },
  };
}

/** Shares calendars. */
export function writeShares(db: Database): Pick<Calendars, "share"> {
  return {
    share: async (principal, id, sharee, access) => {
      const [calendar_id, sharee_id] = [rowId(id) ?? 0, rowId(sharee) ?? 0];
      const owned = await db
        .selectFrom("calendars")
        .select("id")
        .where("id", "=", calendar_id)
        .where("principal_id", "=", Number(principal))
        .executeTakeFirst();
      const known = await db.selectFrom("principals").select("id").where("id", "=", sharee_id).executeTakeFirst();
      if (!owned || !known || sharee === principal) return false;
      if (access === undefined) {
        await db
          .deleteFrom("shares")
          .where("calendar_id", "=", calendar_id)
          .where("sharee_id", "=", sharee_id)
          .execute();
        return true;
      }
      await db
        .insertInto("shares")
        .values({ calendar_id, sharee_id, access })
        .onConflict((conflict) => conflict.columns(["calendar_id", "sharee_id"]).doUpdateSet({ access }))
        .execute();
      return true;
    },
  };
}

/** A principal, and the groups they are a member of. */
async function shareesOf(db: Database, principal: PrincipalId): Promise<readonly number[]> {
  const { ids } = await reach(db, Number(principal), "up");
  return [Number(principal), ...ids];
}
