import { describe, expect, test } from "vitest";
import { tell } from "./stories.ts";
import { storiesOfAnswers } from "./stories-answers.ts";
import { storiesOfOwnAnswers } from "./stories-own-answers.ts";
import { storiesOfProposals } from "./stories-proposals.ts";
import { storiesOfReplies } from "./stories-replies.ts";
import { storiesOfRoles } from "./stories-roles.ts";
import { storiesOfUninvited } from "./stories-uninvited.ts";
import { storiesOfVersions } from "./stories-versions.ts";
import { storiesOfWritten } from "./stories-written.ts";

const stories = [
  ...storiesOfUninvited,
  ...storiesOfAnswers,
  ...storiesOfProposals,
  ...storiesOfOwnAnswers,
  ...storiesOfVersions,
  ...storiesOfWritten,
  ...storiesOfReplies,
  ...storiesOfRoles,
];

describe("what comes of each step of a story", () => {
  test.each(stories)("$name", async (story) => {
    await expect(tell(story)).toMatchFileSnapshot(`./outcomes/story ${story.name}.txt`.replaceAll(" ", "-"));
  });
});
