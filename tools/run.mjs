// The entry of `npm start`, `npm test` and their like. Runs on any Node from 18 on with nothing installed: it installs what
// the lockfile says, and hands all else to the Node that comes with that.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensureChromium } from "./run/chromium.mjs";
import { ensureInstalled } from "./run/install.mjs";
import { runForwarding, runStep, root } from "./run/process.mjs";
import { isWebFresh, markWebBuilt } from "./run/web-stamp.mjs";

const usage = `usage: node tools/run.mjs COMMAND [ARGUMENTS]

  start   build, then start Parley; arguments go to "parley start"
  test    types, lint, tidy, and all tests; arguments go to vitest
  build   the server, and the web app where it changed
  check   types, lint and tidy
  bench   the benchmarks; arguments go to them
`;

const commands = { start, test, build, check, bench };

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) process.exitCode = await command(args);
else {
  process.stderr.write(name ? `run: there is no "${name}"\n${usage}` : usage);
  process.exitCode = 2;
}

/** Builds, and runs the server until it ends. SIGINT, SIGTERM and SIGHUP stop it gracefully. */
async function start(args) {
  const code = await build([]);
  if (code !== 0) return code;
  return await runForwarding("node", ["packages/server/bin/parley.js", "start", ...args]);
}

async function build() {
  return await steps([["install", ensureInstalled], ["server", buildServer], ["web", buildWeb]], { quiet: true });
}

async function check() {
  return await steps([["install", ensureInstalled], ...checks], { quiet: false });
}

async function test(args) {
  const before = [["install", ensureInstalled], ...checks, ["web", buildWeb], ["browser", ensureChromium]];
  return await steps([...before, ["tests", () => runStep("vitest", ["run", ...args])]], { quiet: false });
}

async function bench(args) {
  const code = await ensureInstalled();
  if (code !== 0) return code;
  return await runForwarding("node", ["--conditions=source", "bench/index.ts", ...args]);
}
