import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withoutSecrets } from "../../src/store/postgres.ts";
import type { Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { openAnyStore, postgresBench } from "./benches.ts";
import { addAnn, answer, enqueue, ensurePrincipal, ledgerRecord, now, saveAnswer, uid } from "./fixtures.ts";
import { emptyDatabase, skipsPostgres } from "./postgres.ts";
import { asUser, type Cluster, startCluster } from "./postgres-server.ts";
import { expectKept, testProcesses } from "./processes.ts";

const makeBench: MakeBench = () => postgresBench();

describe.skipIf(skipsPostgres)("a PostgreSQL database", () => {
  testOpening();
  testBreaking();
  testLosing();
  testProcesses(emptyDatabase);
});

function testOpening(): void {
  test("is made once where several nodes start at once", async () => {
    const url = await emptyDatabase();
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openAnyStore(url)));
    const [first] = nodes;
    const ann = first && (await addAnn(first));
    for (const node of nodes) {
      expect(await node.read(({ principals }) => principals.byId(ann?.id ?? ""))).toEqual(ann);
      await node.close();
    }
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["of a newer program", "insert into migrations values (9999, 'of tomorrow')", /schema version 9999.*newer program/],
    [
      "that keeps nothing of what it promises",
      "alter role current_user in database %I set synchronous_commit = off",
      /synchronous_commit is off/,
    ],
  ];
  test.each(refused)("%s is refused", async (_, statement, message) => {
    const bench = await postgresBench();
    try {
      await bench.run(`do $$ begin execute format($f$ ${statement} $f$, current_database()); end $$`);
      await expect(bench.open()).rejects.toThrow(message);
    } finally {
      await bench.close();
    }
  });

  test("that cannot hold every text is refused", async () => {
    const url = new URL(await emptyDatabase());
    const statement = "create database latin encoding 'LATIN1' locale 'C' template template0";
    await asUser(Number(url.port), "postgres", statement);
    url.pathname = "/latin";
    await expect(openAnyStore(url.href)).rejects.toThrow(/its encoding is LATIN1/);
  });

  test("that cannot be reached is named without its password, in the error and in what caused it", async () => {
    const url = "postgresql://ann:opensesame@127.0.0.1:1/parley?password=opensesame";
    const error: unknown = await openAnyStore(url).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe(
      "Error: cannot open the store postgresql://127.0.0.1:1/parley: the database cannot be reached: connect ECONNREFUSED 127.0.0.1:1",
    );
    expect(inspect(error, { depth: 20 })).not.toContain("opensesame");
    expect(withoutSecrets("postgres:///parley?host=/run/postgresql")).toBe("postgresql:///parley");
  });

  test(
    "gives numbers it cannot give exactly to nobody",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      await store.write((transaction) => saveAnswer(transaction, ann.id, answer("guest@example.test")));
      await bench.run("update objects set version = 9007199254740993");
      await expect(store.read(({ objects }) => objects.byUid(ann.id, uid))).rejects.toThrow(
        "9007199254740993 is too large",
      );
      await bench.run("update objects set version = 9007199254740991");
      const stored = await store.read(({ objects }) => objects.byUid(ann.id, uid));
      expect(stored?.etag).toMatch(/-9007199254740991$/);
    }),
  );
}

function testBreaking(): void {
  test(
    "breaks off one of two that wait for each other, and that one is run again",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      let runs = 0;
      const both = gate(2);
      const holdBoth = (first: string, second: string) =>
        store.write(async ({ ledger }) => {
          runs++;
          await ledger.add(ledgerRecord(first));
          await both();
          await ledger.add(ledgerRecord(second));
        });
      await Promise.all([holdBoth(ann.id, bob.id), holdBoth(bob.id, ann.id)]);
      expect(runs).toBe(3);
      const rows = await store.read(({ ledger }) => ledger.list(ann.id, { limit: 9 }));
      expect(rows.length).toBe(2);
    }),
  );

  test(
    "that breaks off every time is given up, and nothing is kept",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      await bench.run(`
        create function break_off() returns trigger language plpgsql as $$
          begin raise exception 'for the sake of others' using errcode = 'serialization_failure'; end $$;
        create trigger break_off before insert on sessions execute function break_off()`);
      let runs = 0;
      const broken = store.write(async ({ ledger, sessions }) => {
        runs++;
        await ledger.add(ledgerRecord(ann.id));
        await sessions.add("token", ann.id, now);
      });
      await expect(broken).rejects.toThrow("for the sake of others");
      expect([runs, await bench.count("messages")]).toEqual([8, 0]);
    }),
  );

  test(
    "that a newer program has given more columns serves those of before",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const work = (name: string) => {
        const writing = store.write((transaction) => saveAnswer(transaction, ann.id, answer(`${name}@example.test`)));
        return Promise.all([writing, store.read(({ objects }) => objects.byUid(ann.id, uid))]);
      };
      for (const round of ["a", "b", "c"]) {
        await Promise.all(["1", "2", "3", "4"].map((name) => work(round + name)));
        await bench.run(`alter table objects add column added_${round} integer`);
        await bench.run(`alter table participations add column added_${round} integer`);
      }
      await work("last");
      expect(await bench.count("participations")).toBe(13);
    }),
  );

  test(
    "gives out no delivery while one that was numbered after it and kept before it is under way",
    withStore(makeBench, async (store, bench) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const other = await bench.open();
      await store.write((transaction) => enqueue(transaction, ann.id)); // the payload of both is there
      const claim = () => other.write(({ deliveries }) => deliveries.claim(now, now + 60, 9));
      const [numbered, claimed] = [gate(2), gate(2)];
      const slow = store.write(async (transaction) => {
        await enqueue(transaction, ann.id, { messageId: "<1>" });
        await numbered();
        await claimed();
      });
      await numbered();
      await other.write((transaction) => enqueue(transaction, bob.id, { messageId: "<2>" }));
      const [second] = await claim();
      await claimed();
      await slow;
      expect(second?.messageId).toBe("<2>");
      expect(await claim()).toEqual([]);
      await other.write(({ deliveries }) =>
        deliveries.settle(second?.id ?? "", { state: "handed-over", due: now, detail: "" }),
      );
      expect((await claim()).map(({ messageId }) => messageId)).toEqual(["<1>"]);
      await other.close();
    }),
  );
}

