import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { client, type Issuer, startIssuer } from "../auth/issuer.ts";
import { freePort } from "../free-port.ts";
import { chromiumPath, startBrowser } from "./browser.ts";
import { type Parley, startParley, wallClock } from "./parley.ts";
import { webRoot } from "./try-out.ts";

const ready = chromiumPath !== undefined && existsSync(join(webRoot, "index.html"));
const ann = { email: "ann@example.test", email_verified: true };

// What cookies a browser sends over to another site and back, no other test knows. Decision 0032.
describe.skipIf(!ready)("the sign-in page", () => {
  let browser: Browser;
  let issuer: Issuer;
  let parley: Parley;
  let url: string;
  beforeAll(async () => {
    [browser, issuer] = await Promise.all([startBrowser(), startIssuer()]);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    const provider = { issuer: issuer.url, clientId: client.id, clientSecret: client.secret, name: "Example ID" };
    const more: Partial<Config> = {
      http: { host: "127.0.0.1", port, publicUrl: url },
      auth: { passwords: false },
      oidc: { ...provider, addressClaim: "email", requireVerified: true, create: false },
    };
    parley = await startParley("example.test", wallClock, more, webRoot);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await parley?.close();
    await issuer?.close();
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
