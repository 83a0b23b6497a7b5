import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPostgres, startCluster } from "../packages/server/test/store/postgres-server.ts";
import { addOne, houseOver, writeMeeting } from "./house.ts";
import { guestsOfMeeting, meetings, type Order, openBenchStore, people, type Report } from "./server-node.ts";

/** What is measured: how many operations all nodes together do. */
const workloads: readonly {
  readonly name: string;
  readonly order: Omit<Order, "first" | "last">;
  readonly count: number;
}[] = [
  { name: "REPLYs by mail", order: { kind: "reply" }, count: 2_000 },
  { name: "new invitations by mail", order: { kind: "invitation" }, count: 2_000 },
  { name: "events with 1 local guest", order: { kind: "event", guests: 1 }, count: 600 },
  { name: "events with 10 local guests", order: { kind: "event", guests: 10 }, count: 200 },
  { name: "events with 100 local guests", order: { kind: "event", guests: 100 }, count: 30 },
  { name: "events with 1,000 local guests", order: { kind: "event", guests: 1_000 }, count: 6 },
];

/**
 * Measures what a whole node does in a second, each operation durable before it counts, eight at a time on each node: with SQLite,
 * with PostgreSQL, and with two nodes on one PostgreSQL. The copies of local guests are counted until the last one is there.
 */
export async function benchServer(): Promise<void> {
  console.log(
    `server: ${cpus()[0]?.model ?? "?"} x ${cpus().length}, Node ${process.version}; nodes and database share the machine\n`,
  );
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const cluster = findPostgres() ? await startCluster() : undefined;
  try {
    await measure("SQLite", join(folder, "bench.sqlite"), 1);
    if (!cluster) return console.log("no PostgreSQL here: left out");
    await measure("PostgreSQL, 1 node", await cluster.createDatabase(), 1);
    await measure("PostgreSQL, 2 nodes", await cluster.createDatabase(), 2);
  } finally {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(name: string, place: string, nodes: number): Promise<void> {
  await fill(place);
  console.log(name.padEnd(34), "    per s   50th, ms   99th, ms   copies per s");
  const running = await Promise.all(Array.from({ length: nodes }, () => startNode(place)));
  try {
    for (const { name: what, order, count } of workloads) {
      await run(running, order, nodes * 4, 0);
      const { seconds, reports } = await run(running, order, count, 5_000);
      const took = reports.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
      const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
      const copies = order.kind === "event" ? ((count * (order.guests ?? 0)) / seconds).toFixed(0) : "";
      const written = Math.max(...reports.map((report) => report.writing)) / 1_000;
      console.log(
        what.padEnd(34),
        (count / written).toFixed(count / written < 100 ? 1 : 0).padStart(9),
        at(0.5).toFixed(1).padStart(10),
        at(0.99).toFixed(1).padStart(10),
        copies.padStart(14),
      );
    }
  } finally {
    for (const node of running) node.kill();
  }
  console.log();
}

/** Adds the people, and the meetings that are answered. */
async function fill(place: string): Promise<void> {
  const store = await openBenchStore(place);
  const house = houseOver(store);
  for (let i = 0; i < people; i++) {
    const person = await addOne(store, i);
    if (i < meetings) await writeMeeting(house, person, guestsOfMeeting(), `meeting${i}@example.test`);
  }
  await store.close();
}

async function startNode(place: string): Promise<ChildProcess> {
  const node = fork(fileURLToPath(new URL("server-node.ts", import.meta.url)), [place]);
  await once(node, "message");
  return node;
}

/** Shares the operations out over the nodes and waits until all have reported. */
async function run(nodes: readonly ChildProcess[], order: Omit<Order, "first" | "last">, count: number, from: number) {
  const began = performance.now();
  const share = count / nodes.length;
  const reports = nodes.map(async (node, i): Promise<Report> => {
    const answered = once(node, "message");
    node.send({ ...order, first: from + i * share, last: from + (i + 1) * share } satisfies Order);
    const [report] = (await answered) as [Report];
    if (report.error) throw new Error(report.error);
    return report;
  });
  return { reports: await Promise.all(reports), seconds: (performance.now() - began) / 1_000 };
}
