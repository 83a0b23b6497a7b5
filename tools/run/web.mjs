import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { root, runStep } from "./process.mjs";

const folder = join(root, "packages", "web");
const stamp = join(folder, "dist", ".inputs");
/** All the build reads; the contract it imports is types alone, and the lockfile stands for every package. */
const inputs = ["src", "public", "index.html", "vite.config.ts", "package.json", "../../package-lock.json"];

/** Builds the web app, unless it is built of what there is. Answers with an exit code. */
export async function buildWeb() {
  if (isFresh()) return 0;
  return await withLock("web", "another run to build the web app", async () => {
    if (isFresh()) return 0;
    const hash = hashInputs();
    const code = await runStep("vite", ["build", "--logLevel", "warn"], { cwd: folder });
    if (code === 0) writeFileSync(stamp, hash);
    return code;
  });
}

function isFresh() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hashInputs();
}

function hashInputs() {
  const hash = createHash("sha256");
  for (const path of inputs.flatMap((input) => listFiles(input))) {
    const bytes = readFileSync(join(folder, path));
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

/** Lists the files at a path, sorted; none where there is nothing. */
function listFiles(path) {
  const full = join(folder, path);
  if (!existsSync(full)) return [];
  const entries = readdirOrFile(full);
  return entries ? entries.sort().flatMap((entry) => listFiles(join(path, entry))) : [path];
}

function readdirOrFile(full) {
  try {
    return readdirSync(full);
  } catch (error) {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  }
}
