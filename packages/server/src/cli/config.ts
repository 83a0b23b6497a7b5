import { Command } from "commander";
import { redactValue } from "../operation/redact.ts";
import { type Environment, readSettings, type SettingsOptions, withSettings } from "./settings.ts";
import { jsonForTerminal, printable } from "./terminal.ts";

/**
 * `parley config check`: prints the settings that count, passwords hidden, in the form of a configuration file. Where some are
 * wrong: a sentence for each, and exit code 1.
 */
export function configCommand(env: Environment): Command {
  return new Command("config").description("how Parley is set up").addCommand(checkCommand(env));
}

function checkCommand(env: Environment): Command {
  const command = withSettings(new Command("check")).description("check the settings and print those that count");
  return command.action((options: SettingsOptions) => {
    const result = readSettings(options, env);
    if ("errors" in result) {
      for (const error of result.errors) process.stderr.write(`${printable(error)}\n`);
      process.exitCode = 1;
      return;
    }
    if (result.tryOut) process.stderr.write("Nothing is set: this is try-out mode.\n");
    process.stdout.write(`${jsonForTerminal(redactValue(result.config))}\n`);
  });
}
