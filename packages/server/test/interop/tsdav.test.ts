import { type DAVAccount, type DAVCalendar, type DAVCalendarObject, DAVClient } from "tsdav";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calendarText, type Dav, eventText, password, startDav } from "../caldav/server.ts";

let dav: Dav;
beforeAll(async () => {
  dav = await startDav(["ann", "ben"]);
});
afterAll(() => dav.close());

async function signIn(person: string): Promise<DAVClient> {
  const client = new DAVClient({
    serverUrl: dav.url,
    credentials: { username: `${person}@example.test`, password },
    authMethod: "Basic",
    defaultAccountType: "caldav",
  });
  await client.login();
  return client;
}

function accountOf({ account }: DAVClient): DAVAccount {
  if (!account) throw new Error("nobody has signed in");
  return account;
}

async function calendarOf(client: DAVClient, name: string): Promise<DAVCalendar> {
  const found = (await client.fetchCalendars()).find(({ displayName }) => displayName === name);
  if (!found) throw new Error(`there is no calendar ${name}`);
  return found;
}

/** Makes a calendar of one's own, and gives it as it is listed. */
async function makeCalendar(client: DAVClient, slug: string): Promise<DAVCalendar> {
  const url = `${dav.url}/dav/calendars/ann@example.test/${slug}/`;
  const [made] = await client.makeCalendar({ url, props: { "d:displayname": slug } });
  expect(made).toMatchObject({ ok: true, status: 201 });
  return calendarOf(client, slug);
}

