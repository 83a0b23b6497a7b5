import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { hashPassword } from "../../src/auth/passwords.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { openHouse } from "../../src/open-house.ts";
import { addPerson } from "../../src/people.ts";
import { startServer } from "../../src/server.ts";
import { password } from "./parley.ts";

const now = Date.parse("2027-03-01T08:00:00Z") / 1_000;
const data = mkdtempSync(join(tmpdir(), "parley-restart-"));
const world = {
  clock: () => now,
  random: () => 0.5,
  randomBytes: (count: number) => new Uint8Array(count).fill(7),
  logger: pino({ level: "silent" }),
};
afterEach(() => {
  vi.useRealTimers();
  rmSync(data, { recursive: true, force: true });
});

test("a server sends what another has left behind as soon as it starts, and does not wait for its next look", async () => {
  const config = settings();
  const sent = () => (existsSync(config.outbox) ? readdirSync(config.outbox) : []);
  const first = await startServer(config, { tryOut: false, webRoot: join(data, "web") }, world);
  const { store } = first.house;
  const ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  const hash = await hashPassword(password);
  await store.write(({ principals }) => principals.setPasswordHash(ann.id, hash));
  await store.write(({ queue }) => queue.pause({ since: now, reason: "a test" }));
  const response = await fetch(`http://127.0.0.1:${first.httpPort}/api/events`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`ann@example.test:${password}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      summary: "Review",
      start: "2027-03-02T09:00:00Z",
      end: "2027-03-02T10:00:00Z",
      attendees: [{ address: "clara@partner.test" }],
    }),
  });
  expect(response.status).toBe(201);
  await first.worker.drain();
  await first.close();
  const between = await openHouse(config, world);
  await between.store.write(({ queue }) => queue.release());
  await between.close();
  expect(sent()).toEqual([]);
  vi.useFakeTimers({ toFake: ["setInterval"] });
  const second = await startServer(config, { tryOut: false, webRoot: join(data, "web") }, world);
  for (let tries = 0; tries < 500 && sent().length === 0; tries++) await sleep(20);
  expect(sent()).toHaveLength(1);
  await second.close();
});

function settings(): Config {
  const env = { PARLEY_DATA: data, PARLEY_DOMAINS: "example.test", PARLEY_HTTP_PORT: "0", PARLEY_LMTP_PORT: "0" };
  const read = readConfig({ env: { ...env, PARLEY_DELIVERY_PAUSE_SECONDS: "0" }, flags: {} });
  if (!("config" in read)) throw new Error(read.errors.join("\n"));
  return read.config;
}
