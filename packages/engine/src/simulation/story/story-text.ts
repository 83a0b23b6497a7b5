import { parseAddress } from "../../model/address.ts";
import { type StepKind, type Story, type StoryStep, stepKinds } from "./story.ts";

/** Writes a step as one line: when, who, what, with which object, and all else by its name. */
export function formatStep({ at, who, kind, object, ...rest }: StoryStep): string {
  const words = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [`+${at}`, who, kind, object, ...words].join(" ");
}

/** Writes a story as a script that people can read, and `parseStory`. */
export function formatStory({ seed, weather, people, steps }: Story): string {
  const head = [`seed ${seed}`, `weather ${JSON.stringify(weather)}`, `people ${people.join(" ")}`];
  return [...head, ...steps.map(formatStep), ""].join("\n");
}

/** Reads a story that `formatStory` wrote, by hand perhaps; `#` begins a comment. Says what is wrong with it in words. */
export function parseStory(text: string): Story | string {
  const head = new Map<string, string>();
  const steps: StoryStep[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/^\s*#.*$/, "").trim();
    if (line === "") continue;
    if (!line.startsWith("+")) {
      const space = line.indexOf(" ");
      head.set(line.slice(0, space), line.slice(space + 1));
      continue;
    }
    const step = parseStep(line);
    if (!step) return `line ${index + 1}: ${line} is no step`;
    steps.push(step);
  }
  const people = (head.get("people") ?? "").split(" ").flatMap((person) => parseAddress(person) ?? []);
  const seed = Number(head.get("seed"));
  const weather = parseJson(head.get("weather") ?? "");
  if (people.length === 0 || !Number.isInteger(seed) || !isRecord(weather))
    return "a story has seed, weather and people";
  return { seed, weather: weather as unknown as Story["weather"], people, steps };
}

const detail = /(\w+)=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\S+)/g;

function parseStep(line: string): StoryStep | undefined {
  const [at = "", person = "", kind = "", object = ""] = line.split(" ");
  const who = parseAddress(person);
  if (!who || !object || !stepKinds.includes(kind as StepKind) || !/^\+\d+$/.test(at)) return undefined;
  const rest = [...line.matchAll(detail)].map(([, name = "", value = ""]) => [name, parseJson(value)] as const);
  // What a script says of a step is believed: it is written by whoever looks for a fault.
  return { at: Number(at), who, kind: kind as StepKind, object, ...Object.fromEntries(rest) } as StoryStep;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
