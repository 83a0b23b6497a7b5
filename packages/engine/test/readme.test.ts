import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);

test("the README's snippets, run as one program, print what it says they print", () => {
  expect(snippets.length).toBeGreaterThan(8);
  const program = snippets.join("\n");
  const promised = [...program.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words = ""]) => words);
  // A line that prints and promises nothing would shift all that follow.
  expect(promised).toHaveLength(program.split("console.log(").length - 1);
  const options = ["--conditions=@parley/source", "--input-type=module-typescript", "--eval", program];
  const printed = execFileSync(process.execPath, options, { cwd: root, encoding: "utf8" });
  expect(printed.trimEnd().split("\n")).toEqual(promised);
});

test("every entry point of the package stands in the README", () => {
  const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Readonly<Record<string, { readonly source: string }>>;
  };
  const told = [...readme.matchAll(/^\| `(@parley\/engine[^`]*)`/gm)].map(([, name = ""]) => name);
  expect(told.sort()).toEqual(
    Object.keys(entries)
      .map((path) => join("@parley/engine", path))
      .sort(),
  );
});
