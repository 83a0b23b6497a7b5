import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, startBrowser } from "../../../server/test/e2e/browser.ts";
import { makeTzif } from "../recurrence/zone-helpers.ts";
import { type ProbeInput, probe } from "./probe.ts";

const fixtures = join(import.meta.dirname, "../../../../fixtures");
if (!chromiumPath) console.warn("SKIPPED: the engine in a browser needs Chromium");

/** Bundles the probe with the engine it uses into one script, by the same tool as the web app. */
async function bundle(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "warn",
    build: {
      write: false,
      minify: true,
      target: "es2023",
      rolldownOptions: {
        input: join(import.meta.dirname, "probe.ts"),
        output: { format: "iife" },
      },
    },
  });
  const chunks = [made].flat().flatMap((each) => ("output" in each ? each.output : []));
  return chunks.map((each) => (each.type === "chunk" ? each.code : "")).join("\n");
}

function readFixtures(): readonly string[] {
  return readdirSync(fixtures, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ics"))
    .sort()
    .map((name) => readFileSync(join(fixtures, name), "utf8"));
}

describe.skipIf(!chromiumPath)("the engine in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });

  test("reads, writes, expands and tells times as it does in Node", async () => {
    const input: ProbeInput = {
      texts: readFixtures(),
      rules: [
        "FREQ=HOURLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYWEEKNO=13;BYHOUR=2;COUNT=7",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SOMETIMES",
      ],
      zoneNames: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Nowhere/Land"],
      tzif: [...makeTzif({ offsets: [3_600, 7_200], times: [1_800_000_000], footer: "CET-1CEST,M3.5.0,M10.5.0/3" })],
    };
    const page = await browser.newPage();
    const errors: unknown[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.addScriptTag({ content: await bundle() });
    const found = await page.evaluate(
      (given) => JSON.stringify((globalThis as { parleyProbe?: (input: unknown) => unknown }).parleyProbe?.(given)),
      input,
    );
    expect(errors).toEqual([]);
    expect(input.texts.length).toBeGreaterThan(0);
    // As text, so that nothing is lost or mended on the way.
    expect(found).toBe(JSON.stringify(probe(input)));
  });
});
