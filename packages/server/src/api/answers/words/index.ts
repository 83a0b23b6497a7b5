import type { RuleLanguage } from "@parley/engine/recurrence";
import { arabic } from "./arabic.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { japanese } from "./japanese.ts";
import { spanish } from "./spanish.ts";
import type { AnswerWords } from "./words.ts";

export type { AnswerWords, NoticeName } from "./words.ts";

/** Holds the words of all languages mails have, by their ISO 639 codes. */
export const answerWords: Readonly<Record<RuleLanguage, AnswerWords>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  ar: arabic,
};