/** Lets those who come wait until so many have come; later ones do not wait. */
function gate(size: number): () => Promise<void> {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let come = 0;
  return () => {
    come++;
    if (come >= size) open();
    return opened;
  };
}

const endOthers = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

function testLosing(): void {
  test(
    "that ends a connection in the middle of a transaction is told of clearly, and the next one is served",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const cut = (after: () => Promise<unknown>) =>
        store.write(async ({ ledger }) => {
          await ledger.add(ledgerRecord(ann.id));
          await after();
          await ledger.add(ledgerRecord(ann.id));
        });
      await expect(cut(() => bench.run(endOthers))).rejects.toThrow("the connection to the database was lost: ");
      // Nobody asks anything of the connection while it goes.
      const unnoticed = store.write(async ({ ledger }) => {
        await ledger.add(ledgerRecord(ann.id));
        await bench.run(endOthers);
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
      await expect(unnoticed).rejects.toThrow("the connection to the database was lost: ");
      const reading = store.read(async ({ ledger }) => {
        await ledger.list(ann.id, { limit: 9 });
        await bench.run(endOthers);
        return ledger.list(ann.id, { limit: 9 });
      });
      await expect(reading).rejects.toThrow("the connection to the database was lost: ");
      expect(await bench.count("messages")).toBe(0);
      await store.write(({ ledger }) => ledger.add(ledgerRecord(ann.id)));
      expect((await store.read(({ ledger }) => ledger.list(ann.id, { limit: 9 }))).length).toBe(1);
    }),
  );

  describe("whose server stops as in a power cut", () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await startCluster();
    });
    afterAll(() => cluster.close());

    test("has all that was promised when it is back, and stores that were open go on", async () => {
      const url = await cluster.createDatabase();
      const store = await openAnyStore(url);
      const ann = await store.write((transaction) => ensurePrincipal(transaction, "ann"));
      const promised: string[] = [];
      for (const run of ["first", "second"]) {
        const writers = [1, 2, 3].map((writer) => writeUntilLost(store, ann.id, `${run}-${writer}`, promised));
        while (promised.filter((name) => name.startsWith(run)).length < 20)
          await new Promise((resolve) => setTimeout(resolve, 5));
        await cluster.kill();
        for (const error of await Promise.all(writers))
          expect(error).toMatch(/database (?:was lost|cannot be reached)/);
        await expect(store.read(({ principals }) => principals.list())).rejects.toThrow("cannot be reached");
        await cluster.start();
      }
      await store.write((transaction) => saveAnswer(transaction, ann.id, answer("last@example.test")));
      await store.write(({ ledger }) => ledger.add(ledgerRecord(ann.id, { uid, subject: "last" })));
      await store.close();
      await expectKept(url, [...promised, "last"]);
    });
  });
}

/** Writes until the store rejects; what it promised to keep is added to `promised`. */
async function writeUntilLost(store: Store, principal: string, name: string, promised: string[]): Promise<string> {
  for (let number = 0; ; number++) {
    const subject = `${name}-${number}`;
    try {
      await store.write(async (transaction) => {
        await saveAnswer(transaction, principal, answer(`${subject}@example.test`));
        await transaction.ledger.add(ledgerRecord(principal, { uid, subject }));
      });
    } catch (error) {
      return String(error);
    }
    promised.push(subject);
  }
}
