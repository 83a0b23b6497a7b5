import { maxLineInWords } from "../limits.ts";

/** Makes one line of a text, without controls, at most `maxLineInWords` long. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return line.length > maxLineInWords ? `${cut(line, maxLineInWords - 1)}…` : line;
}

/** Makes one line of a text of a peer's, in which nothing turns the direction of what stands around it. */
export function foreignLine(text: string): string {
  return oneLine(text.replace(/[\u202a-\u202e\u2066-\u2069]/g, ""));
}

/** Cuts a text, but no character in two. */
export function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
