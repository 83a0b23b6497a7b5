import { Command } from "commander";
import { dkimRecord } from "../delivery/dkim.ts";
import { readDkimKeys } from "../delivery/seal.ts";
import { type Environment, loadSettings, type SettingsOptions, withSettings } from "./settings.ts";
import { printable } from "./terminal.ts";

/** `parley dkim record`: prints the records the DNS is to have, in the form of a zone file, before mail is signed by the keys of the settings. */
export function dkimCommand(env: Environment): Command {
  return new Command("dkim").description("the signatures on our mail").addCommand(recordCommand(env));
}

function recordCommand(env: Environment): Command {
  const command = withSettings(new Command("record")).description("print the DNS record of each key");
  return command.action(async (options: SettingsOptions): Promise<void> => {
    const { dkim } = loadSettings(command, options, env).config;
    if (!dkim) return command.error("No mail is signed: give dkim a domain, a selector and a keyFile", { exitCode: 1 });
    const keys = await readDkimKeys(dkim).catch((error: unknown) =>
      command.error(printable(error instanceof Error ? error.message : String(error)), { exitCode: 1 }),
    );
    for (const key of keys) {
      const { name, text } = dkimRecord(key);
      // A string of the DNS has 255 octets at most; readers join them.
      const strings = (text.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`);
      process.stdout.write(`${name}. IN TXT ${strings.length > 1 ? `( ${strings.join(" ")} )` : strings.join("")}\n`);
    }
  });
}
