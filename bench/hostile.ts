import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostileText, makeHostileTexts, readHostileFiles } from "../tools/fuzz/hostile.ts";
import { type HostileStep, hostileSteps } from "./hostile-work.ts";
import { median } from "./side-by-side.ts";

/** Shorter texts are measured against the goals as if they were that long. */
const unitOctets = 100_000;
const goalMilliseconds = 50;
const goalMegabytes = 50;
const goalRatio = 2.3;
const rounds = 5;
/** A sample is at least so long: the time of a thread is told in coarse steps. */
const sampleMilliseconds = 20;
const shownLines = 10;

/** What a text costs. */
interface Cost {
  readonly name: string;
  readonly octets: number;
  readonly steps: ReadonlyMap<string, number>;
  /** Milliseconds of all steps. */
  readonly total: number;
}

/** Measures what hostile texts cost: time, memory, and how the time grows with the text. */
export async function benchHostile(): Promise<void> {
  const files = [...readHostileFiles("ics"), ...readMails()];
  const costs: Cost[] = [];
  for (const text of files) costs.push(await measure(text));
  const ratios: (readonly [Cost, Cost])[] = [];
  const halves = makeHostileTexts(0.5);
  for (const text of makeHostileTexts()) {
    const half = halves.next();
    if (half.done) throw new Error("the recipes have changed meanwhile");
    const whole = await measure(text);
    costs.push(whole);
    ratios.push([await measure(half.value), whole]);
  }
  printTimes(costs);
  printRatios(ratios);
  await printMemory([...files, ...makeHostileTexts()]);
}

function readMails(): readonly HostileText[] {
  const folder = join(import.meta.dirname, "../fixtures/hostile");
  const names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
  return names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

async function measure({ name, bytes }: HostileText): Promise<Cost> {
  const steps = new Map<string, number>();
  for (const step of await hostileSteps(name, bytes)) steps.set(step.name, measureStep(step));
  return { name, octets: bytes.length, steps, total: [...steps.values()].reduce((sum, each) => sum + each, 0) };
}

/** The milliseconds of this thread that one time takes, when warm. */
function measureStep({ work }: HostileStep): number {
  let times = 1;
  for (let took = spent(work, times); took < sampleMilliseconds; took = spent(work, times)) {
    times = Math.ceil(times * Math.min(10, Math.max(1.5, sampleMilliseconds / Math.max(took, 0.1))));
  }
  return median(Array.from({ length: rounds }, () => spent(work, times) / times));
}

function spent(work: () => unknown, times: number): number {
  const began = process.threadCpuUsage();
  for (let i = 0; i < times; i++) work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}

function perUnit(amount: number, octets: number): number {
  return amount / Math.max(1, octets / unitOctets);
}

function printTimes(costs: readonly Cost[]): void {
  const rows = costs.map((cost) => ({ cost, each: perUnit(cost.total, cost.octets) }));
  console.log(`hostile: ${costs.length} texts; milliseconds of each step, median of ${rounds}; the dearest per 100 kB`);
  for (const { cost, each } of rows.sort((a, b) => b.each - a.each).slice(0, shownLines)) {
    const steps = [...cost.steps].map(([name, time]) => `${name} ${time.toFixed(2)}`);
    console.log(`  ${label(cost)}${each.toFixed(1).padStart(8)} ms  ${steps.join(", ")}`);
  }
  const over = rows.filter(({ each }) => each > goalMilliseconds).length;
  console.log(`  over ${goalMilliseconds} ms per 100 kB: ${over}`);
}

function printRatios(pairs: readonly (readonly [half: Cost, whole: Cost])[]): void {
  console.log(`\n  time at twice the size: a recipe at full size against half of it, all steps; goal ${goalRatio}`);
  const rows = pairs.map(([half, whole]) => ({ half, whole, ratio: whole.total / half.total }));
  for (const { half, whole, ratio } of rows.sort((a, b) => b.ratio - a.ratio)) {
    const steps = [...whole.steps].map(
      ([name, time]) => `${name} ${(time / (half.steps.get(name) ?? time)).toFixed(2)}`,
    );
    console.log(`  ${label(whole)}${ratio.toFixed(2).padStart(8)}x    ${steps.join(", ")}`);
  }
}

async function printMemory(texts: Iterable<HostileText>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const rows: { text: HostileText; rise: number; each: number }[] = [];
  try {
    const file = join(folder, "text");
    for (const text of texts) {
      await writeFile(file, text.bytes);
      const rise = riseOf(file, text.name);
      rows.push({ text, rise, each: perUnit(rise, text.bytes.length) });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log("\n  rise of the peak of memory over all steps, each text in a process of its own; the most per 100 kB");
  for (const { text, rise, each } of rows.sort((a, b) => b.each - a.each).slice(0, shownLines)) {
    const of = { name: text.name, octets: text.bytes.length };
    console.log(`  ${label(of)}${each.toFixed(1).padStart(8)} MB  in all ${rise.toFixed(1)} MB`);
  }
  const over = rows.filter(({ each }) => each > goalMegabytes).length;
  console.log(`  over ${goalMegabytes} MB per 100 kB: ${over}`);
}

function riseOf(file: string, name: string): number {
  const program = join(import.meta.dirname, "hostile-memory.ts");
  const run = spawnSync(process.execPath, ["--conditions=@parley/source", program, file, name], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`);
  return Number(run.stdout) / 1e6;
}

function label({ name, octets }: Pick<Cost, "name" | "octets">): string {
  return `${name.padEnd(40)}${`${(octets / 1_000).toFixed(1)} kB`.padStart(12)}`;
}
