import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { allJobs } from "../../src/jobs/index.ts";
import { startServer } from "../../src/server.ts";
import { systemFetcher } from "../../src/subscriptions/system-fetcher.ts";

test("a server runs its jobs when it starts, and ends them before its store", async () => {
  const data = await mkdtemp(join(tmpdir(), "parley-jobs-"));
  const listener = { host: "127.0.0.1", port: 0 };
  const errors: string[] = [];
  const server = await startServer(
    {
      data,
      domains: ["example.test"],
      http: listener,
      lmtp: listener,
      outbox: join(data, "outbox"),
      delivery: { pauseSeconds: 0 },
      keep: { ledgerDays: 400 },
      freeBusy: "people",
      trust: { authservIds: [], relay: false },
    },
    { tryOut: false, webRoot: data },
    {
      clock: () => 1_803_888_000,
      random: () => 0.5,
      randomBytes: (count) => new Uint8Array(count),
      logger: pino({ level: "error" }, { write: (line) => errors.push(line) }),
    },
  );
  const ended = async () => {
    const records = await server.house.store.read(({ jobs }) => jobs.list());
    return records.filter((record) => record.ended !== undefined).map(({ name }) => name);
  };
  const names = allJobs(server.house, { ledgerDays: 400 }, systemFetcher()).map(({ name }) => name);
  expect(names).toContain("remove-old-messages");
  while ((await ended()).length < names.length) await sleep(10);
  expect(await ended()).toEqual([...names].sort());
  await server.close();
  expect(errors).toEqual([]);
  await rm(data, { recursive: true });
});
