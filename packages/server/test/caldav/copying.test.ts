import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { caldav } from "../../src/caldav/names.ts";
import { childElements, childNamed, dav as davName, textOf } from "../../src/dav/xml.ts";
import { conditionOf, eventText, type Reply } from "./server.ts";
import { anns, home, type SharingWorld, set, startSharing } from "./sharing-world.ts";

/** Ann shares her calendar with Ben, who may write; she has something open, something confidential and something private. */
let world: SharingWorld;
let shared: string;
const bens = `${home("ben")}calendar/`;

beforeAll(async () => {
  world = await startSharing();
  ({ shared } = world);
});

beforeEach(async () => {
  await world.reset();
  await world.share(set("mailto:ben@example.test", "read-write"));
});

afterAll(() => world.dav.close());

function transfer(method: string, from: string, to: string, more: Record<string, string> = {}): Promise<Reply> {
  return world.dav.request("ben", method, from, { headers: { destination: `${world.dav.url}${to}`, ...more } });
}

async function get(person: string, path: string): Promise<string | number> {
  const { status, text } = await world.dav.request(person, "GET", path);
  return status === 200 ? text : status;
}

/** The precondition a refusal names, and the href in it. */
function refusal(reply: Reply): readonly unknown[] {
  const name = conditionOf(reply);
  const element = reply.xml && childElements(reply.xml).find((one) => one.name === name);
  const href = element && childNamed(element, davName("href"));
  return [reply.status, name, href && textOf(href)];
}

/** What was sent to anybody, by everybody. */
async function sent(): Promise<number> {
  await world.dav.server.worker.drain();
  const { store } = world.dav.server.house;
  let count = 0;
  for (const { id } of Object.values(world.dav.people)) {
    const rows = await store.read(({ ledger }) => ledger.list(id, { limit: 100 }));
    count += rows.filter(({ direction }) => direction === "out").length;
  }
  return count;
}

const meeting = [
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test",
  "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:dan@example.test",
  "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:olaf@outside.test",
];

