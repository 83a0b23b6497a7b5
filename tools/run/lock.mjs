import { createHash } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./process.mjs";

const pollMs = 250;

/**
 * Runs `work` while no other process on this machine runs work of that name for this folder. Waits for one that does, which is
 * `whatFor`; a lock whose process is gone does not count. The lock is outside the folder, as the work may replace all in it.
 */
export async function withLock(name, whatFor, work) {
  const file = join(tmpdir(), `parley-${createHash("sha256").update(root).digest("hex").slice(0, 16)}-${name}.lock`);
  for (let tries = 0; !take(file); tries += 1) {
    if (tries === 0) process.stdout.write(`Waiting for ${whatFor} (${file}).\n`);
    await new Promise((done) => setTimeout(done, pollMs));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Makes the lock, its process inside from the first moment on; false where another has it. */
function take(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid}`);
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function isHeld(file) {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return true;
  } catch (error) {
    // EPERM: it is another user's. ENOENT: it was given back just now; the next try will tell.
    return error.code === "EPERM" || error.code === "ENOENT";
  }
}
