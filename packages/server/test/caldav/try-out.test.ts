import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dav, startDav } from "./server.ts";

let dav: Dav;

beforeAll(async () => {
  dav = await startDav(["ann"], {}, true);
});

afterAll(() => dav.close());

/** The status a page gets that has this server under a name, and any password. */
function statusAt(host: string, address: string): Promise<number | undefined> {
  const authorization = `Basic ${Buffer.from(`${address}:anything`).toString("base64")}`;
  return new Promise((resolve, reject) => {
    const sent = request(
      `${dav.url}/dav/`,
      { method: "PROPFIND", headers: { host, authorization, depth: "0" } },
      (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

test.each([
  ["localhost:8080", "ann@example.test", 207],
  ["127.0.0.1", "ann@example.test", 207],
  ["[::1]:8080", "ann@example.test", 207],
  ["evil.example", "ann@example.test", 401],
  ["localhost.evil.example", "ann@example.test", 401],
  ["localhost", "nobody@example.test", 401],
  ["localhost", "", 401],
])("in try-out mode %s lets %s in: %i", async (host, address, status) => {
  expect(await statusAt(host, address)).toBe(status);
});
