import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { findPostgres, startCluster } from "../packages/server/test/store/postgres-server.ts";
import { type Client, openClient, type Reply } from "./caldav-client.ts";
import { type Answer, calendars, type Question } from "./caldav-node.ts";
import {
  answerText,
  eventText,
  freeBusyBody,
  multigetBody,
  propfindBody,
  queryBody,
  syncBody,
} from "./caldav-texts.ts";

/** A whole server in a process of its own, and the connection of the first person's program. */
interface Running {
  readonly node: ChildProcess;
  readonly port: number;
  readonly client: Client;
}

/**
 * Measures what a calendar program gets of a whole server over one connection on loopback, each writing durable before it is answered:
 * with SQLite, and with PostgreSQL. Beside the requests a second it says the processor time of the server for one, which others who use
 * the machine change less.
 */
export async function benchCaldav(): Promise<void> {
  const [load = 0] = loadavg();
  console.log(
    `caldav: ${cpus()[0]?.model ?? "?"} x ${cpus().length}, Node ${process.version}; 1 connection; load before ${load.toFixed(1)}\n`,
  );
  await measureAll("SQLite", "sqlite");
  if (!findPostgres()) return console.log("no PostgreSQL here: left out");
  const cluster = await startCluster();
  try {
    await measureAll("PostgreSQL", await cluster.createDatabase());
  } finally {
    await cluster.close();
  }
}

async function measureAll(name: string, place: string): Promise<void> {
  const node = fork(fileURLToPath(new URL("caldav-node.ts", import.meta.url)), [place]);
  const [{ port }] = (await once(node, "message")) as [{ port: number }];
  const client = await openClient(port, 0);
  const running: Running = { node, port, client };
  console.log(name.padEnd(40), "   per s  50th, ms  99th, ms  server CPU, ms");
  try {
    await measurePlain(running);
    await measureGuests(running);
  } finally {
    client.close();
    await ask(node, "stop");
    node.kill();
  }
  console.log();
}

const home = "/dav/calendars/person0@example.test/";
const own = `${home}calendar/`;
const small = `${home}small/`;
const large = `${home}large/`;

/** What is the owner's alone: in a calendar of 500 objects, and in one of 10,000. */
async function measurePlain(running: Running): Promise<void> {
  const { client } = running;
  const put = (i: number, changed: number) =>
    client.request("PUT", `${own}plain-${i}.ics`, eventText(`plain-${i}`, i + changed));
  for (let i = 0; i < 50; i++) expect(await put(-1 - i, 0), 201);
  await measure(running, "PUT, no guests", 300, (i) => put(i, 0), 201);
  await measure(running, "PUT over it, no guests", 200, (i) => put(i, 1), 204);
  const count = calendars.large;
  await measure(running, "GET", 500, (i) => client.request("GET", `${large}large-${(i * 7) % count}.ics`));
  await measure(running, "PROPFIND depth 1, 500 objects", 20, () => listing(client, small), 207);
  await measureSync(running);
  for (const [slug, objects] of Object.entries(calendars)) {
    for (const data of [false, true]) {
      const what = `query, a week of ${objects}${data ? ", with data" : ""}`;
      const query = (i: number) => client.request("REPORT", `${home}${slug}/`, queryBody(i, data));
      await measure(running, what, 100, query, 207);
    }
  }
  const paths = (i: number) => Array.from({ length: 50 }, (_, k) => `${large}large-${(i * 50 + k) % count}.ics`);
  await measure(running, "multiget of 50", 50, (i) => client.request("REPORT", large, multigetBody(paths(i))), 207);
  await measure(running, "free-busy-query, a year of 500", 30, () => client.request("REPORT", small, freeBusyBody()));
  await measure(running, "free-busy-query, a year of 10,000", 5, () => client.request("REPORT", large, freeBusyBody()));
}

function listing(client: Client, calendar: string): Promise<Reply> {
  return client.request("PROPFIND", calendar, propfindBody, { Depth: "1" });
}

