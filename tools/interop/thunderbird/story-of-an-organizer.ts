import { calendarText } from "../../../packages/server/test/caldav/server.ts";
import {
  annAddress,
  benAddress,
  copyOf,
  day,
  deliver,
  eventually,
  methodOf,
  outsiderAddress,
  partstatOf,
  present,
  type Stage,
  same,
  seen,
} from "./stage.ts";

/** Thunderbird invites people itself, changes what they are invited to, looks at their time, and keeps tasks. */
export async function tellOfAnOrganizer(stage: Stage): Promise<void> {
  await organize(stage);
  await organizeASeries(stage);
  await lookAtTimes(stage);
  await keepTasks(stage);
  await moveBetweenCalendars(stage);
  await readMuch(stage);
}

const [ben, olga] = [`mailto:${benAddress}`, `mailto:${outsiderAddress}`];

async function organize(stage: Stage): Promise<void> {
  const { outsider, thunderbird, step } = stage;
  const [first, later] = [day(24), day(25)];
  let uid = "";
  await step("Ann invites Ben and Olga, who is elsewhere: he has it, she has a mail", async () => {
    const fields = { title: "Lunch", start: `${first}T120000`, end: `${first}T130000`, location: "Canteen" };
    uid = await thunderbird.call<string>("add", "Calendar", { ...fields, guests: [benAddress, outsiderAddress] });
    await deliver(stage);
    same(partstatOf(await copyOf(stage, "ben", uid), benAddress), "NEEDS-ACTION");
    same((await outsider.messages()).map(methodOf), ["REQUEST"]);
    same((await outsider.messages())[0]?.includes(`DTSTART;TZID=Europe/Berlin:${first}T120000`), true);
  });
  await step("Both answer, Olga by mail; Thunderbird shows it", async () => {
    await acceptAsBen(stage, uid);
    await outsider.answer("TENTATIVE");
    await deliver(stage);
    await eventually(async () => {
      const item = await seen(stage, "Calendar", uid);
      same(item?.attendees, { [ben]: "ACCEPTED", [olga]: "TENTATIVE" });
    });
  });
  await step("Ann moves it: both are asked again, and the answers to the old time are gone", async () => {
    await thunderbird.call("change", "Calendar", uid, { start: `${later}T120000`, end: `${later}T130000` });
    await deliver(stage);
    same((await outsider.messages()).map(methodOf), ["REQUEST", "REQUEST"]);
    const copy = await copyOf(stage, "ben", uid);
    same([copy?.text.includes(`${later}T120000`), partstatOf(copy, benAddress)], [true, "NEEDS-ACTION"]);
    const item = await seen(stage, "Calendar", uid);
    same([item?.sequence, item?.attendees], [1, { [ben]: "NEEDS-ACTION", [olga]: "NEEDS-ACTION" }]);
  });
  await step(
    "Ben accepts; Thunderbird does not know, changes the title, is refused, insists: he stays accepted",
    async () => {
      await acceptAsBen(stage, uid);
      await thunderbird.call("keepOwnVersions");
      await thunderbird.call("change", "Calendar", uid, { title: "Long lunch" });
      await deliver(stage);
      same(await thunderbird.call<string[]>("questions"), [`modify ${uid}`]);
      same((await seen(stage, "Calendar", uid))?.attendees[ben], "ACCEPTED");
      const copy = await copyOf(stage, "ben", uid);
      same([copy?.text.includes("SUMMARY:Long lunch"), partstatOf(copy, benAddress)], [true, "ACCEPTED"]);
      same((await outsider.messages()).map(methodOf), ["REQUEST", "REQUEST", "REQUEST"]);
    },
  );
  await step("Ann takes Olga off the list: she alone has a cancellation", async () => {
    await thunderbird.call("change", "Calendar", uid, { guests: [benAddress] });
    await deliver(stage);
    same((await outsider.messages()).map(methodOf), ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]);
    same(partstatOf(await copyOf(stage, "ben", uid), benAddress), "ACCEPTED");
  });
  await step("Ann deletes it: Ben's copy is cancelled", async () => {
    await thunderbird.call("remove", "Calendar", uid);
    await deliver(stage);
    same((await copyOf(stage, "ben", uid))?.text.includes("STATUS:CANCELLED"), true);
    same(await copyOf(stage, "ann", uid), undefined);
    same((await outsider.messages()).length, 4);
  });
}

