import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, startBrowser } from "./browser.ts";
import { startTryOut, type TryOut, webRoot } from "./try-out.ts";

const ready = chromiumPath !== undefined && existsSync(join(webRoot, "index.html"));
if (!ready) console.warn("SKIPPED: the browser tests need Chromium and a built web app (npm test sees to both)");

// What a person does, in a real browser, on a server in try-out mode.
describe.skipIf(!ready)("the web page", () => {
  let tryOut: TryOut;
  let browser: Browser;
  beforeAll(async () => {
    [tryOut, browser] = await Promise.all([startTryOut(), startBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await tryOut?.close();
  });

  /** Opens the page as somebody, in a browser profile of their own. */
  async function signIn(name: string, script?: () => void): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1_280, height: 900 } })).newPage();
    if (script) await page.addInitScript(script);
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(tryOut.url);
    await page.getByRole("button", { name }).click();
    await page.getByRole("heading", { name: "Waiting for you" }).waitFor();
    return page;
  }

  test("Ann finds one invitation waiting, answers it with a comment, and Clara sees it", async () => {
    const ann = await signIn("Ann Archer");
    const card = ann.getByRole("article", { name: "Contract talk" });
    await card.getByText("Clara Cook").first().waitFor();
    await card.getByRole("button", { name: "Add a comment" }).click();
    await card.getByLabel(/Comment for the organizer/).fill("Gern <b>dabei</b>");
    await card.getByRole("button", { name: "Accept", exact: true }).click();
    await ann.getByText("All answered").waitFor();
    await tryOut.server.worker.drain();

    const clara = await signIn("Clara Cook");
    await clara
      .getByRole("link", { name: /Contract talk/ })
      .first()
      .click();
    await clara.getByText("Gern <b>dabei</b>").first().waitFor();
    await ann.context().close();
    await clara.context().close();
  });

  test("the first conversation is there: one moved, one cancelled, one answered", async () => {
    const ann = await signIn("Ann Archer");
    const events = await tryOut.server.house.store.read(async (transaction) => {
      const people = await transaction.principals.list();
      const owner = people.find(({ name }) => name === "Ann Archer");
      return transaction.objects.between(owner?.id ?? "", 0, 4_000_000_000, 100);
    });
    expect(events).toHaveLength(4);
    for (const name of ["Team dinner", "Design review", "Lunch"]) {
      await ann
        .getByRole("link", { name: new RegExp(name) })
        .first()
        .waitFor();
    }
    await ann.getByText("Cancelled").first().waitFor();
    await ann.context().close();
  });

  test("Ann invites somebody from outside, moves it, and cancels it: three mails in the outbox", async () => {
    const ann = await signIn("Ann Archer");
    await ann.getByRole("link", { name: "New event" }).first().click();
    await ann.getByLabel("Title").fill("Tea with Zoë");
    await ann.getByLabel(/^Guests/).fill("Zoë Zander <zoe@elsewhere.test>");
    await ann.getByRole("button", { name: /Send|Create|Save/ }).click();
    await ann.getByRole("heading", { name: "Tea with Zoë" }).waitFor();
    await tryOut.server.worker.drain();
    await ann
      .getByRole("link", { name: "Edit" })
      .or(ann.getByRole("button", { name: "Edit" }))
      .first()
      .click();
    const start = ann.getByLabel(/^Start/).first();
    await start.fill((await start.inputValue()).replace(/T\d\d/, "T07"));
    await ann.getByRole("button", { name: /Send|Create|Save/ }).click();
    await ann.getByRole("heading", { name: "Tea with Zoë" }).waitFor();
    await tryOut.server.worker.drain();
    await ann
      .getByRole("button", { name: /Cancel event|Cancel the event|Cancel…|Cancel/ })
      .first()
      .click();
    await ann
      .getByRole("button", { name: /Cancel event|Cancel the event|Yes/ })
      .last()
      .click();
    await ann.getByText("This event was cancelled.").waitFor();
    await tryOut.server.worker.drain();
    const mails = readdirSync(tryOut.outbox).map((name) => readFileSync(join(tryOut.outbox, name), "utf8"));
    const methods = mails.map((mail) => /method=([A-Z]+)/.exec(mail)?.[1]).sort();
    expect(methods).toEqual(["CANCEL", "REQUEST", "REQUEST"]);
    expect(mails.every((mail) => /^To: .*zoe@elsewhere\.test/m.test(mail))).toBe(true);
    await ann.context().close();
  });

  test("two windows that never ask by themselves show what the other did", async () => {
    const neverAsk = () => void Object.assign(globalThis, { setInterval: () => 0 });
    const [ann, clara] = [await signIn("Ann Archer", neverAsk), await signIn("Clara Cook", neverAsk)];
    await ann.getByRole("link", { name: "New event" }).first().click();
    await ann.getByLabel("Title").fill("Walk in the park");
    await ann.getByLabel(/^Guests/).fill("clara@partner.test");
    await ann.getByRole("button", { name: /Send|Create|Save/ }).click();
    await ann.getByRole("heading", { name: "Walk in the park" }).waitFor();
    await ann.getByText("No answer yet").first().waitFor();
    const card = clara.getByRole("article", { name: "Walk in the park" });
    await card.getByRole("button", { name: "Accept", exact: true }).click();
    await ann.getByText("1 accepted").waitFor();
    await ann.context().close();
    await clara.context().close();
  });

  test("Ann makes a password for her phone, sees it once, and takes it back", async () => {
    const ann = await signIn("Ann Archer");
    await ann.getByRole("link", { name: "Programs" }).click();
    await ann.getByLabel("For which device or program?").fill("phone");
    await ann.getByRole("button", { name: "Make a password" }).click();
    await ann.getByText(/^([0-9a-z]{4}-){5}[0-9a-z]{4}$/).waitFor();
    await ann.reload();
    await ann.getByRole("button", { name: "Take back the password of phone" }).click();
    await ann.getByText("None yet").waitFor();
    expect(await ann.getByText(/^([0-9a-z]{4}-){5}/).count()).toBe(0);
    await ann.context().close();
  });

  test("nothing of consequence stands in the way of a screen reader", async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    const ann = await signIn("Ann Archer");
    for (const hash of ["#/", "#/new", "#/messages", "#/programs"]) {
      await ann.goto(tryOut.url + hash);
      await ann.getByRole("main").waitFor();
      // The page's policy forbids foreign scripts, so axe comes in through the debugger.
      const found = await ann.evaluate(`${axe}; axe.run(document)`);
      const { violations } = found as { violations: { id: string; impact: string }[] };
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(grave.map(({ id }) => `${hash} ${id}`)).toEqual([]);
    }
    await ann.context().close();
  });
});
