import { readAnswerLinks, writeAnswerLinks } from "./answer-links.ts";
import { readAppPasswords, writeAppPasswords } from "./app-passwords.ts";
import { readBusy, writeBusy } from "./busy.ts";
import type { Busy } from "./busy-time.ts";
import { lockedInbox, lockedSharing, readCalendars, writeCalendars } from "./calendar-transaction.ts";
import { readDeliveries, writeDeliveries } from "./deliveries.ts";
import { readDomains, writeDomains } from "./domains.ts";
import { readInbox, writeInbox } from "./inbox.ts";
import { readJobs, writeJobs } from "./jobs.ts";
import { readKnownBusy, writeKnownBusy } from "./known-busy.ts";
import { readLedger, writeLedger } from "./ledger.ts";
import { holding, type Lock, lockNames } from "./locks.ts";
import { type ObjectParts, readObjects, type WritingParts, writeObjects } from "./objects.ts";
import type { Signers } from "./people.ts";
import { readPreferences, writePreferences } from "./preferences.ts";
import { readPrincipals, writePrincipals } from "./principals.ts";
import { readQueue, writeQueue } from "./queue.ts";
import type { Refreshes } from "./refresh.ts";
import { readRefreshes, writeRefreshes } from "./refreshes.ts";
import { readRetention, writeRetention } from "./retention.ts";
import { readSecrets, writeSecrets } from "./secrets.ts";
import { readSessions, writeSessions } from "./sessions.ts";
import { readSharing, writeSharing } from "./sharing-rows.ts";
import { writeSignIns } from "./sign-ins.ts";
import { readSigners, writeSigners } from "./signers.ts";
import type {
  AnswerLinks,
  Deliveries,
  KnownBusy,
  Ledger,
  Objects,
  Preferences,
  ReadQueue,
  ReadTransaction,
  Transaction,
} from "./store.ts";
import { readUpkeep, writeUpkeep } from "./upkeep.ts";

/** Gives the reading half of a store over one database transaction. */
export function makeReadTransaction(parts: ObjectParts): ReadTransaction {
  return {
    principals: readPrincipals(parts.db),
    objects: readObjects(parts),
    ledger: readLedger(parts.db),
    deliveries: readDeliveries(parts.db),
    sessions: readSessions(parts.db),
    appPasswords: readAppPasswords(parts.db),
    queue: readQueue(parts.db),
    upkeep: readUpkeep(parts.db),
    refreshes: readRefreshes(parts.db),
    busy: readBusy(parts.db),
    jobs: readJobs(parts.db),
    retention: readRetention(parts.db),
    signers: readSigners(parts.db),
    domains: readDomains(parts.db),
    secrets: readSecrets(parts.db),
    calendars: readCalendars(parts.db),
    inbox: readInbox(parts.db),
    sharing: readSharing(parts.db),
    answerLinks: readAnswerLinks(parts.db),
    preferences: readPreferences(parts.db),
    knownBusy: readKnownBusy(parts.db),
  };
}

/**
 * Gives a whole store over one database transaction. From the first look at what is one person's to the end of the transaction
 * nobody else writes there: what was read is still so when it is acted on. Decision 0026.
 */
export function makeTransaction(parts: WritingParts): Transaction {
  const { db, lock } = parts;
  const principals = writePrincipals(db);
  const queue = writeQueue(db);
  return {
    principals: {
      ...principals,
      byAddress: async (address) => {
        const known = await principals.byAddress(address);
        if (known) return known; // people only come: who is there stays
        await lock(lockNames.people);
        return principals.byAddress(address);
      },
      isCorrespondent: holding(lock, principals.isCorrespondent),
      correspondents: holding(lock, principals.correspondents),
      addCorrespondents: holding(lock, principals.addCorrespondents),
      add: async (principal) => {
        await lock(lockNames.people);
        return principals.add(principal);
      },
      addMember: async (group, member) => {
        await lock(lockNames.people);
        return principals.addMember(group, member);
      },
    },
    objects: lockedObjects(lock, writeObjects(parts)),
    ledger: lockedLedger(lock, writeLedger(db)),
    deliveries: lockedDeliveries(lock, writeDeliveries(db), queue),
    sessions: writeSessions(db),
    signIns: writeSignIns(db),
    appPasswords: writeAppPasswords(db),
    queue: {
      ...queue,
      pause: async (pause) => {
        await lock(lockNames.claims);
        return queue.pause(pause);
      },
    },
    upkeep: writeUpkeep(db),
    refreshes: lockedRefreshes(lock, writeRefreshes(db)),
    busy: lockedBusy(lock, writeBusy(db)),
    jobs: writeJobs(db),
    retention: writeRetention(db),
    signers: lockedSigners(lock, writeSigners(db)),
    domains: writeDomains(db),
    secrets: writeSecrets(db),
    calendars: writeCalendars(db, lock),
    inbox: lockedInbox(lock, writeInbox(db, lock)),
    sharing: lockedSharing(lock, writeSharing(db, parts.documents, lock)),
    answerLinks: lockedAnswerLinks(lock, writeAnswerLinks(db)),
    preferences: lockedPreferences(lock, writePreferences(db)),
    knownBusy: lockedKnownBusy(lock, writeKnownBusy(db)),
  };
}

