import { Command } from "commander";
import { addAppPassword } from "../auth/app-passwords.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { formatTime, jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, requirePerson, withHouse } from "./with-house.ts";

/** `parley person app-password add|list|revoke`: what a person's devices and programs sign in with. */
export function appPasswordCommand(world: CommandWorld): Command {
  return new Command("app-password")
    .description("passwords for a person's devices and programs, one each, that can be taken back")
    .addCommand(addCommand(world))
    .addCommand(listCommand(world))
    .addCommand(revokeCommand(world));
}

function addCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("add"))
    .description("make a password for one device or program; it is shown once and never again")
    .argument("<address>", "an address of the person")
    .argument("<name>", "what it is for, such as phone");
  return command.action(async (address: string, name: string, options: SettingsOptions) => {
    const password = await withHouse(command, options, world, async ({ store, clock }) => {
      const person = await store.read((transaction) => requirePerson(transaction, address));
      return addAppPassword(store, person, name, { now: clock(), randomBytes: world.world.randomBytes });
    });
    process.stdout.write(`${password}\n`);
  });
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list"))
    .description("list a person's app passwords by name, without the passwords")
    .argument("<address>", "an address of the person")
    .option("--json", "as JSON");
  return command.action(async (address: string, options: SettingsOptions & { readonly json?: boolean }) => {
    const passwords = await withHouse(command, options, world, ({ store }) =>
      store.read(async (transaction) => transaction.appPasswords.list((await requirePerson(transaction, address)).id)),
    );
    const views = passwords.map(({ name, created }) => ({ name, created: formatTime(created) }));
    if (options.json) process.stdout.write(`${jsonForTerminal(views)}\n`);
    else for (const { name, created } of views) process.stdout.write(`${created}  ${printable(name)}\n`);
  });
}

function revokeCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("revoke"))
    .description("take an app password back: from now on nobody signs in with it")
    .argument("<address>", "an address of the person")
    .argument("<name>", "the name it was made under");
  return command.action(async (address: string, name: string, options: SettingsOptions) => {
    await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const person = await requirePerson(transaction, address);
        if (await transaction.appPasswords.remove(person.id, name)) return;
        throw new Error(`${person.address} has no app password named ${JSON.stringify(name)}`);
      }),
    );
  });
}
