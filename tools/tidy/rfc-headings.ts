/**
 * Lists the sections of an RFC, by the headings in its plain text: numbers, and letters of appendices. A line that looks like a
 * heading is one only if the section before it, and the one above it, are there: numbers at the start of a line abound.
 */
export function listSections(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split("\n")) {
    const match = /^(?:Appendix ([A-Z](?:\.\d+)*)\b|(\d+(?:\.\d+)*|[A-Z](?:\.\d+)+|[A-Z](?=\.))\.?(?: +\S| *$))/.exec(
      line,
    );
    const section = match?.[1] ?? match?.[2];
    if (section && follows(section, found)) found.add(section);
  }
  return [...found];
}

/** Whether a section comes right after others: 3.2 after 3.1, 3.1 after 3, B after A. */
function follows(section: string, found: ReadonlySet<string>): boolean {
  const parts = section.split(".");
  const last = parts.at(-1) ?? "";
  const above = parts.slice(0, -1);
  if (above.length > 0 && !found.has(above.join("."))) return false;
  if (last === "1" || last === "0" || (last === "A" && above.length === 0)) return true;
  const before = /\d/.test(last) ? `${Number(last) - 1}` : String.fromCharCode(last.charCodeAt(0) - 1);
  return found.has([...above, before].join("."));
}
