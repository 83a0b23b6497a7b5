import { setTimeout as sleep } from "node:timers/promises";
import { addRound, addWorld, type Figures, makeFigures } from "./figures.ts";
import type { Node } from "./server-process.ts";
import { settle } from "./settle.ts";
import { look } from "./verify.ts";
import { makeWorld, type World, type WorldOptions } from "./world.ts";

/** How a run is made. */
export interface RunOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Told what happens. */
  readonly tell: (line: string) => void;
}

/** Does something bad to a world under load. */
export type Hurt = (world: World, round: number, figures: Figures) => Promise<Round>;

/** What one round has done to a world. */
export interface Round {
  /** In words. */
  readonly what: string;
  /** Requests under way when it happened. */
  readonly requests: number;
}

/** Rounds one world lives for: all that is in it is looked at after each. */
const roundsOfAWorld = 20;
/** A server is killed once more while it starts, so often. */
const startsBrokenOff = 0.1;

/**
 * Makes worlds and does something bad to them, round after round. After each everything is looked at, by the servers that go on or are
 * started on what is left, and by `parley check` beside them; at the end of each world all comes to rest and is looked at once more.
 */
export async function playRounds(
  { rounds, seed, tell }: RunOptions,
  makeOptions: () => Promise<Omit<WorldOptions, "seed">>,
  hurt: Hurt,
): Promise<Figures> {
  const figures = makeFigures();
  for (let done = 0; done < rounds; done += roundsOfAWorld) {
    const world = await makeWorld({
      pauseSeconds: (done / roundsOfAWorld) % 2,
      ...(await makeOptions()),
      seed: seed + done,
    });
    try {
      for (let round = done; round < Math.min(done + roundsOfAWorld, rounds); round++) {
        const { what, requests } = await hurt(world, round, figures);
        const findings = await reopen(world);
        addRound(figures, requests, findings);
        tell(`round ${round}: ${what}; ${requests} under way, ${findings.keptUnacknowledged} kept`);
        for (const fault of findings.faults) tell(`  ${fault}`);
      }
      const before = figures.faults.length;
      await settle(world, figures);
      tell(`at rest: ${world.sink.mails.length} mails at the sink`);
      for (const fault of figures.faults.slice(before)) tell(`  ${fault}`);
      addWorld(figures, world);
    } finally {
      await world.close();
    }
  }
  return figures;
}

/** Starts servers again that do not run, and checks the data beside them; sometimes they are killed while they start. */
async function reopen(world: World): ReturnType<typeof look> {
  const { nodes } = world;
  if (nodes.every((node) => !node.isRunning()) && Math.random() < startsBrokenOff) {
    const starting = world.open();
    await sleep(Math.random() * 800);
    for (const node of nodes) await node.kill();
    await starting;
  }
  const [, checked] = await Promise.all([world.open(), world.check()]);
  const findings = await look(world);
  return { ...findings, faults: [...findings.faults, ...(checked === undefined ? [] : [checked])] };
}

/** Tells of servers that have ended by themselves. */
export function expectRunning({ nodes }: World, figures: Figures, killed: readonly Node[] = []): void {
  for (const node of nodes) {
    if (killed.includes(node) || node.isRunning()) continue;
    figures.faults.push(`${node.name} has ended: ${node.log().slice(-500)}`);
  }
}

/** Longest wait for progress, and the time that is left to chance after it, in milliseconds. */
const [longestWait, chance] = [10_000, 60];

/** All that was acknowledged so far. */
export function sumAcknowledged({ memory }: World): number {
  return Object.values(memory.counts.acknowledged).reduce((sum, number) => sum + number, 0);
}

/**
 * Waits until so many more changes were acknowledged, and a little: slow machines get as far as fast ones. Gives up where nothing
 * moves any more.
 */
export async function untilAcknowledged(world: World, more: number): Promise<void> {
  const enough = sumAcknowledged(world) + more;
  const late = Date.now() + longestWait;
  while (sumAcknowledged(world) < enough && Date.now() < late) await sleep(1);
  await sleep(Math.random() * chance);
}
