// Checks the style guide, docs/STYLE.md, as far as a program can. Prints `file:line: message`; exit code 1 where there is any.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { check } from "./tidy/check.ts";
import { readSections } from "./tidy/citations.ts";
import type { TextFile } from "./tidy/source.ts";

const root = resolve(import.meta.dirname, "..");
/** Texts we write. Fixtures are messages as others write them, and keep their own line ends and faults. */
const ours = /^(?!fixtures\/|package-lock\.json$).*\.(?:[cm]?[jt]sx?|json|md|tsv|itip|css|html|ya?ml)$/;
const skippedFolders = new Set(["node_modules", "dist", "coverage", ".git", "parley-data"]);

const files = listFiles()
  .filter((path) => ours.test(path))
  .map(readTextFile);
const findings = check(files, {
  sections: readSections(readFileSync(join(root, "docs/rfc/sections.tsv"), "utf8")),
  index: readTextFile("docs/rfc/index.tsv"),
});
for (const { path, line, message } of findings) process.stdout.write(`${path}:${line}: ${message}\n`);
process.stdout.write(`${files.length} files, ${findings.length === 0 ? "tidy" : `${findings.length} findings`}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;

/** Lists what git tracks or would track; outside a repository, such as in an unpacked archive, all that is not built. */
function listFiles(): readonly string[] {
  if (!existsSync(join(root, ".git"))) return walk(root);
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1_024 * 1_024 });
  return [...new Set(listed.split("\0"))].filter((path) => path !== "" && existsSync(join(root, path)));
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skippedFolders.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() ? [relative(root, path).split(sep).join("/")] : [];
  });
}

function readTextFile(path: string): TextFile {
  return { path, text: readFileSync(join(root, path), "utf8") };
}
