// Makes package-lock.json anew: node tools/relock.mjs. A registry mirror may not carry the packages of other platforms that
// our tools name as optional; npm then leaves them out of the lockfile, and `npm ci` refuses it everywhere. So they are
// entered by name and version, which their owner's entry states exactly.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const systems = new Set(["android", "darwin", "freebsd", "linux", "openharmony", "win32"]);
const processors = new Set(["arm", "arm64", "ia32", "loong64", "ppc64", "riscv64", "s390x", "x64"]);

execFileSync("npm", ["install", "--package-lock-only", "--no-audit", "--no-fund"], { stdio: "inherit" });
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const added = [];
for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(owner, name)) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${owner} wants ${name} ${version}: no exact version`);
    lock.packages[`node_modules/${name}`] = stub(name, version, entry.dev === true);
    added.push(`${name} ${version}`);
  }
}
const { "": root, ...others } = lock.packages;
const sorted = Object.fromEntries(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)));
lock.packages = { "": root, ...sorted };
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} optional packages of other platforms entered by name`);

/** Looks where Node would look, from the owner's folder upwards. */
function isLocked(owner, name) {
  for (let base = owner; ; base = base.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$|^packages\/[^/]+$/, "")) {
    if (`${base ? `${base}/` : ""}node_modules/${name}` in lock.packages) return true;
    if (base === "") return false;
  }
}

/** The name of such a package says for which machine it is. */
function stub(name, version, dev) {
  const words = name.split(/[-/]/);
  const cpu = words.filter((word) => processors.has(word)).slice(-1);
  const os = words.filter((word) => systems.has(word)).slice(-1);
  const libc = words.some((word) => word.includes("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : [];
  if (cpu.length === 0 && words.some((word) => word.startsWith("wasm"))) cpu.push("wasm32");
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}
