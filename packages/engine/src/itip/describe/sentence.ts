import { unquote } from "../../model/quote.ts";
import type { Language } from "./language.ts";

/** Makes a sentence of a phrase: with a great letter where the language has them, and a full stop unless what is quoted ends it. */
export function makeSentence(phrase: string, language: Language): string {
  const begun = phrase.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
  return finish(/[.!?。”“»」]\u2069?$/.test(begun) ? begun : `${begun}${language.marks.stop}`, language);
}

/** Takes away the marks of `quote` where a text has the direction of the language anyway. */
export function finish(sentence: string, { direction }: Language): string {
  return unquote(sentence, direction);
}
