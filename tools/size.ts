// Prints how large the entry points of the engine are in a browser: node tools/size.ts. Exit code 1 where one is too large.
import { measureEntries } from "./size/measure.ts";

let tooLarge = 0;
for (const { name, octets, allowed, without } of await measureEntries()) {
  const left = without.length > 0 ? `, without ${without.join(", ")}` : "";
  const limit = allowed === undefined ? "" : ` of ${allowed}`;
  process.stdout.write(`${name}: ${octets}${limit} octets, minified and gzipped${left}\n`);
  if (allowed !== undefined && octets > allowed) tooLarge++;
}
process.exitCode = tooLarge === 0 ? 0 : 1;
