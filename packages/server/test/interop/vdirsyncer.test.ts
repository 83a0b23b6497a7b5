import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apple } from "../../src/caldav/names.ts";
import { dav as davName } from "../../src/dav/xml.ts";
import { type Dav, eventText, propertyText, propfind, startDav } from "../caldav/server.ts";
import { type Desk, makeDesk } from "./desk.ts";
import { hasProgram } from "./programs.ts";

const home = "/dav/calendars/ann@example.test/";
const calendar = `${home}calendar/`;

describe.skipIf(!hasProgram("vdirsyncer"))("vdirsyncer", { timeout: 60_000 }, () => {
  let dav: Dav;
  let desk: Desk;
  beforeAll(async () => {
    dav = await startDav(["ann"]);
    desk = await makeDesk(dav, "ann");
  });
  afterAll(async () => {
    await desk.close();
    await dav.close();
  });

  const put = async (name: string, text: string): Promise<void> => {
    expect((await dav.request("ann", "PUT", `${calendar}${name}.ics`, { body: text })).status).toBeLessThan(300);
  };
  const served = async (name: string): Promise<string | undefined> => {
    const { status, text } = await dav.request("ann", "GET", `${calendar}${name}.ics`);
    return status === 200 ? text : undefined;
  };
  const filed = async (name: string): Promise<string | undefined> => (await desk.files()).get(`${name}.ics`);

  test("carries what is new both ways, and then has nothing to do", async () => {
    await put("served", eventText("served"));
    await desk.write("filed.ics", eventText("filed", "SUMMARY:From a file"));
    expect((await desk.sync()).toSorted()).toEqual([
      "Copying (uploading) item filed to server/calendar",
      "Copying (uploading) item served to folder/calendar",
    ]);
    expect(await served("filed")).toContain("SUMMARY:From a file");
    expect(await filed("served")).toContain("SUMMARY:Planning");
    // What came back of an upload may say it in other words: that is settled once.
    await desk.sync();
    expect(await desk.sync()).toEqual([]);
  });

  test("carries changes both ways", async () => {
    await put("served", eventText("served", "SUMMARY:Changed there"));
    await desk.write("filed.ics", eventText("filed", "SUMMARY:Changed here"));
    expect(await desk.sync()).toHaveLength(2);
    expect(await served("filed")).toContain("SUMMARY:Changed here");
    expect(await filed("served")).toContain("SUMMARY:Changed there");
  });

  test("has the server win where both have changed", async () => {
    await put("served", eventText("served", "SUMMARY:There"));
    await desk.write("served.ics", eventText("served", "SUMMARY:Here"));
    expect((await desk.sync()).join("\n")).toMatch(/conflict/i);
    expect(await served("served")).toContain("SUMMARY:There");
    expect(await filed("served")).toContain("SUMMARY:There");
  });

  test("carries deletions both ways", async () => {
    await desk.sync();
    await dav.request("ann", "DELETE", `${calendar}served.ics`);
    await rm(join(desk.folder(), "filed.ics"));
    const deleted = (await desk.sync()).filter((line) => line.startsWith("Deleting item"));
    expect(deleted.toSorted()).toEqual([
      "Deleting item filed from server/calendar",
      "Deleting item served from folder/calendar",
    ]);
    expect(await desk.files()).toEqual(new Map());
    expect(await served("filed")).toBeUndefined();
  });

  test("makes calendars on either side, with their names and colours", async () => {
    await dav.request("ann", "MKCALENDAR", `${home}there/`);
    await mkdir(desk.folder("here"), { recursive: true });
    await desk.discover();
    await desk.syncNames();
    await writeFile(join(desk.folder("here"), "displayname"), "Von hier – ganz");
    await writeFile(join(desk.folder("here"), "color"), "#abcdef");
    await desk.write("in-here.ics", eventText("in-here"), "here");
    await dav.request("ann", "PUT", `${home}there/in-there.ics`, { body: eventText("in-there") });
    await desk.syncNames();
    await desk.sync();
    const asked = { headers: { depth: "0" }, body: propfind("d:displayname", "a:calendar-color") };
    const answer = await dav.request("ann", "PROPFIND", `${home}here/`, asked);
    expect(propertyText(answer, `${home}here/`, davName("displayname"))).toBe("Von hier – ganz");
    expect(propertyText(answer, `${home}here/`, apple("calendar-color"))).toMatch(/^#abcdef/i);
    expect(await readFile(join(desk.folder("there"), "displayname"), "utf8")).toBe("there");
    expect([...(await desk.files("there")).keys()]).toEqual(["in-there.ics"]);
    expect((await dav.request("ann", "GET", `${home}here/in-here.ics`)).status).toBe(200);
  });
});
