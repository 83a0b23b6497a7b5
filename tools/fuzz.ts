// Looks for texts that break the engine: node --conditions=@parley/source tools/fuzz.ts [SECONDS] [TARGET ...]. Each target gets that many
// seconds, ten where none are given. What is found is shrunk and put into fixtures/hostile, where `npm test` reads it from then
// on; exit code 1 where there was any.
import { mkdirSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import fc from "fast-check";
import { type FuzzTarget, targets } from "./fuzz/targets.ts";

const [seconds = "10", ...names] = process.argv.slice(2);
const unknown = names.filter((name) => targets.every((target) => target.name !== name));
if (!(Number(seconds) > 0) || unknown.length > 0) {
  const known = targets.map(({ name }) => name).join(", ");
  process.stderr.write(
    `usage: node --conditions=@parley/source tools/fuzz.ts [SECONDS] [TARGET ...]; targets: ${known}\n`,
  );
  process.exitCode = 2;
} else {
  for (const target of targets)
    if (names.length === 0 || names.includes(target.name)) run(target, Number(seconds) * 1_000);
}

function run(target: FuzzTarget, milliseconds: number): void {
  const seed = Date.now() % 2 ** 31;
  const details = fc.check(fc.property(target.texts, target.check), {
    seed,
    numRuns: 2 ** 31 - 1,
    interruptAfterTimeLimit: milliseconds,
  });
  process.stdout.write(`${target.name}: ${details.numRuns} texts, seed ${seed}`);
  const found = details.counterexample?.[0];
  if (found === undefined) {
    process.stdout.write(", nothing found\n");
    return;
  }
  process.stdout.write(`, found ${keep(target.name, seed, found)}\n${String(details.errorInstance)}\n`);
  process.exitCode = 1;
}

/** Keeps a finding as a fixture; returns its path. */
function keep(name: string, seed: number, found: string | Uint8Array): string {
  const [folder, extension] = name === "jcal" ? ["jcal", "json"] : ["ics", "ics"];
  const place = resolve(import.meta.dirname, "../fixtures/hostile", folder);
  const file = resolve(place, `found-${name}-${seed}.${extension}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(file, found);
  return relative(process.cwd(), file);
}
