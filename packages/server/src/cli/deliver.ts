import { Command } from "commander";
import { deliverMail } from "../mail/deliver-mail.ts";
import { openHouse, type World } from "../open-house.ts";
import { type Environment, loadSettings, type SettingsOptions, withSettings } from "./settings.ts";

const maxMailBytes = 64 * 1024 * 1024;

/** Exit codes a mail server understands (sysexits): the address is unknown; try again later; the mail is too large. */
const exitCodes = { unknownRecipient: 67, tryAgain: 75, tooLarge: 69 } as const;

/**
 * `parley deliver --to ADDRESS... < mail.eml`: delivers one mail from standard input, as a mail server's pipe does. Exit code 0
 * only once it is on the disk; 67 where a recipient is nobody here; 75 where it should be tried again.
 */
export function deliverCommand(world: World, env: Environment): Command {
  const command = withSettings(new Command("deliver"))
    .description("deliver one mail from standard input")
    .requiredOption("--to <address...>", "whom it is for");
  return command.action(async (options: SettingsOptions & { readonly to: readonly string[] }) => {
    const { config } = loadSettings(command, options, env);
    const bytes = await readInput();
    if (!bytes) return command.error("the mail is larger than 64 MiB", { exitCode: exitCodes.tooLarge });
    try {
      const house = await openHouse(config, world);
      const results = await deliverMail(house, bytes, options.to, "outside").finally(() => house.close());
      results.forEach((result, index) => {
        const recipient = options.to[index];
        if (result.kind === "unknown-recipient") {
          process.stderr.write(`${recipient}: no such person here\n`);
          process.exitCode = exitCodes.unknownRecipient;
          return;
        }
        if (result.kind === "failed") throw result.error;
        for (const row of result.rows) {
          const again = result.kind === "duplicate" ? " (delivered before)" : "";
          process.stdout.write(`${recipient}: ${row.verdict}${again}: ${row.reason} [${row.rule}]\n`);
        }
      });
    } catch (error) {
      command.error(`not delivered: ${error instanceof Error ? error.message : String(error)}`, {
        exitCode: exitCodes.tryAgain,
      });
    }
  });
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
