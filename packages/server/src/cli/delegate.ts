import { Argument, Command } from "commander";
import { delegationScopes } from "../auth/authorize.ts";
import type { DelegationScope } from "../store/store.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { type CommandWorld, requirePerson, withHouse } from "./with-house.ts";

/** `parley person delegate`: who may act for whom. */
export function delegateCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("delegate"))
    .description("let somebody act for a person, room or resource, or list who may")
    .argument("<address>", "for whom")
    .argument("[to]", "who may")
    .addArgument(new Argument("[scope]", "how far; none takes it back").choices([...delegationScopes, "none"]));
  type Scope = DelegationScope | "none" | undefined;
  return command.action(async (address: string, to: string | undefined, scope: Scope, options: SettingsOptions) => {
    if (to !== undefined && scope === undefined) {
      return command.error(`say how far: ${delegationScopes.join(", ")} or none`, { exitCode: 2 });
    }
    const lines = await withHouse(command, options, world, ({ store }) =>
      store.write(async (transaction) => {
        const { principals } = transaction;
        const owner = await requirePerson(transaction, address);
        if (to !== undefined) {
          const delegate = await requirePerson(transaction, to);
          if (delegate.kind !== "person") throw new Error(`${delegate.address} is a ${delegate.kind}: only people act`);
          if (delegate.id === owner.id) throw new Error(`${delegate.address} is theirs already`);
          await principals.delegate(owner.id, delegate.id, scope === "none" ? undefined : scope);
        }
        const said: string[] = [];
        for (const one of await principals.delegations(owner.id)) {
          said.push(`${(await principals.byId(one.delegate))?.address ?? one.delegate}  ${one.scope}\n`);
        }
        return said;
      }),
    );
    process.stdout.write(lines.join(""));
  });
}
