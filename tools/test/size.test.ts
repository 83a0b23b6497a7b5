import { expect, test } from "vitest";
import { measureEntries } from "../size/measure.ts";

test("the entry points of the engine are as small as they must be in a browser", async () => {
  const sizes = await measureEntries();
  expect(sizes.filter(({ allowed }) => allowed !== undefined)).toHaveLength(4);
  for (const { name, octets, allowed = Infinity } of sizes) {
    expect(octets, name).toBeGreaterThan(500);
    expect(octets, name).toBeLessThanOrEqual(allowed);
  }
});
