import { defineConfig } from "vitest/config";

// The tests that are about iTIP: a mutant of it has to be found by one of them.
export default defineConfig({
  resolve: { conditions: ["@parley/source"] },
  ssr: { resolve: { conditions: ["@parley/source"], externalConditions: ["@parley/source"] } },
  test: {
    include: ["itip/**", "freebusy/**", "scenarios"].map((path) => `packages/engine/test/${path}.test.ts`),
    setupFiles: ["tools/fixed-seed.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
  },
});
