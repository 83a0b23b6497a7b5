import fc from "fast-check";
import { test } from "vitest";
import { targets } from "../fuzz/targets.ts";

// A taste of what tools/fuzz.ts does for as long as one likes.
test.each(targets)("fuzz: $name", { timeout: 60_000 }, ({ texts, check }) => {
  fc.assert(fc.property(texts, check), { numRuns: 1_000_000, interruptAfterTimeLimit: 10_000 });
});
