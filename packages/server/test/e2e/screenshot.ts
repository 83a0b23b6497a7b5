import { fileURLToPath } from "node:url";
import { startBrowser } from "./browser.ts";
import { startTryOut } from "./try-out.ts";

// Takes the README's picture: Ann's page in try-out mode. Run with: node --conditions=@parley/source packages/server/test/e2e/screenshot.ts
const tryOut = await startTryOut();
const browser = await startBrowser();
const page = await browser.newPage({ viewport: { width: 1_280, height: 860 } });
await page.goto(tryOut.url);
await page.getByRole("button", { name: "Ann Archer" }).click();
await page.getByRole("heading", { name: "Waiting for you" }).waitFor();
await page.waitForTimeout(500);
await page.screenshot({ path: fileURLToPath(new URL("../../../../docs/screenshot.png", import.meta.url)) });
await browser.close();
await tryOut.close();
