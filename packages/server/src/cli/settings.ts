import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type Config, type ConfigResult, readConfig } from "../config.ts";

/** The environment as `main` read it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options every command that opens the store understands. */
export interface SettingsOptions {
  readonly config?: string;
  readonly data?: string;
  readonly httpPort?: string;
  readonly lmtpPort?: string;
}

/** Adds the options by which a command finds its configuration. */
export function withSettings(command: Command): Command {
  return command
    .option("--config <file>", "configuration file, JSON (default: $PARLEY_CONFIG)")
    .option("--data <folder>", "folder of the database (default: parley-data)");
}

/** Reads the configuration that the options and the environment name. */
export function readSettings(options: SettingsOptions, env: Environment): ConfigResult {
  const name = options.config ?? env["PARLEY_CONFIG"];
  const file = name === undefined ? undefined : readConfigFile(name);
  if (typeof file === "string") return { errors: [file] };
  const { data, httpPort, lmtpPort } = options;
  return readConfig({
    ...(file && { file }),
    env,
    flags: { ...(data && { data }), ...(httpPort && { httpPort }), ...(lmtpPort && { lmtpPort }) },
  });
}

/** Reads the configuration, or ends the command with one line for each thing wrong with it and exit code 2. */
export function loadSettings(
  command: Command,
  options: SettingsOptions,
  env: Environment,
): { readonly config: Config; readonly tryOut: boolean } {
  const result = readSettings(options, env);
  if ("config" in result) return result;
  return command.error(result.errors.join("\n"), { exitCode: 2 });
}

/** Gives the file, or the sentence that says why it cannot be read. */
function readConfigFile(name: string): { readonly name: string; readonly text: string } | string {
  try {
    return { name, text: readFileSync(name, "utf8") };
  } catch (error) {
    return `${name}: cannot be read (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`;
  }
}
