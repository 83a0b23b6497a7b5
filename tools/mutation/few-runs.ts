import { vi } from "vitest";

/** With each mutant a law is tried a twentieth of its times, but that often, and no smaller example is looked for. */
const leastRuns = 40;

vi.mock("fast-check", async (original) => {
  const { default: fc } = await original<typeof import("fast-check")>();
  // An overload cannot be written as an arrow function; all laws here end at once.
  const assert = ((property: Parameters<typeof fc.assert>[0], parameters: Parameters<typeof fc.assert>[1] = {}) => {
    const { numRuns = 100 } = parameters;
    const fewer = Math.min(numRuns, Math.max(leastRuns, numRuns / 20));
    return fc.assert(property, { ...parameters, numRuns: fewer, endOnFailure: true });
  }) as typeof fc.assert;
  return { default: { ...fc, assert } };
});
