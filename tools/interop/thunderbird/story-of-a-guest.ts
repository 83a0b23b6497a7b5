import { calendarText } from "../../../packages/server/test/caldav/server.ts";
import {
  annAddress,
  benAddress,
  copyOf,
  day,
  deliver,
  eventually,
  partstatOf,
  password,
  type Seen,
  type Stage,
  same,
  seen,
} from "./stage.ts";

const [ann, ben] = [`mailto:${annAddress}`, `mailto:${benAddress}`];

/** Thunderbird finds and takes the calendars, is invited, answers, and sees what becomes of it. */
export async function tellOfAGuest(stage: Stage): Promise<void> {
  await findCalendars(stage);
  await beInvited(stage);
  await knowLess(stage);
  await answerElsewhere(stage);
  await beInvitedToASeries(stage);
}

async function findCalendars({ dav, recorder, thunderbird, step }: Stage): Promise<void> {
  await step("Another program makes Ann a second calendar", async () => {
    const body = `<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"><d:set><d:prop><d:displayname>Other</d:displayname><a:calendar-color>#ff2968ff</a:calendar-color></d:prop></d:set></c:mkcalendar>`;
    const { status } = await dav.request("ann", "MKCALENDAR", "/dav/calendars/ann@example.test/other/", { body });
    same(status, 201);
  });
  await step("A wrong password finds nothing", async () => {
    const found = await thunderbird.call<string>("findInVain", annAddress, "wrong", recorder.url);
    same(found, "AuthFailedError");
  });
  await step("The server's name, an address and a password find both calendars", async () => {
    const found = await thunderbird.call<FoundCalendar[]>("find", annAddress, password, recorder.url);
    const short = found.map(({ name, url, readOnly }) => ({ name, path: new URL(url).pathname, readOnly }));
    same(
      short.toSorted((a, b) => a.name.localeCompare(b.name)),
      [
        { name: "Calendar", path: "/dav/calendars/ann@example.test/calendar/", readOnly: false },
        { name: "Other", path: "/dav/calendars/ann@example.test/other/", readOnly: false },
      ],
    );
    same(found.find(({ name }) => name === "Other")?.color, "#ff2968");
  });
  await step(
    "They are subscribed: the server schedules, has an inbox and an outbox, and tells what has changed",
    async () => {
      await thunderbird.call("subscribe");
      for (const name of ["Calendar", "Other"]) {
        same(await thunderbird.call<object>("refresh", name), {
          isReadOnly: false,
          isBroken: false,
          schedulesItself: true,
          syncs: true,
          addresses: [ann],
          inbox: "/dav/calendars/ann@example.test/inbox/",
          outbox: "/dav/calendars/ann@example.test/outbox/",
          components: ["VEVENT", "VTODO"],
        });
      }
    },
  );
}

interface FoundCalendar {
  readonly name: string;
  readonly url: string;
  readonly color: string | null;
  readonly readOnly: boolean;
}

const talk = "talk@example.test";

