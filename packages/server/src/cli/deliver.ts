import { Command } from "commander";
import { deliverMail, deliverWithoutEnvelope, type FoundResult } from "../mail/deliver-mail.ts";
import { type OpenHouse, openHouse, type World } from "../open-house.ts";
import { type Environment, loadSettings, type SettingsOptions, withSettings } from "./settings.ts";

const maxMailBytes = 64 * 1024 * 1024;

/** Exit codes a mail server understands (sysexits): the address is unknown; try again later; the mail is too large. */
const exitCodes = { unknownRecipient: 67, tryAgain: 75, tooLarge: 69 } as const;

interface DeliverOptions extends SettingsOptions {
  readonly to?: readonly string[];
  readonly from?: string;
}

/**
 * `parley deliver --from SENDER --to ADDRESS... < mail.eml`: delivers one mail from standard input, as a mail server's pipe does; without
 * `--to` to those its header names. Exit code 0 only once it is on the disk; 67 where a recipient, or all whom it names, is nobody here;
 * 75 where it should be tried again.
 */
export function deliverCommand(world: World, env: Environment): Command {
  const command = withSettings(new Command("deliver"))
    .description("deliver one mail from standard input")
    .option("--to <address...>", "whom it is for (default: whom its Delivered-To, To and such name)")
    .option("--from <address>", 'whom its envelope says it is from; "" or "<>" for a report');
  return command.action(async (options: DeliverOptions) => {
    const { config } = loadSettings(command, options, env);
    const bytes = await readInput();
    if (!bytes) return command.error("the mail is larger than 64 MiB", { exitCode: exitCodes.tooLarge });
    try {
      const house = await openHouse(config, world);
      const found = await deliver(house, bytes, options).finally(() => house.close());
      if (found.length === 0) {
        process.stderr.write("it names nobody here\n");
        process.exitCode = exitCodes.unknownRecipient;
      }
      for (const one of found) tell(one);
    } catch (error) {
      command.error(`not delivered: ${error instanceof Error ? error.message : String(error)}`, {
        exitCode: exitCodes.tryAgain,
      });
    }
  });
}

async function deliver(
  house: OpenHouse,
  bytes: Uint8Array,
  { to, from }: DeliverOptions,
): Promise<readonly FoundResult[]> {
  const sender = from === "<>" ? "" : from;
  if (!to) return deliverWithoutEnvelope(house, bytes, sender);
  const results = await deliverMail(house, bytes, to, "outside", sender);
  return results.map((result, index) => ({ recipient: to[index] ?? "", result }));
}

/** Says what became of a mail for one recipient; throws where it has to be tried again. */
function tell({ recipient, result }: FoundResult): void {
  if (result.kind === "failed") throw result.error;
  if (result.kind === "unknown-recipient") {
    process.stderr.write(`${recipient}: no such person here\n`);
    process.exitCode = exitCodes.unknownRecipient;
    return;
  }
  const again = result.kind === "duplicate" ? " (delivered before)" : "";
  for (const { verdict, reason, rule } of result.rows) {
    process.stdout.write(`${recipient}: ${verdict}${again}: ${reason} [${rule}]\n`);
  }
}

async function readInput(): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxMailBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
