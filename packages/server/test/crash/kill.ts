import type { Figures } from "./figures.ts";
import { count } from "./memory.ts";
import { type Hurt, playRounds, type RunOptions, untilAcknowledged } from "./rounds.ts";
import { countTornWal } from "./wal.ts";

/** Changes acknowledged before the kill, at most. */
const mostChanges = 30;

/** Kills the server with SIGKILL at random moments under load. */
export function runKills(options: RunOptions): Promise<Figures> {
  return playRounds(options, async () => ({}), killOnce);
}

/** Kills the server at a random moment. */
export const killOnce: Hurt = async (world, _, figures) => {
  const after = Math.floor(Math.random() * mostChanges);
  let requests = 0;
  await world.load(async () => {
    await untilAcknowledged(world, after);
    requests = world.memory.counts.underWay;
    await world.first().kill();
  });
  if (countTornWal(world.data) > 0) count(figures.hits, "in a transaction half written");
  return { what: `killed after ${after} changes`, requests };
};
