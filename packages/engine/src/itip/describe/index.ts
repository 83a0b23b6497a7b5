export { clockInWords, dayInWords, spanInWords, timeInWords } from "../../model/time-words.ts";
export type { ProposalComparison } from "../compare-proposals.ts";
export { compareProposals } from "../compare-proposals.ts";
export { describeChanges, summarizeChanges } from "./changes.ts";
export type { Language } from "./language.ts";
export { describeOutcome, describeQuestion } from "./outcome.ts";
export type { Viewer } from "./values.ts";
