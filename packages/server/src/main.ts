import { randomBytes } from "node:crypto";
import { Command } from "commander";
import { pino } from "pino";
import { backupCommand } from "./cli/backup.ts";
import { calendarCommand } from "./cli/calendar.ts";
import { checkCommand } from "./cli/check.ts";
import { configCommand } from "./cli/config.ts";
import { deliverCommand } from "./cli/deliver.ts";
import { dkimCommand } from "./cli/dkim.ts";
import { domainCommand } from "./cli/domain.ts";
import { exportCommand } from "./cli/export.ts";
import { groupCommand } from "./cli/group.ts";
import { importCommand } from "./cli/import.ts";
import { inspectCommand } from "./cli/inspect.ts";
import { jobsCommand } from "./cli/jobs.ts";
import { personCommand } from "./cli/person.ts";
import { queueCommand } from "./cli/queue.ts";
import { restoreCommand } from "./cli/restore.ts";
import { roomCommand } from "./cli/room.ts";
import { startCommand } from "./cli/start.ts";
import { traceCommand } from "./cli/trace.ts";
import { logLevels } from "./config.ts";
import type { World } from "./open-house.ts";
import { redactText } from "./operation/redact.ts";

// The composition root: nothing else reads the clock, makes random numbers or looks at the environment.
const world: World = {
  clock: () => Math.floor(Date.now() / 1_000),
  random: Math.random,
  randomBytes: (count) => randomBytes(count),
  logger: pino({ level: logLevel(), hooks: { streamWrite: redactText } }, pino.destination({ dest: 2, sync: true })),
};

/** What is logged to standard error, by PARLEY_LOG_LEVEL; `warn` where it names no level, which every command that reads settings tells. */
function logLevel(): string {
  const wanted = process.env["PARLEY_LOG_LEVEL"] ?? "warn";
  return logLevels.includes(wanted) ? wanted : "warn";
}

/** Runs the command line. Exit code 0: done; 1: what was asked could not be done; 2: it was asked in the wrong words. */
export async function main(args: readonly string[]): Promise<void> {
  process.stdout.on("error", endQuietly);
  const given = { world, env: process.env };
  const program = new Command("parley")
    .description("iTIP for people, operators and programs: calendars in agreement, by mail.")
    .addCommand(startCommand(world, process.env))
    .addCommand(deliverCommand(world, process.env))
    .addCommand(personCommand(given))
    .addCommand(domainCommand(given))
    .addCommand(groupCommand(given))
    .addCommand(roomCommand(given))
    .addCommand(calendarCommand(given))
    .addCommand(importCommand(given))
    .addCommand(exportCommand(given))
    .addCommand(queueCommand(given))
    .addCommand(traceCommand(given))
    .addCommand(inspectCommand())
    .addCommand(configCommand(process.env))
    .addCommand(dkimCommand(process.env))
    .addCommand(jobsCommand(given))
    .addCommand(checkCommand(given))
    .addCommand(backupCommand(given))
    .addCommand(restoreCommand(given));
  await program.parseAsync(args, { from: "user" });
}

/** Whoever reads our output may stop early, as `head` does: that is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
