// Tells which requirements of the ledger are met: node tools/requirements.ts. Exit code 1 where one has neither test nor reason.
import { fileURLToPath } from "node:url";
import type { Tabulation } from "./requirements/ledger.ts";
import { tabulateRepository } from "./requirements/repository.ts";

const tabulation = tabulateRepository(fileURLToPath(new URL("..", import.meta.url)));

if (tabulation) process.exitCode = report(tabulation);
else process.stdout.write("SKIPPED: there is no ../shared/requirements on this machine.\n");

function report({ lines, gaps, unknown, idle }: Tabulation): number {
  process.stdout.write(`${lines.join("\n")}\n`);
  for (const { id, text } of gaps) process.stdout.write(`gap: ${id} ${text}\n`);
  for (const id of unknown) process.stdout.write(`unknown: ${id} is cited and not in the ledger\n`);
  for (const id of idle)
    process.stdout.write(`idle: ${id} is listed in docs/deviations.md and cited by a test as well\n`);
  return gaps.length + unknown.length + idle.length === 0 ? 0 : 1;
}
