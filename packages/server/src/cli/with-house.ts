import { parseAddress } from "@parley/engine";
import type { Command } from "commander";
import type { Config } from "../config.ts";
import { openHouse, type World } from "../open-house.ts";
import type { House } from "../scheduling/house.ts";
import type { Principal, ReadTransaction } from "../store/store.ts";
import { type Environment, loadSettings, type SettingsOptions } from "./settings.ts";

/** What every command that opens the store is given. */
export interface CommandWorld {
  readonly world: World;
  readonly env: Environment;
}

/** Opens the house that the options of a command name, lets `work` use it, and closes it whatever comes. */
export async function withHouse<Result>(
  command: Command,
  options: SettingsOptions,
  { world, env }: CommandWorld,
  work: (house: House, config: Config) => Promise<Result>,
): Promise<Result> {
  const { config } = loadSettings(command, options, env);
  const house = await openHouse(config, world);
  try {
    return await work(house, config);
  } finally {
    await house.close();
  }
}

/** Finds a person by any address of theirs; throws with a sentence for the operator where it is nobody's here. */
export async function requirePerson(transaction: ReadTransaction, text: string): Promise<Principal> {
  const address = parseAddress(text);
  const person = address && (await transaction.principals.byAddress(address));
  if (!person) throw new Error(`${text} is nobody here`);
  return person;
}
