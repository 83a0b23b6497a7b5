import { randomBytes } from "node:crypto";
import { Command } from "commander";
import { pino } from "pino";
import { deliverCommand } from "./cli/deliver.ts";
import { inspectCommand } from "./cli/inspect.ts";
import { personCommand } from "./cli/person.ts";
import { startCommand } from "./cli/start.ts";
import type { World } from "./server.ts";

// The composition root: nothing else reads the clock, makes random numbers or looks at the environment.
const world: World = {
  clock: () => Math.floor(Date.now() / 1_000),
  random: Math.random,
  randomBytes: (count) => randomBytes(count),
  logger: pino({ level: logLevel() }, pino.destination({ dest: 2, sync: true })),
};

/** What is logged to standard error, by PARLEY_LOG_LEVEL: `trace` to `fatal`, or `silent`; `warn` where it says nothing. */
function logLevel(): string {
  const wanted = process.env["PARLEY_LOG_LEVEL"] ?? "warn";
  if (wanted === "silent" || wanted in pino.levels.values) return wanted;
  process.stderr.write(`PARLEY_LOG_LEVEL: there is no level ${JSON.stringify(wanted)}; "warn" is used\n`);
  return "warn";
}

/** Runs the command line. Exit code 0: done; 1: what was asked could not be done; 2: it was asked in the wrong words. */
export async function main(args: readonly string[]): Promise<void> {
  process.stdout.on("error", endQuietly);
  const program = new Command("parley")
    .description("iTIP for people, operators and programs: calendars in agreement, by mail.")
    .addCommand(startCommand(world, process.env))
    .addCommand(deliverCommand(world, process.env))
    .addCommand(inspectCommand())
    .addCommand(personCommand(world, process.env));
  await program.parseAsync(args, { from: "user" });
}

/** Whoever reads our output may stop early, as `head` does: that is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