function lockedDeliveries(lock: Lock, deliveries: Deliveries, queue: ReadQueue): Deliveries {
  return {
    ...deliveries,
    unsent: async (principal, ...of) => {
      await lock(lockNames.principal(principal));
      if ((await deliveries.unsent(principal, ...of)).length === 0) return [];
      await lock(lockNames.claims); // what is given back here nobody claims before the end of the transaction
      return deliveries.unsent(principal, ...of);
    },
    countSince: holding(lock, deliveries.countSince),
    floodedSince: holding(lock, deliveries.floodedSince),
    reached: holding(lock, deliveries.reached),
    latestStates: holding(lock, deliveries.latestStates),
    latestOf: holding(lock, deliveries.latestOf),
    byMessageId: holding(lock, deliveries.byMessageId),
    answer: holding(lock, deliveries.answer),
    enqueue: async (rows, now) => {
      const senders = new Set(rows.map(({ principal }) => principal));
      for (const principal of [...senders].sort()) await lock(lockNames.principal(principal));
      return deliveries.enqueue(rows, now);
    },
    claim: async (...limits) => {
      await lock(lockNames.claims);
      return (await queue.paused()) ? [] : deliveries.claim(...limits);
    },
  };
}

function lockedAnswerLinks(lock: Lock, links: AnswerLinks): AnswerLinks {
  return {
    ...links,
    find: async (tokenHash) => {
      const link = await links.find(tokenHash);
      if (!link) return undefined;
      await lock(lockNames.principal(link.principal));
      return links.find(tokenHash); // it may have been taken back meanwhile
    },
    revoke: holding(lock, links.revoke),
  };
}

function lockedKnownBusy(lock: Lock, known: KnownBusy): KnownBusy {
  return {
    ...known,
    remember: holding(lock, known.remember),
    wasAsked: holding(lock, known.wasAsked),
    noteAsked: holding(lock, known.noteAsked),
    countAsked: holding(lock, known.countAsked),
    countQuestion: holding(lock, known.countQuestion),
  };
}

function lockedPreferences(lock: Lock, { get, set }: Preferences): Preferences {
  return { get: holding(lock, get), set: holding(lock, set) };
}

function lockedSigners(lock: Lock, { has, add }: Signers): Signers {
  return { has: holding(lock, has), add: holding(lock, add) };
}

function lockedBusy(lock: Lock, busy: Busy): Busy {
  return {
    ...busy,
    inRange: async (principals, ...range) => {
      for (const principal of [...principals].sort()) await lock(lockNames.principal(principal));
      return busy.inRange(principals, ...range);
    },
    index: holding(lock, busy.index),
  };
}

function lockedRefreshes(lock: Lock, refreshes: Refreshes): Refreshes {
  return {
    ...refreshes,
    touch: async (uid, principals) => {
      for (const principal of [...principals].sort()) await lock(lockNames.principal(principal));
      return refreshes.touch(uid, principals);
    },
  };
}

function lockedObjects(lock: Lock, objects: Objects): Objects {
  return {
    byUid: holding(lock, objects.byUid),
    consult: async (principal, ...of) => {
      await lock(lockNames.principal(principal));
      return objects.consult(principal, ...of);
    },
    answersOf: objects.answersOf, // shown to others, and never acted on
    byId: holding(lock, objects.byId),
    byIds: holding(lock, objects.byIds),
    between: holding(lock, objects.between),
    save: holding(lock, objects.save),
  };
}

function lockedLedger(lock: Lock, ledger: Ledger): Ledger {
  return {
    ...ledger,
    byId: holding(lock, ledger.byId),
    list: holding(lock, ledger.list),
    openQuestions: holding(lock, ledger.openQuestions),
    duplicate: holding(lock, ledger.duplicate),
    takeHeld: holding(lock, ledger.takeHeld),
    decide: holding(lock, ledger.decide),
    add: async (record) => {
      await lock(lockNames.principal(record.principal));
      return ledger.add(record);
    },
  };
}
