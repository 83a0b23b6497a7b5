import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { apiFile, makeApi, readApi } from "../api/make-api.ts";
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

test("API.md is what node tools/api.ts writes", () => {
  expect(readFileSync(apiFile, "utf8")).toBe(makeApi());
});

function sectionsOf(row: string): readonly string[] {
  const [rfc = "", sections = ""] = row.split("\t");
  return sections.split(" ").map((section) => `RFC ${rfc} §${section}`);
}
