import { readDeliveries, writeDeliveries } from "./deliveries.ts";
import { readLedger, writeLedger } from "./ledger.ts";
import { type ObjectParts, readObjects, writeObjects } from "./objects.ts";
import { readPrincipals, writePrincipals } from "./principals.ts";
import { readSessions, writeSessions } from "./sessions.ts";
import type { ReadTransaction, Transaction } from "./store.ts";

/** Gives the reading half of a store over one database transaction. */
export function makeReadTransaction(parts: ObjectParts): ReadTransaction {
  return {
    principals: readPrincipals(parts.db),
    objects: readObjects(parts),
    ledger: readLedger(parts.db),
    deliveries: readDeliveries(parts.db),
    sessions: readSessions(parts.db),
  };
}

/** Gives a whole store over one database transaction. */
export function makeTransaction(parts: ObjectParts): Transaction {
  return {
    principals: writePrincipals(parts.db),
    objects: writeObjects(parts),
    ledger: writeLedger(parts.db),
    deliveries: writeDeliveries(parts.db),
    sessions: writeSessions(parts.db),
  };
}
