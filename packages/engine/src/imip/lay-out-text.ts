import type { MailLanguage } from "./words/language.ts";
import type { Fact, Words } from "./words.ts";
import { displayWidth, padTo, wrap } from "./wrap.ts";

/** Columns of a line: what mail programs show without breaking it, quoted once or twice. */
const columns = 76;

/**
 * Lays words out as plain text. A line that begins at the margin is ours: what others wrote stands behind a label, is indented or
 * quoted, in each of its lines, so that nobody can write a line that looks like one of ours.
 */
export function layOutText(words: Words, language: MailLanguage): string {
  // Says to programs that look at the first letter which way the line goes.
  const mark = language.direction === "right-to-left" ? "\u200f" : "";
  const changes = words.changes.lines.flatMap((change) => wrap(change, columns - 2).map(asItem));
  const description = words.description.lines.flatMap((line) => indented("  ", line));
  const links = linkLines(words, language);
  const blocks = [
    wrap(words.opening, columns, "  ").map((line) => mark + line),
    words.comment === "" ? [] : words.comment.split("\n").flatMap((line) => indented("> ", line)),
    changes.length > 0 ? [heading(words.changes, language), ...changes].map((line) => mark + line) : [],
    factLines([words.title, ...words.facts], language).map((line) => mark + line),
    description.length > 0 ? [mark + heading(words.description, language), ...description] : [],
    links.map((line) => mark + line),
    words.closing === "" ? [] : wrap(words.closing, columns).map((line) => mark + line),
  ];
  const laidOut = blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
  return `${laidOut.join("\n\n")}\n`;
}

function heading({ label }: Pick<Fact, "label">, { colon }: MailLanguage): string {
  return label + colon.trimEnd();
}

/** Puts values into a column beside their labels. */
function factLines(facts: readonly Fact[], language: MailLanguage): readonly string[] {
  const labels = facts.map((fact) => heading(fact, language));
  const width = Math.max(...labels.map(displayWidth)) + 1;
  return facts.flatMap((fact, index) =>
    fact.lines
      .flatMap((line) => wrap(line, columns - width, "  "))
      .map((line, place) => padTo(place === 0 ? (labels[index] ?? "") : "", width) + line),
  );
}

function linkLines({ links, linksTitle }: Words, language: MailLanguage): readonly string[] {
  if (links.length === 0) return [];
  const lines = links.flatMap(({ label, url }) => [`  ${label}${language.colon.trimEnd()}`, `    ${url}`]);
  return [heading({ label: linksTitle }, language), ...lines];
}

function asItem(line: string, index: number): string {
  return `${index === 0 ? "- " : "  "}${line}`;
}

/** Every piece of a line stands behind what tells that it is not ours; blanks at its beginning are kept. */
function indented(before: string, line: string): readonly string[] {
  return wrap(line, columns - before.length).map((piece) => `${before}${piece}`.trimEnd());
}
