import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import picocolors from "picocolors";
import type { Config } from "../config.ts";
import type { World } from "../open-house.ts";
import type { Server } from "../server.ts";
import { withoutSecrets } from "../store/postgres.ts";
import { fillTryOut, tryOutPeople } from "../try-out.ts";
import { type Environment, loadSettings, type SettingsOptions, withSettings } from "./settings.ts";

const webRoot = fileURLToPath(new URL("../../../web/dist", import.meta.url));

/** `parley start`: runs the server until it is told to stop by SIGINT or SIGTERM. */
export function startCommand(world: World, env: Environment): Command {
  const command = withSettings(new Command("start"))
    .description("start Parley; without any configuration, in try-out mode")
    .option("--http-port <number>", "port of the web page")
    .option("--lmtp-port <number>", "port mail comes in at")
    .option("--stop-seconds <number>", "how long to finish what is under way when it is stopped", "30");
  return command.action(async (options: SettingsOptions & { readonly stopSeconds: string }) => {
    if (!/^\d{1,5}$/.test(options.stopSeconds))
      command.error("--stop-seconds: is no number of seconds", { exitCode: 2 });
    const { config, tryOut } = loadSettings(command, options, env);
    // Only here: every other command starts without a web server and a mail door to load.
    const { startServer } = await import("../server.ts");
    const server = await startServer(config, { tryOut, webRoot }, world);
    if (tryOut) await fillTryOut(server.house, () => server.worker.drain());
    process.stdout.write(await greeting(server, config, tryOut));
    await untilSignal();
    process.stdout.write("Stopping…\n");
    await stop(server, world, Number(options.stopSeconds));
  });
}

/**
 * Takes nothing more and finishes what is under way. What takes longer is broken off, and so is all of it at a second signal: nothing
 * that was promised is lost by that.
 */
async function stop(server: Server, { logger }: World, seconds: number): Promise<void> {
  const late = sleep(seconds * 1_000, `after ${seconds} seconds`, { ref: false });
  const again = untilSignal().then(() => "at a second signal");
  const brokenOff = await Promise.race([server.close().then(() => undefined), late, again]);
  if (brokenOff === undefined) return;
  logger.warn(`stopped ${brokenOff}; something was still under way`);
  process.exit(1);
}

function untilSignal(): Promise<void> {
  return new Promise((done) => {
    process.once("SIGINT", () => done());
    process.once("SIGTERM", () => done());
  });
}

async function greeting(server: Server, config: Config, tryOut: boolean): Promise<string> {
  const web = config.http.publicUrl ?? `http://${config.http.host}:${server.httpPort}/`;
  const out = config.smtp ? `SMTP relay ${config.smtp.host}:${config.smtp.port}` : `files in ${resolve(config.outbox)}`;
  const people = tryOut
    ? tryOutPeople.map(({ name, addresses }) => `${addresses[0]} (${name})`)
    : [await countPeople(server)];
  const colors = picocolors.createColors(process.stdout.isTTY === true);
  const lines = [
    ["Web page", colors.cyan(web)],
    ["Sign in as", people.join("\n               ")],
    ["Mail in", doorsOf(server, config).join("\n               ")],
    ["Mail out", out],
    ["Data", config.database ? withoutSecrets(config.database.url) : resolve(config.data)],
    ["Time zones", server.house.zoneData ?? "unknown"],
  ];
  const title = tryOut
    ? "Parley is running in try-out mode: on this machine only, anybody may sign in."
    : `Parley is running for ${config.domains.join(", ")}.`;
  const table = lines.map(([name = "", value = ""]) => `  ${name.padEnd(12)} ${value}`).join("\n");
  return `\n${colors.bold(title)}\n\n${table}\n\n  Ctrl-C stops it.\n\n`;
}

function doorsOf({ lmtpPort, smtpInPort }: Server, { lmtp, smtpIn, imap = {} }: Config): readonly string[] {
  return [
    `LMTP ${lmtp.host}:${lmtpPort}`,
    ...(smtpIn ? [`SMTP ${smtpIn.host}:${smtpInPort}`] : []),
    ...Object.entries(imap).map(([name, { user, host, mailbox }]) => `IMAP ${name}: ${mailbox} of ${user} at ${host}`),
  ];
}

async function countPeople(server: Server): Promise<string> {
  const people = await server.house.store.read((transaction) => transaction.principals.list());
  if (people.length === 0) return 'nobody yet: "npx parley person add ADDRESS --name NAME" adds people';
  return people.length === 1 ? "1 person" : `${people.length} people`;
}
