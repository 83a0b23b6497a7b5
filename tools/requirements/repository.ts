import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findCitations, findExcused, listRequirements, type Tabulation, tabulate } from "./ledger.ts";

/** Tabulates the iTIP, iMIP and CalDAV scheduling requirements of this repository; `undefined` where the machine has no `../shared/requirements`. */
export function tabulateRepository(root: string): Tabulation | undefined {
  const ledger = join(root, "../shared/requirements/requirements.md");
  if (!existsSync(ledger)) return undefined;
  const requirements = listRequirements(readFileSync(ledger, "utf8")).filter(({ id }) =>
    /^(?:I[TM]IP|CALSCHED)-/.test(id),
  );
  const excused = findExcused(readFileSync(join(root, "docs/deviations.md"), "utf8"));
  return tabulate(requirements, findCitations(testFiles(root)), excused);
}

/** All tests and scenarios, as text by path. */
function testFiles(root: string): ReadonlyMap<string, string> {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/test`);
  const paths = [...packages, "scenarios"].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path))
      : [],
  );
  const texts = paths.filter((path) => /\.(?:tsx?|itip)$/.test(path));
  return new Map(texts.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
