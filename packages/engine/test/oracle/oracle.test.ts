import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import { readExplanations } from "./differences.ts";
import { findOracles } from "./oracle-process.ts";
import { randomCase } from "./random-case.ts";
import { describeCase, describeComparison, describeDifference } from "./report.ts";

/** As many as all oracles answer in a quarter of a minute. `node --conditions=@parley/source tools/oracle.ts` asks any number. */
const rules = 1_500;
const seed = 5_545;

const { oracles, missing } = findOracles();
for (const each of missing) console.warn(`SKIPPED: random rules are not compared with ${each}`);

test("our reading of the RFC by the letter is never explained away", () => {
  expect(readExplanations().filter(({ oracles }) => oracles.includes("by-the-letter"))).toEqual([]);
});

test(`${rules} random rules expand as others expand them, or a rule of the RFC says why not`, async () => {
  const cases = Array.from({ length: rules }, (_, number) => randomCase(seed, number));
  const comparison = await compare(cases, oracles, readExplanations());
  console.info(describeComparison(comparison));
  expect(comparison.unexplained.map(describeDifference)).toEqual([]);
  expect(comparison.badSeeks.map(describeCase)).toEqual([]);
  // Not by silence: what is compared with nobody proves nothing.
  expect(comparison.unanswered).toBeLessThan(rules / 100);
}, 120_000);
