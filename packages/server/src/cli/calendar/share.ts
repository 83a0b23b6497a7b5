import { parseAddress } from "@parley/engine";
import { Argument, Command } from "commander";
import { shareCalendar } from "../../scheduling/share-calendar.ts";
import type { ShareAccess } from "../../store/store.ts";
import { type SettingsOptions, withSettings } from "../settings.ts";
import { type CommandWorld, requirePerson, withHouse } from "../with-house.ts";
import { calendarOption, requireCalendar } from "./find.ts";

/** What names the calendar of a share. */
export interface ShareOptions extends SettingsOptions {
  readonly calendar?: string;
}

/** `parley calendar share`: lets a person or a group into a calendar of somebody's. */
export function shareCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("share"))
    .description("share somebody's calendar with a person or a group: they see it at once")
    .argument("<address>", "an address of whose it is")
    .argument("<with>", "an address of the person or group")
    .addArgument(new Argument("<access>", "how far").choices(["read", "write"]))
    .option(...calendarOption);
  return command.action(async (address: string, to: string, access: ShareAccess, options: ShareOptions) => {
    await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const { calendar } = await requireCalendar(transaction, address, options.calendar);
        const sharee = await requirePerson(transaction, to);
        const named = parseAddress(to) ?? sharee.address;
        const result = await shareCalendar(transaction, calendar, named, access);
        if (result.kind === "too-many") throw new Error("it is shared with as many as it can be");
        if (result.kind === "nobody") throw new Error(`it cannot be shared with ${sharee.address}`);
      }),
    );
  });
}
