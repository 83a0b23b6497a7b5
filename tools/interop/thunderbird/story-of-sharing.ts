import { calendarText } from "../../../packages/server/test/caldav/server.ts";
import {
  annAddress,
  benAddress,
  day,
  deliver,
  eventually,
  methodOf,
  outsiderAddress,
  password,
  type Stage,
  same,
  seen,
  someOf,
} from "./stage.ts";

/** Ben shares two calendars with Ann, one for reading, one for writing. */
export async function tellOfSharing(stage: Stage): Promise<void> {
  await share(stage);
  await writeInAnothers(stage);
}

const bens = "/dav/calendars/ben@example.test/";

async function share({ dav, recorder, thunderbird, step }: Stage): Promise<void> {
  await step(
    "Ben shares a calendar for reading and one for writing; Thunderbird finds both, and knows which is which",
    async () => {
      for (const [slug, access] of [
        ["team", "read"],
        ["desk", "write"],
      ] as const) {
        const body = `<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><d:displayname>Ben's ${slug}</d:displayname></d:prop></d:set></c:mkcalendar>`;
        same((await dav.request("ben", "MKCALENDAR", `${bens}${slug}/`, { body })).status, 201);
        const options = { body: JSON.stringify({ access }), headers: { "content-type": "application/json" } };
        const shared = await dav.request("ben", "PUT", `/api/calendars/${slug}/shares/${annAddress}`, options);
        same(shared.status, 200);
      }
      const found = await thunderbird.call<Found[]>("find", annAddress, password, recorder.url);
      const short = found.map(({ name, readOnly }) => `${name} ${readOnly ? "read" : "write"}`);
      same(
        short.toSorted((a, b) => a.localeCompare(b)),
        ["Ben's desk (Ben) write", "Ben's team (Ben) read", "Calendar write", "Other write"],
      );
      await thunderbird.call("subscribe");
      same((await thunderbird.call<{ readonly isReadOnly: boolean }>("refresh", "Ben's team (Ben)")).isReadOnly, true);
    },
  );
}

interface Found {
  readonly name: string;
  readonly readOnly: boolean;
}

async function writeInAnothers(stage: Stage): Promise<void> {
  const { dav, outsider, thunderbird, step } = stage;
  const [first, later] = [day(40), day(41)];
  await step("Ann reads in the one, and writes in the other, which Ben sees", async () => {
    const times = [`DTSTART:${first}T090000Z`, `DTEND:${first}T100000Z`];
    await dav.request("ben", "PUT", `${bens}team/a.ics`, { body: event("team@example.test", ...times) });
    same((await seen(stage, "Ben's team (Ben)", "team@example.test"))?.title, "Planning");
    const fields = { title: "Desk", start: `${first}T100000`, end: `${first}T110000` };
    const uid = await thunderbird.call<string>("add", "Ben's desk (Ben)", fields);
    same((await dav.request("ben", "GET", `${bens}desk/${uid}.ics`)).text.includes("SUMMARY:Desk"), true);
  });
  await step("Ann moves Ben's meeting: Olga has a mail in Ben's name, sent by Ann", async () => {
    const uid = "on-behalf@example.test";
    const guests = [`ORGANIZER;CN=Ben:mailto:${benAddress}`, `ATTENDEE;RSVP=TRUE:mailto:${outsiderAddress}`];
    const times = [`DTSTART:${first}T140000Z`, `DTEND:${first}T150000Z`];
    same((await dav.request("ben", "PUT", `${bens}desk/b.ics`, { body: event(uid, ...times, ...guests) })).status, 201);
    await deliver(stage);
    const before = (await outsider.messages()).length;
    same((await seen(stage, "Ben's desk (Ben)", uid))?.isInvitation, false);
    await thunderbird.call("change", "Ben's desk (Ben)", uid, { start: `${later}T150000`, end: `${later}T160000` });
    await deliver(stage);
    const [request = ""] = await eventually(async () => someOf((await outsider.messages()).slice(before)));
    same(methodOf(request), "REQUEST");
    same(request.includes(`DTSTART;TZID=Europe/Berlin:${later}T150000`), true);
    same(/^ORGANIZER.*SENT-BY="mailto:ann@example\.test".*:mailto:ben@example\.test$/m.test(request), true);
  });
  await step(
    "Ann invites Olga from Ben's calendar: the mail is Ben's, sent by Ann, though Thunderbird names Ann alone",
    async () => {
      const before = (await outsider.messages()).length;
      const fields = { title: "For Ben", start: `${first}T180000`, end: `${first}T190000`, guests: [outsiderAddress] };
      await thunderbird.call("add", "Ben's desk (Ben)", fields);
      await deliver(stage);
      const [request = ""] = await eventually(async () => someOf((await outsider.messages()).slice(before)));
      same(/^ORGANIZER.*SENT-BY="mailto:ann@example\.test".*:mailto:ben@example\.test$/m.test(request), true);
    },
  );
}

function event(uid: string, ...lines: readonly string[]): string {
  const own = [`UID:${uid}`, "DTSTAMP:20260101T080000Z", "SUMMARY:Planning"];
  return calendarText("BEGIN:VEVENT", ...own, ...lines, "END:VEVENT");
}
