import { readFile } from "node:fs/promises";
import { readSmimeKeys, type SmimeKeys } from "./keys.ts";

/** Certificates of our own people and their keys: PEM files, by names of the operator's. */
export type SmimeSettings = Readonly<Record<string, { readonly certificateFile: string; readonly keyFile: string }>>;

/** Reads them all. Rejects with the setting that is wrong. */
export function readAllSmimeKeys(settings: SmimeSettings): Promise<readonly SmimeKeys[]> {
  return Promise.all(
    Object.entries(settings).map(([name, { certificateFile, keyFile }]) =>
      naming(`smime.${name}.certificateFile: ${certificateFile}`, async () =>
        readSmimeKeys(await readPem(certificateFile), await readPem(keyFile)),
      ),
    ),
  );
}

/** Reads a file; rejects with its name and the code of what went wrong. */
export async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Error(`cannot be read (${file}: ${code})`);
  }
}

/** Puts the name of a setting before what is wrong with it. */
export async function naming<Value>(setting: string, make: () => Promise<Value>): Promise<Value> {
  try {
    return await make();
  } catch (error) {
    throw new Error(`${setting} ${error instanceof Error ? error.message : String(error)}`);
  }
}
