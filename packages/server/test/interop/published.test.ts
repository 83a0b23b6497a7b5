import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, eventText, startDav } from "../caldav/server.ts";
import { hasProgram, makeHome, type ProgramHome, succeeded } from "./programs.ts";

const calendar = "/dav/calendars/ann@example.test/calendar/";

// Somebody without an account has nothing but a link, which vdirsyncer follows into a folder.
describe.skipIf(!hasProgram("vdirsyncer"))("a public link", { timeout: 60_000 }, () => {
  let dav: Dav;
  let home: ProgramHome;
  beforeAll(async () => {
    dav = await startDav(["ann"]);
    home = await makeHome();
    for (const uid of ["first", "second"]) {
      await dav.request("ann", "PUT", `${calendar}${uid}.ics`, { body: eventText(uid, `SUMMARY:${uid}`) });
    }
    const secret = eventText("secret", "CLASS:PRIVATE", "SUMMARY:Nobody's business");
    await dav.request("ann", "PUT", `${calendar}secret.ics`, { body: secret });
    await mkdir(join(home.folder, "events"));
  });
  afterAll(async () => {
    await home.remove();
    await dav.close();
  });

  const follow = async (command: string) => home.run(["vdirsyncer", "-c", join(home.folder, "config"), command]);
  const summaries = async (): Promise<readonly (string | undefined)[]> => {
    const names = await readdir(join(home.folder, "events"));
    const texts = await Promise.all(names.map((name) => readFile(join(home.folder, "events", name), "utf8")));
    return texts.map((text) => /^SUMMARY:(\w+)/m.exec(text)?.[1]).toSorted();
  };

  test("is followed while it is there, and shows what is not private", async () => {
    const headers = { "content-type": "application/json" };
    const made = await dav.request("ann", "POST", "/api/calendars/calendar/links", { body: "{}", headers });
    expect(made.status).toBe(201);
    const { url, id } = JSON.parse(made.text) as { readonly url: string; readonly id: string };
    await writeFile(join(home.folder, "config"), configOf(home.folder, new URL(url, dav.url).href));
    succeeded(await follow("discover"));
    succeeded(await follow("sync"));
    expect(await summaries()).toEqual(["first", "second"]);
    await dav.request("ann", "DELETE", `${calendar}first.ics`);
    await dav.request("ann", "PUT", `${calendar}second.ics`, { body: eventText("second", "SUMMARY:changed") });
    succeeded(await follow("sync"));
    expect(await summaries()).toEqual(["changed"]);
    expect((await dav.request("ann", "DELETE", `/api/calendars/calendar/links/${id}`)).status).toBe(204);
    expect((await follow("sync")).code).not.toBe(0);
    expect(await summaries()).toEqual(["changed"]);
  });
});

function configOf(folder: string, url: string): string {
  return `
[general]
status_path = "${folder}/status/"

[pair one]
a = "link"
b = "folder"
collections = null

[storage link]
type = "http"
url = "${url}"

[storage folder]
type = "filesystem"
path = "${folder}/events/"
fileext = ".ics"
`;
}
