import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../store/postgres-server.ts";
import type { Figures } from "./figures.ts";
import { expectRunning, type Hurt, playRounds, type RunOptions, untilAcknowledged } from "./rounds.ts";

/** Changes acknowledged before PostgreSQL stops, at most, and after it is back. */
const [mostChanges, changesAfter] = [20, 5];
const goneMilliseconds = 200;

/** Stops PostgreSQL as `pg_ctl stop -m immediate` does, at random moments under load, and starts it again; the server of Parley goes on. */
export function runPostgresKills(options: RunOptions, cluster: Cluster): Promise<Figures> {
  const makeOptions = async () => ({ databaseUrl: await cluster.createDatabase() });
  return playRounds(options, makeOptions, killPostgres(cluster));
}

/** Stops PostgreSQL at a random moment. */
export const killPostgres =
  (cluster: Cluster): Hurt =>
  async (world, _, figures) => {
    const after = Math.floor(Math.random() * mostChanges);
    let requests = 0;
    await world.load(async () => {
      await untilAcknowledged(world, after);
      requests = world.memory.counts.underWay;
      await cluster.kill();
      await sleep(goneMilliseconds);
      await cluster.start();
      await untilAcknowledged(world, changesAfter);
    });
    expectRunning(world, figures);
    return { what: `PostgreSQL stopped after ${after} changes`, requests };
  };