async function beInvited(stage: Stage): Promise<void> {
  const { dav, thunderbird, step } = stage;
  const [first, later] = [day(20), day(21)];
  await step("Ben invites Ann; her Thunderbird counts an open invitation", async () => {
    same(await invite(stage, talk, [`DTSTART:${first}T090000Z`, `DTEND:${first}T100000Z`]), 201);
    const item = await seen(stage, "Calendar", talk);
    same(pick(item), { start: `${first}T090000Z`, answer: "NEEDS-ACTION", isInvitation: true, isOpen: true });
    same(await thunderbird.call<string[]>("invitations"), [talk]);
  });
  await step("Ann accepts; Ben has her answer", async () => {
    await thunderbird.call("answer", "Calendar", talk, "ACCEPTED");
    await deliver(stage);
    await eventually(async () => same(partstatOf(await copyOf(stage, "ben", talk), annAddress), "ACCEPTED"));
    const item = await seen(stage, "Calendar", talk);
    same(pick(item), { start: `${first}T090000Z`, answer: "ACCEPTED", isInvitation: true, isOpen: false });
  });
  await step("Ann closes the alarm: kept in her copy, and Ben hears nothing of it", async () => {
    const before = await copyOf(stage, "ben", talk);
    await thunderbird.call("dismissAlarm", "Calendar", talk);
    await deliver(stage);
    const copy = await copyOf(stage, "ann", talk);
    same([/^X-MOZ-LASTACK:/m.test(copy?.text ?? ""), partstatOf(copy, annAddress)], [true, "ACCEPTED"]);
    same((await copyOf(stage, "ben", talk))?.etag, before?.etag);
  });
  await step("Ben moves it; Ann is asked again", async () => {
    const times = [`DTSTART:${later}T140000Z`, `DTEND:${later}T150000Z`, "SEQUENCE:1"];
    same(await invite(stage, talk, times), 204);
    const item = await seen(stage, "Calendar", talk);
    same(pick(item), { start: `${later}T140000Z`, answer: "NEEDS-ACTION", isInvitation: true, isOpen: true });
  });
  await step("Ann declines by her menu; Ben has it", async () => {
    await thunderbird.call("answer", "Calendar", talk, "DECLINED");
    await deliver(stage);
    await eventually(async () => same(partstatOf(await copyOf(stage, "ben", talk), annAddress), "DECLINED"));
  });
  await step("Ben cancels; Ann sees it cancelled", async () => {
    const { href = "" } = (await copyOf(stage, "ben", talk)) ?? {};
    same((await dav.request("ben", "DELETE", href)).status, 204);
    await deliver(stage);
    same((await seen(stage, "Calendar", talk))?.status, "CANCELLED");
  });
  await step("Ann deletes what was cancelled; the server agrees", async () => {
    await thunderbird.call("remove", "Calendar", talk);
    same([await seen(stage, "Calendar", talk), await copyOf(stage, "ann", talk)], [null, undefined]);
  });
}

/** Somebody changes what Thunderbird is about to answer. */
async function knowLess(stage: Stage): Promise<void> {
  const { thunderbird, step } = stage;
  const uid = "behind@example.test";
  const [first, later] = [day(22), day(23)];
  await step("Ann answers a version that Ben has replaced: she is asked, insists, and Ben's time stands", async () => {
    await invite(stage, uid, [`DTSTART:${first}T090000Z`, `DTEND:${first}T100000Z`]);
    await seen(stage, "Calendar", uid);
    await invite(stage, uid, [`DTSTART:${later}T090000Z`, `DTEND:${later}T100000Z`, "SEQUENCE:1"]);
    await thunderbird.call("keepOwnVersions");
    await thunderbird.call("answer", "Calendar", uid, "TENTATIVE");
    await deliver(stage);
    same(await thunderbird.call<string[]>("questions"), [`modify ${uid}`]);
    // To Thunderbird whoever has said "perhaps" has still to answer.
    same(pick(await seen(stage, "Calendar", uid)), {
      start: `${later}T090000Z`,
      answer: "TENTATIVE",
      isInvitation: true,
      isOpen: true,
    });
    await eventually(async () => same(partstatOf(await copyOf(stage, "ben", uid), annAddress), "TENTATIVE"));
  });
}

