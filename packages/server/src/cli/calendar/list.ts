import { Command } from "commander";
import { shareesOf } from "../../scheduling/share-calendar.ts";
import { type SettingsOptions, withSettings } from "../settings.ts";
import { jsonForTerminal, printable } from "../terminal.ts";
import { type CommandWorld, requirePerson, withHouse } from "../with-house.ts";

/** `parley calendar list`: the calendars of a person, room or group, and what else is known of them. */
export function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list"))
    .description(
      "list somebody's calendars: with whom they are shared, where they are read from, how many links there are",
    )
    .argument("<address>", "an address of theirs")
    .option("--json", "as JSON");
  return command.action(async (address: string, options: SettingsOptions & { readonly json?: boolean }) => {
    const views = await withHouse(command, options, world, ({ store }) =>
      store.read(async (transaction) => {
        const owner = await requirePerson(transaction, address);
        const all = await transaction.calendars.list(owner.id);
        return Promise.all(
          all.map(async (calendar) => {
            const sharees = await shareesOf(transaction, calendar);
            const links = await transaction.sharing.publishedLinks(owner.id, calendar.id);
            const subscription = await transaction.sharing.subscription(calendar.id);
            return {
              ...{ slug: calendar.slug, name: calendar.name, isDefault: calendar.isDefault, links: links.length },
              shares: sharees.map(({ principal, access }) => ({ address: principal.address, access })),
              ...(subscription && { source: subscription.url, problem: subscription.problem ?? null }),
            };
          }),
        );
      }),
    );
    if (options.json) process.stdout.write(`${jsonForTerminal(views)}\n`);
    else for (const view of views) process.stdout.write(`${printable(lineOf(view))}\n`);
  });
}

function lineOf(view: {
  readonly slug: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly links: number;
  readonly shares: readonly { readonly address: string; readonly access: string }[];
  readonly source?: string;
  readonly problem?: string | null;
}): string {
  const { slug, name, isDefault, links, shares, source, problem } = view;
  const facts = [
    ...(isDefault ? ["default"] : []),
    ...shares.map(({ address, access }) => `${access}: ${address}`),
    ...(links > 0 ? [`${links} links`] : []),
    ...(source === undefined ? [] : [`read from ${source}`]),
    ...(problem ? [problem] : []),
  ];
  return `${slug}  ${name}${facts.length > 0 ? `  (${facts.join("; ")})` : ""}`;
}
