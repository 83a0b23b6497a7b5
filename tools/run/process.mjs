import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
/** npm and the terminal may both pass on one Ctrl-C; a second one of a person comes later than that. */
const sameSignalMs = 1_000;
const parentPollMs = 250;

/**
 * Runs a program of node_modules/.bin, `node` among them, or else of the system, with our output as its own. Answers with its
 * exit code, as a shell would: 127 where there is no such program, 128 and the signal's number where one ended it.
 */
export function runStep(command, args, options = {}) {
  return run(command, args, { stdio: "inherit", ...options });
}

/**
 * Runs the server on the Node that was installed. It is in a process group of its own, as a terminal sends Ctrl-C to every
 * process of a group: so it hears of a signal once, from here, and stops gracefully.
 */
export function runServer(args) {
  return run("node", args, { stdio: "inherit", detached: true });
}

/** Makes an environment in which what was installed here is found first, or, with `bare`, not at all. */
export function environment(bare = false) {
  const own = join(root, "node_modules", ".bin");
  const rest = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.startsWith(join(root, "node_modules")));
  return { ...process.env, PATH: (bare ? rest : [own, ...rest]).join(delimiter) };
}

function run(command, args, options) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env: environment(), ...options });
    let last = 0;
    const pass = (signal) => {
      if (Date.now() - last < sameSignalMs) return;
      last = Date.now();
      child.kill(signal);
    };
    const watch = watchParent(() => pass("SIGTERM"));
    const end = (code) => {
      clearInterval(watch);
      for (const signal of signals) process.removeListener(signal, pass);
      done(code);
    };
    for (const signal of signals) process.on(signal, pass);
    child.on("error", (error) => {
      process.stderr.write(`${command} cannot be run: ${error.message}\n`);
      end(127);
    });
    child.on("exit", (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });
}

/**
 * Watches for the end of the shell npm runs us in. npm passes a signal on to that shell, which ends of it and tells nobody:
 * without this, `kill` of an `npm start` would leave the server behind.
 */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onGone();
  }, parentPollMs);
  return watch;
}