/** Ann answers on the page; Thunderbird does not know. */
async function answerElsewhere(stage: Stage): Promise<void> {
  const { dav, thunderbird, step } = stage;
  const [uid, on] = ["page@example.test", day(29)];
  await step(
    "Ann accepts on the web page, then closes the alarm in a Thunderbird that does not know: she stays accepted",
    async () => {
      await invite(stage, uid, [`DTSTART:${on}T090000Z`, `DTEND:${on}T100000Z`]);
      await seen(stage, "Calendar", uid);
      const from = `${on.slice(0, 4)}-${on.slice(4, 6)}-${on.slice(6)}T00:00:00Z`;
      const { text } = await dav.request("ann", "GET", `/api/events?from=${from}&to=${from.replace("T00", "T23")}`);
      const [event] = (JSON.parse(text) as { readonly events: readonly { readonly id: string }[] }).events;
      const options = {
        body: JSON.stringify({ partstat: "ACCEPTED" }),
        headers: { "content-type": "application/json" },
      };
      same((await dav.request("ann", "POST", `/api/events/${event?.id}/answer`, options)).status, 200);
      await deliver(stage);
      await thunderbird.call("keepOwnVersions");
      await thunderbird.call("dismissAlarm", "Calendar", uid);
      await deliver(stage);
      same(await thunderbird.call<string[]>("questions"), [`modify ${uid}`]);
      same(partstatOf(await copyOf(stage, "ben", uid), annAddress), "ACCEPTED");
      same((await seen(stage, "Calendar", uid))?.attendees[ann], "ACCEPTED");
    },
  );
}

async function beInvitedToASeries(stage: Stage): Promise<void> {
  const { thunderbird, step } = stage;
  const uid = "series@example.test";
  const [first, third] = [day(30), day(44)];
  const times = [`DTSTART:${first}T090000Z`, `DTEND:${first}T093000Z`, "RRULE:FREQ=WEEKLY;COUNT=5"];
  await step("Ann accepts a series, and declines one Instance of it", async () => {
    await invite(stage, uid, times);
    await seen(stage, "Calendar", uid);
    await thunderbird.call("answer", "Calendar", uid, "ACCEPTED");
    await thunderbird.call("answer", "Calendar", uid, "DECLINED", `${third}T090000Z`);
    await deliver(stage);
    await eventually(async () => {
      const copy = await copyOf(stage, "ben", uid);
      same(answersOf(copy?.text ?? ""), { master: "ACCEPTED", [`${third}T090000Z`]: "DECLINED" });
    });
  });
  await step("Thunderbird reads its own answers back: no Instance is there that nobody made", async () => {
    const item = await seen(stage, "Calendar", uid);
    same([item?.attendees[ann], item?.exceptions], ["ACCEPTED", [`${third}T090000Z`]]);
  });
}

/** What Ann has answered to a series, and to its Instances. */
function answersOf(text: string): Readonly<Record<string, string | undefined>> {
  const components = text.split("BEGIN:VEVENT").slice(1);
  return Object.fromEntries(
    components.map((component) => [
      /^RECURRENCE-ID[^:]*:(.*)$/m.exec(component)?.[1] ?? "master",
      partstatOf({ href: "", etag: "", text: component }, annAddress),
    ]),
  );
}

/** Ben writes what he organizes; gives the status. */
async function invite(stage: Stage, uid: string, times: readonly string[]): Promise<number> {
  const lines = [
    `UID:${uid}`,
    "DTSTAMP:20260101T080000Z",
    ...times,
    "SUMMARY:Planning",
    `ORGANIZER;CN=Ben:${ben}`,
    `ATTENDEE;PARTSTAT=ACCEPTED:${ben}`,
    `ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:${ann}`,
  ];
  const body = calendarText("BEGIN:VEVENT", ...lines, "BEGIN:VALARM", ...alarm, "END:VALARM", "END:VEVENT");
  const path = `/dav/calendars/ben@example.test/calendar/${uid.split("@")[0]}.ics`;
  const { status } = await stage.dav.request("ben", "PUT", path, { body });
  await deliver(stage);
  return status;
}

const alarm = ["ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Planning"];

/** What of an invitation says whether it waits for Ann. */
export function pick(item: Seen | null): object | undefined {
  if (!item) return undefined;
  const { start, attendees, isInvitation, isOpen } = item;
  return { start, answer: attendees[ann], isInvitation, isOpen };
}
