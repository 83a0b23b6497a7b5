import { expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

test("parley group: add with members, nest, list, take out; what is wrong is said", async () => {
  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
  const run = (...args: readonly string[]) => parley(args, "", env);
  await run("person", "add", "ann@example.com", "--name", "Ann");
  await run("room", "add", "blue@example.com", "--name", "Blue");
  const added = await run("group", "add", "team@example.com", "--name", "Team", "--member", "ann@example.com");
  expect(added).toMatchObject({ code: 0, out: "Added team@example.com  Team  UTC\n", err: "" });
  await run("group", "add", "all@example.com", "--name", "All", "--alias", "everybody@example.com");
  const members = await run("group", "members", "everybody@example.com", "--add", "team@example.com");
  expect(members).toMatchObject({ code: 0, out: "team@example.com  Team  UTC\n" });
  expect((await run("group", "list")).out).toBe(
    "all@example.com, everybody@example.com  All  UTC  (1 members)\nteam@example.com  Team  UTC  (1 members)\n",
  );
  const refused = [
    ["team@example.com", "--add", "all@example.com", "team@example.com would be a member of itself"],
    ["team@example.com", "--add", "blue@example.com", "blue@example.com is a room: members are people and groups"],
    ["team@example.com", "--remove", "all@example.com", "all@example.com is no member of team@example.com"],
    ["ann@example.com", "--add", "team@example.com", "ann@example.com is no group here"],
    ["team@example.com", "--add", "no@example.com", "no@example.com is nobody here"],
  ] as const;
  for (const [group, option, who, sentence] of refused) {
    const ran = await run("group", "members", group, option, who);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(sentence) });
  }
  const left = await run("group", "members", "team@example.com", "--remove", "ann@example.com", "--json");
  expect(JSON.parse(left.out)).toEqual([]);
  expect((await run("person", "list")).out).toBe("ann@example.com  Ann  UTC\n");
}, 60_000);

test("parley room: add with a policy, list", async () => {
  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
  const run = (...args: readonly string[]) => parley(args, "", env);
  const add = ["room", "add", "blue@example.com", "--name", "Blue", "--timezone", "Europe/Berlin", "--capacity", "8"];
  expect(await run(...add)).toMatchObject({ code: 0, out: "Added blue@example.com  Blue  Europe/Berlin\n" });
  await run("room", "add", "van@example.com", "--name", "Van", "--resource", "--policy", "approve");
  expect((await run("room", "list")).out).toBe(
    "blue@example.com  Blue  Europe/Berlin  room: accept, 8 people\nvan@example.com  Van  UTC  resource: approve\n",
  );
  expect(JSON.parse((await run("room", "list", "--json")).out)).toEqual([
    {
      kind: "room",
      name: "Blue",
      addresses: ["blue@example.com"],
      timezone: "Europe/Berlin",
      policy: "accept",
      capacity: 8,
    },
    { kind: "resource", name: "Van", addresses: ["van@example.com"], timezone: "UTC", policy: "approve" },
  ]);
  expect((await run(...add)).err).toContain("blue@example.com is Blue's already");
  const wrong = ["room", "add", "red@example.com", "--name", "Red"];
  expect((await run(...wrong, "--capacity", "0")).err).toContain("a whole number from 1");
  expect((await run(...wrong, "--policy", "never")).err).toContain("Allowed choices are accept, approve");
}, 60_000);

test("parley person delegate: let somebody act, list, take back; what is wrong is said", async () => {
  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
  const run = (...args: readonly string[]) => parley(args, "", env);
  await run("person", "add", "ann@example.com", "--name", "Ann");
  await run("room", "add", "blue@example.com", "--name", "Blue");
  const delegate = ["person", "delegate", "blue@example.com"];
  expect(await run(...delegate, "ann@example.com", "respond")).toMatchObject({
    code: 0,
    out: "ann@example.com  respond\n",
  });
  expect((await run(...delegate)).out).toBe("ann@example.com  respond\n");
  expect((await run(...delegate, "ann@example.com", "none")).out).toBe("");
  expect(await run(...delegate, "ann@example.com")).toMatchObject({
    code: 2,
    err: expect.stringContaining("say how far"),
  });
  expect((await run(...delegate, "ann@example.com", "all")).err).toContain("Allowed choices are freebusy, read");
  expect((await run(...delegate, "blue@example.com", "read")).err).toContain("blue@example.com is a room: only people");
  expect((await run("person", "delegate", "ann@example.com", "ann@example.com", "read")).err).toContain("already");
}, 60_000);
