import { foreignLine } from "./one-line.ts";

/**
 * Marks a text that is not ours as one, so that it keeps to its own direction (Unicode's FSI and PDI) and no case is changed in it.
 * `unquote` takes away the marks that nothing needs.
 */
export function quote(text: string): string {
  return `\u2068${foreignLine(text)}\u2069`;
}

/** Which way a language is written. */
export type Direction = "left-to-right" | "right-to-left";

/** Takes away the marks of `quote` where a text has the direction of the language anyway. */
export function unquote(sentence: string, direction: Direction): string {
  if (direction === "right-to-left") return sentence;
  return sentence.replace(/\u2068([^\u2068\u2069]*)\u2069/g, (marked, text) =>
    rightToLeft.test(text) ? marked : text,
  );
}

/** The blocks of Hebrew, Arabic and other letters that are written from right to left, and the marks for that. */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
