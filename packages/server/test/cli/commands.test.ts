import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect, makeFolder, parley, start, untilStarted } from "./process.ts";

const fixtures = new URL("../../../../fixtures/", import.meta.url);

describe("parley start", () => {
  test("with nothing configured: says where everything is, serves, delivers, stops at SIGTERM", async () => {
    const data = makeFolder();
    const child = start(["start", "--data", data, "--http-port", "0", "--lmtp-port", "0"]);
    const output = collect(child);
    const url = await untilStarted(child, output);
    expect(output.out).toMatch(/try-out mode/);
    for (const address of ["ann@example.test", "ben@example.test", "clara@partner.test", "david@partner.test"]) {
      expect(output.out).toContain(address);
    }
    expect(output.out).toMatch(/Mail in +LMTP 127\.0\.0\.1:\d+/);
    expect(output.out).toContain(join(data, "outbox"));
    expect((await fetch(`${url}healthz`)).status).toBe(200);
    expect((await fetch(`${url}api/events`)).status).toBe(401);
    const authorization = `Basic ${Buffer.from("ann@example.test:").toString("base64")}`;
    const events = await fetch(`${url}api/events`, { headers: { authorization } });
    expect(((await events.json()) as { events: unknown[] }).events).toHaveLength(4);

    // Another process writes into the same store while the server runs.
    const mail = readFileSync(new URL("dialects/google-request.eml", fixtures));
    const delivered = await parley(["deliver", "--data", data, "--to", "ann@example.test"], mail);
    expect(delivered).toMatchObject({ code: 0, err: "" });
    expect(delivered.out).toMatch(/^ann@example\.test: undecided: .*\[decision 0004\]\n$/);
    const again = await parley(["deliver", "--data", data, "--to", "ann@example.test"], mail);
    expect(again.out).toContain("(delivered before)");

    child.kill("SIGTERM");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(0);
    expect(output.err).toBe("");
  });

  test("try-out mode does not open the calendars of real people", async () => {
    const data = makeFolder();
    const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: data };
    expect((await parley(["person", "add", "ann@example.com", "--name", "Ann"], "", env)).code).toBe(0);
    const ran = await parley(["start", "--data", data, "--http-port", "0", "--lmtp-port", "0"]);
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringContaining("belongs to a real Parley (it has ann@example.com)"),
    });
  });

  test("a wrong setting ends it with a sentence for each, code 2", async () => {
    const ran = await parley(["start"], "", { PARLEY_HTTP_PORT: "x", PARLEY_SMPT_HOST: "mx" });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('PARLEY_HTTP_PORT: "x" is not a whole number');
    expect(ran.err).toContain("PARLEY_SMPT_HOST: unknown variable");
  });
});

describe("parley deliver", () => {
  test("an unknown recipient is 67 beside a known one that is served", async () => {
    const data = makeFolder();
    const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: data };
    const added = await parley(["person", "add", "ann@example.com", "--name", "Ann"], "correct horse\n", env);
    expect(added).toMatchObject({ code: 0, err: "" });
    const mail = readFileSync(new URL("hostile/no-calendar.eml", fixtures));
    const ran = await parley(["deliver", "--to", "ann@example.com", "no@example.com"], mail, env);
    expect(ran.code).toBe(67);
    expect(ran.out).toMatch(/^ann@example\.com: unreadable: /);
    expect(ran.err).toBe("no@example.com: no such person here\n");
  });

  test("without an envelope a mail is for whom its header names, and 67 where that is nobody", async () => {
    const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
    await parley(["person", "add", "ann@example.com", "--name", "Ann"], "correct horse\n", env);
    const plain = "From: x@else.test\r\nSubject: x\r\n\r\nx\r\n";
    const found = await parley(["deliver"], `Return-Path: <>\r\nDelivered-To: ann+x@example.com\r\n${plain}`, env);
    expect(found).toMatchObject({ code: 0, err: "" });
    expect(found.out).toMatch(/^ann\+x@example\.com: ignored: .*its envelope has no sender/);
    const said = await parley(["deliver", "--from", "x@else.test"], `To: ann@example.com\r\n${plain}`, env);
    expect(said.out).toMatch(/^ann@example\.com: unreadable: /);
    expect(await parley(["deliver"], plain, env)).toMatchObject({ code: 67, out: "", err: "it names nobody here\n" });
  });

  test("a store that cannot be opened is 75: try again", async () => {
    const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: "/dev/null/parley" };
    const ran = await parley(["deliver", "--to", "ann@example.com"], "x", env);
    expect(ran.code).toBe(75);
    expect(ran.err).toContain("not delivered");
  });
});

describe("parley person", () => {
  test("add, list, password; what is wrong is said", async () => {
    const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
    const add = ["person", "add", "Ann@Example.com", "--name", "Ann Archer", "--timezone", "Europe/Berlin"];
    expect((await parley([...add, "--alias", "a.archer@example.com"], "", env)).out).toContain("(without a password)");
    expect((await parley(["person", "list"], "", env)).out).toBe(
      "ann@example.com, a.archer@example.com  Ann Archer  Europe/Berlin\n",
    );
    expect(await parley(add, "", env)).toMatchObject({
      code: 1,
      err: expect.stringContaining("is Ann Archer's already"),
    });
    expect((await parley(["person", "password", "ann@example.com"], "correct horse\n", env)).code).toBe(0);
    expect((await parley(["person", "password", "ann@example.com"], "short\n", env)).err).toContain("8 characters");
    expect((await parley(["person", "add", "a@exampel.com", "--name", "X"], "", env)).err).toContain(
      "none of your domains",
    );
    expect((await parley(["person", "add", "a b@example.com", "--name", "X"], "", env)).err).toContain(
      "not a mail address",
    );
    const zone = await parley(["person", "add", "b@example.com", "--name", "B", "--timezone", "Mars/Base"], "", env);
    expect(zone.err).toContain("there is no time zone Mars/Base");
  });

  test("the language of a person is kept, changed, taken back; what is none is said", async () => {
    const env = { PARLEY_DOMAINS: "example.com", PARLEY_DATA: makeFolder() };
    const add = ["person", "add", "ann@example.com", "--name", "Ann", "--locale"];
    expect((await parley([...add, "no language"], "", env)).err).toContain('"no language" is no language');
    const locale = async (): Promise<string | undefined> => {
      const [ann] = JSON.parse((await parley(["person", "list", "--json"], "", env)).out);
      return ann.locale;
    };
    expect((await parley([...add, "de-AT"], "", env)).code).toBe(0);
    expect(await locale()).toBe("de-AT");
    expect((await parley(["person", "locale", "ann@example.com", "fr"], "", env)).code).toBe(0);
    expect(await locale()).toBe("fr");
    expect((await parley(["person", "locale", "ann@example.com", "f!"], "", env)).err).toContain("is no language");
    expect((await parley(["person", "locale", "ann@example.com"], "", env)).code).toBe(0);
    expect(await locale()).toBeUndefined();
  });
});
