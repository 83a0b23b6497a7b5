// Tells which requirements of the ledger are met: node tools/requirements.ts. Exit code 1 where one has neither test nor reason.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCitations, findExcused, listRequirements, type Requirement, tabulate } from "./requirements/ledger.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ledger = join(root, "../shared/requirements/requirements.md");

if (existsSync(ledger)) {
  process.exitCode = report(listRequirements(readFileSync(ledger, "utf8")).filter(({ id }) => id.startsWith("ITIP-")));
} else {
  process.stdout.write("SKIPPED: there is no ../shared/requirements on this machine.\n");
}

function report(requirements: readonly Requirement[]): number {
  const cited = findCitations(testFiles());
  const excused = findExcused(readFileSync(join(root, "docs/deviations.md"), "utf8"));
  const { lines, gaps, unknown, idle } = tabulate(requirements, cited, excused);
  process.stdout.write(`${lines.join("\n")}\n`);
  for (const { id, text } of gaps) process.stdout.write(`gap: ${id} ${text}\n`);
  for (const id of unknown) process.stdout.write(`unknown: ${id} is cited and not in the ledger\n`);
  for (const id of idle)
    process.stdout.write(`idle: ${id} is listed in docs/deviations.md and cited by a test as well\n`);
  return gaps.length + unknown.length + idle.length === 0 ? 0 : 1;
}

/** All tests and scenarios, as text by path. */
function testFiles(): ReadonlyMap<string, string> {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/test`);
  const paths = [...packages, "scenarios"].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path))
      : [],
  );
  const texts = paths.filter((path) => /\.(?:tsx?|itip)$/.test(path));
  return new Map(texts.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
