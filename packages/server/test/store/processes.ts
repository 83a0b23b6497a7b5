import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openAnyStore } from "./benches.ts";
import { uid } from "./fixtures.ts";

/** What several processes on one store may count on; `makePlace` gives an empty one. */
export function testProcesses(makePlace: () => Promise<string>): void {
  describe("processes", () => {
    test("that make one store at once and write into it lose nothing of each other", async () => {
      const place = await makePlace();
      const printed = await Promise.all(["bob", "carl", "dora"].map((name) => runWriter(place, name, 15)));
      await expectKept(place, printed.flat(), 45);
    });

    test("that are killed lose nothing they promised to keep, and half of nothing else", async () => {
      const place = await makePlace();
      const printed: string[] = [];
      for (const killAfter of [1, 10, 23])
        printed.push(...(await runWriter(place, `run${killAfter}`, 100_000, killAfter)));
      expect(printed.length).toBeGreaterThanOrEqual(34);
      await expectKept(place, printed);
    });
  });
}

/** Runs a writer to its end, or until it is killed after that many lines; gives the lines it printed. */
async function runWriter(place: string, name: string, count: number, killAfter = Infinity): Promise<string[]> {
  const script = fileURLToPath(new URL("writer.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@parley/source", script, place, name, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === killAfter) child.kill("SIGKILL");
  }
  expect(await ended).toBe(killAfter === Infinity ? 0 : "SIGKILL");
  return lines;
}

/** Checks that every name printed is kept, in the object and in the ledger alike. */
export async function expectKept(place: string, printed: readonly string[], exactly?: number): Promise<void> {
  const store = await openAnyStore(place);
  await store.read(async ({ principals, objects, ledger }) => {
    const [ann, ...others] = await principals.list();
    expect(others).toEqual([]);
    const loaded = await objects.byUid(ann?.id ?? "", uid);
    const answered = [...(loaded?.state.participations.stored.values() ?? [])].map(
      ({ attendee }) => attendee.split("@")[0],
    );
    const recorded = (await ledger.list(ann?.id ?? "", { uid, limit: 100_000 })).map((row) => row.subject);
    expect(answered.sort()).toEqual(recorded.sort());
    expect(printed.filter((name) => !recorded.includes(name))).toEqual([]);
    if (exactly !== undefined) expect(recorded.length).toBe(exactly);
  });
  await store.close();
}
