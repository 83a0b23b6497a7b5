import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { environment, root } from "./process.mjs";

const modules = join(root, "node_modules");
const stamp = join(modules, ".installed");
const localNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Installs what package-lock.json says, unless that is what is installed. Answers with an exit code. */
export async function ensureInstalled() {
  if (whyInstall() === undefined) return 0;
  return await withLock("install", "another run to install the packages", async () => {
    const why = whyInstall();
    if (why === undefined) return 0;
    process.stdout.write(`Installing packages, as ${why}: npm ci. The first time this takes a minute.\n`);
    const code = await npmCi();
    if (code !== 0) return code;
    const still = whyInstall();
    if (still === undefined) return 0;
    process.stderr.write(`npm ci ended well, and yet ${still}. Remove node_modules and try again.\n`);
    return 1;
  });
}

/** Tells why packages have to be installed; `undefined` where they need not. */
function whyInstall() {
  if (!existsSync(modules)) return "node_modules is missing";
  const wanted = lockHash();
  const isStamped = existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (!isStamped && !isWhatLockSays()) return "node_modules is not what package-lock.json says";
  if (!doesNodeRun()) return "the Node in node_modules does not run";
  if (!isStamped) writeFileSync(stamp, wanted);
  return undefined;
}

/** What is installed depends on the lockfile, and on the machine. */
function lockHash() {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  return hash.update(`${process.platform} ${process.arch}`).digest("hex");
}

/** Compares npm's own note of what it installed, so that an `npm ci` somebody ran by hand counts. */
function isWhatLockSays() {
  const note = join(modules, ".package-lock.json");
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, "utf8")).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages ?? {};
  return Object.entries(wanted)
    .filter(([path]) => path.startsWith("node_modules/"))
    .every(([path, { version, integrity, optional, devOptional, link }]) => {
      const found = installed[path];
      if (!found) return Boolean(optional || devOptional || link);
      return found.version === version && found.integrity === integrity;
    });
}

function doesNodeRun() {
  try {
    return /^v\d+/.test(
      execFileSync(localNode, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return false;
  }
}

/** Runs npm on the system's Node, as the one in node_modules is about to be replaced. */
function npmCi() {
  return new Promise((done) => {
    // NODE_ENV=production would leave out the Node and the compiler everything here runs on.
    const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const options = { cwd: root, env: environment(true), shell: process.platform === "win32" };
    const child = spawn("npm", args, { ...options, stdio: ["ignore", "inherit", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      process.stderr.write(chunk);
      errors = `${errors}${chunk}`.slice(-100_000);
    });
    child.on("error", (error) => {
      process.stderr.write(`npm cannot be run: ${error.message}. Parley needs Node 18 or newer with its npm.\n`);
      done(127);
    });
    child.on("close", (code) => {
      if (code !== 0) process.stderr.write(explain(errors));
      done(code ?? 1);
    });
  });
}

function explain(errors) {
  const registry = "see `npm config get registry`, and the proxy settings of npm";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(errors)) {
    return `The packages could not be installed: npm cannot reach its registry (${registry}).\n`;
  }
  return "The packages could not be installed: npm ci failed, its reasons are above.\n";
}
