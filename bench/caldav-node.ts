import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { hashPassword } from "../packages/server/src/auth/passwords.ts";
import type { Config } from "../packages/server/src/config.ts";
import type { House } from "../packages/server/src/scheduling/house.ts";
import { importObjects } from "../packages/server/src/scheduling/import-objects.ts";
import { type Server, startServer } from "../packages/server/src/server.ts";
import type { Principal } from "../packages/server/src/store/store.ts";
import type { Furnishing } from "./caldav-subject.ts";
import { eventLines, password } from "./caldav-texts.ts";
import { addOne, clock } from "./house.ts";

// The server of the CalDAV benchmark: a process that tells its port, and when asked what processor time it took and that all is delivered.

/** What the server is asked. */
export type Question = "used" | "delivered" | "stop";

/** What it answers: the port once, processor time in milliseconds, or that it did it. */
export type Answer = { readonly port: number } | { readonly cpu: number } | "done";

const [place, furnishing] = process.argv.slice(2);
if (process.send && place && furnishing) {
  const data = await mkdtemp(join(tmpdir(), "parley-caldav-"));
  const server = await start(place, data, JSON.parse(furnishing) as Furnishing);
  process.on(
    "message",
    (question: Question) => void answer(server, data, question).then((said) => process.send?.(said)),
  );
  process.send({ port: server.httpPort } satisfies Answer);
}

/** Starts the whole program over an SQLite file of its own or a PostgreSQL, with all its people. */
async function start(database: string, data: string, { people, askers, calendars }: Furnishing): Promise<Server> {
  const config: Config = {
    data,
    ...(database.startsWith("postgresql://") && { database: { url: database } }),
    domains: ["example.test"],
    http: { host: "127.0.0.1", port: 0 },
    lmtp: { host: "127.0.0.1", port: 0 },
    outbox: join(data, "outbox"),
    delivery: { pauseSeconds: 0 },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
    trust: { authservIds: [], relay: false },
  };
  const world = {
    clock: () => clock,
    random: () => 0.5,
    randomBytes: (count: number) => randomBytes(count),
    logger: pino({ level: "error" }),
  };
  const server = await startServer(config, { tryOut: false, webRoot: join(data, "web") }, world);
  const hash = await hashPassword(password);
  for (let i = 0; i < people; i++) {
    const person = await addOne(server.house.store, i);
    if (i < askers) await server.house.store.write(({ principals }) => principals.setPasswordHash(person.id, hash));
    if (i === 0) await fill(server.house, person, calendars);
  }
  return server;
}

async function fill(house: House, person: Principal, calendars: Furnishing["calendars"]): Promise<void> {
  for (const [slug, count] of Object.entries(calendars)) {
    const made = await house.store.write((transaction) => transaction.calendars.add(person.id, { slug, name: slug }));
    if (typeof made === "string") throw new Error(made);
    const events = Array.from({ length: count }, (_, i) => eventLines(`${slug}-${i}`, i));
    const text = ["BEGIN:VCALENDAR", "VERSION:2.0", ...events.flat(), "END:VCALENDAR", ""].join("\r\n");
    const imported = await importObjects(house, { caller: person, owner: person }, made.id, text);
    if (imported.kind !== "done" || imported.added.length !== count) throw new Error(JSON.stringify(imported));
  }
}

async function answer({ house, worker, close }: Server, data: string, question: Question): Promise<Answer> {
  switch (question) {
    case "used": {
      const { user, system } = process.cpuUsage();
      return { cpu: (user + system) / 1_000 };
    }
    case "delivered":
      while ((await house.store.read(({ deliveries }) => deliveries.nextDue())) !== undefined) await worker.drain();
      return "done";
    case "stop":
      await close();
      await rm(data, { recursive: true, force: true });
      return "done";
  }
}
