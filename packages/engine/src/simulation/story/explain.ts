import type { ZoneProvider } from "../../recurrence/zone.ts";
import { playStory } from "./play-story.ts";
import { shrinkStory } from "./shrink.ts";
import type { Story } from "./story.ts";
import { formatStory } from "./story-text.ts";

/** Says what is wrong with a story that fails: what was found, how to play it again, and the shortest story that fails too. */
export function explainFailure(story: Story, zones: ZoneProvider, withTimes = false): string {
  const play = (one: Story): readonly string[] => playStory(one, zones, undefined, withTimes).problems;
  const problems = play(story);
  const short = shrinkStory(story, (candidate) => play(candidate).length > 0);
  return [
    `npm run simulate -- --seed ${story.seed}${withTimes ? " --times" : ""}`,
    ...problems.slice(0, 5).map((problem) => `  ${problem}`),
    "",
    formatStory(short),
    ...play(short).map((problem) => `# ${problem}`),
    "",
  ].join("\n");
}
