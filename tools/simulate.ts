// Plays random worlds, and looks for one in which calendars do not agree in the end:
// node --conditions=@parley/source tools/simulate.ts [--seeds N] [--from M] [--workers W] [--times] | --seed N | --story FILE. The
// workers, two if not said otherwise, share the seeds. A world that fails is named at once, and the first of them are shortened at the end to
// scripts that fail too, which `--story` plays; exit code 1 where there was one.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { explainFailure, makeStory, parseStory, playStory, type Story } from "@parley/engine/simulation";
import { builtInZones } from "@parley/engine/zones";

const seedsAtOnce = 100;
const maxFailures = 5;

/** What a worker does, and what it tells. */
interface Share {
  readonly first: number;
  readonly end: number;
  readonly withTimes: boolean;
}
interface Report {
  readonly played: number;
  readonly letters: number;
  readonly failures: readonly number[];
}

if (isMainThread) main();
else work(workerData as Share);

function main(): void {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "10000" },
      from: { type: "string", default: "1" },
      workers: { type: "string", default: "2" },
      seed: { type: "string" },
      story: { type: "string" },
      times: { type: "boolean", default: false },
    },
  });
  if (values.story !== undefined) return playFile(values.story, values.times);
  if (values.seed !== undefined) return playOne(makeStory(Number(values.seed)), values.times);
  const [from, seeds, workers] = [Number(values.from), Number(values.seeds), Number(values.workers)];
  if ([from, seeds, workers].every(Number.isInteger) && seeds > 0 && workers > 0)
    return playMany({ first: from, end: from + seeds, withTimes: values.times }, workers);
  process.stderr.write("usage: simulate [--seeds N] [--from M] [--workers W] [--times] | --seed N | --story FILE\n");
  process.exitCode = 2;
}

function playFile(file: string, withTimes: boolean): void {
  const story = parseStory(readFileSync(file, "utf8"));
  if (typeof story === "string") {
    process.stderr.write(`${file}: ${story}\n`);
    process.exitCode = 2;
    return;
  }
  playOne(story, withTimes);
}

/** Plays one story, telling everything that happens. */
function playOne(story: Story, withTimes: boolean): void {
  const { problems } = playStory(story, builtInZones, (line) => process.stdout.write(`${line}\n`), withTimes);
  if (problems.length === 0) {
    process.stdout.write("all agree\n");
    return;
  }
  process.stdout.write(`\n${explainFailure(story, builtInZones, withTimes)}`);
  process.exitCode = 1;
}

function playMany({ first, end, withTimes }: Share, workers: number): void {
  const begun = Date.now();
  const failures: number[] = [];
  let [played, letters, told, running] = [0, 0, 0, workers];
  const tell = (): void => {
    const seconds = (Date.now() - begun) / 1_000;
    const rate = Math.round(played / Math.max(seconds, 1));
    process.stdout.write(
      `${played} of ${end - first} worlds, ${letters} letters, ${rate} a second, ${failures.length} failed\n`,
    );
  };
  const size = Math.ceil((end - first) / workers);
  for (let index = 0; index < workers; index++) {
    const share: Share = { first: first + index * size, end: Math.min(first + (index + 1) * size, end), withTimes };
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.on("message", (report: Report) => {
      played += report.played;
      letters += report.letters;
      failures.push(...report.failures);
      for (const seed of report.failures) process.stdout.write(`seed ${seed} failed\n`);
      if (Date.now() - told > 5_000) tell();
      if (Date.now() - told > 5_000) told = Date.now();
    });
    worker.on("exit", () => {
      running--;
      if (running > 0) return;
      tell();
      for (const seed of failures.slice(0, maxFailures)) {
        process.stdout.write(`\n${explainFailure(makeStory(seed), builtInZones, withTimes)}`);
      }
      if (failures.length > 0) process.exitCode = 1;
    });
  }
}

function work({ first, end, withTimes }: Share): void {
  for (let start = first; start < end; start += seedsAtOnce) {
    const seeds = Array.from({ length: Math.min(seedsAtOnce, end - start) }, (_, index) => start + index);
    const all = seeds.map((seed) => ({ seed, ...playStory(makeStory(seed), builtInZones, undefined, withTimes) }));
    const failures = all.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed);
    const letters = all.reduce((sum, one) => sum + one.letters, 0);
    parentPort?.postMessage({ played: all.length, letters, failures } satisfies Report);
  }
}
