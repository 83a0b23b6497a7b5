import { type Change, masterKey } from "@parley/engine";
import { describeChanges, type Language, summarizeChanges } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { maxChangesNamed, maxDatesNamed, maxGuestsNamed } from "../../src/limits.ts";
import { changed, tongues, viewer } from "./describe-samples.ts";
import { address, ben } from "./world.ts";

type Words = string | number | boolean | undefined | readonly Words[] | { readonly [name: string]: Words } | Say;
type Say = (...what: readonly (string | boolean | undefined)[]) => string;

/** What stands for names and values: no language has it as a word. */
const marks = ["⟨1⟩", "⟨2⟩", "⟨3⟩"] as const;

/** What of the words of a language is not words. */
const notWords = new Set(["code", "direction", "dates"]);

function list(words: Words, path: string): readonly (readonly [path: string, words: string | Say])[] {
  if (typeof words === "string" || typeof words === "function") return [[path, words]];
  if (typeof words !== "object") return [];
  return Object.entries(words).flatMap(([name, each]) =>
    path === "" && notWords.has(name) ? [] : list(each, path ? `${path}.${name}` : name),
  );
}

/** Phrases that are told something besides names and values. */
const yesOrNo: Readonly<Record<string, number>> = {
  "questions.unverified-sender": 1,
  "questions.uninvited-reply": 1,
  "questions.free-busy-request": 1,
};
/** Phrases that are said otherwise where something is not known. */
const optional: readonly (readonly [path: string, index: number])[] = [
  ["answers.DELEGATED", 1],
  ["rejected", 1],
  ["questions.stranger", 0],
  ["questions.unverified-sender", 0],
  ["questions.uninvited-reply", 2],
];

describe.each(tongues.map((language) => [language.code, language] as const))("the words of %s", (_, language) => {
  const all = new Map(list(language as unknown as Words, ""));
  const phrases = [...all].filter((entry): entry is [string, Say] => typeof entry[1] === "function");
  const say = (path: string, ...what: readonly (string | boolean | undefined)[]): string => {
    const words = all.get(path);
    if (typeof words !== "function") throw new Error(`${path} is no phrase`);
    return words(...what);
  };

  test("are there, and no two of one kind are the same", () => {
    const texts = [...all].filter((entry): entry is [string, string] => typeof entry[1] === "string");
    for (const [path, text] of texts) expect(text, path).not.toBe("");
    for (const kind of ["properties", "statuses", "ignored", "held", "applied"]) {
      const same = texts.filter(([path]) => path.startsWith(`${kind}.`)).map(([, text]) => text);
      expect(new Set(same).size, kind).toBe(same.length);
    }
  });

  test.each(phrases)("%s repeats what it is told, and says more", (path, phrase) => {
    const yes = yesOrNo[path];
    for (const answer of yes === undefined ? [true] : [true, false]) {
      const what = marks.map((mark, index) => (index === yes ? answer : mark));
      const told = phrase(...what);
      const count = optional.find(([name]) => name === path)?.[1] ?? -1;
      for (let index = 0; index < Math.max(phrase.length, count + 1); index++) {
        if (index === yes) continue;
        if (path === "hours" && language.code === "ja") continue;
        expect(told, `${path} ${index}`).toContain(marks[index]);
      }
      expect(told.replaceAll(/⟨\d⟩|[\s:：،,;.()]/g, ""), path).not.toBe(told.replaceAll(/[^⟨⟩\d]/g, ""));
    }
  });

  test.each(Object.entries(yesOrNo))("%s tells yes from no", (path, index) => {
    const [yes, no] = [true, false].map((answer) =>
      say(path, ...marks.map((mark, at) => (at === index ? answer : mark))),
    );
    expect(yes).not.toBe(no);
  });

  test.each(optional)("%s is said in another way where something is not known", (path, index) => {
    for (const answer of [true, false]) {
      const what = marks.map((mark, at) => (at === yesOrNo[path] ? answer : mark));
      const without = say(path, ...what.map((one, at) => (at === index ? undefined : one)));
      expect(without).not.toMatch(/undefined|⟨3⟩|Stryker|^ /);
      // Where nobody is named there is a word for them, and not a gap.
      if (path.startsWith("questions.") && index === 0) {
        expect(without).not.toBe(say(path, ...what.map((one, at) => (at === index ? "" : one))));
      }
      if (path === "questions.uninvited-reply" || path === "answers.DELEGATED") {
        expect(isPart(without, say(path, ...what)), without).toBe(true);
      }
    }
  });
});

/** Whether a text is another without one piece of it. */
function isPart(part: string, whole: string): boolean {
  let same = 0;
  while (same < part.length && part[same] === whole[same]) same++;
  return whole.endsWith(part.slice(same)) && whole.length > part.length;
}

describe("long lists", () => {
  const people = (count: number) => Array.from({ length: count }, (_, index) => address(`p${index}@x.test`));
  const delegated = (count: number): Change => {
    const delegatedTo = people(count);
    return {
      kind: "participation",
      key: masterKey,
      attendee: ben,
      old: "ACCEPTED",
      new: "DELEGATED",
      delegatedTo,
      outdated: false,
    };
  };
  const days = (count: number, more = ""): Change =>
    changed("RDATE", undefined, Array.from({ length: count }, (_, index) => `202703${10 + index}${more}`).join(","));
  const added = (count: number) =>
    people(count).map((attendee): Change => ({ kind: "attendee-added", key: masterKey, attendee }));
  const sentence = (change: Change, language?: Language): string =>
    describeChanges([change], { ...viewer, ...(language && { language }) })[0] ?? "";

  test.each([
    ["guests", (count: number) => sentence(delegated(count)), maxGuestsNamed, /p\d+@/g],
    ["dates", (count: number) => sentence(days(count)), maxDatesNamed, /March/g],
    ["changes", (count: number) => summarizeChanges(added(count), viewer), maxChangesNamed, /was added/g],
  ] as const)("of %s are said whole, and from one more on with dots in place of the rest", (_, say, most, each) => {
    expect(say(most).match(each)).toHaveLength(most);
    expect(say(most)).not.toContain("…");
    expect(say(most + 1).match(each)).toHaveLength(most);
    expect(say(most + 1)).toContain("…");
  });

  test("of periods are their starts, and what has one that cannot be read is as it is written", () => {
    const start = sentence(changed("RDATE", undefined, "20270310T090000Z/20270310T120000Z"));
    expect(start).toBe(sentence(changed("RDATE", undefined, "20270310T090000Z")));
    expect(sentence(changed("RDATE", undefined, "20270310,x"))).toBe("Extra dates: 20270310,x.");
    expect(sentence(changed("RDATE", undefined, "20270310,20270311"))).toBe(
      "Extra dates: Wednesday, 10 March 2027; Thursday, 11 March 2027.",
    );
  });
});
