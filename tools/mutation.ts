// Mutation testing of iTIP: node tools/mutation.ts [file or pattern under packages/engine/src ...]
// Changes the code in every way Stryker knows, one at a time, and runs the tests of iTIP that come by the place: a mutant that no test
// finds is a line nobody would miss. Stryker lives in tools/mutation, apart from what Parley needs, and is installed by this command.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

const root = resolve(import.meta.dirname, "..");
const home = join(root, "tools/mutation");
const work = join(tmpdir(), "parley-mutation");
const patterns = process.argv.length > 2 ? process.argv.slice(2) : ["itip/**/*.ts"];
mkdirSync(work, { recursive: true });
if (!existsSync(join(home, "node_modules/@stryker-mutator/core"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: home, stdio: "inherit" });
}
const report = join(work, "report.json");
const config = join(work, "stryker.config.json");
writeFileSync(
  config,
  JSON.stringify({
    testRunner: "vitest",
    vitest: { configFile: "tools/mutation/vitest.config.ts", related: false },
    plugins: ["@stryker-mutator/vitest-runner"],
    mutate: patterns.map((pattern) => `packages/engine/src/${pattern}`),
    coverageAnalysis: "perTest",
    // A mutant of what is computed once, when a module is loaded, cannot be told apart test by test: tables are compared with the RFC.
    ignoreStatic: true,
    concurrency: Number(process.env["PARLEY_MUTATION_WORKERS"] ?? "2"),
    ignorePatterns: ["dist", "docs", "fixtures/hostile"],
    tempDirName: join(work, "sandbox"),
    reporters: ["clear-text", "json"],
    clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
    jsonReporter: { fileName: report },
    timeoutMS: 10_000,
    disableTypeChecks: false,
    // Stryker would read it with a compiler it does not have.
    tsconfigFile: "tools/mutation/none.json",
  }),
);
execFileSync(process.execPath, [join(home, "node_modules/@stryker-mutator/core/bin/stryker.js"), "run", config], {
  cwd: root,
  stdio: "inherit",
});

const counts = new Map<string, number>();
for (const { mutants } of Object.values((JSON.parse(readFileSync(report, "utf8")) as Report).files)) {
  for (const { status } of mutants) counts.set(status, (counts.get(status) ?? 0) + 1);
}
const found = (counts.get("Killed") ?? 0) + (counts.get("Timeout") ?? 0);
const valid = found + (counts.get("Survived") ?? 0) + (counts.get("NoCoverage") ?? 0);
console.log(`mutation: ${found} of ${valid} mutants found, ${((100 * found) / Math.max(valid, 1)).toFixed(1)} %`);
console.log([...counts].map(([status, count]) => `${status} ${count}`).join(", "));
