import type { CalendarUserAddress } from "../../model/address.ts";
import { quote } from "../../model/quote.ts";
import { formatStatusCode, purposeOfCode } from "../../model/request-status.ts";
import type { Outcome, Question } from "../outcome.ts";
import { english } from "./english.ts";
import type { Language } from "./language.ts";
import { finish } from "./sentence.ts";
import { statusInWords } from "./values.ts";

/** Says why an outcome is what it is, in a sentence; of what is undecided, the question. English, unless it is told otherwise. */
export function describeOutcome(outcome: Outcome, language: Language = english): string {
  switch (outcome.kind) {
    case "applied":
      return language.applied[outcome.changes.length > 0 ? "changed" : "unchanged"];
    case "ignored":
      return language.ignored[outcome.reason];
    case "held":
      return language.held[outcome.awaiting];
    case "undecided":
      return describeQuestion(outcome.question, language);
    case "rejected":
      return finish(describeRejection(outcome, language), language);
  }
}

/** The first breach says more than the code; only English has what is said of it at length. */
function describeRejection({ status, violations }: Extract<Outcome, { kind: "rejected" }>, language: Language): string {
  const [first] = violations;
  const code = formatStatusCode(status.code);
  if (!language.standard) {
    const why = first ? quote(first.detail) : purposeOfCode(status.code);
    return language.rejected(`${code} ${quote(status.description)}`, why);
  }
  const why = first && language.standard.problems[first.problem](quote(first.name));
  return language.rejected(code, why ?? statusInWords(status, language));
}

/** Says what the owner is asked. English, unless it is told otherwise. */
export function describeQuestion(question: Question, language: Language = english): string {
  return finish(ask(question, language), language);
}

function ask(question: Question, { questions, answers }: Language): string {
  switch (question.kind) {
    case "stranger":
      return questions.stranger(nameIfAny(question.from));
    case "unverified-sender":
      return questions[question.kind](nameIfAny(question.from), question.suspicious);
    case "published":
      return questions.published(quote(question.from));
    case "forwarded":
      return questions.forwarded(quote(question.from), quote(question.organizer));
    case "uninvited-reply": {
      const answer = answers[question.partstat](quote(question.from), undefined);
      return questions[question.kind](answer, question.key !== undefined, nameIfAny(question.group));
    }
    case "free-busy-request":
      return questions[question.kind](quote(question.request.organizer), question.isProven);
    case "uninvited-counter":
      return questions[question.kind](quote(question.from));
    case "new-organizer":
      return questions[question.kind](quote(question.organizer));
  }
}

function nameIfAny(address: CalendarUserAddress | undefined): string | undefined {
  return address && quote(address);
}
