import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { type Server, startServer } from "../../src/server.ts";
import { client, type Issuer, startIssuer } from "../auth/issuer.ts";
import { chromiumPath, startBrowser } from "./browser.ts";
import { webRoot } from "./try-out.ts";

const ready = chromiumPath !== undefined && existsSync(join(webRoot, "index.html"));
const ann = { email: "ann@example.test", email_verified: true };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

// What cookies a browser sends over to another site and back, no other test knows. Decision 0032.
describe.skipIf(!ready)("the sign-in page", () => {
  let browser: Browser;
  let issuer: Issuer;
  let server: Server;
  let data: string;
  let url: string;
  beforeAll(async () => {
    [browser, issuer, data] = await Promise.all([
      startBrowser(),
      startIssuer(),
      mkdtemp(join(tmpdir(), "parley-oidc-")),
    ]);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    const provider = { issuer: issuer.url, clientId: client.id, clientSecret: client.secret, name: "Example ID" };
    const config = {
      data,
      domains: ["example.test"],
      http: { host: "127.0.0.1", port, publicUrl: url },
      auth: { passwords: false },
      oidc: { ...provider, addressClaim: "email", requireVerified: true, create: false },
      lmtp: { host: "127.0.0.1", port: 0 },
      outbox: join(data, "outbox"),
      delivery: { pauseSeconds: 0 },
      trust: { authservIds: [], relay: false },
      keep: { ledgerDays: 400 },
      freeBusy: "people" as const,
    };
    const world = {
      clock: () => Math.floor(Date.now() / 1_000),
      random: () => 0.5,
      randomBytes: (count: number) => randomBytes(count),
      logger: pino({ level: "silent" }),
    };
    server = await startServer(config, { tryOut: false, webRoot }, world);
    await addPerson(server.house.store, { name: "Ann Archer", addresses: [ann.email], timezone: "UTC" });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await issuer?.close();
    if (data) await rm(data, { recursive: true, force: true });
  });

  test("leads to the provider and back to the calendar, says what went wrong, and asks for no password", async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(url);
    const button = page.getByRole("link", { name: "Sign in with Example ID" });
    await button.waitFor();
    expect(await page.getByLabel("Password").count()).toBe(0);
    await button.click();
    await page.getByText("You said no there").waitFor();
    expect(page.url()).toBe(url);
    issuer.visitor = { ...ann, email: "eve@example.test" };
    await button.click();
    await page.getByText("nobody of your address has a calendar here").waitFor();
    issuer.visitor = ann;
    await button.click();
    await page.getByRole("heading", { name: "Waiting for you" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await button.waitFor();
    await page.goto(`${url}?sign-in=%3Cscript%3E`);
    await button.waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await page.context().close();
  }, 60_000);
});
