import { randomBytes } from "node:crypto";
import { pino } from "pino";
import type { Config } from "../../src/config.ts";
import { startServer } from "../../src/server.ts";

// One node, in a process of its own: `run-node.ts CONFIG`. Tells its ports to whoever forked it, and is told by how many seconds its
// clock runs ahead, or to stop.
const config = JSON.parse(process.argv[2] ?? "") as Config;
let ahead = 0;
const world = {
  clock: () => Math.floor(Date.now() / 1_000) + ahead,
  random: Math.random,
  randomBytes: (count: number) => randomBytes(count),
  logger: pino({ level: "error" }, pino.destination(2)),
};
const { httpPort, lmtpPort, close } = await startServer(config, { tryOut: false, webRoot: config.data }, world);
process.on("message", (told: { readonly ahead?: number; readonly stop?: true }) => {
  ahead = told.ahead ?? ahead;
  if (told.stop) void close().then(() => process.exit(0));
});
process.send?.({ httpPort, lmtpPort });
