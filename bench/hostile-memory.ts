// Does once with the text in a file, the first argument, all that is done with a hostile text of that name, the second, in a
// process of its own; prints by how many octets the peak of memory rose. Run by `hostile.ts`.
import { readFileSync } from "node:fs";
import { resourceUsage } from "node:process";
import { hostileSteps } from "./hostile-work.ts";

const [file = "", name = ""] = process.argv.slice(2);
const bytes = readFileSync(file);
const before = resourceUsage().maxRSS;
for (const { work } of await hostileSteps(name, bytes)) work();
process.stdout.write(String((resourceUsage().maxRSS - before) * 1_024));
