import { foreignLine } from "../../model/one-line.ts";
import type { Language } from "./language.ts";

/**
 * Marks a text that is not ours as one, so that it keeps to its own direction (Unicode's FSI and PDI) and no case is changed in it.
 * `finish` takes away the marks that nothing needs.
 */
export function quote(text: string): string {
  return `\u2068${foreignLine(text)}\u2069`;
}

/** Makes a sentence of a phrase: with a great letter where the language has them, and a full stop unless what is quoted ends it. */
export function makeSentence(phrase: string, language: Language): string {
  const begun = phrase.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
  return finish(/[.!?。”“»」]\u2069?$/.test(begun) ? begun : `${begun}${language.marks.stop}`, language);
}

/** Takes away the marks of `quote` where a text has the direction of the language anyway. */
export function finish(sentence: string, language: Language): string {
  if (language.direction === "right-to-left") return sentence;
  return sentence.replace(/\u2068([^\u2068\u2069]*)\u2069/g, (marked, text) =>
    rightToLeft.test(text) ? marked : text,
  );
}

/** The blocks of Hebrew, Arabic and other letters that are written from right to left, and the marks for that. */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
