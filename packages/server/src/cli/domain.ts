import { Command } from "commander";
import { isDomain } from "../config.ts";
import { addressDomain } from "./account-options.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** `parley domain add|list|remove`: the mail domains whose people are ours, beside those of the configuration. */
export function domainCommand(world: CommandWorld): Command {
  return new Command("domain")
    .description("the mail domains whose people are ours, beside those of the configuration")
    .addCommand(listCommand(world))
    .addCommand(addCommand(world))
    .addCommand(removeCommand(world));
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list")).description("list them, and how many addresses each has");
  return command.action(async (options: SettingsOptions) => {
    const lines = await withHouse(command, options, world, ({ store, domains }) =>
      store.read(async ({ principals }) => {
        const all = (await principals.list()).flatMap(({ addresses }) => addresses.map(addressDomain));
        return [...domains].sort().map((name) => `${name}  ${all.filter((one) => one === name).length}\n`);
      }),
    );
    process.stdout.write(lines.join(""));
  });
}

function addCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("add"))
    .description("add one; servers that run take it up by themselves")
    .argument("<domain>", "such as example.com");
  return command.action(async (written: string, options: SettingsOptions) => {
    const name = written.toLowerCase();
    if (!isDomain(name)) command.error(`${JSON.stringify(written)} is no mail domain`, { exitCode: 2 });
    await withHouse(command, options, world, async ({ store, domains }) => {
      const added = !domains.has(name) && (await store.write((transaction) => transaction.domains.add(name)));
      if (!added) command.error(`${name} is one of yours already`, { exitCode: 1 });
    });
    process.stdout.write(`Added ${printable(name)}\n`);
  });
}

function removeCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("remove"))
    .description("take one back that was added by command and has no addresses")
    .argument("<domain>", "such as example.com");
  return command.action(async (written: string, options: SettingsOptions) => {
    const name = written.toLowerCase();
    await withHouse(command, options, world, async ({ store }, { domains }) => {
      if (domains.includes(name)) command.error(`${name} is in the configuration: take it out there`, { exitCode: 1 });
      const end = await store.write(async (transaction) => {
        const all = await transaction.principals.list();
        const used = all.flatMap(({ addresses }) => addresses).filter((one) => addressDomain(one) === name);
        if (used.length > 0) return `${used[0]} has an address of ${name}: nothing was removed`;
        return (await transaction.domains.remove(name)) ? undefined : `${name} is none of yours`;
      });
      if (end !== undefined) command.error(end, { exitCode: 1 });
    });
    process.stdout.write(`Removed ${printable(name)}\n`);
  });
}
