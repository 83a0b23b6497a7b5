import { Command, InvalidArgumentError, Option } from "commander";
import type { Booking } from "../store/store.ts";
import { type AccountOptions, accountLine, addFromOptions, withAccount } from "./account-options.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** `parley room add|list`: rooms and resources, which answer invitations by themselves. */
export function roomCommand(world: CommandWorld): Command {
  return new Command("room")
    .description("rooms and resources: they answer invitations by themselves, and are never booked twice")
    .addCommand(addCommand(world))
    .addCommand(listCommand(world));
}

function addCommand(world: CommandWorld): Command {
  const policy = new Option("--policy <policy>", "what to do with an invitation for a time that is free")
    .choices(["accept", "approve"])
    .default("accept");
  const command = withAccount(new Command("add"))
    .description("add a room or resource; who looks after one acts for it, see `parley person delegate`")
    .addOption(policy)
    .option("--capacity <people>", "people it holds", readCapacity)
    .option("--resource", "it is no room: a projector, a car");
  type Options = AccountOptions & Booking & { readonly resource?: boolean };
  return command.action(async (address: string, options: Options) => {
    const { policy: chosen, capacity, resource } = options;
    const room = await addFromOptions(command, world, address, options, {
      kind: resource ? "resource" : "room",
      booking: { policy: chosen, ...(capacity !== undefined && { capacity }) },
    });
    process.stdout.write(`Added ${printable(accountLine(room))}\n`);
  });
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list")).description("list rooms and resources").option("--json", "as JSON");
  return command.action(async (options: SettingsOptions & { readonly json?: boolean }) => {
    const all = await withHouse(command, options, world, ({ store }) =>
      store.read(({ principals }) => principals.list()),
    );
    const rooms = all.filter(({ booking }) => booking);
    if (options.json) {
      const views = rooms.map(({ kind, name, addresses, timezone, booking }) => {
        return { kind, name, addresses, timezone, ...booking };
      });
      process.stdout.write(`${jsonForTerminal(views)}\n`);
      return;
    }
    for (const room of rooms) {
      const { policy, capacity } = room.booking ?? {};
      const holds = capacity === undefined ? "" : `, ${capacity} people`;
      process.stdout.write(`${printable(`${accountLine(room)}  ${room.kind}: ${policy}${holds}`)}\n`);
    }
  });
}

function readCapacity(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("a whole number from 1 to 999999");
}
