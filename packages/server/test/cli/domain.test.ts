import { expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

test("domains are added and taken back by command, and people can have addresses of them", async () => {
  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
  const run = (...args: readonly string[]) => parley(args, "", env);
  const add = ["room", "add", "blue@branch.example", "--name", "Blue"];
  expect((await run(...add)).err).toContain("of none of your domains (example.com)");
  expect(await run("domain", "add", "Branch.Example")).toMatchObject({ code: 0, out: "Added branch.example\n" });
  expect((await run("domain", "add", "branch.example")).err).toContain("branch.example is one of yours already");
  expect((await run("domain", "add", "example.com")).err).toContain("example.com is one of yours already");
  expect(await run("domain", "add", "not a domain")).toMatchObject({ code: 2 });
  expect((await run(...add)).code).toBe(0);
  expect((await run("domain", "list")).out).toBe("branch.example  1\nexample.com  0\n");
  expect((await run("domain", "remove", "branch.example")).err).toContain("blue@branch.example has an address");
  expect((await run("domain", "remove", "example.com")).err).toContain("in the configuration");
  expect((await run("domain", "remove", "other.example")).err).toContain("other.example is none of yours");
  await run("domain", "add", "other.example");
  expect(await run("domain", "remove", "other.example")).toMatchObject({ code: 0, out: "Removed other.example\n" });
  expect((await run("domain", "list")).out).toBe("branch.example  1\nexample.com  0\n");
}, 60_000);
