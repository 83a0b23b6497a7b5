import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { apiFile, makeApi, readApi } from "../api/make-api.ts";
import { readOutcomeNotes } from "../api/outcomes.ts";
import { sectionsOfModules } from "../api/sections.ts";

const names = [...readApi().values()].flat();
const root = resolve(import.meta.dirname, "../..");

test("every name the engine exports is documented, with the section it follows", () => {
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter(({ sentence, section }) => sentence === "" || section === "")).toEqual([]);
});

test("the sections of modules exist, and each is of a module there is", () => {
  const known = new Set(readFileSync(join(root, "docs/rfc/sections.tsv"), "utf8").split("\n").flatMap(sectionsOf));
  for (const [module, section] of Object.entries(sectionsOfModules)) {
    expect(known.has(section) || section.startsWith("decision "), section).toBe(true);
    expect(
      names.some((name) => name.module.startsWith(module)),
      module,
    ).toBe(true);
  }
});

test("all that can come of a message or an action is told with when it happens", () => {
  const notes = readOutcomeNotes();
  const engine = join(root, "packages/engine/src");
  const outcome = readFileSync(join(engine, "itip/outcome.ts"), "utf8");
  const kinds = [...readFileSync(join(engine, "itip/action.ts"), "utf8").matchAll(/readonly kind: "([a-z-]+)"/g)];
  const methods = ["PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"];
  const wanted = [...kinds.map(([, kind]) => `act: ${kind}`), ...methods.map((method) => `receive: ${method}`)];
  expect(wanted.filter((title) => !notes.some((note) => note.title === title))).toEqual([]);

  const [, reasons = ""] = /readonly reason:((?:\s+\| "[a-z-]+")+);/.exec(outcome) ?? [];
  const names = [...reasons.matchAll(/"([a-z-]+)"/g)].map(([, name]) => `ignored/${name}`);
  expect(names.length).toBeGreaterThan(6);
  const text = notes.map(({ comment }) => comment).join("\n");
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("API.md is what node tools/api.ts writes", () => {
  expect(readFileSync(apiFile, "utf8")).toBe(makeApi());
});

function sectionsOf(row: string): readonly string[] {
  const [rfc = "", sections = ""] = row.split("\t");
  return sections.split(" ").map((section) => `RFC ${rfc} §${section}`);
}
