import { parseAddress } from "@parley/engine";
import { Command } from "commander";
import type { Delivery, DeliveryState, Pause, QueueFilter } from "../store/store.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { formatTime, jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

const maxListed = 1_000;

/** `parley queue list|pause|release|retry|send-now`: what is on its way to others. */
export function queueCommand(world: CommandWorld): Command {
  return new Command("queue")
    .description("what is on its way: look at it, hold it, let it go")
    .addCommand(listCommand(world))
    .addCommand(pauseCommand(world))
    .addCommand(releaseCommand(world))
    .addCommand(retryCommand(world))
    .addCommand(sendNowCommand(world));
}

interface ListOptions extends SettingsOptions {
  readonly to?: string;
  readonly json?: boolean;
}

function listCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("list"))
    .description("list what waits, what was deferred, refused or came back, by recipient")
    .option("--to <address>", "only what is for this address")
    .option("--json", "as JSON");
  return command.action(async (options: ListOptions) => {
    const filter = filterOf(command, ["queued", "deferred", "refused", "bounced"], options.to);
    const found = await withHouse(command, options, world, ({ store }) =>
      store.read(async ({ queue }) => ({
        paused: await queue.paused(),
        deliveries: await queue.list(filter, maxListed),
        count: await queue.count(filter),
      })),
    );
    process.stdout.write(options.json ? `${jsonForTerminal(asView(found))}\n` : asText(found));
  });
}

function pauseCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("pause"))
    .description("hold all outgoing messages from now on, also after a restart, until they are released")
    .option("--reason <text>", "why, for whoever looks at the queue", "paused by the operator");
  return command.action(async (options: SettingsOptions & { readonly reason: string }) => {
    await withHouse(command, options, world, ({ store, clock }) =>
      store.write(({ queue }) => queue.pause({ since: clock(), reason: options.reason })),
    );
  });
}

function releaseCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("release")).description(
    "let outgoing messages go again, and those that were held back",
  );
  return command.action(async (options: SettingsOptions) => {
    const count = await withHouse(command, options, world, ({ store }) => store.write(({ queue }) => queue.release()));
    if (count > 0) process.stdout.write(`${count === 1 ? "1 message was" : `${count} messages were`} held back\n`);
  });
}

function retryCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("retry"))
    .description("try at once what was deferred")
    .option("--to <address>", "only what is for this address")
    .option("--refused", "also what was refused, given up or came back");
  return command.action(async (options: ListOptions & { readonly refused?: boolean }) => {
    const filter = filterOf(command, options.refused ? ["deferred", "refused", "bounced"] : ["deferred"], options.to);
    const count = await withHouse(command, options, world, ({ store, clock }) =>
      store.write(({ queue }) => queue.retry(filter, clock())),
    );
    process.stdout.write(dueNow(count));
  });
}

function sendNowCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("send-now"))
    .description("send at once what waits for what its organizer writes next")
    .argument("<uid>", "of the event");
  return command.action(async (uid: string, options: SettingsOptions) => {
    const count = await withHouse(command, options, world, ({ store, clock }) =>
      store.write(({ queue }) => queue.retry({ states: ["queued"], uid }, clock())),
    );
    process.stdout.write(dueNow(count));
  });
}

function dueNow(count: number): string {
  return `${count === 1 ? "1 message is" : `${count} messages are`} due now\n`;
}

function filterOf(command: Command, states: readonly DeliveryState[], to: string | undefined): QueueFilter {
  if (to === undefined) return { states };
  const recipient = parseAddress(to);
  return recipient ? { states, recipient } : command.error(`${to} is no address`, { exitCode: 2 });
}

interface Found {
  readonly paused: Pause | undefined;
  readonly deliveries: readonly Delivery[];
  readonly count: number;
}

function asView({ paused, deliveries, count }: Found) {
  return {
    paused: paused ? { since: formatTime(paused.since), reason: paused.reason } : null,
    count,
    deliveries: deliveries.map(({ recipient, uid, state, attempts, due, detail, messageId, held = null }) => {
      return { recipient, uid, state, attempts, due: formatTime(due), detail, messageId, held };
    }),
  };
}

function asText(found: Found): string {
  const { paused, deliveries, count } = asView(found);
  const lines = deliveries.map(({ recipient, uid, state, attempts, due, detail, held }) => {
    const when = state === "refused" || state === "bounced" ? `${state} ${due}` : `${state}, due ${due}`;
    const tries = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
    return `${printable(recipient)}  ${when}, ${tries}  ${printable(uid)}${detail && `  ${printable(detail)}`}${held === null ? "" : `  held: ${printable(held)}`}`;
  });
  return [
    ...(paused
      ? [`Nothing leaves since ${paused.since}: ${printable(paused.reason)}. "parley queue release" ends it.`]
      : []),
    ...lines,
    ...(count > lines.length ? [`and ${count - lines.length} more`] : []),
    "",
  ].join("\n");
}
