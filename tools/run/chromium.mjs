import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";

/** Where the tests in a browser look, packages/server/test/e2e/browser.ts. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const aptMinutes = 10;

/**
 * Sees to a Chromium for the tests in a browser: one that is installed, or on Debian, as root, its own package. Without one
 * those tests skip themselves, and this says so; the exit code is 0 either way.
 */
export function ensureChromium() {
  const found = findChromium() ?? (canInstall() && installChromium() ? findChromium() : undefined);
  if (found) {
    process.stdout.write(`   ${found}\n`);
    return 0;
  }
  process.stdout.write("   No Chromium here: tests in a browser will be skipped.\n");
  return 0;
}

/** Tells whether tests in a browser have to be skipped. */
export function isChromiumMissing() {
  return findChromium() === undefined;
}

function findChromium() {
  return places.find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

function installChromium() {
  process.stdout.write("   Installing Debian's chromium, for the tests in a browser.\n");
  return aptGet(["update"]) && aptGet(["install", "-y", "--no-install-recommends", "chromium"]);
}

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, error, stdout, stderr } = spawnSync("apt-get", args, {
    env,
    encoding: "utf8",
    timeout: aptMinutes * 60_000,
    maxBuffer: 64 * 1_024 * 1_024,
  });
  if (status === 0) return true;
  process.stdout.write(
    `${stdout ?? ""}${stderr ?? ""}   apt-get ${args[0]} failed: ${error?.message ?? `exit code ${status}`}\n`,
  );
  return false;
}
