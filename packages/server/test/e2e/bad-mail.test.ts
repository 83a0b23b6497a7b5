import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { as, type Pair, startPair } from "./parley.ts";

const root = new URL("../../../../", import.meta.url);
const hostile = (name: string): Buffer => readFileSync(new URL(`fixtures/hostile/${name}`, root));

// Bad input: a clear verdict in the ledger, the mail kept, 250 only then, and never a half-written calendar.
describe("mail that is no good", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair(Date.parse("2027-03-02T12:00:00Z") / 1_000);
  });
  afterAll(() => pair.close());

  /** Hands over a mail by LMTP; resolves with the server's answer. */
  async function lmtp(raw: Buffer, to = "ann@example.test"): Promise<string> {
    const port = pair.of(to).server.lmtpPort;
    const transport = createTransport({ host: "127.0.0.1", port, lmtp: true, ignoreTLS: true });
    try {
      return (await transport.sendMail({ envelope: { from: "x@else.test", to: [to] }, raw })).response;
    } catch (error) {
      return (error as { response?: string }).response ?? String(error);
    } finally {
      transport.close();
    }
  }

  test.each([
    ["no-mime.eml", "unreadable", "no calendar"],
    ["no-calendar.eml", "unreadable", "no calendar"],
    ["broken-calendar.eml", "unreadable", ""],
    ["unknown-method.eml", "unreadable", "none of"],
    ["conflicting-methods.eml", "unreadable", ""],
    ["conflicting-parts.eml", "unreadable", "not about one thing"],
    ["auto-reply.eml", "ignored", "automatic mail"],
    ["unclosed-multipart.eml", "unreadable", ""],
    ["two-froms.eml", "undecided", ""],
  ])("%s: %s", async (file, verdict, reason) => {
    const raw = hostile(file);
    expect(await lmtp(raw)).toMatch(/^250 /);
    const [row] = await as(pair, "ann@example.test").ledger();
    expect(row).toMatchObject({ direction: "in", verdict, hasSource: true });
    expect(row?.reason.toLowerCase()).toContain(reason.toLowerCase());
    expect(row?.reason).toMatch(/\.$|\?$/);
    const source = await kept(row?.id ?? "");
    expect(source.equals(raw)).toBe(true);
    expect(await as(pair, "ann@example.test").events()).toEqual([]);
  });

  /** The mail as the store has it. */
  async function kept(id: string): Promise<Buffer> {
    const { house } = pair.of("ann@example.test").server;
    const bytes = await house.store.read(async (transaction) => {
      const [ann] = await transaction.principals.list();
      const row = await transaction.ledger.byId(ann?.id ?? "", id);
      return transaction.ledger.source(row?.source ?? "");
    });
    return Buffer.from(bytes ?? []);
  }

  test("30 MB beside a sound invitation: read, kept whole, shown", async () => {
    const filler = Buffer.alloc(22 * 1024 * 1024, "a parley is a talk ")
      .toString("base64")
      .replace(/.{76}/g, "$&\r\n");
    const raw = Buffer.from(
      [
        "From: olaf@bigfirm.test",
        "To: ann@example.test",
        "Subject: With slides",
        "Message-ID: <thirty@bigfirm.test>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="m"',
        "",
        "--m",
        "Content-Type: text/calendar; method=REQUEST",
        "",
        readFileSync(new URL("fixtures/itip/forged-cancel.ics", root), "utf8")
          .replace("METHOD:CANCEL", "METHOD:REQUEST")
          .replace("STATUS:CANCELLED\r\n", "")
          .replaceAll("ann@example.test", "olaf@bigfirm.test"),
        "--m",
        "Content-Type: application/pdf; name=slides.pdf",
        "Content-Transfer-Encoding: base64",
        "",
        filler,
        "--m--",
        "",
      ].join("\r\n"),
    );
    expect(raw.length).toBeGreaterThan(30_000_000);
    expect(await lmtp(raw)).toMatch(/^250 /);
    const [question] = await as(pair, "ann@example.test")
      .questions()
      .then((all) => all.slice(-1));
    expect(question).toMatchObject({ method: "REQUEST", event: { summary: "Planning" } });
    expect((await kept(question?.id ?? "")).equals(raw)).toBe(true);
  });

  test("more than the limit is refused, and nothing of it is kept", async () => {
    const before = (await as(pair, "ann@example.test").ledger()).length;
    const answer = await lmtp(Buffer.alloc(65 * 1024 * 1024, "Subject: too much\r\n\r\n"));
    expect(answer).toMatch(/^552 5\.3\.4/);
    expect((await as(pair, "ann@example.test").ledger()).length).toBe(before);
  });

  test("nobody's address is refused, somebody's beside it is served", async () => {
    expect(await lmtp(hostile("no-calendar.eml"), "nobody@example.test")).toMatch(/^550 5\.1\.1/);
  });

  test("the same mail twice is one", async () => {
    const raw = readFileSync(new URL("fixtures/dialects/google-request.eml", root));
    expect(await lmtp(raw)).toMatch(/^250 /);
    const rows = (await as(pair, "ann@example.test").ledger()).length;
    expect(await lmtp(raw)).toMatch(/^250 /);
    expect((await as(pair, "ann@example.test").ledger()).length).toBe(rows);
  });

  test("a plus-tag finds its person", async () => {
    const raw = Buffer.from(hostile("no-calendar.eml").toString().replace("no-calendar@", "tagged@"));
    expect(await lmtp(raw, "ann+meetings@example.test")).toMatch(/^250 /);
    expect((await as(pair, "ann@example.test").ledger())[0]?.to).toEqual(["ann+meetings@example.test"]);
  });
});
