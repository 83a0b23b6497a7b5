import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Config } from "../../src/config.ts";
import { type Server, startServer } from "../../src/server.ts";
import { fillTryOut } from "../../src/try-out.ts";

/** A server as `npm start` starts it with nothing configured, in a folder of its own. */
export interface TryOut {
  readonly server: Server;
  readonly url: string;
  readonly outbox: string;
  close(): Promise<void>;
}

export const webRoot = fileURLToPath(new URL("../../../web/dist", import.meta.url));

export async function startTryOut(now?: number): Promise<TryOut> {
  const data = await mkdtemp(join(tmpdir(), "parley-try-out-"));
  const outbox = join(data, "outbox");
  const config: Config = {
    data,
    domains: ["example.test", "partner.test"],
    http: { host: "127.0.0.1", port: 0 },
    lmtp: { host: "127.0.0.1", port: 0 },
    outbox,
    delivery: { pauseSeconds: 0 },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
    trust: { authservIds: [], relay: false },
  };
  const world = {
    clock: () => now ?? Math.floor(Date.now() / 1_000),
    random: () => 0.5,
    randomBytes: (count: number) => randomBytes(count),
    logger: pino({ level: "silent" }),
  };
  const server = await startServer(config, { tryOut: true, webRoot }, world);
  await fillTryOut(server.house, () => server.worker.drain());
  return {
    server,
    url: `http://127.0.0.1:${server.httpPort}/`,
    outbox,
    async close() {
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
