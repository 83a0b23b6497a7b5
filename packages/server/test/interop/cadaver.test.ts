import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, eventText, startDav } from "../caldav/server.ts";
import { hasProgram, makeHome, type ProgramHome, succeeded } from "./programs.ts";

const calendar = "/dav/calendars/ann@example.test/calendar/";

describe.skipIf(!hasProgram("cadaver"))("cadaver", () => {
  let dav: Dav;
  let home: ProgramHome;
  beforeAll(async () => {
    dav = await startDav(["ann", "ben"]);
    home = await makeHome();
    const secret = await dav.appPassword("ann", "cadaver");
    const netrc = `machine 127.0.0.1 login ann@example.test password ${secret}\n`;
    await writeFile(join(home.folder, ".netrc"), netrc, { mode: 0o600 });
  });
  afterAll(async () => {
    await home.remove();
    await dav.close();
  });

  /** What it says to each command, after its own words of where it is. */
  async function say(...commands: readonly string[]): Promise<readonly string[]> {
    const input = `${[...commands, "quit"].join("\n")}\n`;
    const said = succeeded(await home.run(["cadaver", `${dav.url}${calendar}`], { input }));
    const parts = said.split(/^dav:\S*> (?:<\S*> )?/m).slice(1);
    return parts.slice(0, commands.length).map((part) => part.slice(part.indexOf("\n") + 1).trim());
  }

  async function textOf(name: string): Promise<string | undefined> {
    const { status, text } = await dav.request("ann", "GET", `${calendar}${name}`);
    return status === 200 ? text : undefined;
  }

  test("lists, takes, gives, moves and removes", async () => {
    await dav.request("ann", "PUT", `${calendar}here.ics`, { body: eventText("here") });
    await writeFile(join(home.folder, "new.ics"), eventText("new", "SUMMARY:From a folder"));
    const said = await say("ls", "get here.ics taken.ics", "put new.ics", "move new.ics moved.ics", "delete here.ics");
    expect(said[0]).toMatch(/succeeded\.\n +here\.ics +\d+ +Mar/);
    expect(said.slice(1).map((part) => /(succeeded|failed)/.exec(part)?.[1])).toEqual(Array(4).fill("succeeded"));
    expect(await readFile(join(home.folder, "taken.ics"), "utf8")).toContain("SUMMARY:Planning");
    expect(await textOf("moved.ics")).toContain("SUMMARY:From a folder");
    expect(await textOf("new.ics")).toBeUndefined();
    expect(await textOf("here.ics")).toBeUndefined();
  });

  test("reads properties, and sets those of its own", async () => {
    await dav.request("ann", "PUT", `${calendar}one.ics`, { body: eventText("one") });
    const [object, names, , mood] = await say(
      "propget one.ics",
      "propnames .",
      "propset . mood fine",
      "propget . mood",
    );
    const { headers, text } = await dav.request("ann", "GET", `${calendar}one.ics`);
    expect(object).toContain(`DAV: getetag = ${headers.get("etag")}`);
    expect(object).toContain(`DAV: getcontentlength = ${Buffer.byteLength(text)}`);
    expect(object).toContain("DAV: getcontenttype = text/calendar; charset=utf-8; component=VEVENT");
    expect(names).toContain("urn:ietf:params:xml:ns:caldav supported-calendar-component-set");
    expect(mood).toContain("Value of mood is: fine");
  });

  // A calendar is no folder of files.
  test.each([
    ["copy moved.ics again.ics", "403 Forbidden"],
    ["mkcol folder", "403 Forbidden"],
    ["put notes.txt", "403 Forbidden"],
    ["lock moved.ics", "405 Method Not Allowed"],
    ["delete gone.ics", "404 Not Found"],
  ])("is told that it cannot %s", async (command, status) => {
    await writeFile(join(home.folder, "notes.txt"), "some notes");
    expect((await say(command))[0]).toMatch(new RegExp(`failed:\\s+${status}`));
  });

  test("sees nothing of other people's", async () => {
    await dav.request("ben", "PUT", "/dav/calendars/ben@example.test/calendar/bens.ics", { body: eventText("bens") });
    const [moved] = await say("cd /dav/calendars/ben@example.test/calendar/");
    expect(moved).toContain("404 Not Found");
  });
});
