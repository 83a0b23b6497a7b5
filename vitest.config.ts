import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@parley/source"] },
  ssr: { resolve: { conditions: ["@parley/source"], externalConditions: ["@parley/source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    globalSetup: ["tools/announce-skips.ts", "packages/server/test/store/postgres-once.ts"],
    setupFiles: ["tools/fixed-seed.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    passWithNoTests: false,
  },
});
