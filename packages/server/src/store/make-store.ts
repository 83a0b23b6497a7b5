import { AsyncLocalStorage } from "node:async_hooks";
import type { Limits } from "@parley/engine";
import type { Documents } from "./documents.ts";
import type { Lock } from "./locks.ts";
import type { Store } from "./store.ts";
import type { Database } from "./tables.ts";
import { makeReadTransaction, makeTransaction } from "./transaction.ts";

/** What a database has to bring to be a store. */
export interface StoreParts {
  /** Runs `work` in one durable transaction, as `Store.write` promises, given the locks of that transaction. */
  readonly write: <Result>(work: (db: Database, lock: Lock) => Promise<Result>) => Promise<Result>;
  /** Runs `work` over one consistent view. */
  readonly read: <Result>(work: (db: Database) => Promise<Result>) => Promise<Result>;
  readonly documents: Documents;
  readonly limits: Limits;
  /** Called once, when no transaction runs any more. */
  readonly close: () => Promise<void>;
}

/** Makes the store over a database: gives its transactions their words, refuses nested ones, and lets them end before it closes. */
export function makeStore({ write, read, documents, limits, close }: StoreParts): Store {
  let closed = false;
  const inside = new AsyncLocalStorage<{ done: boolean }>();
  const running = new Set<Promise<unknown>>();
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
  return {
    write: (work) => run(() => write((db, lock) => work(makeTransaction({ db, documents, limits, lock })))),
    read: (work) => run(() => read((db) => work(makeReadTransaction({ db, documents, limits })))),
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.allSettled(running);
      await close();
    },
  };
}
