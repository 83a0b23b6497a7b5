import { Argument, Command } from "commander";
import { type PreferenceName, preferenceNames, preferenceOf, preferenceValues } from "../scheduling/preferences.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { type CommandWorld, requirePerson, withHouse } from "./with-house.ts";

/** `parley person prefer`: what somebody wants otherwise than the house. */
export function preferCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("prefer"))
    .description("choose something for a person, room or group otherwise than the house, or list what was chosen")
    .argument("<address>", "an address of theirs")
    .addArgument(new Argument("[name]", "what").choices([...preferenceNames]))
    .argument("[value]", `${valuesInWords()}; "house" leaves it to the house again`);
  type Name = PreferenceName | undefined;
  return command.action(async (address: string, name: Name, value: string | undefined, options: SettingsOptions) => {
    const allowed: readonly string[] = name === undefined ? [] : [...preferenceValues[name], "house"];
    if (name !== undefined && (value === undefined || !allowed.includes(value))) {
      return command.error(`${name} is one of ${allowed.join(", ")}`, { exitCode: 2 });
    }
    const lines = await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const owner = await requirePerson(transaction, address);
        const chosen = value === "house" ? undefined : value;
        if (name !== undefined) await transaction.preferences.set(owner.id, name, chosen);
        const said: string[] = [];
        for (const one of preferenceNames) {
          said.push(`${one}  ${(await preferenceOf(transaction, owner, one)) ?? "house"}\n`);
        }
        return said;
      }),
    );
    process.stdout.write(lines.join(""));
  });
}

function valuesInWords(): string {
  return preferenceNames.map((name) => `${name}: ${preferenceValues[name].join(", ")}`).join("; ");
}
