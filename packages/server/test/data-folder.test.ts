import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Config } from "../src/config.ts";
import { folderTransport } from "../src/delivery/outbox.ts";
import { openHouse } from "../src/open-house.ts";

const world = {
  clock: () => 0,
  random: () => 0.5,
  randomBytes: (count: number) => new Uint8Array(count),
  logger: pino({ level: "silent" }),
};

test("folders for mail are made for nobody else on the machine", async () => {
  const place = await mkdtemp(join(tmpdir(), "parley-folder-"));
  const [data, outbox] = [join(place, "new", "data"), join(place, "new", "outbox")];
  const listener = { host: "127.0.0.1", port: 0 };
  const config: Config = {
    data,
    domains: ["example.test"],
    http: listener,
    lmtp: listener,
    outbox,
    delivery: { pauseSeconds: 0 },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
    trust: { authservIds: [], relay: false },
  };
  try {
    const house = await openHouse(config, world);
    await house.close();
    const envelope = { from: "ann@example.test", to: "ben@example.test" };
    await folderTransport(outbox).send({ ...envelope, messageId: "<1@example.test>", raw: new Uint8Array([65]) });
    for (const folder of [data, outbox]) expect((await stat(folder)).mode & 0o077, folder).toBe(0);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
