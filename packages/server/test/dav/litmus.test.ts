import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryTree } from "./memory-tree.ts";
import { serveTree } from "./serve.ts";

const run = promisify(execFile);
const isInstalled = existsSync("/usr/bin/litmus");
let server: Awaited<ReturnType<typeof serveTree>>;
let folder: string;

beforeAll(async () => {
  server = await serveTree(memoryTree());
  folder = await mkdtemp(join(tmpdir(), "parley-litmus-"));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

// Its suite `locks` is of class 2, which is not there.
test.skipIf(!isInstalled).each(["basic", "copymove", "props", "http"])("litmus passes: %s", async (suite) => {
  const url = `http://127.0.0.1:${server.port}/`;
  const { stdout } = await run("litmus", ["-k", url], { cwd: folder, env: { ...process.env, TESTS: suite } });
  expect(stdout).toMatch(/ 0 failed\. 100\.0%/);
  expect(stdout).not.toContain("FAIL");
});