/** Ben's program writes his copy back, accepted. */
async function acceptAsBen(stage: Stage, uid: string): Promise<void> {
  const { href, text } = present(await copyOf(stage, "ben", uid));
  const lines = text.split("\n").map((line) => {
    const isOwn = line.startsWith("ATTENDEE") && line.endsWith(ben);
    return isOwn ? line.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED") : line;
  });
  same((await stage.dav.request("ben", "PUT", href, { body: lines.join("\r\n") })).status, 204);
  await deliver(stage);
}

async function organizeASeries(stage: Stage): Promise<void> {
  const { thunderbird, step } = stage;
  const [first, second, third] = [day(30), day(37), day(44)];
  let uid = "";
  await step("Ann organizes a series, moves one Instance and takes out another", async () => {
    const fields = { title: "Weekly", start: `${first}T100000`, end: `${first}T103000`, rule: "FREQ=WEEKLY;COUNT=6" };
    uid = await thunderbird.call<string>("add", "Calendar", { ...fields, guests: [benAddress] });
    await thunderbird.call("changeInstance", "Calendar", uid, `${second}T100000`, {
      start: `${second}T150000`,
      end: `${second}T153000`,
    });
    await thunderbird.call("removeInstance", "Calendar", uid, `${third}T100000`);
    await deliver(stage);
    const text = (await copyOf(stage, "ben", uid))?.text ?? "";
    same(text.includes(`RECURRENCE-ID;TZID=Europe/Berlin:${second}T100000`), true);
    same(text.includes(`DTSTART;TZID=Europe/Berlin:${second}T150000`), true);
    same(text.includes(`EXDATE;TZID=Europe/Berlin:${third}T100000`), true);
  });
  await step("Thunderbird reads it back as it wrote it", async () => {
    const item = await seen(stage, "Calendar", uid);
    same(item?.exceptions.length, 1);
    same(item?.attendees, { [ben]: "NEEDS-ACTION" });
  });
  await step("Ann deletes the series", async () => {
    await thunderbird.call("remove", "Calendar", uid);
    await deliver(stage);
    same((await copyOf(stage, "ben", uid))?.text.includes("STATUS:CANCELLED"), true);
  });
}

async function lookAtTimes({ dav, thunderbird, step }: Stage): Promise<void> {
  const on = day(26);
  const [from, to] = [`${on}T000000Z`, `${on}T235900Z`];
  await step("Ann sees when Ben is busy, and not with what", async () => {
    const body = [
      ...[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//example//program//EN",
        "BEGIN:VEVENT",
        "UID:dentist@example.test",
      ],
      ...["DTSTAMP:20260101T080000Z", `DTSTART:${on}T110000Z`, `DTEND:${on}T123000Z`, "SUMMARY:Dentist"],
      ...["END:VEVENT", "END:VCALENDAR", ""],
    ].join("\r\n");
    await dav.request("ben", "PUT", "/dav/calendars/ben@example.test/calendar/dentist.ics", { body });
    const intervals = await thunderbird.call<string[]>("busy", benAddress, from, to);
    const busy = intervals.filter((one) => one.startsWith("BUSY "));
    same(busy, [`BUSY ${on}T110000Z/${on}T123000Z`]);
  });
  await step("Of somebody elsewhere she is told that nobody knows", async () => {
    same(await thunderbird.call<string[]>("busy", outsiderAddress, from, to), []);
  });
  await step("Ann sees her own time", async () => {
    const intervals = await thunderbird.call<string[]>("busy", annAddress, from, to);
    same(
      intervals.filter((one) => one.startsWith("BUSY ")),
      [],
    );
  });
}

