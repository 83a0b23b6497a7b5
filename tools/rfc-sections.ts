// Writes docs/rfc/sections.tsv from a folder of RFC texts: node tools/rfc-sections.ts FOLDER > docs/rfc/sections.tsv
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listSections } from "./tidy/rfc-headings.ts";

const [folder] = process.argv.slice(2);
if (folder) {
  process.stdout.write("# RFC\tits sections, as tools/rfc-sections.ts found them\n");
  const names = readdirSync(folder).filter((name) => /^rfc\d+\.txt$/.test(name));
  for (const name of names.sort()) {
    const sections = listSections(readFileSync(join(folder, name), "utf8"));
    process.stdout.write(`${/\d+/.exec(name)?.[0]}\t${sections.join(" ")}\n`);
  }
} else {
  process.stderr.write("usage: node tools/rfc-sections.ts FOLDER\n");
  process.exitCode = 2;
}
