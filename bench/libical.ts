import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Contender } from "./side-by-side.ts";

/** libical, as a program that was made here. */
export interface Libical {
  text(file: string): Contender;
  /** The first `count` instances. */
  expand(start: string, zone: string, rule: string, count: number): Contender;
}

/** Makes the program in a folder; `undefined` where there is no compiler or no libical, which it says. */
export function makeLibical(folder: string): Libical | undefined {
  const program = join(folder, "libical");
  const source = join(import.meta.dirname, "libical.c");
  const made = spawnSync("gcc", ["-O2", "-o", program, source, "-lical"], { encoding: "utf8" });
  if (made.error || made.status !== 0) {
    console.log("SKIPPED: libical; its program cannot be made (Debian: gcc, libical-dev)");
    return undefined;
  }
  const contender = (args: readonly string[]): Contender => ({
    name: "libical (C)",
    seconds: (times) => {
      const run = spawnSync(program, [...args, String(times)], { encoding: "utf8" });
      if (run.status !== 0) throw new Error(`libical ${args.join(" ")}: exit code ${run.status} ${run.stderr}`);
      return Number(run.stdout);
    },
  });
  return {
    text: (file) => contender(["text", file]),
    expand: (start, zone, rule, count) => contender(["expand", start, zone, rule, String(count)]),
  };
}
