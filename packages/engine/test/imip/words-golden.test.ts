import { describe, expect, test } from "vitest";
import { english } from "../../src/imip/words/english.ts";
import type { Purpose } from "../../src/imip/words/language.ts";
import { composeSample, samples, tongues, whole } from "./mail-samples.ts";

// Each file is for a reader of the language to read from top to bottom. No native speaker has read any of them yet; what they say
// follows the sentences of `describe/`, and what other calendars write.
describe.each(tongues)("mails in $code", (language) => {
  test("all of the table, as text", async () => {
    const mails = samples.map((sample) => {
      const { subject, text } = composeSample(sample, language);
      return `#### ${sample.name}\n${subject}\n\n${text}`;
    });
    await expect(mails.join("\n")).toMatchFileSnapshot(`golden/${language.code}.txt`);
  });

  test("one that has everything, as HTML", async () => {
    await expect(composeSample(whole, language).html).toMatchFileSnapshot(`golden/${language.code}.html`);
  });
});

test("the table has a mail for every purpose there is", () => {
  const subjects = new Set(samples.map((sample) => composeSample(sample, english).subject.replace(/:.*/, "")));
  const purposes = Object.keys(english.purposes) as readonly Purpose[];
  const missing = purposes.filter((purpose) => !subjects.has(english.purposes[purpose][0]));
  expect(missing).toEqual([]);
});
