import type { Figures } from "./figures.ts";
import { count } from "./memory.ts";
import { pick } from "./random.ts";
import { type Hurt, playRounds, type RunOptions, untilAcknowledged } from "./rounds.ts";
import { attachTracer, underTracer } from "./tracer.ts";
import { countTornWal } from "./wal.ts";

/** A server that has not come to the Nth call after so many changes is killed all the same. */
const mostChanges = 50;
/** Calls a server makes while it starts, at most, about. */
const mostAtStart = 60;

/** Calls by which something reaches the disk or a socket, and how many of them a round sees at most, about. */
const calls = [
  { call: "pwrite64", most: 2_000 },
  { call: "fsync", most: 60 },
  { call: "write", most: 100 },
  { call: "writev", most: 10 },
] as const;

/**
 * Kills the server at the Nth call that writes, or that makes the disk keep what was written: in the middle of commits, checkpoints
 * and answers. Every fifth time from its start on, so that it dies while it recovers what another left.
 */
export function runTraced(options: RunOptions): Promise<Figures> {
  return playRounds(options, async () => ({}), killAtCall);
}

/** Kills the server at some call. */
export const killAtCall: Hurt = async (world, round, figures) => {
  const { call, most } = pick(Math.random, calls);
  const fromStart = round % 5 === 4;
  const number = 1 + Math.floor(Math.random() * (fromStart ? Math.min(most, mostAtStart) : most));
  const injection = { call, effect: `signal=KILL:when=${number}` };
  const node = world.first();
  let reached = true;
  let requests = 0;
  const untilKilled = async (): Promise<void> => {
    await Promise.race([node.gone(), untilAcknowledged(world, mostChanges)]);
    reached = !node.isRunning();
    requests = world.memory.counts.underWay;
    await node.kill();
  };
  if (fromStart) {
    await node.kill();
    await world.open(underTracer(injection));
    await world.load(untilKilled);
  } else {
    const { detach } = await attachTracer(node.pid(), injection);
    await world.load(untilKilled);
    await detach();
  }
  count(figures.hits, reached ? `at ${call}` : "not reached");
  const torn = countTornWal(world.data);
  if (torn > 0) count(figures.hits, "in a transaction half written");
  const when = `${fromStart ? "from its start, " : ""}killed at ${call} ${number}${reached ? "" : ", not reached"}`;
  return { what: `${when}, ${torn} pages of a torn transaction`, requests };
};
