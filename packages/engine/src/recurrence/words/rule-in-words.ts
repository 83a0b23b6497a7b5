import type { RecurrenceRule } from "../rule.ts";
import { arabic } from "./arabic.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { japanese } from "./japanese.ts";
import type { Language, RuleLanguage } from "./language.ts";
import { type RuleSetting, sayRule } from "./say-rule.ts";
import { spanish } from "./spanish.ts";

/** In what language, and for what, a rule is said. */
export interface WordsOptions extends RuleSetting {
  readonly language: RuleLanguage;
}

const languages: Readonly<Record<RuleLanguage, Language>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  ar: arabic,
};

/**
 * Says a rule as people do, in one line without a full stop: "every second Tuesday until 4 May 2027". Total and true for
 * every rule: what there is no idiom for is said at length. Without `start` nothing is said of what the rule takes from it.
 * UNTIL is said as a day, with the time of day where the rule goes by hours or less; a day on which nothing can start any
 * more, going by the time of `start`, is not said, but the one before.
 */
export function ruleInWords(rule: RecurrenceRule, options: WordsOptions): string {
  return sayRule(rule, languages[options.language], options);
}
