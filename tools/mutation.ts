// Mutation testing of iTIP: node tools/mutation.ts [--sample N [--seed S]] [file or pattern under packages/engine/src ...]
// Changes the code in every way Stryker knows, one at a time, and runs the tests of iTIP that come by the place: a mutant that no test
// finds is a line nobody would miss. With --sample only so many mutants are tried, evenly drawn, and the figure has its error.
// Stryker lives in tools/mutation, apart from what Parley needs, and is installed by this command. Figures: docs/mutation.md.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { drawSample } from "./mutation/sample.ts";

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

const root = resolve(import.meta.dirname, "..");
const home = join(root, "tools/mutation");
const work = join(tmpdir(), "parley-mutation");
const report = join(work, "report.json");
const { values: options, positionals } = parseArgs({
  options: { sample: { type: "string" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const isSample = options.sample !== undefined;
const patterns = (positionals.length > 0 ? positionals : ["itip/**/*.ts"]).map((each) => `packages/engine/src/${each}`);

mkdirSync(work, { recursive: true });
if (!existsSync(join(home, "node_modules/@stryker-mutator/core"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: home, stdio: "inherit" });
}
runStryker(isSample ? await draw(Number(options.sample)) : patterns);
printFigure(countStatuses());

/** Writes down which mutants are drawn, and tells where they are. */
async function draw(size: number): Promise<readonly string[]> {
  const drawn = await drawSample(root, globSync([...patterns], { cwd: root }), size, options.seed);
  writeFileSync(join(work, "sample.json"), JSON.stringify(drawn));
  rmSync(join(work, "tried.txt"), { force: true });
  return drawn.places;
}

function runStryker(mutate: readonly string[]): void {
  const config = join(work, "stryker.config.json");
  writeFileSync(
    config,
    JSON.stringify({
      testRunner: "vitest",
      vitest: { configFile: "tools/mutation/vitest.config.ts", related: false },
      plugins: ["@stryker-mutator/vitest-runner", "./tools/mutation/sample.ts"],
      mutate,
      coverageAnalysis: "perTest",
      // A mutant of what is computed once, when a module is loaded, cannot be told apart test by test: tables are compared with the RFC.
      ignoreStatic: true,
      concurrency: Number(process.env["PARLEY_MUTATION_WORKERS"] ?? "2"),
      ignorePatterns: ["dist", "docs", "fixtures/hostile"],
      tempDirName: join(work, "sandbox"),
      reporters: [...(isSample ? ["sample"] : []), "progress-append-only", "clear-text", "json"],
      clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
      jsonReporter: { fileName: report },
      timeoutMS: 30_000,
      disableTypeChecks: false,
      // Stryker would read it with a compiler it does not have.
      tsconfigFile: "tools/mutation/none.json",
    }),
  );
  execFileSync(process.execPath, [join(home, "node_modules/@stryker-mutator/core/bin/stryker.js"), "run", config], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PARLEY_MUTATION_WORK: work },
  });
}

function countStatuses(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { mutants } of Object.values((JSON.parse(readFileSync(report, "utf8")) as Report).files)) {
    for (const { status } of mutants) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

function printFigure(counts: ReadonlyMap<string, number>): void {
  const found = (counts.get("Killed") ?? 0) + (counts.get("Timeout") ?? 0);
  const valid = found + (counts.get("Survived") ?? 0) + (counts.get("NoCoverage") ?? 0);
  if (isSample && valid > Number(options.sample)) throw new Error(`Stryker tried ${valid} mutants, no sample`);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(`mutation: ${found} of ${valid} mutants found, ${percent(found / Math.max(valid, 1))}`);
  if (isSample) console.log(`of all: ${interval(found, valid).map(percent).join(" to ")}, with 95 % confidence`);
  console.log([...counts].map(([status, count]) => `${status} ${count}`).join(", "));
}

/** Wilson's interval of a share that was estimated by a sample. */
function interval(found: number, tried: number): readonly [number, number] {
  const z2 = 1.96 ** 2;
  const middle = (found + z2 / 2) / (tried + z2);
  const half = (Math.sqrt(z2) * Math.sqrt((found * (tried - found)) / tried + z2 / 4)) / (tried + z2);
  return [middle - half, middle + half];
}
