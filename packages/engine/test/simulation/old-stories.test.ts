import { parseStory, playStory } from "@parley/engine/simulation";
import { builtInZones } from "@parley/engine/zones";
import { describe, expect, test } from "vitest";
import { oldStories } from "./stories.ts";
import { storiesOfAnswers } from "./stories-of-answers.ts";
import { storiesOfDelegation } from "./stories-of-delegation.ts";
import { storiesOfRanges } from "./stories-of-ranges.ts";
import { storiesOfSeries } from "./stories-of-series.ts";

const fair = '{"lost":0,"repeated":0,"reordered":0,"maxDelaySeconds":0}';

describe("worlds that did not agree once", () => {
  test.each([...oldStories, ...storiesOfSeries, ...storiesOfAnswers, ...storiesOfDelegation, ...storiesOfRanges])(
    "$fault",
    ({ steps, seed = 1, weather = fair }) => {
      const people = [...new Set(steps.match(/\w+@\w+\.test/g))].filter((person) => !person.endsWith("@story.test"));
      const story = parseStory([`seed ${seed}`, `weather ${weather}`, `people ${people.join(" ")}`, steps].join("\n"));
      if (typeof story === "string") throw new Error(story);
      expect(playStory(story, builtInZones, undefined, true).problems).toEqual([]);
    },
  );
});
