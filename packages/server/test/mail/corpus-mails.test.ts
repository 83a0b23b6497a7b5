import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hasCorpus, judgeCorpus, table } from "./corpus-mails.ts";

test.skipIf(!hasCorpus())(
  "every real mail is read as the table says (skipped where ../shared/corpus is absent)",
  async () => {
    const judged = await judgeCorpus();
    expect(judged).toEqual(readFileSync(table, "utf8").replace(/\n$/, "").split("\n"));
    expect(judged.length).toBeGreaterThan(200);
  },
);
