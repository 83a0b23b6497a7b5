// Writes the zone data built into the engine: `node --conditions=@parley/source tools/zone-data.ts [folder]`. The folder holds compiled
// zones with their version in tzdata.zi, as Debian's package tzdata installs them in /usr/share/zoneinfo, where it is looked for.
import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { makeZoneTable } from "./zone-data/make-table.ts";

const target = resolve(import.meta.dirname, "../packages/engine/src/recurrence/zone-data/table.ts");
const text = makeZoneTable(resolve(process.argv[2] ?? "/usr/share/zoneinfo"));
writeFileSync(target, text);
process.stdout.write(`${relative(process.cwd(), target)}: ${Buffer.byteLength(text)} octets\n`);
