import { Command } from "commander";
import { exportCalendar } from "../scheduling/export-calendar.ts";
import { calendarOption, requireCalendar } from "./calendar/find.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** `parley export`: writes somebody's calendar to standard output, as one .ics file. */
export function exportCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("export"))
    .description("write somebody's calendar to standard output, as an .ics file")
    .argument("<address>", "an address of whose it is")
    .option(...calendarOption);
  return command.action(async (address: string, options: SettingsOptions & { readonly calendar?: string }) => {
    const text = await withHouse(command, options, world, (house) =>
      house.store.read(async (transaction) => {
        const { owner, calendar } = await requireCalendar(transaction, address, options.calendar);
        return exportCalendar(house, transaction, { caller: owner, owner }, calendar);
      }),
    );
    if (text === undefined) return command.error("the calendar is too large for one file", { exitCode: 1 });
    process.stdout.write(text);
  });
}
