import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import { importObjects } from "../scheduling/import-objects.ts";
import { calendarOption, requireCalendar } from "./calendar/find.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

interface ImportOptions extends SettingsOptions {
  readonly calendar?: string;
  readonly replace?: boolean;
}

/** `parley import`: takes an .ics file into somebody's calendar, as it is. Nobody is told. */
export function importCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("import"))
    .description("take an .ics file into somebody's calendar, as it is; nobody is told")
    .argument("<address>", "an address of whose it is")
    .argument("[file]", "the file (default: standard input)")
    .option(...calendarOption)
    .option("--replace", "write over what is in that calendar already (default: leave it as it is)");
  return command.action(async (address: string, file: string | undefined, options: ImportOptions) => {
    const text = file === undefined ? await readAll(process.stdin) : await readFile(file, "utf8");
    const result = await withHouse(command, options, world, async (house) => {
      const { owner, calendar } = await house.store.read((transaction) =>
        requireCalendar(transaction, address, options.calendar),
      );
      const duplicates = options.replace ? "replace" : "skip";
      return importObjects(house, { caller: owner, owner }, calendar.id, text, { duplicates });
    });
    if (result.kind !== "done") {
      const why = result.kind === "precondition" ? result.detail : "Nobody writes in that calendar.";
      return command.error(`not imported: ${why}`, { exitCode: 1 });
    }
    const { added, replaced, skipped } = result;
    process.stdout.write(`${added.length} added, ${replaced.length} replaced, ${skipped.length} left out\n`);
    for (const { uid, detail } of skipped) process.stderr.write(`${printable(`${uid}: ${detail}`)}\n`);
  });
}
