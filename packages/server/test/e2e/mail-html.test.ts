import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, startBrowser } from "./browser.ts";

if (chromiumPath === undefined) console.warn("SKIPPED: the tests of mails in a browser need Chromium");

const folder = new URL("../../../engine/test/imip/golden/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".html"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Found {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly { readonly id: string }[];
}

// The mails of the engine's table, one that has everything in each language, as a mail program shows them.
describe.skipIf(chromiumPath === undefined)("the HTML of a mail", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  test("is there in six languages", () => {
    expect(files).toEqual(["ar.html", "de.html", "en.html", "es.html", "fr.html", "ja.html"]);
  });

  const schemes = ["light", "dark"] as const;
  test.each(files.flatMap((file) => schemes.map((scheme) => [file, scheme] as const)))(
    "%s, %s, has nothing that axe finds wrong, and asks for nothing from outside",
    async (file, colorScheme) => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 400, height: 800 } });
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.setContent(readFileSync(new URL(file, folder), "utf8"));
      const { violations, passes } = await page.evaluate<Found>(`${axe}; axe.run(document)`);
      const wrong = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      expect(wrong).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain("color-contrast");
      const direction = await page.evaluate<string>("getComputedStyle(document.body).direction");
      expect(direction).toBe(file === "ar.html" ? "rtl" : "ltr");
      const isWide = await page.evaluate<boolean>("document.documentElement.scrollWidth > 400");
      expect(isWide).toBe(false);
      expect(asked).toEqual([]);
      await page.close();
    },
  );
});
