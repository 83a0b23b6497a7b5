import { Command } from "commander";
import { listCommand } from "./calendar/list.ts";
import { shareCommand } from "./calendar/share.ts";
import { unshareCommand } from "./calendar/unshare.ts";
import type { CommandWorld } from "./with-house.ts";

/** `parley calendar list|share|unshare`: people's calendars, and who else sees them. */
export function calendarCommand(world: CommandWorld): Command {
  return new Command("calendar")
    .description("people's calendars: list them, share them")
    .addCommand(listCommand(world))
    .addCommand(shareCommand(world))
    .addCommand(unshareCommand(world));
}
