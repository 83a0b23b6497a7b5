import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { folderTransport } from "../../src/delivery/outbox.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-outbox-"));
});
afterEach(() => rm(folder, { recursive: true }));

const mail = (messageId: string, text: string) => ({
  from: "a@x.test",
  to: "b@x.test",
  messageId,
  raw: Buffer.from(text),
});

test("one Message-ID is one file, whole, and nothing else is left", async () => {
  const { send } = folderTransport(join(folder, "new", "outbox"));
  expect(await send(mail("<../../a@x.test>", "first"))).toEqual({ kind: "delivered" });
  expect(await send(mail("<../../a@x.test>", "again"))).toEqual({ kind: "delivered" });
  expect(await send(mail("<b@x.test>", "other"))).toEqual({ kind: "delivered" });
  const names = await readdir(join(folder, "new", "outbox"));
  expect(names.every((name) => /^[0-9a-f]{40}\.eml$/.test(name))).toBe(true);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, "new", "outbox", name), "utf8")));
  expect(texts.toSorted()).toEqual(["again", "other"]);
});

test("what cannot be written is tried again", async () => {
  await writeFile(join(folder, "file"), "");
  const result = await folderTransport(join(folder, "file")).send(mail("<a@x.test>", "x"));
  expect(result).toMatchObject({ kind: "deferred", detail: expect.stringContaining("EEXIST") });
});
