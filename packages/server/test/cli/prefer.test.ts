import { expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

test("parley person prefer: choose, list, leave to the house; what is wrong is said", async () => {
  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
  const run = (...args: readonly string[]) => parley(["person", ...args], "", env);
  await run("add", "ann@example.com", "--name", "Ann");
  const prefer = (...args: readonly string[]) => run("prefer", "ann@example.com", ...args);
  const shown = (answers: string, busy: string): string =>
    `ask-by-mail  house\nanswer-links  ${answers}\nbusy-by-mail  ${busy}\nedited-times  house\n`;
  expect(await prefer()).toMatchObject({ code: 0, out: shown("house", "house"), err: "" });
  expect((await prefer("answer-links", "off")).out).toBe(shown("off", "house"));
  expect((await prefer("busy-by-mail", "contacts")).out).toBe(shown("off", "contacts"));
  expect((await prefer("answer-links", "house")).out).toBe(shown("house", "contacts"));
  const refused = [
    [["answer-links"], 2, "answer-links is one of on, off, house"],
    [["answer-links", "perhaps"], 2, "answer-links is one of on, off, house"],
    [["colour", "red"], 1, "Allowed choices are ask-by-mail, answer-links"],
  ] as const;
  for (const [args, code, sentence] of refused) {
    expect(await prefer(...args)).toMatchObject({ code, err: expect.stringContaining(sentence) });
  }
  expect((await prefer()).out).toBe(shown("house", "contacts"));
}, 60_000);