async function measureSync(running: Running): Promise<void> {
  const { client } = running;
  const sync = (token: string) => client.request("REPORT", large, syncBody(token));
  const before = tokenOf(await sync(""));
  for (let i = 0; i < 10; i++) {
    expect(await client.request("PUT", `${large}large-${i}.ics`, eventText(`large-${i}`, i + 2)), 204);
  }
  const reply = await sync(before);
  if (reply.body.split("<d:response>").length !== 11) throw new Error(`other than 10 changes: ${reply.body}`);
  await measure(running, "sync-collection, 10 changes of 10,000", 200, () => sync(before), 207);
  const now = tokenOf(reply);
  await measure(running, "sync-collection, nothing new", 1_000, () => sync(now), 207);
}

function tokenOf({ body }: Reply): string {
  const token = /<d:sync-token>([^<]*)</.exec(body)?.[1];
  if (token === undefined) throw new Error(`no token: ${body}`);
  return token;
}

/** What concerns others of the house. */
async function measureGuests(running: Running): Promise<void> {
  const { node, client, port } = running;
  for (const [guests, count] of [
    [1, 100],
    [10, 60],
    [100, 10],
    [1_000, 2],
  ] as const) {
    const began = performance.now();
    const write = (i: number) =>
      client.request("PUT", `${own}with-${guests}-${i}.ics`, eventText(`with-${guests}-${i}`, i, guests));
    await measure(running, `PUT, ${guests} local guests`, count, write, 201);
    await ask(node, "delivered");
    const seconds = (performance.now() - began) / 1_000;
    const copies = (count * guests) / seconds;
    console.log(`  ${"all copies there".padEnd(38)} ${seconds.toFixed(1)} s, ${copies.toFixed(0)} copies per s`);
  }
  const guest = await openClient(port, 1);
  const guests = "/dav/calendars/person1@example.test/calendar/";
  // By their UIDs, as a guest's program finds them.
  const found = new Map<number, string>();
  const all = await guest.request("REPORT", guests, syncBody(""));
  for (const [, href = ""] of all.body.matchAll(/<d:href>([^<]*)</g)) {
    const { body } = await guest.request("GET", href);
    const number = /^UID:with-10-(\d+)\r$/m.exec(body)?.[1];
    if (number !== undefined) found.set(Number(number), href);
  }
  const answer = (i: number) => guest.request("PUT", found.get(i) ?? "", answerText(`with-10-${i}`, i, 10, 1));
  await measure(running, "an attendee's answer, 10 guests", 50, answer, 204);
  await ask(node, "delivered");
  guest.close();
}

/** Does it so often, one after the other, and prints what it took. */
async function measure(
  { node }: Running,
  name: string,
  count: number,
  work: (i: number) => Promise<Reply>,
  status = 0,
): Promise<void> {
  const took: number[] = [];
  const before = await usedBy(node);
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const reply = await work(i);
    took.push(performance.now() - start);
    if (status === 0 ? reply.status >= 300 : reply.status !== status) expect(reply, status);
  }
  const seconds = (performance.now() - began) / 1_000;
  const cpu = ((await usedBy(node)) - before) / count;
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  const perSecond = count / seconds;
  console.log(
    name.padEnd(40),
    perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(8),
    at(0.5).toFixed(2).padStart(9),
    at(0.99).toFixed(2).padStart(9),
    cpu.toFixed(2).padStart(15),
  );
}

function expect({ status, head, body }: Reply, wanted: number): void {
  if (status !== wanted) throw new Error(`answered otherwise than ${wanted}: ${head}\n\n${body}`);
}

async function ask(node: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(node, "message");
  node.send(question);
  const [answer] = (await answered) as [Answer];
  return answer;
}

async function usedBy(node: ChildProcess): Promise<number> {
  const answer = await ask(node, "used");
  return typeof answer === "object" && "cpu" in answer ? answer.cpu : 0;
}
