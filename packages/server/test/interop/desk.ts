import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dav } from "../caldav/server.ts";
import { makeHome, succeeded } from "./programs.ts";

/** A person's own machine: vdirsyncer, which keeps a folder and the server alike, and khal, which shows that folder and writes into it. */
export interface Desk {
  /** Brings folder and server together; gives what vdirsyncer did, a line each. */
  sync(): Promise<readonly string[]>;
  /** Looks for calendars on both sides, and makes them on the other. */
  discover(): Promise<string>;
  /** Brings names and colours of calendars together. */
  syncNames(): Promise<string>;
  /** Runs khal at all calendars that are in folders here; gives what it says, a line each. */
  khal(...args: readonly string[]): Promise<readonly string[]>;
  /** The texts in the folder of a calendar, unfolded, by their file's names. */
  files(calendar?: string): Promise<ReadonlyMap<string, string>>;
  /** Puts a file there, as an editor does. */
  write(name: string, text: string, calendar?: string): Promise<void>;
  folder(calendar?: string): string;
  close(): Promise<void>;
}

/** Sets up a desk by a password of its own. */
export async function makeDesk(dav: Dav, person: string): Promise<Desk> {
  const home = await makeHome();
  const secret = await dav.appPassword(person, "vdirsyncer");
  const folder = (calendar = "calendar"): string => join(home.folder, "calendars", calendar);
  await writeFile(join(home.folder, "vdirsyncer"), vdirsyncerConfig(home.folder, dav.url, person, secret));
  await writeFile(join(home.folder, "khal"), khalConfig(home.folder));
  await mkdir(folder(), { recursive: true });
  const vdirsyncer = async (command: string): Promise<string> => {
    const finished = await home.run(["vdirsyncer", "-c", join(home.folder, "vdirsyncer"), command], { input: yes });
    return `${succeeded(finished)}${finished.stderr}`;
  };
  await vdirsyncer("discover");
  return {
    async sync() {
      const lines = (await vdirsyncer("sync")).split("\n");
      return lines.filter((line) => line !== "" && !line.startsWith("Syncing ")).map((line) => line.trim());
    },
    discover: () => vdirsyncer("discover"),
    syncNames: () => vdirsyncer("metasync"),
    async khal(...args) {
      const said = succeeded(await home.run(["khal", "-c", join(home.folder, "khal"), ...args]));
      return said.trimEnd().split("\n");
    },
    async files(calendar) {
      const names = (await readdir(folder(calendar))).filter((name) => name.endsWith(".ics"));
      const texts = names.map(async (name) => [name, unfold(await readFile(join(folder(calendar), name), "utf8"))]);
      return new Map((await Promise.all(texts)) as [string, string][]);
    },
    write: (name, text, calendar) => writeFile(join(folder(calendar), name), text),
    folder,
    close: () => home.remove(),
  };
}

/** vdirsyncer asks before it makes a calendar. */
const yes = "y\n".repeat(10);

function unfold(text: string): string {
  return text.replaceAll(/\r?\n[ \t]/g, "").replaceAll("\r", "");
}

function vdirsyncerConfig(folder: string, url: string, person: string, secret: string): string {
  return `
[general]
status_path = "${folder}/status/"

[pair both]
a = "folder"
b = "server"
collections = ["from a", "from b"]
conflict_resolution = "b wins"
metadata = ["displayname", "color"]

[storage folder]
type = "filesystem"
path = "${folder}/calendars/"
fileext = ".ics"

[storage server]
type = "caldav"
url = "${url}/"
username = "${person}@example.test"
password = "${secret}"
`;
}

function khalConfig(folder: string): string {
  return `
[calendars]
[[found]]
path = ${folder}/calendars/*
type = discover

[sqlite]
path = ${folder}/khal.db

[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
`;
}
