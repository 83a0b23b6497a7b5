import type { CalendarUserAddress } from "@parley/engine";
import type { AnswerLinks, ReadAnswerLinks, ToldComponent } from "./answer-link.ts";
import { chunksOf, indexKey } from "./keys.ts";
import type { Database } from "./tables.ts";

const rowsAtOnce = 100;

/** Reads links. */
export function readAnswerLinks(db: Database): ReadAnswerLinks {
  return {
    find: async (tokenHash) => {
      const row = await db
        .selectFrom("answer_links")
        .innerJoin("objects", "objects.id", "answer_links.object_id")
        .selectAll("answer_links")
        .select(["objects.uid", "objects.principal_id"])
        .where("answer_links.token_hash", "=", tokenHash)
        .executeTakeFirst();
      if (!row) return undefined;
      return {
        tokenHash,
        principal: String(row.principal_id),
        uid: row.uid,
        attendee: row.attendee as CalendarUserAddress,
        told: JSON.parse(row.told) as readonly ToldComponent[],
        expires: row.expires,
        answered: { since: row.answered_since, count: row.answered },
      };
    },
  };
}

/** Reads and writes links. */
export function writeAnswerLinks(db: Database): AnswerLinks {
  const objectId = async (principal: string, uid: string): Promise<number | undefined> => {
    const row = await db
      .selectFrom("objects")
      .select("id")
      .where("principal_id", "=", Number(principal))
      .where("uid_key", "=", indexKey(uid))
      .executeTakeFirst();
    return row?.id;
  };
  return {
    ...readAnswerLinks(db),
    add: async (links) => {
      const ids = new Map<string, number>();
      for (const { principal, uid } of links) {
        const name = `${principal} ${uid}`;
        const id = ids.get(name) ?? (await objectId(principal, uid));
        if (id === undefined) throw new Error(`there is no object ${uid} to answer`);
        ids.set(name, id);
      }
      const rows = links.map(({ tokenHash, principal, uid, attendee, told, expires }) => ({
        ...{ token_hash: tokenHash, object_id: ids.get(`${principal} ${uid}`) ?? 0, attendee },
        ...{ told: JSON.stringify(told), expires, answered: 0, answered_since: 0 },
      }));
      for (const values of chunksOf(rows, rowsAtOnce)) {
        await db
          .insertInto("answer_links")
          .values(values)
          .onConflict((conflict) => conflict.column("token_hash").doNothing())
          .execute();
      }
    },
    note: async (tokenHash, { expires, answered }) => {
      await db
        .updateTable("answer_links")
        .set({ expires, answered: answered.count, answered_since: answered.since })
        .where("token_hash", "=", tokenHash)
        .execute();
    },
    revoke: async (principal, uid, attendees) => {
      const id = await objectId(principal, uid);
      if (id === undefined) return 0;
      let revoked = 0;
      for (const chunk of attendees ? chunksOf(attendees, rowsAtOnce) : [undefined]) {
        const all = db.deleteFrom("answer_links").where("object_id", "=", id);
        const { numDeletedRows } = await (chunk ? all.where("attendee", "in", chunk) : all).executeTakeFirstOrThrow();
        revoked += Number(numDeletedRows);
      }
      return revoked;
    },
    removeExpired: async (now, limit) => {
      const expired = db.selectFrom("answer_links").select("token_hash").where("expires", "<=", now).limit(limit);
      const { numDeletedRows } = await db
        .deleteFrom("answer_links")
        .where("token_hash", "in", expired)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
