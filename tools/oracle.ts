// Compares the engine with other programs that expand rules, on any number of random rules:
//   node --conditions=@parley/source tools/oracle.ts [--rules 20000] [--seed 1] [--from 0] [--show 20]
// Exit code 1 where a difference is not explained in packages/engine/test/oracle/differences.tsv.
import { parseArgs } from "node:util";
import { type Comparison, compare } from "../packages/engine/test/oracle/compare.ts";
import { readExplanations } from "../packages/engine/test/oracle/differences.ts";
import { findOracles } from "../packages/engine/test/oracle/oracle-process.ts";
import { randomCase } from "../packages/engine/test/oracle/random-case.ts";
import {
  addComparisons,
  describeCase,
  describeComparison,
  describeDifference,
  describeUse,
} from "../packages/engine/test/oracle/report.ts";

const batch = 2_000;

const { values } = parseArgs({
  options: {
    rules: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    show: { type: "string", default: "20" },
  },
});
const [rules = 0, seed = 0, first = 0, show = 0] = [values.rules, values.seed, values.from, values.show].map(Number);
if (![rules, seed, first, show].every(Number.isSafeInteger)) throw new Error("the options take whole numbers");

const { oracles, missing } = findOracles();
for (const each of missing) console.log(`SKIPPED: ${each}`);
const explanations = readExplanations();
let total: Comparison | undefined;
for (let from = 0; from < rules; from += batch) {
  const cases = Array.from({ length: Math.min(batch, rules - from) }, (_, i) => randomCase(seed, first + from + i));
  const comparison = await compare(cases, oracles, explanations);
  for (const each of comparison.unexplained.slice(0, show)) console.log(describeDifference(each));
  for (const each of comparison.badSeeks.slice(0, show)) console.log(`bad seek: ${describeCase(each)}`);
  for (const each of comparison.alone.slice(0, show)) console.log(`nobody with us: ${describeCase(each)}`);
  total = total ? addComparisons(total, comparison) : comparison;
  console.log(`-- seed ${seed}, ${total.cases} of ${rules} rules\n${describeComparison(total)}`);
}
if (total) console.log(`-- rows of differences.tsv by use\n${describeUse(total)}`);
process.exitCode = total && total.unexplained.length + total.badSeeks.length > 0 ? 1 : 0;
