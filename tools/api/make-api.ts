import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readOutcomeNotes } from "./outcomes.ts";
import { sectionsOfModules } from "./sections.ts";

const engine = resolve(import.meta.dirname, "../../packages/engine");
const source = join(engine, "src");

/** Is where the list is kept: beside the README, so that it is published with the package. */
export const apiFile = join(engine, "API.md");

/** One exported name of an entry point. */
export interface ApiName {
  readonly name: string;
  /** Path of the module under packages/engine/src. */
  readonly module: string;
  /** First sentence of its comment; empty where it has none. */
  readonly sentence: string;
  /** As its comment cites it, else as its module follows it; empty where neither is known. */
  readonly section: string;
}

/** Lists what each entry point of the package exports, in the order of its `index.ts`. */
export function readApi(): ReadonlyMap<string, readonly ApiName[]> {
  const { exports: entries } = JSON.parse(readFileSync(join(engine, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, { readonly "@parley/source": string }>>;
  };
  const paths = Object.entries(entries).map(([path, entry]) => [path, join(engine, entry["@parley/source"])] as const);
  return new Map(paths.map(([path, file]) => [join("@parley/engine", path), readEntry(file)]));
}

/** Makes the text of API.md. */
export function makeApi(): string {
  const parts = [...readApi()].map(([entry, names]) => {
    const rows = names.map(({ name, sentence, section }) => `| \`${name}\` | ${cell(sentence)} | ${section} |`);
    return [`## ${entry}`, "", "| name | what | follows |", "| --- | --- | --- |", ...rows, ""].join("\n");
  });
  const head = "# What @parley/engine exports\n\nWritten by `node tools/api.ts` from the comments, which say more.\n";
  return [head, ...parts, makeOutcomes()].join("\n");
}

function makeOutcomes(): string {
  const notes = readOutcomeNotes().map(({ title, comment }) => `### ${title}\n\n${comment}\n`);
  return ["## When each outcome happens\n", ...notes].join("\n");
}

const listForm = /^export (?:type )?\{([^}]*)\} from "([^"]+)";/gm;
const ownForm = /^export (?:async )?(?:function\*?|const|interface|type) (\w+)/gm;

function readEntry(file: string): readonly ApiName[] {
  const text = readFileSync(file, "utf8");
  const listed = [...text.matchAll(listForm)].flatMap(([, names = "", from = ""]) =>
    names.split(",").flatMap((name) => {
      const bare = name.trim();
      return bare === "" ? [] : [readName(bare, join(dirname(file), from))];
    }),
  );
  return [...listed, ...[...text.matchAll(ownForm)].map(([, name = ""]) => readName(name, file))];
}

function readName(name: string, file: string): ApiName {
  const comment = commentOf(name, readFileSync(file, "utf8"));
  const module = relative(source, file);
  const cited = /RFC \d+ §[\d.]*\d|[Dd]ecision \d{4}/.exec(comment)?.[0].replace(/^D/, "d");
  return { name, module, sentence: firstSentence(comment), section: cited ?? sectionOfModule(module) };
}

/** The comment right above the declaration; of several overloads or lines under one comment, the nearest above. */
function commentOf(name: string, text: string): string {
  const declared = new RegExp(`^export (?:async )?(?:function\\*?|const|let|interface|type) ${name}\\b`, "m").exec(
    text,
  );
  const above = text.slice(0, declared?.index ?? 0);
  const [, words = ""] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:export [^\n]*\n)*$/.exec(above) ?? [];
  return words.replace(/^\s*\* ?/gm, "").trim();
}

function firstSentence(comment: string): string {
  const [paragraph = ""] = comment.split(/\n\s*\n|\n- /);
  const line = paragraph.replace(/^- /, "").replace(/\s+/g, " ").trim();
  return /^.*?[.](?= [A-Z`]|$)/.exec(line)?.[0] ?? line;
}

function sectionOfModule(module: string): string {
  const prefixes = Object.keys(sectionsOfModules).filter((prefix) => module.startsWith(prefix));
  const longest = prefixes.reduce((best, prefix) => (prefix.length > best.length ? prefix : best), "");
  return sectionsOfModules[longest] ?? "";
}

function cell(sentence: string): string {
  return sentence.replace(/\|/g, "\\|");
}
