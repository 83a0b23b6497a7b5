import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
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
