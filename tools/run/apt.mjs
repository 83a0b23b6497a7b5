import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const minutes = 10;

/** Tells whether packages of the system can be installed: on Debian, as root. */
export function canInstall() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

/** Installs Debian packages; false, with apt-get's own words, where that fails, or another package would have to go for them. */
export function installPackages(names) {
  return aptGet(["update"]) && aptGet(["install", "-y", "--no-install-recommends", "--no-remove", ...names]);
}

function aptGet(args) {
  // What packages run when they are installed is in folders that not everybody's PATH has.
  const path = `${process.env.PATH ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: "noninteractive" };
  const { status, error, stdout, stderr } = spawnSync("apt-get", args, {
    env,
    encoding: "utf8",
    timeout: minutes * 60_000,
    maxBuffer: 64 * 1_024 * 1_024,
  });
  if (status === 0) return true;
  process.stdout.write(
    `${stdout ?? ""}${stderr ?? ""}   apt-get ${args[0]} failed: ${error?.message ?? `exit code ${status}`}\n`,
  );
  return false;
}
