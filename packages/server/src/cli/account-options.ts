import type { Command } from "commander";
import { isLocale } from "../config.ts";
import { addAccount, type NewAccount } from "../people.ts";
import type { Principal } from "../store/store.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** Options of every command that adds somebody or something with a calendar. */
export interface AccountOptions extends SettingsOptions {
  readonly name: string;
  readonly alias: readonly string[];
  readonly timezone: string;
  readonly locale?: string;
}

/** Adds the argument and the options that say whom to add. */
export function withAccount(command: Command): Command {
  return withSettings(command)
    .argument("<address>", "the address it writes from")
    .requiredOption("--name <name>", "what it is called")
    .option("--alias <address...>", "further addresses of it", [])
    .option("--timezone <name>", "IANA name of the zone times are seen in", "UTC")
    .option("--locale <tag>", "language of mails to it and by it, such as de or pt-BR");
}

/** Adds what the options say; ends the command where a zone or a domain is not known here. */
export function addFromOptions(
  command: Command,
  world: CommandWorld,
  address: string,
  options: AccountOptions,
  rest: Pick<NewAccount, "kind" | "booking">,
  passwordHash?: string,
): Promise<Principal> {
  return withHouse(command, options, world, async (house) => {
    const { name, timezone, locale } = options;
    if (!house.zones.zone(timezone)) command.error(`there is no time zone ${timezone}`, { exitCode: 2 });
    if (locale !== undefined) requireLocale(command, locale);
    const addresses = [address, ...options.alias];
    const foreign = addresses.find((one) => !house.domains.has(addressDomain(one)));
    const ours = [...house.domains].join(", ");
    if (foreign) command.error(`${foreign} is of none of your domains (${ours})`, { exitCode: 2 });
    const added = await addAccount(house.store, {
      ...{ name, addresses, timezone, ...rest },
      ...(locale !== undefined && { locale }),
    });
    if (passwordHash !== undefined) {
      await house.store.write((transaction) => transaction.principals.setPasswordHash(added.id, passwordHash));
    }
    return added;
  });
}

/** Gives what stands after the @ of an address, in lower case. */
export function addressDomain(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Ends the command where a text is not the tag of a language. */
export function requireLocale(command: Command, locale: string): void {
  if (isLocale(locale)) return;
  command.error(`${JSON.stringify(locale)} is no language; write it such as de or pt-BR`, { exitCode: 2 });
}

/** Says somebody in one line. */
export function accountLine({ addresses, name, timezone }: Principal): string {
  return `${addresses.join(", ")}  ${name}  ${timezone}`;
}
