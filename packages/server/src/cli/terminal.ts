const maxLength = 200;

/** Writes JSON in which nothing can steer a terminal: all but plain characters and letters is escaped. */
export function jsonForTerminal(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(steering, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Replaces what could steer a terminal or turn the direction of a line, and cuts what is long. */
export function printable(text: string): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replace(steering, "\u{fffd}");
}

/** Writes a time for an operator: UTC, to the second. */
export function formatTime(at: number): string {
  return new Date(at * 1_000).toISOString().replace(".000Z", "Z");
}

/** C0, DEL and C1 controls, line separators, and marks that reorder text. */
const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
