import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "./figures.ts";
import { count } from "./memory.ts";
import {
  expectRunning,
  type Hurt,
  playRounds,
  type Round,
  type RunOptions,
  sumAcknowledged,
  untilAcknowledged,
} from "./rounds.ts";
import { attachTracer, canTrace, type Injection } from "./tracer.ts";
import type { World } from "./world.ts";

/** Changes acknowledged before the disk fails, and after it is back. */
const [changesBefore, changesAfter] = [8, 5];
const faultMilliseconds = 500;
const diskMegabytes = 64;
/** Written at once to fill it. */
const fillOctets = 1_048_576;

/** A disk that does not do what it should, until `end`. */
interface Trouble {
  readonly name: string;
  /** Nothing at all can be kept meanwhile. */
  readonly isTotal: boolean;
  readonly begin: (world: World) => Promise<{ end(): Promise<void> }>;
}

/**
 * Takes the disk away under load and gives it back: no space, writes and syncs that fail. Meanwhile nobody is told that anything was
 * kept which was not; afterwards the same server goes on. Every third time it is killed while the disk fails.
 */
export function runFull(options: RunOptions): Promise<Figures> {
  return withDisk((makeOptions, hurt) => {
    if (!hurt) throw new Error("neither can a disk be mounted here nor strace used");
    return playRounds(options, makeOptions, hurt);
  });
}

/** Lends a small disk for worlds, where one can be mounted, and the way to make it fail; none where nothing can be done here. */
export async function withDisk<Result>(
  use: (makeOptions: () => Promise<{ readonly data?: string }>, hurt: Hurt | undefined) => Promise<Result>,
): Promise<Result> {
  const disk = mountDisk();
  const troubles = [...(disk ? [diskFull(disk)] : []), ...(canTrace() ? failing : [])];
  const [first] = troubles;
  let suffered = 0;
  const hurt: Hurt = (world, _, figures) => {
    const trouble = troubles[suffered++ % troubles.length] ?? (first as Trouble);
    return suffer(world, trouble, suffered % 3 === 0, figures);
  };
  const emptyDisk = async (): Promise<{ readonly data?: string }> => {
    if (!disk) return {};
    rmSync(join(disk, "data"), { recursive: true, force: true });
    return { data: disk };
  };
  try {
    return await use(emptyDisk, first && hurt);
  } finally {
    if (disk) unmountDisk(disk);
  }
}

async function suffer(world: World, trouble: Trouble, isKilled: boolean, figures: Figures): Promise<Round> {
  const { counts } = world.memory;
  const node = world.first();
  const before = sumOf(counts.unknown);
  let [requests, during, after] = [0, 0, 0];
  await world.load(async () => {
    await untilAcknowledged(world, changesBefore);
    const { end } = await trouble.begin(world);
    requests = counts.underWay;
    const dark = { acknowledged: 0 };
    counts.dark = dark;
    await sleep(faultMilliseconds);
    during = dark.acknowledged;
    counts.dark = undefined;
    if (isKilled) await node.kill();
    await end();
    after = -sumAcknowledged(world);
    if (!isKilled) await untilAcknowledged(world, changesAfter);
    after += sumAcknowledged(world);
  });
  count(figures.hits, trouble.name);
  if (trouble.isTotal && during > 0) figures.faults.push(`${trouble.name}: ${during} acknowledged`);
  expectRunning(world, figures, isKilled ? [node] : []);
  const told = `${during} begun and acknowledged meanwhile, ${sumOf(counts.unknown) - before} told to come again, ${after} acknowledged after it`;
  return { what: `${trouble.name}${isKilled ? ", then killed" : ""}: ${told}`, requests };
}

const injections: readonly Injection[] = [
  { call: "pwrite64", effect: "error=ENOSPC" },
  { call: "fsync", effect: "error=EIO" },
  { call: "pwrite64", effect: "error=EIO" },
];

const failing: readonly Trouble[] = injections.map((injection) => ({
  name: `${injection.call} with ${injection.effect}`,
  isTotal: true,
  begin: async (world) => {
    const { detach } = await attachTracer(world.first().pid(), injection);
    return { end: detach };
  },
}));

/** Fills a disk to its last octet. */
function diskFull(disk: string): Trouble {
  const ballast = join(disk, "ballast");
  return {
    name: "disk full",
    isTotal: false, // what was freed before may still take something
    begin: async () => {
      const file = openSync(ballast, "w");
      for (let size = fillOctets; size >= 1; ) if (!writeSome(file, size)) size = Math.floor(size / 2);
      closeSync(file);
      return { end: async () => rmSync(ballast) };
    },
  };
}

function writeSome(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) > 0;
  } catch {
    return false;
  }
}

/** A small disk in memory; nothing where none can be mounted. */
function mountDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "parley-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskMegabytes}m`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

function unmountDisk(folder: string): void {
  execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}
