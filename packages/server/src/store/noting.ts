import type { Notice } from "./notice.ts";
import type { Domains } from "./people.ts";
import type { Refreshes } from "./refresh.ts";
import type {
  AppPasswords,
  Deliveries,
  Ledger,
  Objects,
  Principals,
  Queue,
  Sessions,
  Sharing,
  Transaction,
} from "./store.ts";

/** Is told of each thing a transaction changes; what is not committed in the end is not told on. */
export type Note = (notice: Notice) => void;

/** Gives a transaction that notes what others will want to know of. */
export function noting(transaction: Transaction, note: Note): Transaction {
  return {
    ...transaction,
    objects: notingObjects(transaction.objects, note),
    ledger: notingLedger(transaction.ledger, note),
    deliveries: notingDeliveries(transaction.deliveries, note),
    queue: notingQueue(transaction.queue, note),
    refreshes: notingRefreshes(transaction.refreshes, note),
    principals: notingPrincipals(transaction.principals, note),
    appPasswords: notingAppPasswords(transaction.appPasswords, note),
    sessions: notingSessions(transaction.sessions, note),
    domains: notingDomains(transaction.domains, note),
    sharing: notingSharing(transaction.sharing, note),
  };
}

function notingObjects(objects: Objects, note: Note): Objects {
  return {
    ...objects,
    save: async (principal, uid, ...rest) => {
      const stored = await objects.save(principal, uid, ...rest);
      note({ kind: "object", principal, uid });
      return stored;
    },
  };
}

function notingLedger(ledger: Ledger, note: Note): Ledger {
  return {
    ...ledger,
    add: async (record) => {
      const { principal, uid, verdict } = record;
      const row = await ledger.add(record);
      note({ kind: verdict === "undecided" ? "question" : "message", principal, ...(uid !== undefined && { uid }) });
      return row;
    },
    decide: async (principal, ...rest) => {
      const decided = await ledger.decide(principal, ...rest);
      if (decided) note({ kind: "question", principal });
      return decided;
    },
  };
}

function notingDeliveries(deliveries: Deliveries, note: Note): Deliveries {
  return {
    ...deliveries,
    enqueue: async (rows, now) => {
      await deliveries.enqueue(rows, now);
      for (const { principal, uid } of rows) note({ kind: "delivery", principal, uid });
      if (rows.length > 0) note({ kind: "work" });
    },
    settle: async (...of) => {
      const settled = await deliveries.settle(...of);
      if (settled) note({ kind: "delivery", ...settled });
      return settled;
    },
    answer: async (principal, uid, ...rest) => {
      await deliveries.answer(principal, uid, ...rest);
      note({ kind: "delivery", principal, uid });
    },
  };
}

function notingQueue(queue: Queue, note: Note): Queue {
  return {
    ...queue,
    release: async () => {
      const released = await queue.release();
      note({ kind: "anew" });
      return released;
    },
    retry: async (filter, now) => {
      const count = await queue.retry(filter, now);
      const { principal, uid } = filter;
      note(
        principal === undefined ? { kind: "anew" } : { kind: "delivery", principal, ...(uid !== undefined && { uid }) },
      );
      note({ kind: "work" });
      return count;
    },
  };
}

function notingRefreshes(refreshes: Refreshes, note: Note): Refreshes {
  return {
    ...refreshes,
    touch: async (uid, principals) => {
      await refreshes.touch(uid, principals);
      for (const principal of principals) note({ kind: "object", principal, uid });
    },
  };
}

/** Who is a member of what is seldom changed: everybody's rights are looked at again, and not taken apart. */
function notingPrincipals(principals: Principals, note: Note): Principals {
  return {
    ...principals,
    addMember: async (...of) => {
      const problem = await principals.addMember(...of);
      note({ kind: "access" });
      return problem;
    },
    removeMember: async (...of) => {
      const removed = await principals.removeMember(...of);
      note({ kind: "access" });
      return removed;
    },
    delegate: async (owner, delegate, scope) => {
      await principals.delegate(owner, delegate, scope);
      note({ kind: "access", principal: delegate });
    },
    setLocale: async (id, locale) => {
      await principals.setLocale(id, locale);
      note({ kind: "access", principal: id });
    },
    setPasswordHash: async (id, hash) => {
      await principals.setPasswordHash(id, hash);
      note({ kind: "access", principal: id });
    },
  };
}

function notingAppPasswords(appPasswords: AppPasswords, note: Note): AppPasswords {
  return {
    ...appPasswords,
    remove: async (id, name) => {
      const removed = await appPasswords.remove(id, name);
      if (removed) note({ kind: "access", principal: id });
      return removed;
    },
  };
}

function notingSessions(sessions: Sessions, note: Note): Sessions {
  return {
    ...sessions,
    remove: async (tokenHash) => {
      const principal = await sessions.remove(tokenHash);
      if (principal !== undefined) note({ kind: "access", principal });
      return principal;
    },
  };
}

/** Whose people are ours concerns everybody. */
function notingDomains(domains: Domains, note: Note): Domains {
  return {
    ...domains,
    add: async (name) => {
      const added = await domains.add(name);
      if (added) note({ kind: "anew" });
      return added;
    },
    remove: async (name) => {
      const removed = await domains.remove(name);
      if (removed) note({ kind: "anew" });
      return removed;
    },
  };
}

function notingSharing(sharing: Sharing, note: Note): Sharing {
  return {
    ...sharing,
    removeCopies: async (principal, ...rest) => {
      await sharing.removeCopies(principal, ...rest);
      note({ kind: "object", principal });
    },
  };
}
