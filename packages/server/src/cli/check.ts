import { Command } from "commander";
import { type CheckReport, checkStore, repairStore } from "../operation/check.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

interface Options extends SettingsOptions {
  readonly repair?: boolean;
  readonly json?: boolean;
}

/**
 * `parley check`: checks all that must be true of what is kept. Exit code 0: all is; 1: something is not, or is still not after
 * `--repair`; 2: it could not be checked.
 */
export function checkCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("check"))
    .description("check everything that is kept; the server may run meanwhile")
    .option("--repair", "make anew what can be: the indexes of times, marks; remove what nothing refers to")
    .option("--json", "as JSON");
  return command.action(async (options: Options) => {
    try {
      const report = await withHouse(command, options, world, (house) =>
        options.repair ? repairStore(house) : checkStore(house),
      );
      process.stdout.write(options.json ? `${jsonForTerminal(report)}\n` : reportText(report));
      if (report.faults.length > 0) process.exitCode = 1;
    } catch (error) {
      command.error(`not checked: ${error instanceof Error ? error.message : String(error)}`, { exitCode: 2 });
    }
  });
}

/** Says what a check has found, ending in a line that sums it up. */
export function reportText({ rows, faults, more }: CheckReport): string {
  const lines = faults.map(({ invariant, where, detail, repairable }) => {
    return `${invariant}  ${where}: ${printable(detail)}${repairable ? "  (--repair mends it)" : ""}`;
  });
  const looked = `${rows["objects"]} objects, ${rows["messages"]} messages, ${rows["deliveries"]} deliveries`;
  const found = faults.length === 0 ? "nothing wrong" : `${faults.length}${more ? " and more" : ""} wrong`;
  return `${[...lines, `Checked ${looked}: ${found}.`].join("\n")}\n`;
}
