import { spawnSync } from "node:child_process";
import { canInstall, installPackages } from "./apt.mjs";

/**
 * Sees to strace, by which the crash tests kill a server at one call of the system and let its disk fail: one that is installed, or on
 * Debian, as root, its own package. Without it that part of them is left out, and this says so; the exit code is 0 either way.
 */
export function ensureStrace() {
  const found = !isStraceMissing() || (canInstall() && installStrace());
  process.stdout.write(`   ${found ? "strace is here." : "No strace here: some crash tests will be left out."}\n`);
  return 0;
}

/** Tells whether some crash tests have to be left out. */
export function isStraceMissing() {
  return spawnSync("strace", ["-o", "/dev/null", "true"]).status !== 0;
}

function installStrace() {
  process.stdout.write("   Installing Debian's strace, for the crash tests.\n");
  return installPackages(["strace"]) && !isStraceMissing();
}
