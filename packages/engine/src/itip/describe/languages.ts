import { languageCodeOf, type RuleLanguage } from "../../recurrence/words/language.ts";
import { arabic } from "./arabic.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { japanese } from "./japanese.ts";
import type { Language } from "./language.ts";
import { spanish } from "./spanish.ts";

export { arabic } from "./arabic.ts";
export { english } from "./english.ts";
export { french } from "./french.ts";
export { german } from "./german.ts";
export { japanese } from "./japanese.ts";
export type { Language } from "./language.ts";
export { spanish } from "./spanish.ts";

/** Holds all languages by their ISO 639 codes; whoever needs one alone imports it by its name. */
export const languages: Readonly<Record<RuleLanguage, Language>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  ar: arabic,
};

/** Finds the language of a locale such as `de-AT`, by its first part; English where there is none. */
export function languageOf(locale: string): Language {
  return languages[languageCodeOf(locale)];
}
