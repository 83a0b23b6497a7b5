import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, startDav } from "../caldav/server.ts";
import { type Desk, makeDesk } from "./desk.ts";
import { makeOutsider, type Outsider } from "./outsider.ts";
import { hasProgram, makeHome, type ProgramHome, succeeded } from "./programs.ts";

/** What Ben's script tells of his calendar. */
interface Looked {
  readonly events: readonly { readonly summary: string }[];
}

const script = fileURLToPath(new URL("day.py", import.meta.url));
const hasAll = (["vdirsyncer", "khal", "python3-caldav"] as const).every(hasProgram);

// Ann has khal over a folder that vdirsyncer keeps, Ben has python3-caldav, Clara is elsewhere and has mail.
describe.skipIf(!hasAll)("a day of work", { timeout: 60_000 }, () => {
  let dav: Dav;
  let desk: Desk;
  let benHome: ProgramHome;
  let outbox: string;
  let secret: string;
  let clara: Outsider;
  beforeAll(async () => {
    outbox = await mkdtemp(join(tmpdir(), "parley-outbox-"));
    const trust = { authservIds: ["mx.example.test"], relay: false };
    dav = await startDav(["ann", "ben"], { outbox, trust });
    desk = await makeDesk(dav, "ann");
    benHome = await makeHome();
    clara = makeOutsider("clara@partner.test", outbox, dav.server.lmtpPort);
    secret = await dav.appPassword("ben", "python");
  }, 60_000);
  afterAll(async () => {
    await desk.close();
    await benHome.remove();
    await dav.close();
    await rm(outbox, { recursive: true, force: true });
  });

  /** What Ben's script gives for one thing that he does. */
  async function ben<Answer>(what: string): Promise<Answer> {
    const env = { URL: `${dav.url}/`, ADDRESS: "ben@example.test", SECRET: secret };
    return JSON.parse(succeeded(await benHome.run(["python3", script, what], { env }))) as Answer;
  }

  test("Ben's program finds all there is, and does all that needs nobody else", async () => {
    const { discovered, worked, tasks } = await ben<Record<"discovered" | "worked" | "tasks", unknown>>("alone");
    expect(discovered).toMatchObject({
      principal: "/dav/principals/ben@example.test/",
      home: "/dav/calendars/ben%40example.test/",
      addresses: expect.arrayContaining(["mailto:ben@example.test"]),
      inbox: "/dav/calendars/ben@example.test/inbox/",
      outbox: "/dav/calendars/ben@example.test/outbox/",
      scheduling: true,
      components: ["VEVENT", "VJOURNAL", "VTODO"],
    });
    const starts = ["01", "02", "03", "04"].map((day) => `2027-03-${day}T00:00:00+00:00`);
    expect(worked).toEqual({ starts, left: ["Daily"], renamed: "Renamed" });
    expect(tasks).toEqual({ open: ["Buy milk"], all: 2, refused: true });
  });

  test("Ann writes a meeting in khal, which is then on the server", async () => {
    await desk.khal("new", "2027-03-08", "10:00", "11:00", "Planning", "-l", "Room 4", "-a", "calendar");
    expect(await desk.sync()).toEqual([expect.stringMatching(/^Copying \(uploading\) item .* to server\/calendar$/)]);
    await desk.sync();
    const [name = ""] = [...(await desk.files()).keys()];
    const { text } = await dav.request("ann", "GET", `/dav/calendars/ann@example.test/calendar/${name}`);
    expect(text).toMatch(/^DTSTART;TZID=Europe\/Berlin.*:20270308T100000\r$/m);
    expect(text).toContain("LOCATION:Room 4");
  });

  test("she invites Ben and Clara: he has it at once, she has a mail", async () => {
    const [[name, text] = ["", ""]] = await desk.files();
    const guests = [
      "ORGANIZER:mailto:ann@example.test",
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test",
      "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ben@example.test",
      "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:clara@partner.test",
    ];
    await desk.write(name, text.replace("END:VEVENT", [...guests, "END:VEVENT"].join("\n")));
    await desk.sync();
    await dav.server.worker.drain();
    const answers = expect.objectContaining({ "mailto:ben@example.test": "NEEDS-ACTION" });
    const events = [expect.objectContaining({ summary: "Planning", answers })];
    expect(await ben("look")).toEqual({ events, inbox: ["REQUEST"] });
    const mails = await clara.messages();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/METHOD:REQUEST[^]*SUMMARY:Planning/);
  });

  test("both answer, he by his program and she by mail, and Ann sees it in her folder", async () => {
    const accepted = expect.objectContaining({ "mailto:ben@example.test": "ACCEPTED" });
    expect(await ben("accept")).toEqual({ events: [expect.objectContaining({ answers: accepted })], inbox: [] });
    await clara.answer("DECLINED");
    await dav.server.worker.drain();
    await desk.sync();
    const [text = ""] = [...(await desk.files()).values()];
    expect(text).toMatch(/^ATTENDEE.*PARTSTAT=ACCEPTED.*:mailto:ben@example.test$/m);
    expect(text).toMatch(/^ATTENDEE.*PARTSTAT=DECLINED.*:mailto:clara@partner.test$/m);
  });

  test("she moves it: he sees the new time and is asked again, and so is Clara", async () => {
    dav.clock.now += 3_600;
    const [[name, text] = ["", ""]] = await desk.files();
    await desk.write(name, text.replaceAll(/(DTSTART|DTEND)(.*):20270308T/g, "$1$2:20270309T"));
    await desk.sync();
    await dav.server.worker.drain();
    const answers = expect.objectContaining({ "mailto:ben@example.test": "NEEDS-ACTION" });
    const { events } = await ben<Looked>("look");
    expect(events).toEqual([expect.objectContaining({ start: "2027-03-09T09:00:00+00:00", answers })]);
    expect((await clara.messages()).at(-1)).toMatch(/METHOD:REQUEST[^]*DTSTART[^\n]*20270309T/);
    expect((await desk.khal("list", "2027-03-08", "3d")).join("\n")).toMatch(/2027-03-09\n10:00-11:00 Planning/);
  });

  test("Ben invites Ann and Clara: khal shows it to her", async () => {
    expect((await ben<Looked>("invite")).events).toHaveLength(2);
    await dav.server.worker.drain();
    await desk.sync();
    expect((await desk.khal("list", "2027-03-12", "1d")).join("\n")).toContain("12:00-13:00 Lunch");
    expect((await clara.messages()).filter((text) => text.includes("SUMMARY:Lunch"))).toHaveLength(1);
  });

  test("Ben asks when people are busy", async () => {
    const { people, own } = await ben<{ people: Record<string, unknown>; own: readonly string[] }>("busy");
    expect(people).toEqual({
      "mailto:ann@example.test": ["2.0;Success", expect.arrayContaining(["20270309T090000Z/20270309T100000Z"])],
      "mailto:clara@partner.test": [expect.stringMatching(/^5\.3;/), []],
      "mailto:nobody@example.test": [expect.stringMatching(/^3\.7;/), []],
    });
    expect(own).toContain("20270312T110000Z/20270312T120000Z");
  });

  test("she removes it: he sees that it is cancelled, and Clara is told", async () => {
    dav.clock.now += 3_600;
    const [name = ""] = [...(await desk.files())].find(([, text]) => text.includes("SUMMARY:Planning")) ?? [];
    await rm(join(desk.folder(), name));
    await desk.sync();
    await dav.server.worker.drain();
    const cancelled = { summary: "Planning", status: "CANCELLED" };
    expect((await ben<Looked>("look")).events).toContainEqual(expect.objectContaining(cancelled));
    expect((await clara.messages()).some((text) => /METHOD:CANCEL[^]*SUMMARY:Planning/.test(text))).toBe(true);
  });
});
