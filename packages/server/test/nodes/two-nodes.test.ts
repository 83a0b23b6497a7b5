import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashPassword } from "../../src/auth/passwords.ts";
import type { Config } from "../../src/config.ts";
import { addAccount } from "../../src/people.ts";
import { ann, ben, password } from "../api/api.ts";
import { replyOf } from "../scheduling/house.ts";
import { openAnyStore } from "../store/benches.ts";
import { until } from "../store/contract-notices.ts";
import { emptyDatabase, skipsPostgres } from "../store/postgres.ts";
import { listenAt } from "./events.ts";
import { type NodeProcess, startNode } from "./node-process.ts";

const room = "blue@example.test";
const guests = Array.from({ length: 24 }, (_, guest) => `guest${guest}@partner.test`);
/** A worker that was killed keeps what it had so long, in seconds. */
const beyondLease = 400;

/** Two nodes on one database, and a relay that takes their mail. */
interface Pair {
  readonly nodes: readonly [NodeProcess, NodeProcess];
  readonly url: string;
  /** Message-IDs of the mail the relay took, in order. */
  readonly relayed: readonly { readonly id: string; readonly to: string }[];
}

const closing: (() => unknown)[] = [];

async function startPair(): Promise<Pair> {
  const url = await emptyDatabase();
  const relayed: { id: string; to: string }[] = [];
  const port = await startRelay((id, to) => relayed.push({ id, to }));
  const data = mkdtempSync(join(tmpdir(), "parley-nodes-"));
  closing.push(() => rmSync(data, { recursive: true, force: true }));
  await addPeople(url);
  const config: Config = {
    data,
    database: { url },
    domains: ["example.test"],
    http: { host: "127.0.0.1", port: 0 },
    lmtp: { host: "127.0.0.1", port: 0 },
    smtp: { host: "127.0.0.1", port, secure: false, requireTls: false },
    outbox: join(data, "outbox"),
    delivery: { pauseSeconds: 0 },
    trust: { authservIds: [], relay: true },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
  };
  const [one, other] = await Promise.all([startNode(config), startNode(config)]);
  closing.push(() => Promise.all([one.kill(), other.kill()]));
  return { nodes: [one, other], url, relayed };
}

async function startRelay(took: (id: string, to: string) => void): Promise<number> {
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, { envelope }, done) {
      let raw = "";
      stream.on("data", (chunk) => (raw += String(chunk)));
      stream.on("end", () => {
        const id = /^Message-ID:\s*(\S+)/im.exec(raw)?.[1] ?? "";
        for (const { address } of envelope.rcptTo) took(id, address);
        done();
      });
    },
  });
  closing.push(() => new Promise<void>((closed) => server.close(() => closed())));
  return new Promise((resolve) => {
    const listener = server.listen(0, "127.0.0.1", () => {
      const bound = listener.address();
      resolve(typeof bound === "object" && bound ? bound.port : 0);
    });
  });
}

async function addPeople(url: string): Promise<void> {
  const store = await openAnyStore(url);
  const hash = await hashPassword(password);
  for (const [name, address] of [
    ["Ann Archer", ann],
    ["Ben Baker", ben],
  ] as const) {
    const { id } = await addAccount(store, { name, addresses: [address], timezone: "UTC" });
    await store.write(({ principals }) => principals.setPasswordHash(id, hash));
  }
  const booking = { policy: "accept" } as const;
  await addAccount(store, { kind: "room", name: "Blue", addresses: [room], timezone: "UTC", booking });
  await store.close();
}

function meeting(summary: string, addresses: readonly string[], hour = 10) {
  const at = (time: number): string => `2027-03-05T${String(time).padStart(2, "0")}:00:00Z`;
  return { summary, start: at(hour), end: at(hour + 1), attendees: addresses.map((address) => ({ address })) };
}

/** Does something at one node, and where that is gone at the other. */
async function atEither<Result>(
  nodes: readonly [NodeProcess, NodeProcess],
  first: number,
  work: (node: NodeProcess) => Promise<Result | undefined>,
): Promise<Result> {
  for (let time = first; time < first + 200; time++) {
    const done = await work(nodes[time % 2 === 0 ? 0 : 1]);
    if (done !== undefined) return done;
    await sleep(25);
  }
  throw new Error("neither node could do it");
}

/** Adds a guest to an event as it is by then: who comes too late looks again. */
function addGuest({ nodes }: Pair, first: number, id: string, guest: string): Promise<true> {
  return atEither(nodes, first, async (node) => {
    const seen = await node.call(ben, "GET", `/api/events/${id}`);
    if (seen.status !== 200) return undefined;
    const present: string[] = seen.body.attendees.map(({ address }: { address: string }) => address);
    if (present.includes(guest)) return true;
    const wanted = meeting("Board", [...present.filter((address) => address !== ben), guest]);
    const { status } = await node.call(ben, "PUT", `/api/events/${id}`, wanted, seen.etag);
    return status === 200 ? true : undefined;
  });
}

/** Makes an event; who is not answered looks whether it is there. */
function create({ nodes }: Pair, first: number, by: string, event: ReturnType<typeof meeting>): Promise<string> {
  return atEither(nodes, first, async (node) => {
    const listed = await node.call(by, "GET", "/api/events?from=2027-03-01T00:00:00Z&to=2027-03-10T00:00:00Z");
    if (listed.status !== 200) return undefined;
    const there = listed.body.events.find(({ summary }: { summary: string }) => summary === event.summary);
    if (there) return there.id;
    const { status, body } = await node.call(by, "POST", "/api/events", event);
    return status === 201 ? body.id : undefined;
  });
}

