import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstall, installPackages } from "./apt.mjs";

/** Where Debian has it; the tests look there too, packages/server/test/store/postgres-server.ts. */
const debian = "/usr/lib/postgresql";

/**
 * Sees to a PostgreSQL for the tests of the store: one that is installed, or on Debian, as root, its own package. Tests start a
 * server of their own from its programs. Without one those tests skip themselves, and this says so; the exit code is 0 either
 * way, and in CI those tests fail.
 */
export function ensurePostgresql() {
  const found = findPostgresql() ?? (canInstall() && installPostgresql() ? findPostgresql() : undefined);
  process.stdout.write(`   ${found ?? "No PostgreSQL here: tests of the store on it will be skipped."}\n`);
  return 0;
}

/** Tells whether tests on PostgreSQL have to be skipped. */
export function isPostgresqlMissing() {
  return findPostgresql() === undefined;
}

function findPostgresql() {
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = versions.map((version) => join(debian, version, "bin"));
  const all = [...folders, ...(process.env.PATH ?? "").split(delimiter)];
  return all.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

function installPostgresql() {
  process.stdout.write("   Installing Debian's postgresql, for the tests of the store.\n");
  return installPackages(["postgresql"]);
}
