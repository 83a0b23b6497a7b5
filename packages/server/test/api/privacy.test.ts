import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addMembers } from "../../src/accounts/groups.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addAccount } from "../../src/people.ts";
import { type Dav, eventText, type Reply, startDav } from "../caldav/server.ts";

/** Dora may do all for Ann, Rita may read; Mel is a member of the Club, Dora its delegate; Rita looks after the room Blue. */
let dav: Dav;
const ids = new Map<string, string>();
const secret = /secret/i;
const [club, blue] = ["club@example.test", "blue@example.test"];
const input = { summary: "Mine", start: "2027-03-04T09:00:00Z", end: "2027-03-04T10:00:00Z" };

function call(person: string, as: string | undefined, method: string, path: string, body?: unknown): Promise<Reply> {
  const headers = {
    ...(as !== undefined && { "parley-as": as }),
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  return dav.request(person, method, path, { headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

// biome-ignore lint/suspicious/noExplicitAny: a test may look into an answer.
async function read(person: string, as: string | undefined, path: string): Promise<any> {
  const { status, text } = await call(person, as, "GET", path);
  expect([path, status]).toEqual([path, 200]);
  return JSON.parse(text);
}

const guests = [
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test",
  "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:secret.friend@outside.test",
];

function invitation(uid: string, ...lines: readonly string[]): Uint8Array {
  const text = eventText(
    uid,
    "ORGANIZER:mailto:olaf.secret@outside.test",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.test",
    ...lines,
  ).replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST");
  const head = [
    ...["From: olaf.secret@outside.test", "To: ann@example.test", `Subject: ${uid}`, `Message-ID: <${uid}@x>`],
    ...["MIME-Version: 1.0", "Content-Type: text/calendar; method=REQUEST; charset=utf-8", "", ""],
  ];
  return new TextEncoder().encode(head.join("\r\n") + text);
}

beforeAll(async () => {
  dav = await startDav(["ann", "dora", "rita", "mel"]);
  const { house } = dav.server;
  const group = await addAccount(house.store, { kind: "group", name: "Club", addresses: [club], timezone: "UTC" });
  await addMembers(house.store, club, ["mel@example.test"]);
  const booking = { policy: "approve" } as const;
  const room = await addAccount(house.store, {
    ...{ kind: "room" as const, name: "Blue", addresses: [blue], timezone: "UTC", booking },
  });
  await house.store.write(async ({ principals }) => {
    const idOf = (name: string): string => dav.people[name]?.id ?? "";
    await principals.delegate(idOf("ann"), idOf("dora"), "organize");
    await principals.delegate(idOf("ann"), idOf("rita"), "read");
    await principals.delegate(group.id, idOf("dora"), "organize");
    await principals.delegate(room.id, idOf("rita"), "respond");
  });
  const put = async (person: string, path: string, body: string): Promise<void> => {
    expect((await dav.request(person, "PUT", `/dav/calendars/${path}`, { body })).status).toBe(201);
  };
  const anns = "ann@example.test/calendar";
  await put("ann", `${anns}/open.ics`, eventText("open", ...guests, "SUMMARY:Open"));
  const words = ["SUMMARY:Secret", "LOCATION:Secret place", "DESCRIPTION:Secret words"];
  await put("ann", `${anns}/private.ics`, eventText("private", ...guests, "CLASS:PRIVATE", ...words));
  await put("ann", `${anns}/confidential.ics`, eventText("confidential", "CLASS:CONFIDENTIAL", ...words));
  await put("ann", `${anns}/gone.ics`, eventText("gone", ...guests, "CLASS:PRIVATE", ...words));
  await dav.request("ann", "DELETE", `/dav/calendars/${anns}/gone.ics`);
  await put("mel", `${club}/calendar/club.ics`, eventText("club", "CLASS:PRIVATE", ...words));
  const rooms = "ATTENDEE;CUTYPE=ROOM;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:blue@example.test";
  await put("ann", `${anns}/blue.ics`, eventText("blue", ...guests, rooms, "CLASS:PRIVATE", ...words));
  await dav.server.worker.drain();
  await deliverMail(house, invitation("asked", "SUMMARY:Asked"), ["ann@example.test"], "outside");
  await deliverMail(house, invitation("secretly", "CLASS:PRIVATE", ...words), ["ann@example.test"], "outside");
  for (const { id, uid } of (await read("ann", undefined, "/api/events")).events) ids.set(uid, id);
  for (const { id, uid } of (await read("ann", undefined, "/api/ledger?limit=100")).entries)
    ids.set(`ledger ${uid}`, id);
});

afterAll(() => dav.close());

describe("who acts for another", () => {
  test.each(["dora", "rita"])("%s sees when what is private is, and nothing of it", async (person) => {
    const { events } = await read(person, "ann@example.test", "/api/events");
    const byUid = new Map(events.map((event: { uid: string }) => [event.uid, event]));
    expect([...byUid.keys()].sort()).toEqual(["blue", "confidential", "open", "private"]);
    expect(byUid.get("open")).toMatchObject({ summary: "Open", role: "organizer", attendees: [{ me: true }, {}] });
    for (const uid of ["private", "confidential"]) {
      expect(byUid.get(uid)).toEqual({
        ...(events.find((event: { uid: string }) => event.uid === uid) as object),
        ...{ role: "none", summary: "Busy", location: "", description: "", organizer: null, attendees: [] },
        ...{ answer: null, start: "2027-03-02T09:00:00Z", end: "2027-03-02T10:00:00Z" },
      });
    }
    expect(JSON.stringify(events.filter(({ uid }: { uid: string }) => uid !== "open"))).not.toMatch(secret);
  });

  test("is told of messages about it that there were some, and shown no mail as it came", async () => {
    const { entries } = await read("dora", "ann@example.test", "/api/ledger?limit=100");
    const hidden = entries.filter(({ uid }: { uid: string }) => uid !== "open");
    expect(hidden.map(({ uid }: { uid: string }) => uid)).toEqual(
      expect.arrayContaining(["private", "gone", "secretly"]),
    );
    for (const entry of hidden) {
      expect(entry).toMatchObject({ subject: "Busy", from: "", to: [], changes: [], deliveries: [], reason: "" });
    }
    expect(JSON.stringify(hidden)).not.toMatch(secret.source === "" ? /./ : /Secret|friend|olaf/);
    expect(entries.find(({ uid }: { uid: string }) => uid === "open")).toMatchObject({
      ...{ to: ["secret.friend@outside.test"], deliveries: [{ recipient: "secret.friend@outside.test" }] },
    });
    expect(entries.some(({ hasSource }: { hasSource: boolean }) => hasSource)).toBe(false);
    const own = await read("ann", undefined, "/api/ledger?limit=100");
    expect(own.entries.find(({ uid }: { uid: string }) => uid === "secretly")).toMatchObject({
      ...{ subject: "secretly", from: "olaf.secret@outside.test", hasSource: true },
    });
    const source = `/api/ledger/${ids.get("ledger asked")}/source`;
    expect((await call("ann", undefined, "GET", source)).status).toBe(200);
    expect((await call("dora", "ann@example.test", "GET", source)).status).toBe(404);
  });

  test("is asked what is open alone", async () => {
    const asked = async (person: string, as?: string) =>
      (await read(person, as, "/api/questions")).questions.map(({ event }: { event: { uid: string } }) => event.uid);
    expect(await asked("ann")).toEqual(["asked", "secretly"]);
    expect(await asked("dora", "ann@example.test")).toEqual(["asked"]);
    const decide = (uid: string, decision: string) =>
      call("dora", "ann@example.test", "POST", `/api/questions/${ids.get(`ledger ${uid}`)}`, { decision });
    for (const decision of ["apply", "dismiss"]) {
      const refused = await decide("secretly", decision);
      expect([refused.status, secret.test(refused.text)]).toEqual([403, false]);
    }
    expect(await asked("ann")).toEqual(["asked", "secretly"]);
    expect((await decide("asked", "dismiss")).status).toBe(200);
    expect((await decide("none", "dismiss")).status).toBe(404);
  });

  test.each<[method: string, path: string, body?: unknown]>([
    ["PUT", "", input],
    ["DELETE", ""],
    ["POST", "/answer", { partstat: "DECLINED" }],
    ["POST", "/cancel", {}],
    ["POST", "/preview", input],
    ["POST", "/send-now"],
    ["DELETE", "/answer-links"],
  ])("does nothing to it: %s …%s", async (method, path, body) => {
    for (const uid of ["private", "confidential"]) {
      const refused = await call("dora", "ann@example.test", method, `/api/events/${ids.get(uid)}${path}`, body);
      expect([uid, refused.status, JSON.parse(refused.text).error]).toEqual([uid, 403, "not-allowed"]);
      expect(refused.text).not.toMatch(secret);
    }
    const same = await read("ann", undefined, `/api/events/${ids.get("private")}`);
    expect(same).toMatchObject({ summary: "Secret", status: null, sequence: 0 });
  });

  test("may look into what is a group's as its member, and not as its delegate", async () => {
    const [member] = (await read("mel", club, "/api/events")).events;
    const [delegate] = (await read("dora", club, "/api/events")).events;
    expect([member.summary, delegate.summary]).toEqual(["Secret", "Busy"]);
    const [path, of] = [`/dav/calendars/${club}/calendar/club.ics`, /^SUMMARY:(.*)\r$/m];
    const texts = [await dav.request("mel", "GET", path), await dav.request("dora", "GET", path)];
    expect(texts.map(({ text }) => of.exec(text)?.[1])).toEqual(["Secret", "Busy"]);
  });

  test("answers for a room what they may not look into", async () => {
    const [event] = (await read("rita", blue, "/api/events")).events;
    expect(event).toMatchObject({ summary: "Busy", role: "attendee", answer: { partstat: "NEEDS-ACTION" } });
    expect(JSON.stringify(event)).not.toMatch(secret);
    const answered = await call("rita", blue, "POST", `/api/events/${event.id}/answer`, { partstat: "ACCEPTED" });
    expect([answered.status, answered.text]).toEqual([200, expect.not.stringMatching(secret)]);
    expect(JSON.parse(answered.text).answer.partstat).toBe("ACCEPTED");
    const removal = await call("rita", blue, "DELETE", `/api/events/${event.id}`);
    expect(removal.status).toBe(403);
  });
});

describe("whom a group's calendar is shared with", () => {
  test("is given neither what is private in it, nor the whole of what is confidential", async () => {
    const { store } = dav.server.house;
    const put = await dav.request("mel", "PUT", `/dav/calendars/${club}/calendar/half.ics`, {
      body: eventText("half", "CLASS:CONFIDENTIAL", "SUMMARY:Secret"),
    });
    expect(put.status).toBe(201);
    const shared = await store.write(async ({ calendars, principals }) => {
      const [group] = (await principals.list()).filter(({ kind }) => kind === "group");
      const [calendar] = await calendars.list(group?.id ?? "");
      await calendars.share(group?.id ?? "", calendar?.id ?? "", dav.people["rita"]?.id ?? "", "read");
      return `shared-${calendar?.id}`;
    });
    const { status, text } = await call("rita", undefined, "GET", `/api/calendars/${shared}/export`);
    expect([status, text.match(/^UID:.*/gm), secret.test(text)]).toEqual([200, ["UID:half"], false]);
    const path = `/dav/calendars/rita@example.test/${shared}/`;
    expect((await dav.request("rita", "GET", `${path}club.ics`)).status).toBe(404);
    expect((await dav.request("rita", "GET", `${path}half.ics`)).text).toMatch(/SUMMARY:Busy/);
  });
});