async function rowsOf<Row>(url: string, query: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until nothing is on its way any more. */
async function untilCarried(url: string): Promise<void> {
  for (let waited = 0; waited < 200; waited++) {
    const [row] = await rowsOf<{ left: string }>(url, "select count(*) as left from deliveries where finished = 0");
    if (row?.left === "0") return;
    await sleep(100);
  }
  throw new Error("the mail never comes to rest");
}

// What several nodes may be relied on for. Decisions 0026 and 0031.
describe.skipIf(skipsPostgres)("two nodes on one database", { timeout: 60_000 }, () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  }, 60_000);
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  test("see what the other does, wake each other, and run each job once", async () => {
    const { nodes, url, relayed } = pair;
    const [one, other] = nodes;
    const told = await listenAt(other.httpPort, { as: ann });
    await until(() => told.text().includes("event: anew"), "the other node's greeting");
    const { body } = await one.call(ann, "POST", "/api/events", meeting("Planning", [guests[0] ?? ""]));
    await until(() => told.events.includes(`object ${ann} ${body.uid}`), "the event at the other node");
    await until(() => relayed.length === 1, "the invitation");
    expect(await one.deliver(guests[0] ?? "", ann, replyOf(guests[0] ?? "", "ACCEPTED", body.uid))).toBe(true);
    const seen = await other.call(ann, "GET", `/api/events/${body.id}`);
    expect(seen.body.attendees.map(({ partstat }: { partstat: string }) => partstat)).toContain("ACCEPTED");
    const jobs = await rowsOf<{ name: string; runs: string }>(url, "select name, runs from jobs");
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.map(({ name, runs }) => [name, Number(runs)])).toEqual(jobs.map(({ name }) => [name, 1]));
    told.close();
  });

  test("lose no change, book no room twice and send no mail under two names, though one is killed", async () => {
    const { nodes, url, relayed } = pair;
    const id = await create(pair, 0, ann, meeting("Big planning", guests));
    const board = await create(pair, 1, ben, meeting("Board", []));
    await untilCarried(url);
    const [planning] = await rowsOf<{ uid: string }>(url, `select uid from objects where id = ${Number(id)}`);
    const replies = guests.flatMap((guest, number) =>
      [0, 1].map((copy) =>
        atEither(nodes, number + copy, async (node) => {
          const kept = await node.deliver(guest, ann, replyOf(guest, "ACCEPTED", planning?.uid));
          return kept ? true : undefined;
        }),
      ),
    );
    const edits = guests.slice(0, 8).map((guest, number) => addGuest(pair, number, board, guest));
    const bookings = [0, 1, 2, 3, 4, 5].map((number) =>
      create(pair, number, number % 2 === 0 ? ann : ben, meeting(`Blue ${number}`, [room], 15)),
    );
    await Promise.race([Promise.all(replies.slice(0, 10)), sleep(3_000)]);
    await nodes[0].kill();
    await Promise.all([...replies, ...edits, ...bookings]);
    // What the killed one had in its hands comes up again when its lease has run out.
    nodes[1].setAhead(beyondLease);
    await untilCarried(url);
    await expectWhole(pair, { planning: id, board, bookings: await Promise.all(bookings) });
    expect(relayed.length).toBeGreaterThanOrEqual(guests.length + 8);
    expect(await nodes[1].stop()).toBe(0);
  });
});

async function expectWhole(
  { nodes: [, node], url, relayed }: Pair,
  made: { readonly planning: string; readonly board: string; readonly bookings: readonly string[] },
): Promise<void> {
  const answersOf = async (by: string, id: string): Promise<ReadonlyMap<string, string>> => {
    const { body } = await node.call(by, "GET", `/api/events/${id}`);
    const all: { address: string; partstat: string }[] = body.attendees;
    return new Map(all.map(({ address, partstat }) => [address, partstat]));
  };
  const answers = await answersOf(ann, made.planning);
  expect(guests.filter((guest) => answers.get(guest) !== "ACCEPTED")).toEqual([]);
  const board = await answersOf(ben, made.board);
  expect(guests.slice(0, 8).filter((guest) => !board.has(guest))).toEqual([]);
  const booked = await Promise.all(
    made.bookings.map(async (id, number) => (await answersOf(number % 2 === 0 ? ann : ben, id)).get(room)),
  );
  expect(booked.sort()).toEqual(["ACCEPTED", "DECLINED", "DECLINED", "DECLINED", "DECLINED", "DECLINED"]);
  const replies = await rowsOf<{ count: string }>(
    url,
    `select count(*) as count from messages m join objects o on o.uid = m.uid
     where o.id = ${Number(made.planning)} and m.method = 'REPLY' and m.direction = 'in'`,
  );
  expect(replies.map(({ count }) => Number(count))).toEqual([guests.length]);
  // Everything that was to leave has reached the relay, under its one name, and nothing else has.
  const sent = await rowsOf<{ message_id: string }>(
    url,
    "select message_id from deliveries where recipient like '%@partner.test' and state in ('handed-over', 'answered')",
  );
  expect(new Set(relayed.map(({ id }) => id))).toEqual(new Set(sent.map(({ message_id }) => message_id)));
  const unfinished = await rowsOf(
    url,
    "select id from deliveries where state not in ('handed-over', 'answered', 'superseded')",
  );
  expect(unfinished).toEqual([]);
}
