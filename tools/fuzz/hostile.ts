import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A hostile calendar. */
export interface HostileText {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A text that is too large to keep: its parts one after the other, some of them many times. */
interface Recipe {
  readonly name: string;
  readonly parts: readonly (string | { readonly repeat: string; readonly times: number })[];
}

const folder = resolve(import.meta.dirname, "../../fixtures/hostile");

/** Reads the hostile files: calendars, or findings in jCal. */
export function readHostileFiles(kind: "ics" | "jcal"): readonly HostileText[] {
  const place = `${folder}/${kind}`;
  const names = existsSync(place) ? readdirSync(place).sort() : [];
  return names.map((name) => ({ name, bytes: readFileSync(`${place}/${name}`) }));
}

/** Makes the hostile texts that are kept as recipes, one by one; what repeats in them `scale` times as often as they say. */
export function* makeHostileTexts(scale = 1): Generator<HostileText> {
  const recipes: readonly Recipe[] = JSON.parse(readFileSync(`${folder}/recipes.json`, "utf8"));
  for (const { name, parts } of recipes) {
    const text = parts.map((part) =>
      typeof part === "string" ? part : part.repeat.repeat(Math.ceil(part.times * scale)),
    );
    yield { name, bytes: Buffer.from(text.join("")) };
  }
}
