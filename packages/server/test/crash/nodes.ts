import type { Cluster } from "../store/postgres-server.ts";
import type { Figures } from "./figures.ts";
import { count } from "./memory.ts";
import { pick } from "./random.ts";
import { expectRunning, type Hurt, playRounds, type RunOptions, sumAcknowledged, untilAcknowledged } from "./rounds.ts";
import type { Node } from "./server-process.ts";

/** Changes acknowledged before a kill, and by the other alone after it, at most. */
const [mostChanges, mostAlone] = [25, 12];

/** Kills one of two nodes on one PostgreSQL at random moments under load, now and then both; the other goes on. */
export function runNodeKills(options: RunOptions, cluster: Cluster): Promise<Figures> {
  const makeOptions = async () => ({ databaseUrl: await cluster.createDatabase(), nodes: 2 });
  return playRounds(options, makeOptions, killSome);
}

/** Kills one node or both. */
export const killSome: Hurt = async (world, _, figures) => {
  const [one, other] = world.nodes as readonly [Node, Node];
  const killed = pick(Math.random, [[one], [other], [one, other]] as const);
  const after = Math.floor(Math.random() * mostChanges);
  let requests = 0;
  let alone = 0;
  await world.load(async () => {
    await untilAcknowledged(world, after);
    requests = world.memory.counts.underWay;
    await Promise.all(killed.map((node) => node.kill()));
    alone = -sumAcknowledged(world);
    if (killed.length === 1) await untilAcknowledged(world, Math.floor(Math.random() * mostAlone));
    alone += sumAcknowledged(world);
  });
  const names = killed.map(({ name }) => name).join(" and ");
  count(figures.hits, killed.length === 1 ? "one of two" : "both");
  expectRunning(world, figures, killed);
  return { what: `${names} killed after ${after} changes, ${alone} acknowledged by the other alone`, requests };
};
