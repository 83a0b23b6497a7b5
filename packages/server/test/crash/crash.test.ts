import { expect, test } from "vitest";
import { skipsPostgres } from "../store/postgres.ts";
import { startCluster } from "../store/postgres-server.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import type { Figures } from "./figures.ts";
import { withDisk } from "./full.ts";
import { killOnce } from "./kill.ts";
import { killSome } from "./nodes.ts";
import { killPostgres } from "./postgres.ts";
import { cutSome, through } from "./proxy.ts";
import { type Hurt, playRounds, type RunOptions } from "./rounds.ts";
import { killAtCall } from "./strace.ts";
import { canTrace } from "./tracer.ts";

// The short form, all faults in one world; tools/crash.ts runs the long ones. What is broken is the built server, not its sources.
const timeout = 300_000;

/** Runs a few rounds; where a fault is found the rounds are told. */
async function expectSound(rounds: number, run: (options: RunOptions) => Promise<Figures>): Promise<void> {
  const lines: string[] = [];
  const figures = await run({ rounds, seed: 5, tell: (line) => lines.push(line) });
  expect(figures.faults, lines.join("\n")).toEqual([]);
  expect(figures.rounds).toBe(rounds);
  expect(figures.acknowledged["created"]).toBeGreaterThan(0);
  expect(figures.mails).toBeGreaterThan(0);
}

const inTurn =
  (hurts: readonly Hurt[]): Hurt =>
  (world, round, figures) =>
    (hurts[round % hurts.length] ?? killOnce)(world, round, figures);

test("what was acknowledged is there and is sent, after kill -9 at any moment and on disks that are full or fail", {
  timeout,
}, async () => {
  await withDisk(async (makeOptions, failDisk) => {
    const hurts = [killOnce, ...(canTrace() ? [killAtCall] : []), ...(failDisk ? [failDisk] : [])];
    await expectSound(3 * hurts.length, (options) => playRounds(options, makeOptions, inTurn(hurts)));
  });
});

test.skipIf(skipsPostgres)(
  "what was acknowledged is there and is sent by two nodes, after either was killed, PostgreSQL stopped, or connections cut",
  { timeout },
  async () => {
    const cluster = await startCluster();
    const proxy = await startCuttingProxy(cluster.port);
    try {
      const makeOptions = async () => ({ databaseUrl: through(proxy, await cluster.createDatabase()), nodes: 2 });
      const hurts = [killSome, killPostgres(cluster), cutSome(proxy)];
      await expectSound(hurts.length, (options) => playRounds(options, makeOptions, inTurn(hurts)));
    } finally {
      await proxy.close();
      await cluster.close();
    }
  },
);