describe("tsdav", () => {
  test("finds who is there from the root of the server", async () => {
    const client = await signIn("ann");
    expect(client.account).toMatchObject({
      rootUrl: `${dav.url}/dav/`,
      principalUrl: `${dav.url}/dav/principals/ann@example.test/`,
      homeUrl: `${dav.url}/dav/calendars/ann@example.test/`,
    });
    const addresses = await client.fetchCalendarUserAddresses({ account: accountOf(client) });
    expect(addresses).toContain("mailto:ann@example.test");
    const [calendar, ...others] = await client.fetchCalendars();
    expect(others).toEqual([]);
    expect(calendar?.components).toEqual(["VEVENT", "VTODO", "VJOURNAL"]);
    expect(calendar?.reports).toEqual(
      expect.arrayContaining(["calendarQuery", "calendarMultiget", "freeBusyQuery", "syncCollection"]),
    );
  });

  test("a wrong password finds nobody", async () => {
    const client = new DAVClient({
      serverUrl: dav.url,
      credentials: { username: "ann@example.test", password: "wrong" },
      authMethod: "Basic",
      defaultAccountType: "caldav",
    });
    await expect(client.login()).rejects.toThrow(/credentials/i);
  });

  test("makes, reads, changes and deletes an object, by its etag", async () => {
    const client = await signIn("ann");
    const calendar = await makeCalendar(client, "objects");
    const made = await client.createCalendarObject({ calendar, filename: "one.ics", iCalString: eventText("one") });
    expect(made.status).toBe(201);
    const again = await client.createCalendarObject({ calendar, filename: "one.ics", iCalString: eventText("one") });
    expect(again.status).toBe(412);
    const [object] = await client.fetchCalendarObjects({ calendar });
    expect(object?.data).toContain("SUMMARY:Planning");
    const changed = { ...object!, data: eventText("one", "SUMMARY:Changed") };
    expect((await client.updateCalendarObject({ calendarObject: changed })).status).toBe(204);
    expect((await client.updateCalendarObject({ calendarObject: changed })).status).toBe(412);
    expect((await client.deleteCalendarObject({ calendarObject: changed })).status).toBe(412);
    const [present] = await client.fetchCalendarObjects({ calendar });
    expect(present?.data).toContain("SUMMARY:Changed");
    expect((await client.deleteCalendarObject({ calendarObject: present! })).status).toBe(204);
    expect(await client.fetchCalendarObjects({ calendar })).toEqual([]);
  });

  test("asks for a time, and for what happens in it", async () => {
    const client = await signIn("ann");
    const calendar = await makeCalendar(client, "times");
    const put = (name: string, ...lines: readonly string[]) =>
      client.createCalendarObject({ calendar, filename: `${name}.ics`, iCalString: eventText(name, ...lines) });
    await put("weekly", "RRULE:FREQ=WEEKLY", "SUMMARY:Weekly");
    await put("once", "DTSTART:20270316T120000Z", "DTEND:20270316T130000Z", "SUMMARY:Once");
    await put("later", "DTSTART:20270401T120000Z", "DTEND:20270401T130000Z");
    const timeRange = { start: "2027-03-14T00:00:00Z", end: "2027-03-28T00:00:00Z" };
    const found = await client.fetchCalendarObjects({ calendar, timeRange });
    expect(found.map(({ url }) => url.split("/").at(-1)).toSorted()).toEqual(["once.ics", "weekly.ics"]);
    const expanded = await client.fetchCalendarObjects({ calendar, timeRange, expand: true });
    const weekly = expanded.find(({ url }) => url.endsWith("/weekly.ics"))?.data as string;
    expect(weekly).not.toContain("RRULE");
    expect([...weekly.matchAll(/^RECURRENCE-ID:(.*)\r?$/gm)].map((match) => match[1])).toEqual([
      "20270316T090000Z",
      "20270323T090000Z",
    ]);
    const busy = await client.freeBusyQuery({ url: calendar.url, timeRange });
    const periods = [...unfold(String(busy.raw)).matchAll(/^FREEBUSY[^:]*:(.*)\r?$/gm)].flatMap((match) =>
      match[1]?.split(","),
    );
    expect(periods).toEqual([
      "20270316T090000Z/20270316T100000Z",
      "20270316T120000Z/20270316T130000Z",
      "20270323T090000Z/20270323T100000Z",
    ]);
  });

  test("keeps tasks and journals", async () => {
    const client = await signIn("ann");
    const calendar = await makeCalendar(client, "tasks");
    const task = calendarText("BEGIN:VTODO", "UID:task", "DTSTAMP:20270301T080000Z", "SUMMARY:Buy milk", "END:VTODO");
    const journal = task.replaceAll("VTODO", "VJOURNAL").replaceAll("task", "journal");
    await client.createCalendarObject({ calendar, filename: "task.ics", iCalString: task });
    await client.createCalendarObject({ calendar, filename: "journal.ics", iCalString: journal });
    const ofType = async (name: string): Promise<readonly string[]> => {
      const filter = { _attributes: { name: "VCALENDAR" }, "comp-filter": { _attributes: { name } } };
      const found = await client.fetchCalendarObjects({ calendar, filters: { "comp-filter": filter } });
      return found.flatMap(({ data }) => String(data).match(/^UID:.*/m) ?? []);
    };
    expect(await ofType("VTODO")).toEqual(["UID:task"]);
    expect(await ofType("VJOURNAL")).toEqual(["UID:journal"]);
    expect(await ofType("VEVENT")).toEqual([]);
  });

  test("follows a large calendar, by sync-token and by ctag: what has changed, and no more", async () => {
    const client = await signIn("ann");
    const calendar = await makeCalendar(client, "large");
    const names = Array.from({ length: manyObjects }, (_, index) => `large-${index}`);
    for (const name of names) await put("ann", `large/${name}.ics`, eventText(name));
    const account = accountOf(client);
    const collection = { ...calendar, ...toolsOf(client, calendar), objects: [], syncToken: "", ctag: "" };
    const methods = ["webdav", "basic"] as const;
    const known = new Map<(typeof methods)[number], DAVCalendar>();
    for (const method of methods) {
      const begun = await client.smartCollectionSync({ collection, method, account });
      expect(begun.objects).toHaveLength(manyObjects);
      known.set(method, begun);
    }
    const [changed = "", removed = ""] = names;
    await put("ann", `large/${changed}.ics`, eventText(changed, "SUMMARY:Changed"), 204);
    await put("ann", "large/new.ics", eventText("large-new"));
    await dav.request("ann", "DELETE", `/dav/calendars/ann@example.test/large/${removed}.ics`);
    for (const [method, begun] of known) {
      const { objects } = await client.smartCollectionSyncDetailed({ collection: begun, method, account });
      const namesOf = (list: readonly DAVCalendarObject[]) => list.map(({ url }) => url.split("/").at(-1));
      expect(namesOf(objects.created)).toEqual(["new.ics"]);
      expect(namesOf(objects.updated)).toEqual([`${changed}.ics`]);
      expect(objects.updated[0]?.data).toContain("SUMMARY:Changed");
      expect(namesOf(objects.deleted)).toEqual([`${removed}.ics`]);
    }
  });

  test("follows all calendars: new ones, changed ones, and those that are gone", async () => {
    const client = await signIn("ann");
    const kept = await makeCalendar(client, "kept");
    const gone = await makeCalendar(client, "gone");
    await put("ann", "kept/first.ics", eventText("kept-first"));
    await client.deleteObject({ url: gone.url });
    await makeCalendar(client, "fresh");
    const found = await client.syncCalendarsDetailed({ oldCalendars: [kept, gone], account: accountOf(client) });
    expect(found.created.map(({ displayName }) => displayName)).toContain("fresh");
    expect(found.updated.map(({ displayName, objects }) => [displayName, objects?.length])).toEqual([["kept", 1]]);
    expect(found.deleted.map(({ url }) => url)).toEqual([gone.url]);
  });

  test("two people meet: invited, answered, moved, cancelled", async () => {
    const [ann, ben] = [await signIn("ann"), await signIn("ben")];
    const calendar = await calendarOf(ann, "Calendar");
    const bens = await calendarOf(ben, "Calendar");
    const guests = ["ORGANIZER:mailto:ann@example.test", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test"];
    const asked = "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ben@example.test";
    const iCalString = eventText("meeting", ...guests, asked);
    await ann.createCalendarObject({ calendar, filename: "meeting.ics", iCalString });
    await dav.server.worker.drain();
    const only = async (client: DAVClient, of: DAVCalendar): Promise<DAVCalendarObject & { data: string }> => {
      const [object, ...others] = await client.fetchCalendarObjects({ calendar: of });
      expect(others).toEqual([]);
      return { ...object!, data: unfold(object?.data as string) };
    };
    const invited = await only(ben, bens);
    expect(invited.data).toMatch(/PARTSTAT=NEEDS-ACTION[^\r]*:mailto:ben@example.test/);
    const data = invited.data.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
    expect((await ben.updateCalendarObject({ calendarObject: { ...invited, data } })).ok).toBe(true);
    await dav.server.worker.drain();
    const answered = await only(ann, calendar);
    expect(answered.data).toMatch(/PARTSTAT=ACCEPTED[^\r]*:mailto:ben@example.test/);
    dav.clock.now += 3_600;
    const moved = answered.data.replace("20270302T090000Z", "20270303T090000Z").replace("20270302T10", "20270303T10");
    expect((await ann.updateCalendarObject({ calendarObject: { ...answered, data: moved } })).ok).toBe(true);
    await dav.server.worker.drain();
    const seen = await only(ben, bens);
    expect(seen.data).toContain("DTSTART:20270303T090000Z");
    expect(seen.data).toMatch(/PARTSTAT=NEEDS-ACTION[^\r]*:mailto:ben@example.test/);
    expect((await ann.deleteCalendarObject({ calendarObject: await only(ann, calendar) })).ok).toBe(true);
    await dav.server.worker.drain();
    expect((await only(ben, bens)).data).toContain("STATUS:CANCELLED");
  });
});

const manyObjects = 120;

/** What tsdav calls to fetch what has changed. */
function toolsOf(client: DAVClient, calendar: DAVCalendar) {
  return {
    objectMultiGet: (params: Parameters<DAVClient["calendarMultiGet"]>[0]) =>
      client.calendarMultiGet({ ...params, fetchOptions: {} }),
    fetchObjects: () => client.fetchCalendarObjects({ calendar }),
  };
}

async function put(person: string, path: string, body: string, status = 201): Promise<void> {
  const reply = await dav.request(person, "PUT", `/dav/calendars/${person}@example.test/${path}`, { body });
  expect(reply.status).toBe(status);
}

function unfold(text: string): string {
  return text.replaceAll(/\r?\n[ \t]/g, "");
}
