import { Command } from "commander";
import { hashPassword } from "../auth/passwords.ts";
import { type AccountOptions, accountLine, addFromOptions, requireLocale, withAccount } from "./account-options.ts";
import { appPasswordCommand } from "./app-password.ts";
import { delegateCommand } from "./delegate.ts";
import { preferCommand } from "./prefer.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { jsonForTerminal } from "./terminal.ts";
import { type CommandWorld, requirePerson, withHouse } from "./with-house.ts";

const minPasswordLength = 8;

/** `parley person add|list|password|locale|prefer|delegate|app-password`: the people with a calendar here. */
export function personCommand(world: CommandWorld): Command {
  const command = new Command("person").description("people with a calendar here");
  return command
    .addCommand(addCommand(world))
    .addCommand(listCommand(world))
    .addCommand(passwordCommand(world))
    .addCommand(localeCommand(world))
    .addCommand(preferCommand(world))
    .addCommand(delegateCommand(world))
    .addCommand(appPasswordCommand(world));
}

function addCommand(world: CommandWorld): Command {
  const command = withAccount(new Command("add")).description(
    "add a person; the password is the first line of standard input, if there is one",
  );
  return command.action(async (address: string, options: AccountOptions) => {
    const password = await readPassword();
    const hash = password === undefined ? undefined : await hashPassword(password);
    const person = await addFromOptions(command, world, address, options, {}, hash);
    process.stdout.write(`Added ${accountLine(person)}${hash === undefined ? " (without a password)" : ""}\n`);
  });
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list")).description("list the people").option("--json", "as JSON");
  return command.action(async (options: SettingsOptions & { readonly json?: boolean }) => {
    const all = await withHouse(command, options, world, ({ store }) =>
      store.read((transaction) => transaction.principals.list()),
    );
    const people = all.filter(({ kind }) => kind === "person");
    if (options.json) {
      const views = people.map(({ name, addresses, timezone, locale }) => ({ name, addresses, timezone, locale }));
      process.stdout.write(`${jsonForTerminal(views)}\n`);
    } else for (const person of people) process.stdout.write(`${accountLine(person)}\n`);
  });
}

function passwordCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("password"))
    .description("set a person's password: the first line of standard input")
    .argument("<address>", "an address of theirs");
  return command.action(async (address: string, options: SettingsOptions) => {
    const password = await readPassword();
    if (password === undefined) return command.error("no password on standard input", { exitCode: 2 });
    const hash = await hashPassword(password);
    await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const person = await requirePerson(transaction, address);
        await transaction.principals.setPasswordHash(person.id, hash);
      }),
    );
  });
}

function localeCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("locale"))
    .description("set the language of mails to a person and by them; without one take it back")
    .argument("<address>", "an address of theirs")
    .argument("[tag]", "such as de or pt-BR");
  return command.action(async (address: string, locale: string | undefined, options: SettingsOptions) => {
    if (locale !== undefined) requireLocale(command, locale);
    await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const person = await requirePerson(transaction, address);
        await transaction.principals.setLocale(person.id, locale);
      }),
    );
  });
}

/** The first line of standard input; nothing where that is a terminal or empty. Throws where it is too short. */
async function readPassword(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  const password = text.split(/\r?\n/, 1)[0] ?? "";
  if (password === "") return undefined;
  if (password.length < minPasswordLength) throw new Error(`a password needs ${minPasswordLength} characters`);
  return password;
}
