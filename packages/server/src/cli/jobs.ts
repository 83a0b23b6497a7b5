import { Command } from "commander";
import { allJobs, type Job, runOnce } from "../jobs/index.ts";
import type { JobRecord } from "../store/housekeeping.ts";
import { systemFetcher } from "../subscriptions/system-fetcher.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { formatTime, jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** `parley jobs list|run`: what the server does again and again beside its work. */
export function jobsCommand(world: CommandWorld): Command {
  return new Command("jobs")
    .description("what is done again and again: when it last was, and do it now")
    .addCommand(listCommand(world))
    .addCommand(runCommand(world));
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list"))
    .description("list the jobs, when each last ran, and what came of it")
    .option("--json", "as JSON");
  return command.action(async (options: SettingsOptions & { readonly json?: boolean }) => {
    const listed = await withHouse(command, options, world, async (house, { keep, subscriptions }) => {
      const records = await house.store.read(({ jobs }) => jobs.list());
      return allJobs(house, keep, systemFetcher(subscriptions)).map((job) => viewJob(job, records, house.clock()));
    });
    process.stdout.write(options.json ? `${jsonForTerminal(listed)}\n` : listed.map(asText).join(""));
  });
}

function runCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("run"))
    .description("run a job now, due or not; exit code 1 where it fails or another node runs it")
    .argument("<name>", "of the job");
  return command.action(async (name: string, options: SettingsOptions) => {
    const end = await withHouse(command, options, world, (house, { keep, subscriptions }) => {
      const jobs = allJobs(house, keep, systemFetcher(subscriptions));
      const job = jobs.find((one) => one.name === name);
      if (!job) {
        const known = jobs.map((one) => one.name).join(", ");
        return command.error(`there is no job ${name}; there are ${known}`, { exitCode: 2 });
      }
      const onTrouble = (error: unknown) => world.world.logger.error({ err: error, job: name }, "job");
      return runOnce({ ...house, onTrouble }, job, { isForced: true, isStopping: () => false });
    });
    if (end.kind === "not-run") process.stderr.write(`${name} is running now\n`);
    else process.stdout.write(`${printable(end.result)}\n`);
    if (end.kind !== "done") process.exitCode = 1;
  });
}

function viewJob({ name, does }: Job, records: readonly JobRecord[], now: number) {
  const record = records.find((one) => one.name === name);
  return {
    name,
    does,
    running: (record?.leasedUntil ?? 0) > now,
    started: record?.started === undefined ? null : formatTime(record.started),
    ended: record?.ended === undefined ? null : formatTime(record.ended),
    due: record ? formatTime(record.due) : null,
    failed: record?.failed ?? false,
    result: record?.result ?? "",
  };
}

function asText({ name, does, running, ended, due, failed, result }: ReturnType<typeof viewJob>): string {
  const last = ended === null ? "never ran" : `${failed ? "failed" : "ran"} ${ended}: ${printable(result)}`;
  const next = running ? "is running now" : `due ${due ?? "now"}`;
  return `${name}  ${does}\n  ${last}; ${next}\n`;
}
