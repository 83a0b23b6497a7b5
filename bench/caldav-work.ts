import { type Client, openClient, type Reply } from "./caldav-client.ts";
import { expect, measure, type Running } from "./caldav-measure.ts";
import type { Subject } from "./caldav-subject.ts";
import {
  answerText,
  eventText,
  freeBusyBody,
  multigetBody,
  propfindBody,
  queryBody,
  syncBody,
} from "./caldav-texts.ts";

/** The first person's calendars by the last segment of their URLs, with how many objects each has; the largest is the last. */
export type Calendars = Readonly<Record<string, number>>;

/** Says of an answer how many objects it lists. */
const listed = ({ body }: Reply): number => body.split("<d:response>").length - 1;

/** One level down. */
const below = { Depth: "1" };

/** Measures what is the owner's alone. Resolves to how many objects all queries found: the same at every server. */
export async function measurePlain(running: Running, calendars: Calendars): Promise<number> {
  const { client, subject } = running;
  const home = subject.home(0);
  const [[slug, count]] = Object.entries(calendars).slice(-1) as [[string, number]];
  const largest = `${home}${slug}/`;
  const small = Object.keys(calendars)[0] ?? "";
  await measurePut(running);
  await measure(running, "GET", 2_000, (i) => client.request("GET", `${largest}${slug}-${(i * 7) % count}.ics`));
  const listing = () => client.request("PROPFIND", `${home}${small}/`, propfindBody, below);
  await measure(running, `PROPFIND depth 1, ${calendars[small]} objects`, 20, listing, 207);
  await measureSync(running, slug, count);
  let found = 0;
  for (const [name, objects] of Object.entries(calendars)) {
    found += await measureQuery(running, name, objects, false);
    found += await measureQuery(running, name, objects, true);
  }
  const paths = (i: number) => Array.from({ length: 50 }, (_, k) => `${largest}${slug}-${(i * 50 + k) % count}.ics`);
  await measure(running, "multiget of 50", 50, (i) => client.request("REPORT", largest, multigetBody(paths(i))), 207);
  for (const [name, objects] of Object.entries(calendars)) {
    const what = `free-busy-query, a year of ${written(objects)}`;
    const busy = () => client.request("REPORT", `${home}${name}/`, freeBusyBody(), below);
    await measure(running, what, objects > 1_000 ? 5 : 30, busy);
  }
  return found;
}

function written(count: number): string {
  return count.toLocaleString("en-GB");
}

async function measurePut(running: Running): Promise<void> {
  const put = (i: number, changed: number) =>
    running.client.request("PUT", ownPath(running.subject, `plain-${i}`), eventText(`plain-${i}`, i + changed));
  for (let i = 0; i < 50; i++) expect(await put(-1 - i, 0), 201);
  await measure(running, "PUT, no guests", 1_500, (i) => put(i, 0), 201);
  await measure(running, "PUT over it, no guests", 500, (i) => put(i, 1), 204);
}

/** Where the first person's programs put what is new. */
function ownPath({ home, calendar }: Subject, name: string): string {
  return `${home(0)}${calendar}/${name}.ics`;
}

async function measureSync(running: Running, slug: string, count: number): Promise<void> {
  const { client, subject } = running;
  const calendar = `${subject.home(0)}${slug}/`;
  const sync = (token: string) => client.request("REPORT", calendar, syncBody(token));
  const before = tokenOf(await sync(""));
  for (let i = 0; i < 10; i++) {
    const name = `${slug}-${i}`;
    expect(await client.request("PUT", `${calendar}${name}.ics`, eventText(name, i + 2)), 204);
  }
  const reply = await sync(before);
  if (listed(reply) !== 10) throw new Error(`other than 10 changes: ${reply.body}`);
  await measure(running, `sync-collection, 10 changes of ${written(count)}`, 200, () => sync(before), 207);
  const now = tokenOf(reply);
  await measure(running, "sync-collection, nothing new", 3_000, () => sync(now), 207);
}

function tokenOf({ body }: Reply): string {
  const token = /<d:sync-token>([^<]*)</.exec(body)?.[1];
  if (token === undefined) throw new Error(`no token: ${body}`);
  return token;
}

async function measureQuery(running: Running, slug: string, objects: number, data: boolean): Promise<number> {
  const { client, subject } = running;
  let found = 0;
  const query = async (i: number): Promise<Reply> => {
    const reply = await client.request("REPORT", `${subject.home(0)}${slug}/`, queryBody(i, data), below);
    found += listed(reply);
    return reply;
  };
  await measure(
    running,
    `query, a week of ${written(objects)}${data ? ", with data" : ""}`,
    objects > 1_000 ? 100 : 400,
    query,
    207,
  );
  return found;
}

/** Measures what concerns others of the house: events of so many guests, each so often, and a guest's answers to those of 10. */
export async function measureGuests(running: Running, events: readonly (readonly [number, number])[]): Promise<void> {
  const { client, subject } = running;
  for (const [guests, count] of events) {
    const began = performance.now();
    const name = (i: number) => `with-${guests}-${i}`;
    const write = (i: number) => client.request("PUT", ownPath(subject, name(i)), eventText(name(i), i, guests));
    await measure(running, `PUT, ${written(guests)} local guests`, count, write, 201);
    await subject.delivered();
    const seconds = (performance.now() - began) / 1_000;
    const copies = (count * guests) / seconds;
    console.log(`  ${"all copies there".padEnd(38)} ${seconds.toFixed(1)} s, ${copies.toFixed(0)} copies per s`);
  }
  const guest = await openClient(subject.port, 1);
  const found = await findCopies(guest, `${subject.home(1)}${subject.calendar}/`);
  const answer = (i: number) => guest.request("PUT", found.get(i) ?? "", answerText(`with-10-${i}`, i, 10, 1));
  await measure(running, "an attendee's answer, 10 guests", 50, answer, 204);
  await subject.delivered();
  guest.close();
  const { body } = await client.request("GET", ownPath(subject, "with-10-0"));
  if (!body.replaceAll("\r\n ", "").includes("PARTSTAT=ACCEPTED")) throw new Error(`the answer has not come: ${body}`);
}

/** Finds the copies of the events of 10 guests by their UIDs, as a guest's program does; by their numbers. */
async function findCopies(guest: Client, calendar: string): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const all = await guest.request("REPORT", calendar, syncBody(""));
  for (const [, href = ""] of all.body.matchAll(/<d:href>([^<]*)</g)) {
    const { body } = await guest.request("GET", href);
    const number = /^UID:with-10-(\d+)\r$/m.exec(body)?.[1];
    if (number !== undefined) found.set(Number(number), href);
  }
  return found;
}
