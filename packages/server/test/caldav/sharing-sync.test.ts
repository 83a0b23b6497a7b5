import { afterAll, beforeAll, expect, test } from "vitest";
import { childNamed, dav as davName, textOf } from "../../src/dav/xml.ts";
import { entriesOf, eventText } from "./server.ts";
import { anns, type SharingWorld, set, startSharing } from "./sharing-world.ts";

let world: SharingWorld;
let version = 0;

beforeAll(async () => {
  world = await startSharing();
  await world.share(set("mailto:ben@example.test", "read"));
});

afterAll(() => world.dav.close());

/** What somebody is told since a token, as "name" or "name gone", and the token after it. */
async function sync(person: string, path: string, token = ""): Promise<readonly [told: string[], token: string]> {
  const body = `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>`;
  const reply = await world.dav.request(person, "REPORT", path, { body });
  const told = [...entriesOf(reply)].map(([href, { status }]) => `${href.slice(path.length)}${status ? " gone" : ""}`);
  const element = reply.xml && childNamed(reply.xml, davName("sync-token"));
  return [told.sort(), element ? textOf(element) : ""];
}

test("whom a calendar is shared with hears of what is private when it becomes so, and of nothing else of it", async () => {
  const { dav, put, shared } = world;
  const paths = { ann: anns, ben: shared } as const;
  const tokens = new Map<string, string>();
  const heard = async (): Promise<Record<string, readonly string[]>> => {
    const all: Record<string, readonly string[]> = {};
    for (const person of ["ann", "ben"] as const) {
      const [told, token] = await sync(person, paths[person], tokens.get(person));
      tokens.set(person, token);
      all[person] = told;
    }
    return all;
  };
  const write = (name: string, said: string, status?: number) =>
    put("ann", `${anns}${name}.ics`, eventText(name, `SUMMARY:${++version}`, `CLASS:${said}`), status);
  const both = ["open.ics", "times.ics"];
  expect(await heard()).toEqual({ ann: ["open.ics", "secret.ics", "times.ics"], ben: both });
  await write("secret", "PRIVATE", 204);
  expect(await heard()).toEqual({ ann: ["secret.ics"], ben: [] });
  await write("open", "PRIVATE", 204);
  expect(await heard()).toEqual({ ann: ["open.ics"], ben: ["open.ics gone"] });
  await write("open", "PRIVATE", 204);
  await write("new", "PRIVATE");
  expect(await heard()).toEqual({ ann: ["new.ics", "open.ics"], ben: [] });
  for (const name of ["new", "secret"]) await dav.request("ann", "DELETE", `${anns}${name}.ics`);
  expect(await heard()).toEqual({ ann: ["new.ics gone", "secret.ics gone"], ben: [] });
  await write("open", "PUBLIC", 204);
  expect(await heard()).toEqual({ ann: ["open.ics"], ben: ["open.ics"] });
  await dav.request("ann", "DELETE", `${anns}open.ics`);
  expect(await heard()).toEqual({ ann: ["open.ics gone"], ben: ["open.ics gone"] });
});
