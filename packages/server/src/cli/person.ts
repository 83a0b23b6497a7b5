import { Command } from "commander";
import { hashPassword } from "../auth/passwords.ts";
import { addPerson } from "../people.ts";
import type { Principal } from "../store/store.ts";
import { appPasswordCommand } from "./app-password.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { jsonForTerminal } from "./terminal.ts";
import { type CommandWorld, requirePerson, withHouse } from "./with-house.ts";

const minPasswordLength = 8;

/** `parley person add|list|password|app-password`: the people with a calendar here. */
export function personCommand(world: CommandWorld): Command {
  const command = new Command("person").description("people with a calendar here");
  return command
    .addCommand(addCommand(world))
    .addCommand(listCommand(world))
    .addCommand(passwordCommand(world))
    .addCommand(appPasswordCommand(world));
}

function addCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("add"))
    .description("add a person; the password is the first line of standard input, if there is one")
    .argument("<address>", "the address they write from")
    .requiredOption("--name <name>", "their name")
    .option("--alias <address...>", "further addresses of theirs", [])
    .option("--timezone <name>", "IANA name of the zone they see times in", "UTC");
  type Options = SettingsOptions & { name: string; alias: readonly string[]; timezone: string };
  return command.action(async (address: string, options: Options) => {
    await withHouse(command, options, world, async (house, config) => {
      if (!house.zones.zone(options.timezone))
        command.error(`there is no time zone ${options.timezone}`, { exitCode: 2 });
      const addresses = [address, ...options.alias];
      const foreign = addresses.find((one) => !config.domains.includes(one.split("@").at(-1)?.toLowerCase() ?? ""));
      if (foreign)
        command.error(`${foreign} is of none of your domains (${config.domains.join(", ")})`, { exitCode: 2 });
      const password = await readPassword();
      const person = await addPerson(house.store, { name: options.name, addresses, timezone: options.timezone });
      if (password !== undefined) {
        const hash = await hashPassword(password);
        await house.store.write((transaction) => transaction.principals.setPasswordHash(person.id, hash));
      }
      process.stdout.write(`Added ${line(person)}${password === undefined ? " (without a password)" : ""}\n`);
    });
  });
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list")).description("list the people").option("--json", "as JSON");
  return command.action(async (options: SettingsOptions & { readonly json?: boolean }) => {
    const people = await withHouse(command, options, world, ({ store }) =>
      store.read((transaction) => transaction.principals.list()),
    );
    if (options.json) {
      const views = people.map(({ name, addresses, timezone }) => ({ name, addresses, timezone }));
      process.stdout.write(`${jsonForTerminal(views)}\n`);
    } else for (const person of people) process.stdout.write(`${line(person)}\n`);
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

function line(person: Principal): string {
  return `${person.addresses.join(", ")}  ${person.name}  ${person.timezone}`;
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
