import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { defaultLimits, defaultPolicy, type EpochSeconds } from "@parley/engine";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { House } from "./scheduling/house.ts";
import { openPostgresStore } from "./store/postgres.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import { systemZones } from "./zones.ts";

/** The world as `main` gives it: nothing else in the server reads a clock or makes a random number. */
export interface World {
  readonly clock: () => EpochSeconds;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly logger: Logger;
}

/** Opens the store and makes the House over it. The data folder is made where there is none. */
export async function openHouse(
  config: Config,
  world: World,
  wakeDelivery: () => void,
): Promise<House & { close(): Promise<void> }> {
  // It holds people's mail: a folder made here is for nobody else on the machine.
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  const zones = systemZones(config.zoneinfo);
  const options = { zones, limits: defaultLimits };
  const store = config.database
    ? await openPostgresStore(config.database.url, { ...options, random: world.random })
    : await openSqliteStore(join(config.data, "parley.sqlite"), options);
  return {
    store,
    clock: world.clock,
    zones,
    limits: defaultLimits,
    policy: defaultPolicy,
    domains: new Set(config.domains),
    trust: {
      authservIds: config.trust.authservIds.map((id) => id.toLowerCase()),
      relay: config.trust.relay,
    },
    delivery: config.delivery,
    makeUid: () => `${Buffer.from(world.randomBytes(16)).toString("hex")}@${config.domains[0]}`,
    onHeld: ({ address }, uid, reason) => world.logger.warn({ person: address, uid, reason }, "held back"),
    wakeDelivery,
    close: () => store.close(),
  };
}
