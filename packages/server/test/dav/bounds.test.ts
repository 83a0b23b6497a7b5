import { expect, test } from "vitest";
import { handleDav } from "../../src/dav/handle.ts";
import { parsePath } from "../../src/dav/path.ts";
import { memoryTree } from "./memory-tree.ts";

const tree = memoryTree();

async function ask(method: string, path: string, body = "", headers: Record<string, string> = {}) {
  const parsed = parsePath(path);
  if (!parsed) throw new Error(path);
  return handleDav(tree, { method, path: parsed, headers, body: new TextEncoder().encode(body) });
}

test("an answer has a bound, whatever is asked of however many", async () => {
  await ask("MKCOL", "/many/");
  for (let number = 0; number < 2_100; number++) await ask("PUT", `/many/${number}`, "x");
  const propfind = (count: number) =>
    `<propfind xmlns="DAV:"><prop>${[...Array(count).keys()].map((number) => `<p${number}/>`).join("")}</prop></propfind>`;
  expect((await ask("PROPFIND", "/many/", propfind(10), { depth: "1" })).status).toBe(207);
  const much = await ask("PROPFIND", "/many/", propfind(480), { depth: "1" });
  expect([much.status, much.body]).toEqual([507, expect.stringContaining("number-of-matches-within-limits")]);
  expect((await ask("PROPFIND", "/many/", propfind(501), { depth: "0" })).status).toBe(413);
});

test("what is asked for twice is told once", async () => {
  const body = '<propfind xmlns="DAV:"><prop><resourcetype/><resourcetype/></prop></propfind>';
  const { body: text = "" } = await ask("PROPFIND", "/", body, { depth: "0" });
  expect(text.match(/<d:resourcetype>/g)).toHaveLength(1);
});

test("methods nobody has are 405 and say which there are", async () => {
  const { status, headers } = await ask("LOCK", "/");
  expect([status, headers["Allow"]]).toEqual([405, expect.stringContaining("PROPFIND")]);
});

test("a sync tells each change once, in whatever pieces: RFC 6578 §3.6", async () => {
  await ask("MKCOL", "/sync/");
  for (let number = 0; number < 25; number++) await ask("PUT", `/sync/${number}`, "x");
  const told: string[] = [];
  let token = "";
  for (let round = 0; round < 10; round++) {
    const body = `<sync-collection xmlns="DAV:"><sync-token>${token}</sync-token><sync-level>1</sync-level><limit><nresults>7</nresults></limit><prop><getetag/></prop></sync-collection>`;
    const { body: text = "" } = await ask("REPORT", "/sync/", body);
    told.push(...[...text.matchAll(/<d:href>(\/sync\/\d+)<\/d:href>/g)].map((match) => match[1] ?? ""));
    token = /<d:sync-token>([^<]*)</.exec(text)?.[1] ?? "";
    if (!text.includes("507")) break;
  }
  expect(told.sort()).toEqual([...Array(25).keys()].map((number) => `/sync/${number}`).sort());
});
