// table: every table a copy holds, its key, and what its columns refer to
import type { Tables } from "./tables.ts";

/** What a copy must know of a table. */
export interface TableFacts {
  readonly name: keyof Tables;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  /** Columns that name a row of another table, and that table's key. */
  readonly references?: readonly (readonly [column: string, table: keyof Tables, key: string])[];
  /** Rows read at once, where one may be large. */
  readonly rowsAtOnce?: number;
  /** Columns a copy does not hold: they follow from other rows, and are made anew. */
  readonly derived?: readonly (keyof Tables["objects"])[];
}

const principal = ["principal_id", "principals", "id"] as const;
const object = ["object_id", "objects", "id"] as const;

/**
 * All tables each after those it refers to, but for `sessions`, `sign_ins` and `migrations`, the index `busy`, which is made anew, and `jobs`, which
 * tells of what ran elsewhere.
 */
export const tableList: readonly TableFacts[] = [
  { name: "principals", key: ["id"] },
  { name: "addresses", key: ["address"], references: [principal] },
  {
    name: "members",
    key: ["group_id", "member_id"],
    references: [
      ["group_id", "principals", "id"],
      ["member_id", "principals", "id"],
    ],
  },
  {
    name: "delegations",
    key: ["owner_id", "delegate_id"],
    references: [
      ["owner_id", "principals", "id"],
      ["delegate_id", "principals", "id"],
    ],
  },
  { name: "credentials", key: ["principal_id"], references: [principal] },
  { name: "app_passwords", key: ["principal_id", "name"], references: [principal] },
  { name: "correspondents", key: ["principal_id", "address"], references: [principal] },
  { name: "signers", key: ["principal_id", "address"], references: [principal] },
  { name: "preferences", key: ["principal_id", "name"], references: [principal] },
  { name: "known_busy", key: ["principal_id", "address", "uid_key", "starts"], references: [principal] },
  { name: "busy_asked", key: ["principal_id", "address", "starts", "ends"], references: [principal] },
  { name: "busy_questions", key: ["principal_id", "asker"], references: [principal] },
  { name: "calendars", key: ["id"], references: [principal] },
  { name: "documents", key: ["hash"], rowsAtOnce: 20 },
  {
    name: "objects",
    key: ["id"],
    references: [principal, ["calendar_id", "calendars", "id"], ["document", "documents", "hash"]],
    derived: ["busy_version", "busy_from", "busy_until", "busy_basis"],
  },
  { name: "removals", key: ["calendar_id", "name"], references: [["calendar_id", "calendars", "id"]] },
  { name: "places", key: ["principal_id", "place"], references: [principal] },
  {
    name: "shares",
    key: ["calendar_id", "sharee_id"],
    references: [
      ["calendar_id", "calendars", "id"],
      ["sharee_id", "principals", "id"],
    ],
  },
  { name: "subscriptions", key: ["calendar_id"], references: [["calendar_id", "calendars", "id"]] },
  { name: "published_links", key: ["id"], references: [["calendar_id", "calendars", "id"]] },
  {
    name: "shared_views",
    key: ["principal_id", "calendar_id"],
    references: [principal, ["calendar_id", "calendars", "id"]],
  },
  { name: "component_revisions", key: ["object_id", "instance"], references: [object] },
  { name: "participations", key: ["object_id", "instance", "attendee", "range"], references: [object] },
  { name: "proposals", key: ["object_id", "instance", "attendee"], references: [object] },
  { name: "healings", key: ["object_id", "attendee"], references: [object] },
  { name: "sent", key: ["object_id", "attendee"], references: [object] },
  { name: "refreshes", key: ["object_id"], references: [object] },
  { name: "own_parts", key: ["object_id", "instance"], references: [object] },
  { name: "answer_links", key: ["token_hash"], references: [object] },
  { name: "sources", key: ["hash"], rowsAtOnce: 1 },
  { name: "inbox_items", key: ["id"], references: [principal, ["source", "sources", "hash"]] },
  { name: "messages", key: ["id"], references: [principal, ["source", "sources", "hash"]] },
  {
    name: "deliveries",
    key: ["id"],
    references: [principal, ["message", "messages", "id"], ["payload", "sources", "hash"]],
  },
  { name: "settings", key: ["name"] },
];
