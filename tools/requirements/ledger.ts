/** One requirement of the ledger. */
export interface Requirement {
  readonly id: string;
  /** Heading of its section, such as `ITIP 3.2.2 REQUEST`. */
  readonly section: string;
  readonly text: string;
}

/** What is known of all requirements, for people and for the exit code. */
export interface Tabulation {
  /** A table by section. */
  readonly lines: readonly string[];
  /** Neither tested nor excused. */
  readonly gaps: readonly Requirement[];
  /** Cited or excused, but in no ledger. */
  readonly unknown: readonly string[];
  /** Excused, but tested. */
  readonly idle: readonly string[];
}

/** RFC 5546, RFC 6047 and RFC 6638. */
const idForm = /\b(?:I[TM]IP|CALSCHED)-\d+(?:\.\d+)*-\d{2}\b/g;

/** Reads the tables of the ledger: rows of `| id | level | role | requirement | test |` under headings. */
export function listRequirements(text: string): readonly Requirement[] {
  const requirements: Requirement[] = [];
  let section = "";
  for (const line of text.split("\n")) {
    section = /^### (.+)$/.exec(line)?.[1] ?? section;
    const [, id, , , words] = line.split("|").map((cell) => cell.trim());
    if (id && words && /^[A-Z0-9-]+-[\dA-Z.]+-\d{2}$/.test(id)) requirements.push({ id, section, text: words });
  }
  return requirements;
}

/** Finds which ids tests name, and in which of the files. */
export function findCitations(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const cited = new Map<string, string[]>();
  for (const [path, text] of files) {
    for (const id of new Set(text.match(idForm))) cited.set(id, [...(cited.get(id) ?? []), path]);
  }
  return cited;
}

/** Finds the ids that a table of the deviations lists: rows that begin with ids and give a reason. */
export function findExcused(text: string): ReadonlySet<string> {
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const reasoned = rows.filter(([first, , reason]) => first === "" && reason);
  return new Set(reasoned.flatMap(([, ids]) => ids?.match(idForm) ?? []));
}

/** Puts requirements, citations and excuses together. */
export function tabulate(
  requirements: readonly Requirement[],
  cited: ReadonlyMap<string, readonly string[]>,
  excused: ReadonlySet<string>,
): Tabulation {
  const known = new Set(requirements.map(({ id }) => id));
  const gaps = requirements.filter(({ id }) => !cited.has(id) && !excused.has(id));
  const sections = new Map<string, Requirement[]>();
  for (const one of requirements) sections.set(one.section, [...(sections.get(one.section) ?? []), one]);
  const count = (all: readonly Requirement[]) => {
    const tested = all.filter(({ id }) => cited.has(id)).length;
    const open = all.filter(({ id }) => !cited.has(id) && !excused.has(id)).length;
    return [all.length, tested, all.length - tested - open, open].map((number) => String(number).padStart(9)).join("");
  };
  const heading = `${"".padEnd(64)}${["all", "tested", "excused", "gaps"].map((word) => word.padStart(9)).join("")}`;
  return {
    lines: [
      heading,
      ...[...sections].map(([name, all]) => `${name.slice(0, 63).padEnd(64)}${count(all)}`),
      `${"all".padEnd(64)}${count(requirements)}`,
    ],
    gaps,
    unknown: [...new Set([...cited.keys(), ...excused])].filter((id) => !known.has(id)).sort(),
    idle: [...excused].filter((id) => cited.has(id)).sort(),
  };
}
