import type { AnswerWords } from "./words.ts";

/** Speaks English. */
export const english: AnswerWords = {
  answer: "Your answer",
  answersAs: (address) => `You answer as ${address}.`,
  passedOn: "If somebody passed this mail on to you, your answer counts as theirs.",
  soFar: "Your answer so far",
  which: "For which dates?",
  whole: "All dates",
  otherTime: "Another time",
  otherTimeHint: "Only if you propose one.",
  day: "Day",
  from: "From",
  to: "To",
  zone: (name) => `Times are those of ${name}.`,
  comment: "Comment",
  send: "Send the answer",
  notices: {
    newer: "This has changed since your mail was sent. Here you see how it is now.",
    changed: "This has just changed, and nothing was sent. Please look at it, and answer again.",
    done: "Your answer has been sent. You can change it here at any time.",
    proposed: "Your proposal has been sent. The organizer decides about it.",
    superseded: "A newer answer of yours is known, so this one changed nothing.",
    tooOften: "There were too many tries. Please try again later.",
    refused: "This answer could not be taken.",
    noProposals: "The organizer takes no proposals for this.",
    nothingNew: "That is the time it takes place at already.",
    chooseAnswer: "Please choose an answer.",
    chooseDate: "Please choose the one date you propose another time for.",
    badTime: "Please enter a day and times that exist.",
  },
  gone: {
    title: "This link is no longer good",
    text: "It has expired, what it was for no longer takes place, or you are no longer invited. If you have a newer mail about it, use that one; or answer by mail.",
  },
};
