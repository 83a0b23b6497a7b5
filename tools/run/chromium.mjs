import { accessSync, constants } from "node:fs";
import { canInstall, installPackages } from "./apt.mjs";

/** Where the tests in a browser look, packages/server/test/e2e/browser.ts. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

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

function installChromium() {
  process.stdout.write("   Installing Debian's chromium, for the tests in a browser.\n");
  return installPackages(["chromium"]);
}
