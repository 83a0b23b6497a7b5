import type { Cluster } from "../store/postgres-server.ts";
import { type Cut, type CuttingProxy, startCuttingProxy } from "./cutting-proxy.ts";
import type { Figures } from "./figures.ts";
import { count } from "./memory.ts";
import { pick } from "./random.ts";
import { expectRunning, type Hurt, playRounds, type RunOptions, untilAcknowledged } from "./rounds.ts";

const cutsOfARound = 4;
/** Changes acknowledged between cuts, at most; the time for which one waits for what is to be cut, in milliseconds. */
const [mostChanges, patience] = [5, 1_000];
const mostOctets = 20_000;

/** Cuts connections between the server and PostgreSQL under load: anywhere, and around COMMIT. */
export async function runCuts(options: RunOptions, cluster: Cluster): Promise<Figures> {
  const proxy = await startCuttingProxy(cluster.port);
  const makeOptions = async () => ({ databaseUrl: through(proxy, await cluster.createDatabase()) });
  try {
    return await playRounds(options, makeOptions, cutSome(proxy));
  } finally {
    await proxy.close();
  }
}

/** Cuts some connections. */
export const cutSome =
  (proxy: CuttingProxy): Hurt =>
  async (world, _, figures) => {
    let requests = 0;
    const made: string[] = [];
    await world.load(async () => {
      for (let cuts = 0; cuts < cutsOfARound; cuts++) {
        await untilAcknowledged(world, Math.floor(Math.random() * mostChanges));
        const cut = pickCut();
        if (!(await proxy.cut(cut, patience))) continue;
        requests = Math.max(requests, world.memory.counts.underWay);
        made.push(cut.kind);
        count(figures.hits, cut.kind);
      }
    });
    expectRunning(world, figures);
    return { what: `cut ${made.join(", ")}`, requests };
  };

/** Makes the URL of a database one that leads through the proxy. */
export function through(proxy: CuttingProxy, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.port = String(proxy.port);
  return url.href;
}

function pickCut(): Cut {
  const kind = pick(Math.random, ["octets", "before-commit", "after-commit"] as const);
  return kind === "octets" ? { kind, octets: 1 + Math.floor(Math.random() * mostOctets) } : { kind };
}
