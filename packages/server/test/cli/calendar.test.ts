import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, parley } from "./process.ts";

const file = [
  ...[
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//example//EN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    "UID:one@example.com",
  ],
  ...["DTSTAMP:20270301T080000Z", "DTSTART:20270302T090000Z", "SUMMARY:Planning", "END:VEVENT", "END:VCALENDAR", ""],
].join("\r\n");

test("calendars are listed, shared, exported and imported by command", async () => {
  const data = makeFolder();
  const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: data };
  const run = (...args: readonly string[]) => parley(args, "", env);
  for (const name of ["ann", "ben"]) await run("person", "add", `${name}@example.com`, "--name", name);

  const path = join(data, "in.ics");
  writeFileSync(path, file);
  expect(await run("import", "ann@example.com", path)).toMatchObject({
    code: 0,
    out: "1 added, 0 replaced, 0 left out\n",
    err: "",
  });
  const again = await parley(["import", "ann@example.com"], file, env);
  expect(again).toMatchObject({
    code: 0,
    out: "0 added, 0 replaced, 1 left out\n",
    err: "one@example.com: It is there already.\n",
  });
  expect((await run("import", "ann@example.com", path, "--replace")).out).toBe("0 added, 1 replaced, 0 left out\n");
  const exported = await run("export", "ann@example.com");
  expect(exported).toMatchObject({ code: 0, out: expect.stringContaining("SUMMARY:Planning") });
  expect(exported.out).not.toContain("METHOD");
  expect(await parley(["import", "ann@example.com"], "no calendar", env)).toMatchObject({
    code: 1,
    err: expect.stringContaining("not imported: It is no iCalendar text."),
  });

  expect(await run("calendar", "share", "ann@example.com", "ben@example.com", "read")).toMatchObject({
    code: 0,
    err: "",
  });
  expect((await run("calendar", "list", "ann@example.com")).out).toBe(
    "calendar  Calendar  (default; read: ben@example.com)\n",
  );
  const shares = [{ address: "ben@example.com", access: "read" }];
  expect(JSON.parse((await run("calendar", "list", "ann@example.com", "--json")).out)).toEqual([
    { slug: "calendar", name: "Calendar", isDefault: true, links: 0, shares },
  ]);
  expect(await run("calendar", "unshare", "ann@example.com", "ben@example.com")).toMatchObject({ code: 0 });
  for (const wrong of [
    ["calendar", "unshare", "ann@example.com", "ben@example.com"],
    ["calendar", "share", "ann@example.com", "zoe@example.com", "read"],
    ["calendar", "share", "ann@example.com", "ann@example.com", "read"],
    ["calendar", "share", "ann@example.com", "ben@example.com", "read", "--calendar", "none"],
    ["export", "ann@example.com", "--calendar", "none"],
  ]) {
    const ran = await run(...wrong);
    expect([wrong, ran.code]).toEqual([wrong, 1]);
    expect(ran.err).toMatch(
      /is not shared with|is nobody here|cannot be shared|has no calendar none; there are calendar/,
    );
  }
  expect(readFileSync(path, "utf8")).toBe(file);
}, 120_000);
