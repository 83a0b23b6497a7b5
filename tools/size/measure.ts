import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** How large an entry point is: octets of all it exports and needs, minified and gzipped. */
export interface EntrySize {
  readonly name: string;
  readonly octets: number;
  /** The most it may have; `undefined` where the figure is only told. */
  readonly allowed?: number;
  /** What is not in the figure. */
  readonly without: readonly string[];
}

interface Entry {
  readonly name: string;
  /** The modules it exports all of, under packages/engine/src. */
  readonly files: readonly string[];
  readonly allowed?: number;
  /** Modules left out, and what they are called in words. */
  readonly without: readonly (readonly [RegExp, string])[];
}

const source = resolve(import.meta.dirname, "../../packages/engine/src");
const data: Entry["without"] = [
  [/\/recurrence\/.*words/, "sentences"],
  [/\/recurrence\/windows-zones\.ts$/, "the Windows names"],
  [/\/recurrence\/zone-data\//, "the zone data"],
];

/** What whoever calls the engine needs of the other entry points: to read and write texts, and to know zones. */
const textAndZones = ["icalendar/parse.ts", "icalendar/format.ts", "recurrence/resolver.ts", "recurrence/intl-zone.ts"];

/**
 * The entry points that have a bound, and others whose size is told. The bound of recurrence is for expanding rules and for what
 * a zone is; reading zones in their many forms stands in the same folder and is told beside it.
 */
const entries: readonly Entry[] = [
  { name: "icalendar", files: ["icalendar/index.ts"], allowed: 12_000, without: [] },
  { name: "engine: all of iTIP, with all it needs", files: ["index.ts"], allowed: 65_900, without: [] },
  {
    name: "engine: iTIP alone",
    files: ["index.ts"],
    without: [
      [/\/icalendar\//, "icalendar"],
      [/\/recurrence\//, "recurrence"],
    ],
  },
  { name: "engine, with inspect", files: ["index.ts", "itip/inspect.ts"], without: [] },
  { name: "engine, with sentences", files: ["index.ts", "itip/describe/index.ts"], without: [] },
  { name: "engine, with texts and zones", files: ["index.ts", ...textAndZones], without: [] },
  { name: "engine, with texts, zones and mail", files: ["index.ts", ...textAndZones, "imip/index.ts"], without: [] },
  {
    name: "engine, in six languages",
    files: ["index.ts", "itip/describe/index.ts", "itip/describe/languages.ts"],
    without: [],
  },
  { name: "mails, composed in English", files: ["imip/compose.ts"], allowed: 24_000, without: [] },
  { name: "mails, composed in six languages", files: ["imip/compose.ts", "imip/words/languages.ts"], without: [] },
  { name: "icalendar with jCal", files: ["icalendar/index.ts", "icalendar/jcal.ts"], without: [] },
  {
    name: "recurrence: rules, sets, zones",
    files: ["recurrence/expand.ts", "recurrence/rule-text.ts", "recurrence/resolve.ts", "recurrence/zone.ts"],
    allowed: 8_000,
    without: [...data, [/\/icalendar\//, "icalendar"]],
  },
  {
    name: "recurrence, with the reading of zones",
    files: ["recurrence/index.ts"],
    without: [...data, [/\/icalendar\//, "icalendar"]],
  },
  { name: "recurrence, with all it needs", files: ["recurrence/index.ts"], without: [] },
];

const entryName = "measured.js";

/** Measures all entry points. */
export function measureEntries(): Promise<readonly EntrySize[]> {
  return Promise.all(entries.map(measure));
}

async function measure({ name, files, allowed, without }: Entry): Promise<EntrySize> {
  const load = (id: string) =>
    id === join(source, entryName) ? files.map((file) => `export * from "./${file}";`).join("\n") : null;
  const bundle = await rolldown({
    input: entryName,
    plugins: [{ name: entryName, resolveId: (id) => (id === entryName ? join(source, id) : null), load }],
    external: (id, importer) => {
      const path = id.startsWith(".") ? resolve(importer ?? source, "..", id) : id;
      return without.some(([pattern]) => pattern.test(path));
    },
  });
  try {
    // Comments that help other bundlers (`@__PURE__`) are not for browsers.
    const { output } = await bundle.generate({ format: "es", minify: true, comments: false });
    const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
    const octets = gzipSync(code, { level: 9 }).length;
    const words = without.map(([, word]) => word);
    return { name, octets, without: words, ...(allowed !== undefined && { allowed }) };
  } finally {
    await bundle.close();
  }
}
