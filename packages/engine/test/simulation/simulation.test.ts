import {
  explainFailure,
  formatStory,
  makeStory,
  parseStory,
  playStory,
  type Story,
  shrinkStory,
} from "@parley/engine/simulation";
import { builtInZones } from "@parley/engine/zones";
import { describe, expect, test } from "vitest";

/** Worlds played here; many more are by `npm run simulate`. */
const seeds = 2_000;
const seedsOfTest = 250;

describe("random worlds agree in the end", () => {
  test.each(Array.from({ length: seeds / seedsOfTest }, (_, index) => 1 + index * seedsOfTest))(
    "from seed %i on",
    (first) => {
      for (let seed = first; seed < first + seedsOfTest; seed++) {
        const story = makeStory(seed);
        const { problems } = playStory(story, builtInZones, undefined, true);
        if (problems.length > 0) throw new Error(explainFailure(story, builtInZones, true));
      }
    },
    120_000,
  );
});

describe("a story", () => {
  test("is the same for the same seed, and ends the same", () => {
    expect(makeStory(7)).toEqual(makeStory(7));
    expect(playStory(makeStory(7), builtInZones)).toEqual(playStory(makeStory(7), builtInZones));
    expect(makeStory(8)).not.toEqual(makeStory(7));
  });

  test("is read as it was written", () => {
    for (let seed = 1; seed <= 200; seed++) expect(parseStory(formatStory(makeStory(seed)))).toEqual(makeStory(seed));
  });

  test.each([
    ["", "a story has seed, weather and people"],
    [
      "seed 1\nweather {}\npeople ann@house.test\n+0 ann@house.test fly o1",
      "line 4: +0 ann@house.test fly o1 is no step",
    ],
  ])("that is wrong says so: %j", (text, problem) => {
    expect(parseStory(text)).toBe(problem);
  });

  test("is shortened to the steps that matter", () => {
    const story = makeStory(11);
    const kind = story.steps.at(-1)?.kind;
    const fails = (candidate: Story): boolean => candidate.steps.some((step) => step.kind === kind);
    const short = shrinkStory(story, fails);
    expect(short.steps).toHaveLength(1);
    expect(short.weather.lost).toBe(0);
  });
});
