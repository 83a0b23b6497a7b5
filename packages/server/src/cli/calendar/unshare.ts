import { Command } from "commander";
import { shareCalendar } from "../../scheduling/share-calendar.ts";
import { withSettings } from "../settings.ts";
import { type CommandWorld, requirePerson, withHouse } from "../with-house.ts";
import { calendarOption, requireCalendar } from "./find.ts";
import type { ShareOptions } from "./share.ts";

/** `parley calendar unshare`: ends that. */
export function unshareCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("unshare"))
    .description("share somebody's calendar with a person or a group no longer, from now on")
    .argument("<address>", "an address of whose it is")
    .argument("<with>", "an address of the person or group")
    .option(...calendarOption);
  return command.action(async (address: string, to: string, options: ShareOptions) => {
    await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const { calendar } = await requireCalendar(transaction, address, options.calendar);
        const sharee = await requirePerson(transaction, to);
        const result = await shareCalendar(transaction, calendar, sharee.address, undefined);
        if (result.kind !== "done") throw new Error(`it is not shared with ${sharee.address}`);
      }),
    );
  });
}
