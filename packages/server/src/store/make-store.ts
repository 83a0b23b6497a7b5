import { AsyncLocalStorage } from "node:async_hooks";
import type { Limits } from "@parley/engine";
import type { Documents } from "./documents.ts";
import type { Lock } from "./locks.ts";
import { type Listener, mergeNotices, type Notice } from "./notice.ts";
import { noting } from "./noting.ts";
import type { Store } from "./store.ts";
import type { Database } from "./tables.ts";
import { makeReadTransaction, makeTransaction } from "./transaction.ts";

/** What a database has to bring to be a store. */
export interface StoreParts {
  /** Runs `work` in one durable transaction, as `Store.write` promises, given the locks of that transaction. */
  readonly write: <Result>(
    work: (db: Database, lock: Lock) => Promise<Result>,
    isBackground: boolean,
  ) => Promise<Result>;
  /** Runs `work` over one consistent view. */
  readonly read: <Result>(work: (db: Database) => Promise<Result>) => Promise<Result>;
  readonly documents: Documents;
  readonly limits: Limits;
  readonly others: Others;
  /** Called once, when no transaction runs any more and the others know all. */
  readonly close: () => Promise<void>;
}

/** Are the other processes on the same database, which hear of commits here and tell of theirs. */
export interface Others {
  /** Tells them of what was committed; returns at once, and never fails. */
  readonly tell: (notices: readonly Notice[]) => void;
  /** Begins to hear what they tell; called at most once. */
  readonly hear: (listener: Listener) => void;
  /** Tells what is left to tell, and hears no more. */
  readonly close: () => Promise<void>;
}

/**
 * Makes the store over a database: gives its transactions their words, refuses nested ones, tells of what they changed once it is
 * committed, and lets them end before it closes.
 */
export function makeStore({ write, read, documents, limits, others, close }: StoreParts): Store {
  let closed = false;
  const inside = new AsyncLocalStorage<{ done: boolean }>();
  const running = new Set<Promise<unknown>>();
  const { listen, tellHere } = listeners(others);
  const run = async <Result>(transact: () => Promise<Result>): Promise<Result> => {
    if (closed) throw new Error("the store is closed");
    if (inside.getStore()?.done === false) throw new Error("a transaction must not begin inside another");
    const mark = { done: false };
    const ended = inside.run(mark, transact).finally(() => {
      mark.done = true;
      running.delete(ended);
    });
    running.add(ended);
    return ended;
  };
  const writing =
    (isBackground: boolean): Store["write"] =>
    async (work) => {
      let noted: Notice[] = [];
      const result = await run(() =>
        write((db, lock) => {
          noted = []; // it may be run again
          return work(noting(makeTransaction({ db, documents, limits, lock }), (notice) => noted.push(notice)));
        }, isBackground),
      );
      if (noted.length > 0) {
        const notices = mergeNotices(noted);
        tellHere(notices);
        others.tell(notices);
      }
      return result;
    };
  const store: Store = {
    write: writing(false),
    inBackground: () => ({ ...store, write: writing(true) }),
    read: (work) => run(() => read((db) => work(makeReadTransaction({ db, documents, limits })))),
    listen,
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.allSettled(running);
      await others.close();
      await close();
    },
  };
  return store;
}

/** Whom to tell in this process. The others are heard from when the first begins to listen. */
function listeners(others: Others): { readonly listen: Store["listen"]; readonly tellHere: Listener } {
  const all = new Set<Listener>();
  let hears = false;
  const tellHere: Listener = (notices) => {
    for (const listener of all) listener(notices);
  };
  return {
    tellHere,
    listen: (listener) => {
      if (!hears) others.hear(tellHere);
      hears = true;
      all.add(listener);
      return () => void all.delete(listener);
    },
  };
}
