// Draws mutants: all that Stryker would make of some files are listed, and so many of them taken, each as likely as any other. Stryker is
// told their places alone, so that the rest of the code stays as it is and the tests are nearly as quick as ever. What else it makes within
// such a place, as of the statements of a block, is taken off its plan by a reporter, for it has nothing of its own for that.
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly fileName: string;
  readonly location: { readonly start: Position; readonly end: Position };
  readonly mutatorName: string;
  readonly replacement: string;
}

interface Instrumenter {
  readonly Instrumenter: new (
    logger: unknown,
  ) => {
    instrument(files: readonly object[], options: object): Promise<{ readonly mutants: readonly Mutant[] }>;
  };
}

/** Mutants as Stryker wants them named: where they are, and which of those there are meant. */
export interface Sample {
  readonly places: readonly string[];
  readonly names: readonly string[];
}

/** Draws so many mutants of some files. The same seed draws nearly the same after a change elsewhere. */
export async function drawSample(root: string, files: readonly string[], size: number, seed: string): Promise<Sample> {
  const home = join(root, "tools/mutation/node_modules/@stryker-mutator/instrumenter/dist/src/index.js");
  const { Instrumenter } = (await import(home)) as Instrumenter;
  const silent = { debug() {}, info() {}, isDebugEnabled: () => false };
  const sources = files.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), "utf8") }));
  const { mutants } = await new Instrumenter(silent).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  const lots = mutants.map((mutant) => [lotOf(seed, mutant), mutant] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const drawn = lots.slice(0, size).map(([, mutant]) => mutant);
  console.log(`mutation: ${drawn.length} of ${mutants.length} mutants drawn`);
  return { places: [...new Set(drawn.map(placeOf))], names: drawn.map(nameOf) };
}

function lotOf(seed: string, mutant: Mutant): string {
  return createHash("sha256")
    .update(`${seed} ${nameOf(mutant)}`)
    .digest("hex");
}

/** A pattern of Stryker: lines from 1, columns from 0. */
function placeOf({ fileName, location: { start, end } }: Mutant): string {
  return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
}

function nameOf({ fileName, location: { start, end }, mutatorName, replacement }: Mutant): string {
  const file = fileName.slice(fileName.indexOf("packages/engine/src/"));
  return [file, start.line, start.column, end.line, end.column, mutatorName, replacement].join(" ");
}

/** Leaves what was drawn, in the order in which it was: so what was tried of a run that is stopped is a sample too. */
function keepDrawn(plans: { readonly mutant: Mutant }[]): void {
  const { names } = JSON.parse(readFileSync(file("sample.json"), "utf8")) as Sample;
  const planned = new Map(plans.map((plan) => [nameOf(plan.mutant), plan]));
  plans.splice(0, plans.length, ...names.flatMap((name) => planned.get(name) ?? []));
}

/** Keeps what became of each, for a run that is stopped writes no report. */
function note({ status, ...mutant }: Mutant & { readonly status: string }): void {
  appendFileSync(file("tried.txt"), `${status} ${nameOf(mutant).replaceAll("\n", " ")}\n`);
}

function file(name: string): string {
  return join(process.env["PARLEY_MUTATION_WORK"] ?? "", name);
}

interface Reporter {
  onMutationTestingPlanReady(event: { readonly mutantPlans: { readonly mutant: Mutant }[] }): void;
  onMutantTested(mutant: Mutant & { readonly status: string }): void;
}

const reporter: Reporter = {
  onMutationTestingPlanReady: ({ mutantPlans }) => keepDrawn(mutantPlans),
  onMutantTested: note,
};

/** Tells Stryker of the reporter `sample`. */
export const strykerPlugins: readonly object[] = [{ kind: "Reporter", name: "sample", value: reporter }];