async function keepTasks(stage: Stage): Promise<void> {
  const { thunderbird, step } = stage;
  let uid = "";
  await step("Ann notes a task in her second calendar, and ticks it off", async () => {
    uid = await thunderbird.call<string>("addTask", "Other", { title: "Buy bread", due: `${day(5)}T180000` });
    same((await copyOf(stage, "ann", uid))?.href.includes("/other/"), true);
    await thunderbird.call("completeTask", "Other", uid);
    same((await copyOf(stage, "ann", uid))?.text.includes("STATUS:COMPLETED"), true);
    same((await seen(stage, "Other", uid))?.isCompleted, true);
  });
  await step("Ann deletes it", async () => {
    await thunderbird.call("remove", "Other", uid);
    same([await seen(stage, "Other", uid), await copyOf(stage, "ann", uid)], [null, undefined]);
  });
}

async function moveBetweenCalendars(stage: Stage): Promise<void> {
  const { outsider, thunderbird, step } = stage;
  const on = day(27);
  const times = { start: `${on}T100000`, end: `${on}T110000` };
  await step("Ann moves an event to her second calendar", async () => {
    const uid = await thunderbird.call<string>("add", "Calendar", { title: "Alone", ...times });
    await thunderbird.call("moveTo", "Calendar", "Other", uid);
    same((await copyOf(stage, "ann", uid))?.href.includes("/other/"), true);
    same([await seen(stage, "Calendar", uid), (await seen(stage, "Other", uid))?.title], [null, "Alone"]);
  });
  await step("Ann moves a meeting there: nobody hears of it, and it stays what it is", async () => {
    const fields = { title: "Together", ...times, guests: [benAddress, outsiderAddress] };
    const uid = await thunderbird.call<string>("add", "Calendar", fields);
    await deliver(stage);
    const before = await outsider.messages();
    await thunderbird.call("moveTo", "Calendar", "Other", uid);
    await deliver(stage);
    same((await copyOf(stage, "ann", uid))?.href.includes("/other/"), true);
    same((await outsider.messages()).slice(before.length).map(methodOf), []);
    same(partstatOf(await copyOf(stage, "ben", uid), benAddress), "NEEDS-ACTION");
    same([await seen(stage, "Calendar", uid), (await seen(stage, "Other", uid))?.title], [null, "Together"]);
  });
}

function compareText(a: string, b: string): number {
  return a.localeCompare(b);
}

async function readMuch(stage: Stage): Promise<void> {
  const { dav, thunderbird, step } = stage;
  const count = 1_000;
  const on = day(50);
  await step(
    `Ann reads a file of ${count} events into her second calendar on the web page; Thunderbird has them all`,
    async () => {
      const events = Array.from({ length: count }, (_, number) => [
        ...["BEGIN:VEVENT", `UID:much-${number}@example.test`, "DTSTAMP:20260101T080000Z"],
        ...[`DTSTART:${on}T090000Z`, `DTEND:${on}T100000Z`, `SUMMARY:Number ${number}`, "END:VEVENT"],
      ]);
      const before = (await thunderbird.call<string[]>("list", "Other")).length;
      const options = { body: calendarText(...events.flat()), headers: { "content-type": "text/calendar" } };
      const { status, text } = await dav.request("ann", "POST", "/api/calendars/other/import", options);
      same([status, JSON.parse(text).added], [200, count]);
      await thunderbird.call("refresh", "Other");
      await eventually(async () => same((await thunderbird.call<string[]>("list", "Other")).length, before + count));
    },
  );
  await step("Nothing has changed: one request", async () => {
    const before = stage.recorder.exchanges.length;
    await thunderbird.call("refresh", "Other");
    same(stage.recorder.exchanges.length - before, 1);
  });
  await step("A state the server knows nothing of: it begins anew, and has what it had", async () => {
    const before = await thunderbird.call<string[]>("list", "Other");
    await thunderbird.call("rememberState", "Other", "urn:parley:sync:calendar:1:999999999");
    await thunderbird.call("refresh", "Other");
    same((await thunderbird.call<string[]>("list", "Other")).toSorted(compareText), before.toSorted(compareText));
    same(
      stage.recorder.exchanges.slice(-2).map(({ method, status }) => `${method} ${status}`),
      ["REPORT 403", "REPORT 207"],
    );
  });
}
