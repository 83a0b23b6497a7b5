import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What finds most of all in little time comes first, and what takes longest last, when nothing else has found the mutant. */
const first = ["every-story", "every-action", "every-message", "every-version"];
const last = [
  "describe.",
  "describe-words",
  "every-change",
  "evidence-table",
  "counter-laws",
  "old-stories",
  "instances-order",
  "laws.",
  "reference-model",
  "laws-histories",
];

function rankOf({ moduleId }: TestSpecification): number {
  if (first.some((name) => moduleId.includes(`/${name}`))) return -1;
  return 1 + last.findIndex((name) => moduleId.includes(`/${name}`));
}

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}

// The tests that are about iTIP: a mutant of it has to be found by one of them.
export default defineConfig({
  resolve: { conditions: ["@parley/source"] },
  ssr: { resolve: { conditions: ["@parley/source"], externalConditions: ["@parley/source"] } },
  test: {
    include: ["itip/**", "freebusy/messages*", "model/**", "simulation/old-stories", "scenarios"].map(
      (path) => `packages/engine/test/${path}.test.ts`,
    ),
    setupFiles: ["tools/fixed-seed.ts", "tools/mutation/few-runs.ts"],
    pool: "threads",
    isolate: false,
    sequence: { sequencer: QuickFirst },
    testTimeout: 20_000,
  },
});
