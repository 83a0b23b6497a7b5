import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, startDav } from "../caldav/server.ts";
import { type Desk, makeDesk } from "./desk.ts";
import { hasProgram } from "./programs.ts";

const anns = "/dav/calendars/ann@example.test/calendar/";
const hasBoth = hasProgram("khal") && hasProgram("vdirsyncer");

// Two people, each with khal over folders of their own that vdirsyncer keeps.
describe.skipIf(!hasBoth)("a calendar that two people share in khal", { timeout: 60_000 }, () => {
  let dav: Dav;
  let ann: Desk;
  let ben: Desk;
  /** The folder of Ann's calendar at Ben's. */
  let shared: string;
  beforeAll(async () => {
    dav = await startDav(["ann", "ben"]);
    ann = await makeDesk(dav, "ann");
    ben = await makeDesk(dav, "ben");
  }, 60_000);
  afterAll(async () => {
    await ann.close();
    await ben.close();
    await dav.close();
  });

  async function share(access: "read" | "read-write"): Promise<void> {
    const body = `<cs:share xmlns:d="DAV:" xmlns:cs="http://calendarserver.org/ns/"><cs:set><d:href>mailto:ben@example.test</d:href><cs:${access}/></cs:set></cs:share>`;
    const headers = { "content-type": "application/davsharing+xml" };
    expect((await dav.request("ann", "POST", anns, { body, headers })).status).toBe(200);
  }

  test("what she enters is seen by him", async () => {
    await share("read-write");
    shared = /"(shared-\d+)"/.exec(await ben.discover())?.[1] ?? "";
    await ann.khal("new", "-a", "calendar", "2027-03-08", "10:00", "11:00", "Gardening");
    await ann.sync();
    await ben.sync();
    expect(await ben.khal("list", "2027-03-08", "1d")).toEqual([expect.any(String), "10:00-11:00 Gardening"]);
  });

  test("what he enters there is seen by her", async () => {
    await ben.khal("new", "-a", shared, "2027-03-09", "2027-03-10", "Away");
    await ben.sync();
    await ann.sync();
    expect((await ann.khal("list", "2027-03-09", "1d")).join("\n")).toContain("Away");
  });

  test("what he enters once he may only read goes nowhere", async () => {
    await share("read");
    await ben.khal("new", "-a", shared, "2027-03-11", "10:00", "11:00", "Mischief");
    await expect(ben.sync()).rejects.toThrow(/403/);
    await ann.sync();
    expect((await ann.khal("list", "2027-03-11", "1d")).join("\n")).not.toContain("Mischief");
  });
});
