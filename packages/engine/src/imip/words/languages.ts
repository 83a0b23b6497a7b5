import { languageCodeOf, type RuleLanguage } from "../../recurrence/words/language.ts";
import { arabic } from "./arabic.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { japanese } from "./japanese.ts";
import type { MailLanguage } from "./language.ts";
import { spanish } from "./spanish.ts";

export { arabic } from "./arabic.ts";
export { english } from "./english.ts";
export { french } from "./french.ts";
export { german } from "./german.ts";
export { japanese } from "./japanese.ts";
export type { MailLanguage } from "./language.ts";
export { spanish } from "./spanish.ts";

/** Holds all languages of mails by their ISO 639 codes; whoever needs one alone imports it by its name. */
export const mailLanguages: Readonly<Record<RuleLanguage, MailLanguage>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  ar: arabic,
};

/**
 * Chooses the language of a mail: that of the first of some locales, such as `de-AT`, whose first part names a language that is here.
 * English where none does.
 */
export function mailLanguageOf(...locales: readonly (string | undefined)[]): MailLanguage {
  return mailLanguages[languageCodeOf(...locales)];
}
