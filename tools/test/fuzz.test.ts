import fc from "fast-check";
import { test } from "vitest";
import { targets } from "../fuzz/targets.ts";

// A taste of what tools/fuzz.ts does for as long as one likes.
test.each(targets)("fuzz: $name", ({ texts, check }) => {
  fc.assert(fc.property(texts, check), { numRuns: 20_000, interruptAfterTimeLimit: 1_500 });
});