describe("COPY", () => {
  test("CALSCHED-3.2.3.3-01 puts what somebody sees into a calendar of another owner, both ways, and tells nobody", async () => {
    await world.put("ann", `${anns}meeting.ics`, eventText("meeting", ...meeting));
    await world.put("ben", `${bens}mine.ics`, eventText("mine", "SUMMARY:Mine"));
    const before = await sent();
    const copied = await transfer("COPY", `${shared}meeting.ics`, `${bens}copied.ics`);
    expect([copied.status, copied.headers.get("location")]).toEqual([201, `${bens}copied.ics`]);
    expect(await get("ben", `${bens}copied.ics`)).toMatch(/ORGANIZER.*ann@example.test[\s\S]*olaf@outside.test/);
    expect((await transfer("COPY", `${bens}mine.ics`, `${shared}mine.ics`)).status).toBe(201);
    expect(await get("ann", `${anns}mine.ics`)).toContain("SUMMARY:Mine");
    expect(await get("ben", `${bens}mine.ics`)).toContain("SUMMARY:Mine");
    // Nor is anybody told when such a copy goes.
    expect((await world.dav.request("ben", "DELETE", `${bens}copied.ics`)).status).toBe(204);
    expect(await sent()).toBe(before);
    expect(await get("ann", `${anns}meeting.ics`)).toContain("UID:meeting");
  });

  test("is refused where its owner has that UID, by what says so, and by where it is for whom that is theirs to know", async () => {
    await world.put("ann", `${anns}known.ics`, eventText("known", ...meeting));
    await world.put("ann", `${anns}plain.ics`, eventText("plain"));
    await world.put("ben", `${bens}plain.ics`, eventText("plain"));
    const uid = caldav("no-uid-conflict");
    const unique = caldav("unique-scheduling-object-resource");
    expect((await world.dav.request("ben", "MKCALENDAR", `${home("ben")}more/`)).status).toBe(201);
    const more = `${home("ben")}more/x.ics`;
    expect(refusal(await transfer("COPY", `${shared}plain.ics`, `${bens}x.ics`))).toEqual([
      403,
      uid,
      `${bens}plain.ics`,
    ]);
    expect(refusal(await transfer("COPY", `${bens}plain.ics`, more))).toEqual([403, uid, `${bens}plain.ics`]);
    // Into the calendar it is in, under another name; and over something else.
    expect(refusal(await transfer("COPY", `${shared}known.ics`, `${shared}x.ics`))).toEqual([
      ...[403, uid, `${anns}known.ics`],
    ]);
    expect(refusal(await transfer("COPY", `${shared}known.ics`, `${bens}plain.ics`))).toEqual([
      ...[403, uid, `${bens}plain.ics`],
    ]);
    expect((await transfer("COPY", `${shared}known.ics`, `${bens}plain.ics`, { overwrite: "F" })).status).toBe(412);
    expect((await transfer("COPY", `${shared}known.ics`, more)).status).toBe(201);
    expect(refusal(await transfer("COPY", more, `${bens}x.ics`))).toEqual([403, unique, more]);
    expect(await get("ben", `${bens}x.ics`)).toBe(404);
  });

  test("takes nothing from where somebody may not look, and puts nothing where they may not write", async () => {
    expect((await transfer("COPY", `${shared}secret.ics`, `${bens}secret.ics`)).status).toBe(404);
    expect((await transfer("COPY", `${shared}none.ics`, `${bens}secret.ics`)).status).toBe(404);
    expect((await transfer("COPY", `${shared}times.ics`, `${bens}times.ics`)).status).toBe(403);
    for (const name of ["secret", "times"]) expect(await get("ben", `${bens}${name}.ics`)).toBe(404);
    await world.share(set("mailto:ben@example.test", "read"));
    expect((await transfer("COPY", `${bens}plain.ics`, `${shared}new.ics`)).status).toBe(403);
    expect((await transfer("COPY", `${shared}open.ics`, `${bens}open.ics`)).status).toBe(201);
    await world.reset();
    expect((await transfer("COPY", `${anns}open.ics`, `${bens}again.ics`)).status).toBe(404);
    expect((await transfer("COPY", `${bens}plain.ics`, `${anns}new.ics`)).status).toBe(404);
  });
});

describe("MOVE from one owner to another", () => {
  test("takes what has no guests along, and tells nobody", async () => {
    await world.put("ben", `${bens}goes.ics`, eventText("goes"));
    const before = await sent();
    expect((await transfer("MOVE", `${bens}goes.ics`, `${shared}came.ics`)).status).toBe(201);
    expect([await get("ben", `${bens}goes.ics`), await get("ann", `${anns}came.ics`)]).toEqual([
      ...[404, expect.stringContaining("UID:goes")],
    ]);
    expect((await transfer("MOVE", `${shared}came.ics`, `${bens}back.ics`)).status).toBe(201);
    expect([await get("ann", `${anns}came.ics`), await get("ben", `${bens}back.ics`)]).toEqual([
      ...[404, expect.stringContaining("UID:goes")],
    ]);
    expect(await sent()).toBe(before);
  });

  test("leaves what has guests with whose it is, and what somebody may only read where it is", async () => {
    await world.put("ann", `${anns}stays.ics`, eventText("stays", ...meeting));
    await world.dav.server.worker.drain();
    const organizers = caldav("allowed-organizer-scheduling-object-change");
    expect(refusal(await transfer("MOVE", `${shared}stays.ics`, `${bens}stays.ics`))).toEqual([
      ...[403, organizers, undefined],
    ]);
    await world.share(set("mailto:ben@example.test", "read"));
    expect((await transfer("MOVE", `${shared}open.ics`, `${bens}moved.ics`)).status).toBe(403);
    expect([await get("ann", `${anns}open.ics`), await get("ann", `${anns}stays.ics`)]).not.toContain(404);
    for (const name of ["stays", "moved"]) expect(await get("ben", `${bens}${name}.ics`)).toBe(404);
  });
});
