// The entry of `npm start`, `npm test` and their like. Runs on any Node from 18 on with nothing installed: it installs what
// the lockfile says, and hands everything after that to the Node that comes with it.
import { ensureChromium, isChromiumMissing } from "./run/chromium.mjs";
import { ensureDavClients, isDavClientMissing } from "./run/dav-clients.mjs";
import { ensureInstalled } from "./run/install.mjs";
import { ensureMailServers, isMailServersMissing } from "./run/mail-servers.mjs";
import { ensurePostgresql, isPostgresqlMissing } from "./run/postgresql.mjs";
import { runServer, runStep } from "./run/process.mjs";
import { ensureStrace, isStraceMissing } from "./run/strace.mjs";
import { buildWeb } from "./run/web.mjs";

const usage = `usage: node tools/run.mjs COMMAND [ARGUMENTS]

  start   build, then start Parley; arguments go to "parley start"
  test    types, lint, tidy, and all tests; arguments go to vitest
  build   the server, and the web app where it changed
  check   types, lint and tidy
  bench   the benchmarks; arguments go to them
  simulate   random worlds that must agree in the end; arguments go to them
  requirements   which requirements of the ledger have a test
`;

const install = { name: "install", run: ensureInstalled };
const server = { name: "server", run: () => runStep("tsc", ["-b", "packages/engine", "packages/server"]) };
const web = { name: "web", run: buildWeb };
const checks = [
  { name: "types", run: () => runStep("tsc", ["-b"]) },
  { name: "lint", run: lint },
  { name: "tidy", run: () => runStep("node", ["tools/tidy.ts"]) },
];

/** Commands by name; each answers with an exit code. */
const commands = {
  start: async (args) => {
    const code = await runSteps([install, server, web]);
    return code === 0 ? await runServer(["packages/server/bin/parley.js", "start", ...args]) : code;
  },
  test: async (args) => {
    const tests = { name: "tests", run: () => runStep("vitest", ["run", ...args]) };
    const browser = { name: "browser", run: ensureChromium };
    const database = { name: "database", run: ensurePostgresql };
    const strace = { name: "strace", run: ensureStrace };
    const mailServers = { name: "mail servers", run: ensureMailServers };
    const davClients = { name: "calendar programs", run: ensureDavClients };
    const programs = [browser, database, strace, mailServers, davClients];
    return await runAloud("npm test", [install, ...checks, web, ...programs, tests]);
  },
  build: async () => await runAloud("npm run build", [install, server, web]),
  check: async () => await runAloud("npm run check", [install, ...checks]),
  bench: async (args) => {
    const code = await runSteps([install]);
    return code === 0 ? await runStep("node", ["--conditions=@parley/source", "bench/index.ts", ...args]) : code;
  },
  simulate: async (args) => {
    const code = await runSteps([install]);
    return code === 0 ? await runStep("node", ["--conditions=@parley/source", "tools/simulate.ts", ...args]) : code;
  },
  requirements: async () => {
    const code = await runSteps([install]);
    return code === 0 ? await runStep("node", ["tools/requirements.ts"]) : code;
  },
};

const [name = "", ...args] = process.argv.slice(2);
if (Object.hasOwn(commands, name)) {
  process.exitCode = await commands[name](args);
} else {
  process.stderr.write(name === "" ? usage : `There is no "${name}".\n${usage}`);
  process.exitCode = 2;
}

async function lint() {
  const code = await runStep("biome", ["check", "--error-on-warnings"]);
  return code === 0 ? await runStep("oxlint", ["--type-aware", "--deny-warnings"]) : code;
}

/** Runs steps up to the first that fails, and says so. */
async function runSteps(steps) {
  for (const step of steps) {
    const code = await step.run();
    if (code === 0) continue;
    process.stderr.write(`Failed at "${step.name}", exit code ${code}.\n`);
    return code;
  }
  return 0;
}

/** Runs steps, with a heading and its time for each, and a line at the end. */
async function runAloud(title, steps) {
  const begun = Date.now();
  const loud = steps.map((step) => ({ ...step, run: () => runTimed(step) }));
  const code = await runSteps(loud);
  if (code !== 0) return code;
  const missing = [
    ...(isChromiumMissing() && steps.some((step) => step.name === "browser") ? ["a browser"] : []),
    ...(isPostgresqlMissing() && steps.some((step) => step.name === "database") ? ["PostgreSQL"] : []),
    ...(isMailServersMissing() && steps.some((step) => step.name === "mail servers") ? ["Postfix and Dovecot"] : []),
    ...(isDavClientMissing() && steps.some((step) => step.name === "calendar programs") ? ["calendar programs"] : []),
    ...(isStraceMissing() && steps.some((step) => step.name === "strace") ? ["strace"] : []),
  ];
  const skipped = missing.length > 0 ? ` (without ${missing.join(" and ")})` : "";
  process.stdout.write(
    `\n${title}: all of ${steps.map((step) => step.name).join(", ")} passed${skipped}, ${since(begun)}.\n`,
  );
  return 0;
}

async function runTimed(step) {
  const begun = Date.now();
  process.stdout.write(`\n== ${step.name}\n`);
  const code = await step.run();
  process.stdout.write(`   ${step.name}: ${code === 0 ? "passed" : "failed"}, ${since(begun)}\n`);
  return code;
}

function since(begun) {
  return `${((Date.now() - begun) / 1_000).toFixed(1)} s`;
}
