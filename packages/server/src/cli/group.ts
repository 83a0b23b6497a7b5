import { Command } from "commander";
import { addMembers, removeMembers, requireGroup } from "../accounts/groups.ts";
import { type AccountOptions, accountLine, addFromOptions, withAccount } from "./account-options.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** `parley group add|list|members`: groups of people, and of groups. */
export function groupCommand(world: CommandWorld): Command {
  return new Command("group")
    .description("groups: a calendar of their own, and members who are invited when they are")
    .addCommand(addCommand(world))
    .addCommand(listCommand(world))
    .addCommand(membersCommand(world));
}

function addCommand(world: CommandWorld): Command {
  const command = withAccount(new Command("add")).description("add a group");
  return command
    .option("--member <address...>", "people and groups that are its members", [])
    .action(async (address: string, options: AccountOptions & { readonly member: readonly string[] }) => {
      const group = await addFromOptions(command, world, address, options, { kind: "group" });
      await withHouse(command, options, world, ({ store }) => addMembers(store, group.address, options.member));
      process.stdout.write(`Added ${printable(accountLine(group))}\n`);
    });
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list")).description("list the groups").option("--json", "as JSON");
  return command.action(async (options: SettingsOptions & { readonly json?: boolean }) => {
    const groups = await withHouse(command, options, world, ({ store }) =>
      store.read(async ({ principals }) => {
        const found = (await principals.list()).filter(({ kind }) => kind === "group");
        return Promise.all(
          found.map(async (group) => {
            const members = (await principals.members(group.id)).map(({ address }) => address);
            return { group, members };
          }),
        );
      }),
    );
    if (options.json) {
      const views = groups.map(({ group: { name, addresses, timezone }, members }) => {
        return { name, addresses, timezone, members };
      });
      process.stdout.write(`${jsonForTerminal(views)}\n`);
      return;
    }
    for (const { group, members } of groups) {
      process.stdout.write(`${printable(`${accountLine(group)}  (${members.length} members)`)}\n`);
    }
  });
}

function membersCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("members"))
    .description("list the members of a group, after adding and removing some")
    .argument("<address>", "an address of the group")
    .option("--add <address...>", "people and groups to add", [])
    .option("--remove <address...>", "members to take out", [])
    .option("--json", "as JSON");
  type Options = SettingsOptions & { add: readonly string[]; remove: readonly string[]; json?: boolean };
  return command.action(async (address: string, options: Options) => {
    const members = await withHouse(command, options, world, async ({ store }) => {
      await removeMembers(store, address, options.remove);
      await addMembers(store, address, options.add);
      return store.read(async (transaction) =>
        transaction.principals.members((await requireGroup(transaction, address)).id),
      );
    });
    if (options.json) {
      const views = members.map(({ kind, name, addresses }) => ({ kind, name, addresses }));
      process.stdout.write(`${jsonForTerminal(views)}\n`);
    } else for (const member of members) process.stdout.write(`${printable(accountLine(member))}\n`);
  });
}
