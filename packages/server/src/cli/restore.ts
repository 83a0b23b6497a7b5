import { Command } from "commander";
import type { RowCounts } from "../operation/backup-file.ts";
import { type CheckReport, checkStore } from "../operation/check.ts";
import { checkBackup, restoreStore } from "../operation/restore.ts";
import { reportText } from "./check.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

interface Options extends SettingsOptions {
  readonly verify?: boolean;
}

/**
 * `parley restore FILE`: puts a backup into an empty store and holds outgoing mail until `parley queue release`. Exit code 1 where the
 * file is not whole or the store not empty, and nothing is restored then; or where `--verify` finds something wrong.
 */
export function restoreCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("restore"))
    .description("put a backup into an empty store; outgoing mail is held until it is released")
    .argument("<file>", "a file made by parley backup")
    .option("--verify", "check everything afterwards, and count it");
  return command.action(async (file: string, options: Options) => {
    await checkBackup(file);
    const failed = await withHouse(command, options, world, async (house) => {
      const counts = await restoreStore(house.store, file, house.clock());
      process.stdout.write(
        `Restored ${file}. Outgoing mail is held: look at "parley queue list", then "parley queue release".\n`,
      );
      return options.verify === true && tellVerified(await checkStore(house), counts);
    });
    if (failed) process.exitCode = 1;
  });
}

/** Tells what a check found and which tables have other numbers of rows than the backup; true where anything is wrong. */
function tellVerified(report: CheckReport, counts: RowCounts): boolean {
  // The hold is a setting of its own.
  const tables = Object.keys(report.rows).filter((table) => table !== "settings");
  const differing = tables.filter((table) => report.rows[table] !== (counts[table] ?? 0));
  for (const table of differing) {
    process.stdout.write(`${table}: ${report.rows[table]} rows, ${counts[table] ?? 0} in the backup\n`);
  }
  process.stdout.write(reportText(report));
  return differing.length > 0 || report.faults.length > 0;
}
