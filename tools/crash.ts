// Breaks real servers under load and looks whether anything that was promised is lost; docs/reliability.md has the figures:
// node --conditions=@parley/source tools/crash.ts kill|strace|full|postgres|proxy|nodes [--rounds N] [--seed S]. It needs what
// `npm run build` makes. Every round is printed; exit code 1 where a fault was found.
import { parseArgs } from "node:util";
import { type Figures, figuresText } from "../packages/server/test/crash/figures.ts";
import { runFull } from "../packages/server/test/crash/full.ts";
import { runKills } from "../packages/server/test/crash/kill.ts";
import { runNodeKills } from "../packages/server/test/crash/nodes.ts";
import { runPostgresKills } from "../packages/server/test/crash/postgres.ts";
import { runCuts } from "../packages/server/test/crash/proxy.ts";
import type { RunOptions } from "../packages/server/test/crash/rounds.ts";
import { runTraced } from "../packages/server/test/crash/strace.ts";
import { type Cluster, startCluster } from "../packages/server/test/store/postgres-server.ts";

const runs: Readonly<Record<string, (options: RunOptions) => Promise<Figures>>> = {
  kill: runKills,
  strace: runTraced,
  full: runFull,
  postgres: onPostgres(runPostgresKills),
  proxy: onPostgres(runCuts),
  nodes: onPostgres(runNodeKills),
};

// Whoever breaks it off leaves no server behind.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "300" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const run = runs[positionals[0] ?? ""];
if (run && positionals.length === 1 && Number.isInteger(rounds) && Number.isInteger(seed)) {
  const begun = Date.now();
  const figures = await run({ rounds, seed, tell: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(`${figuresText(figures)}${Math.round((Date.now() - begun) / 1_000)} s\n`);
  for (const fault of figures.faults) process.stdout.write(`FAULT ${fault}\n`);
  process.exitCode = figures.faults.length === 0 ? 0 : 1;
} else {
  process.stderr.write(`usage: crash ${Object.keys(runs).join("|")} [--rounds N] [--seed S]\n`);
  process.exitCode = 2;
}

function onPostgres(play: (options: RunOptions, cluster: Cluster) => Promise<Figures>) {
  return async (options: RunOptions): Promise<Figures> => {
    const cluster = await startCluster();
    try {
      return await play(options, cluster);
    } finally {
      await cluster.close();
    }
  };
}
