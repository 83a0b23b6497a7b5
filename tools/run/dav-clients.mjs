import { existsSync } from "node:fs";
import { canInstall, installPackages } from "./apt.mjs";

/** Debian's packages, and what the tests look for of each, packages/server/test/interop/programs.ts. */
const programs = {
  litmus: "/usr/bin/litmus",
  cadaver: "/usr/bin/cadaver",
  vdirsyncer: "/usr/bin/vdirsyncer",
  khal: "/usr/bin/khal",
  "python3-caldav": "/usr/lib/python3/dist-packages/caldav/__init__.py",
};

/**
 * Sees to the calendar programs of others that are let loose on the server: those that are installed, or on Debian, as root, its own
 * packages. Tests with one that is missing skip themselves, and this says so; the exit code is 0 either way.
 */
export function ensureDavClients() {
  const found = !isDavClientMissing() || (canInstall() && installDavClients());
  process.stdout.write(
    `   ${found ? "litmus, cadaver, vdirsyncer, khal and python3-caldav are here." : `Missing: ${missing().join(", ")}. Tests with them will be skipped.`}\n`,
  );
  return 0;
}

/** Tells whether tests with some calendar program have to be skipped. */
export function isDavClientMissing() {
  return missing().length > 0;
}

function missing() {
  return Object.keys(programs).filter((name) => !existsSync(programs[name]));
}

function installDavClients() {
  const names = missing();
  process.stdout.write(`   Installing Debian's ${names.join(", ")}, for the tests of CalDAV.\n`);
  return installPackages(names) && !isDavClientMissing();
}
