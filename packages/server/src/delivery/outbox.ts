import { createHash } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Transport } from "./worker.ts";

/**
 * Writes mails into a folder, for trying out and for systems that fetch them there. A file appears whole or not at all and is
 * on the disk when `send` resolves; one Message-ID is always the same file. The folder is made where there is none.
 */
export function folderTransport(folder: string): Transport {
  return {
    send: async ({ messageId, raw }) => {
      const name = createHash("sha256").update(messageId).digest("hex").slice(0, 40);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeWhole(folder, `${name}.eml`, raw);
        return { kind: "delivered" };
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return { kind: "deferred", retryAfterSeconds: 60, detail: `Not written: ${detail}` };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Readers of the folder look for `.eml`: what is half written has another name. */
async function writeWhole(folder: string, name: string, content: Uint8Array): Promise<void> {
  const target = join(folder, name);
  const unfinished = `${target}.part`;
  const file = await open(unfinished, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, target);
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
