import { Command } from "commander";
import { hashPassword } from "../auth/passwords.ts";
import { addPerson } from "../people.ts";
import { openHouse, type World } from "../server.ts";
import type { Principal } from "../store/store.ts";
import { type Environment, loadSettings, type SettingsOptions, withSettings } from "./settings.ts";

const minPasswordLength = 8;

/** `parley person add|list|password`: the people with a calendar here. */
export function personCommand(world: World, env: Environment): Command {
  const command = new Command("person").description("people with a calendar here");
  return command
    .addCommand(addCommand(world, env))
    .addCommand(listCommand(world, env))
    .addCommand(passwordCommand(world, env));
}

function addCommand(world: World, env: Environment): Command {
  const command = withSettings(new Command("add"))
    .description("add a person; the password is the first line of standard input, if there is one")
    .argument("<address>", "the address they write from")
    .requiredOption("--name <name>", "their name")
    .option("--alias <address...>", "further addresses of theirs", [])
    .option("--timezone <name>", "IANA name of the zone they see times in", "UTC");
  type Options = SettingsOptions & { name: string; alias: readonly string[]; timezone: string };
  return command.action(async (address: string, options: Options) => {
    const { config } = loadSettings(command, options, env);
    const house = await openHouse(config, world, () => {});
    try {
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
    } finally {
      await house.close();
    }
  });
}

function listCommand(world: World, env: Environment): Command {
  const command = withSettings(new Command("list")).description("list the people");
  return command.action(async (options: SettingsOptions) => {
    const { config } = loadSettings(command, options, env);
    const house = await openHouse(config, world, () => {});
    const people = await house.store.read((transaction) => transaction.principals.list()).finally(() => house.close());
    for (const person of people) process.stdout.write(`${line(person)}\n`);
  });
}

function passwordCommand(world: World, env: Environment): Command {
  const command = withSettings(new Command("password"))
    .description("set a person's password: the first line of standard input")
    .argument("<address>", "an address of theirs");
  return command.action(async (address: string, options: SettingsOptions) => {
    const { config } = loadSettings(command, options, env);
    const password = await readPassword();
    if (password === undefined) command.error("no password on standard input", { exitCode: 2 });
    const hash = await hashPassword(password ?? "");
    const house = await openHouse(config, world, () => {});
    try {
      await house.store.write(async (transaction) => {
        const people = await transaction.principals.list();
        const person = people.find(({ addresses }) => addresses.some((own) => own === address.toLowerCase()));
        if (!person) throw new Error(`${address} is nobody here`);
        await transaction.principals.setPasswordHash(person.id, hash);
      });
    } finally {
      await house.close();
    }
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
