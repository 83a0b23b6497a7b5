import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { makeEvent, parseAddress } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeObject } from "../../src/scheduling/change-object.ts";
import type { Principal } from "../../src/store/store.ts";
import { chromiumPath, startBrowser } from "./browser.ts";
import { type Parley, startParley, wallClock } from "./parley.ts";

// Looks as its guests do, who have no calendar and may have no script. Decision 0037.
describe.skipIf(chromiumPath === undefined)("the page of an answer link", () => {
  let browser: Browser;
  let parley: Parley;
  let ann: Principal;
  const now = Math.floor(Date.now() / 1_000);

  beforeAll(async () => {
    const http = { host: "127.0.0.1", port: 0, publicUrl: "https://calendar.example.test/" };
    [browser, parley] = await Promise.all([startBrowser(), startParley("example.test", wallClock, { http })]);
    ann = await parley.principal("ann@example.test");
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await parley?.close();
  });

  /** Invites somebody to something tomorrow; gives where the link of their mail leads. */
  async function invite(guest: string, summary: string): Promise<string> {
    const { house, worker, httpPort } = parley.server;
    const address = parseAddress(guest);
    if (!address) throw new Error("no address");
    const uid = house.makeUid();
    const fields = {
      ...{ summary, location: "Room 5", description: "Bring your papers.", attendees: [{ address }] },
      start: { kind: "utc", wall: now + 86_400 } as const,
      end: { kind: "utc", wall: now + 90_000 } as const,
    };
    const zones = makeZoneResolver([], house.zones, house.limits);
    await changeObject(house, ann, { uid }, () => makeEvent(uid, fields, ann, zones, house.limits));
    await worker.drain();
    const folder = join(parley.data, "outbox");
    const mails = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1").replace(/=\r\n/g, ""));
    const mail = mails.find((text) => text.includes(`To: ${guest}`)) ?? "";
    const token = /answer\/([\w-]{22})/.exec(mail)?.[1] ?? "";
    return `http://127.0.0.1:${httpPort}/answer/${token}`;
  }

  async function partstats(): Promise<readonly (string | undefined)[]> {
    const stored = await parley.server.house.store.read(({ objects }) =>
      objects.between(ann.id, now, now + 200_000, 10),
    );
    return stored.flatMap(({ state }) => [...state.participations.stored.values()].map(({ partstat }) => partstat));
  }

  const open = async (url: string, options: object = {}): Promise<Page> => {
    const page = await (await browser.newContext({ locale: "en-GB", ...options })).newPage();
    await page.goto(url);
    return page;
  };

  test("answers without any script: what the mail's button says is chosen, and sending it is a click", async () => {
    const url = await invite("gus@elsewhere.test", "Reading circle");
    const page = await open(`${url}?answer=tentative`, { javaScriptEnabled: false });
    await page.getByRole("heading", { name: "Reading circle" }).waitFor();
    expect(await page.getByLabel("Accept tentatively").isChecked()).toBe(true);
    expect(await page.getByLabel("Day").isVisible()).toBe(false);
    expect(await partstats()).not.toContain("TENTATIVE");
    await page.getByLabel("Comment").fill("If the train is on time");
    await page.getByRole("button", { name: "Send the answer" }).click();
    await page.getByText("Your answer has been sent.").waitFor();
    expect(await partstats()).toContain("TENTATIVE");
    await page.getByLabel("Propose another time").check();
    await page.getByLabel("From").fill("08:15");
    await page.getByLabel("To").fill("09:00");
    await page.getByRole("button", { name: "Send the answer" }).click();
    await page.getByText("Your proposal has been sent.").waitFor();
    await page.context().close();
  });

  test("loads nothing but itself, breaks no policy of its own, and tells no other site where it was", async () => {
    const url = await invite("olga@elsewhere.test", "Choir <b>practice</b>");
    const page = await open("about:blank");
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    await page.goto(url);
    await page.getByRole("heading", { name: "Choir <b>practice</b>" }).waitFor();
    expect(asked.filter((one) => !one.endsWith("/favicon.ico"))).toEqual([url]);
    expect(said.filter((text) => !text.includes("favicon"))).toEqual([]);
    await page.context().close();
  });

  test.each(["en", "ar", "ja"])(
    "nothing stands in the way of a screen reader, in %s, light or dark",
    async (locale) => {
      const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      const url = await invite(`${locale}@elsewhere.test`, "Summer party");
      for (const [colorScheme, path] of [
        ["light", `${url}?answer=propose`],
        ["dark", `${url}?answer=propose`],
        ["light", url.slice(0, -5)],
      ] as const) {
        const page = await open(path, { locale, colorScheme });
        // The page's policy forbids scripts, so axe comes in through the debugger.
        const { violations } = (await page.evaluate(`${axe}; axe.run(document)`)) as { violations: { id: string }[] };
        expect(violations.map(({ id }) => `${path} ${id}`)).toEqual([]);
        await page.context().close();
      }
    },
  );
});
