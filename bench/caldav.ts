import { cpus, loadavg } from "node:os";
import { findPostgres, startCluster } from "../packages/server/test/store/postgres-server.ts";
import { openClient } from "./caldav-client.ts";
import { startOwn } from "./caldav-own.ts";
import type { Furnishing, Subject } from "./caldav-subject.ts";
import { measureGuests, measurePlain } from "./caldav-work.ts";
import { findCyrus, startCyrus } from "./cyrus.ts";

/** What is there before, and the events with guests that are written: how many guests, and how often. */
interface Extent extends Furnishing {
  readonly events: readonly (readonly [number, number])[];
}

const whole: Extent = {
  people: 1_010,
  askers: 20,
  calendars: { small: 500, large: 10_000 },
  events: [
    [1, 100],
    [10, 60],
    [100, 10],
    [1_000, 2],
  ],
};

/** Cyrus takes seconds for what has a hundred guests, and minutes for a house of a thousand. */
const besideCyrus: Extent = {
  people: 101,
  askers: 20,
  calendars: { small: 500 },
  events: [
    [10, 60],
    [100, 10],
  ],
};

/**
 * Measures what a calendar program gets of a whole server over one connection on loopback, each writing durable before it is answered:
 * with SQLite, and with PostgreSQL. Beside the requests a second it says the processor time of the server for one, which others who use
 * the machine change less.
 */
export async function benchCaldav(): Promise<void> {
  printHead("caldav");
  await measureAll(await startOwn("SQLite", "sqlite", whole), whole);
  if (!findPostgres()) return console.log("no PostgreSQL here: left out");
  const cluster = await startCluster();
  try {
    await measureAll(await startOwn("PostgreSQL", await cluster.createDatabase(), whole), whole);
  } finally {
    await cluster.close();
  }
}

/** Measures ours on SQLite and then Cyrus by the same program, with the same people, objects and questions, which both must answer alike. */
export async function benchCaldavCyrus(): Promise<void> {
  printHead("caldav-cyrus");
  const cyrus = findCyrus();
  if (typeof cyrus === "string") return console.log(`SKIPPED: ${cyrus}\n`);
  const ours = await measureAll(await startOwn("ours, SQLite", "sqlite", besideCyrus), besideCyrus);
  const theirs = await measureAll(await startCyrus(cyrus, besideCyrus), besideCyrus);
  if (ours !== theirs) throw new Error(`the queries found ${ours} objects of ours, and ${theirs} of Cyrus'`);
}

function printHead(name: string): void {
  console.log(`${name}: ${cpus()[0]?.model ?? "?"} x ${cpus().length}, Node ${process.version}; 1 connection\n`);
}

/** Measures a server that was started for it, ends it, and resolves to how many objects its queries found. */
async function measureAll(subject: Subject, { calendars, events }: Extent): Promise<number> {
  const client = await openClient(subject.port, 0);
  const running = { subject, client };
  const title = `${subject.name}; load before ${loadavg()[0]?.toFixed(1)}`;
  console.log(title.padEnd(40), "   per s  50th, ms  99th, ms  server CPU, ms");
  try {
    const found = await measurePlain(running, calendars);
    await measureGuests(running, events);
    return found;
  } finally {
    client.close();
    await subject.stop();
    console.log(`load after ${loadavg()[0]?.toFixed(1)}\n`);
  }
}
