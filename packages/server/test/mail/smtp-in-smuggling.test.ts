import { connect } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { type Envelope, startMailServer } from "../../src/mail/doors/mail-server.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";

// What one client says to end a mail, and another server does not hear as its end, makes two mails out of one, the second with a sender of
// the first's choosing. Here nothing but CRLF "." CRLF ends a mail, however it is cut into packets.

interface Kept {
  readonly text: string;
  readonly envelope: Envelope;
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

async function open(protocol: "lmtp" | "smtp") {
  const kept: Kept[] = [];
  const server = await startMailServer({
    protocol,
    host: "127.0.0.1",
    port: 0,
    acceptRecipient: async (address) => address.endsWith("@example.test"),
    deliver: async (bytes, envelope) => {
      kept.push({ text: Buffer.from(bytes).toString("latin1"), envelope });
      return envelope.recipients.map(() => ({ code: 250, text: "2.6.0 Kept" }));
    },
    logger: { info: () => {}, error: () => {} },
  });
  closing.push(() => server.close());
  return { port: server.port, kept };
}

/** Waits for the greeting and says all of it at once, or in pieces; resolves with all that was answered when the server closes. */
function say(port: number, pieces: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    let heard = "";
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("data", (chunk) => {
      if (heard === "") void sendAll();
      heard += chunk.toString("latin1");
    });
    socket.on("close", () => done(heard));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? done(heard) : fail(error)));
    const sendAll = async (): Promise<void> => {
      for (const piece of pieces) {
        socket.write(piece, "latin1");
        await new Promise((next) => setImmediate(next));
      }
    };
  });
}

const hello = { lmtp: "LHLO client.test\r\n", smtp: "EHLO client.test\r\n" };
const transaction = "MAIL FROM:<honest@else.test>\r\nRCPT TO:<ann@example.test>\r\nDATA\r\n";
const second =
  "MAIL FROM:<boss@example.test>\r\nRCPT TO:<ben@example.test>\r\nDATA\r\nFrom: boss@example.test\r\n\r\nforged";

/** What is no end of a mail, though some server somewhere takes it for one. */
const falseEnds: Readonly<Record<string, string>> = {
  "LF . LF": "\n.\n",
  "LF . CRLF": "\n.\r\n",
  "CRLF . LF": "\r\n.\n",
  "CR . CR": "\r.\r",
  "CR . CRLF": "\r.\r\n",
  "CRLF . CR": "\r\n.\r",
  "LF . CR": "\n.\r",
  "CR LF NUL . CRLF": "\r\n\0.\r\n",
  "CRLF . NUL CRLF": "\r\n.\0\r\n",
  "CRLF . space CRLF": "\r\n. \r\n",
  "CRCRLF . CRLF without LF before": "\r\r.\r\n",
  "CRLF .. CRLF": "\r\n..\r\n",
  "CRLF .CR CRLF": "\r\n.\r\r\n",
  "NEL . NEL": "\x85.\x85",
  "CRLF % CRLF in octets with the high bit": "\r\n\xae\r\n",
};

// Together, as each connection waits a tenth of a second for its greeting.
describe.concurrent.each(["lmtp", "smtp"] as const)("by %s", (protocol) => {
  const cases = Object.entries(falseEnds).flatMap(([name, end]) => [
    { name, end, cut: "in one packet" },
    { name, end, cut: "octet by octet" },
  ]);

  test.each(cases)("$name ends no mail, $cut", async ({ end, cut }) => {
    const { port, kept } = await open(protocol);
    const body = `Subject: first\r\nFrom: honest@else.test\r\n\r\nhello${end}${second}\r\n.\r\n`;
    const pieces =
      cut === "in one packet"
        ? [`${hello[protocol]}${transaction}${body}QUIT\r\n`]
        : [hello[protocol], transaction, ...body, "QUIT\r\n"];
    const heard = await say(port, pieces);
    expect(kept.map(({ envelope }) => envelope)).toEqual([
      { from: "honest@else.test", recipients: ["ann@example.test"] },
    ]);
    expect(kept[0]?.text).toContain("RCPT TO:<ben@example.test>");
    expect(heard.match(/^354 /gm)).toHaveLength(1);
    expect(heard).not.toContain("\r\n250 2.6.0 Kept\r\n250 2.6.0 Kept");
    const mail = await parseMail(Buffer.from(kept[0]?.text ?? "", "latin1"));
    expect(mail.from.map(({ address }) => address)).toEqual(["honest@else.test"]);
  });

  test("a mail that begins with its end is empty, and what follows is the next", async () => {
    const { port, kept } = await open(protocol);
    const heard = await say(port, [
      `${hello[protocol]}${transaction}.\r\n${transaction}Subject: two\r\n\r\n.\r\nQUIT\r\n`,
    ]);
    expect(kept.map(({ text }) => text)).toEqual(["", "Subject: two\r\n\r\n"]);
    expect(heard.match(/^354 /gm)).toHaveLength(2);
  });

  test("two mails that a client says one behind the other share nothing", async () => {
    const { port, kept } = await open(protocol);
    const first = `${transaction}Subject: one\r\nX-One: 1\r\n\r\n..one\r\n.\r\n`;
    const next = "MAIL FROM:<>\r\nRCPT TO:<ben@example.test>\r\nDATA\r\nSubject: two\r\n\r\ntwo\r\n.\r\n";
    for (const pieces of [
      [`${hello[protocol]}${first}${next}QUIT\r\n`],
      [...`${hello[protocol]}${first}${next}QUIT\r\n`],
    ]) {
      kept.length = 0;
      await say(port, pieces);
      expect(kept).toEqual([
        {
          text: "Subject: one\r\nX-One: 1\r\n\r\n.one\r\n",
          envelope: { from: "honest@else.test", recipients: ["ann@example.test"] },
        },
        { text: "Subject: two\r\n\r\ntwo\r\n", envelope: { from: "", recipients: ["ben@example.test"] } },
      ]);
    }
  });

  test("what is left of a mail that broke off is nobody's", async () => {
    const { port, kept } = await open(protocol);
    await new Promise<void>((done) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.end(`${hello[protocol]}${transaction}Subject: half\r\n\r\nhalf\r\n.`, () => done());
      });
      socket.resume();
    });
    await say(port, [
      `${hello[protocol]}\r\nMAIL FROM:<x@else.test>\r\nRCPT TO:<ben@example.test>\r\nDATA\r\nwhole\r\n.\r\nQUIT\r\n`,
    ]);
    expect(kept.map(({ text }) => text)).toEqual(["whole\r\n"]);
  });

  /** None of these may become the envelope of a mail, nor of two. */
  test.each([
    ["a CR in an address", "RCPT TO:<ann@example.test\rDATA>\r\n"],
    ["a NUL in an address", "RCPT TO:<ann@example.test\0>\r\n"],
    ["a NUL before the command", "\0RCPT TO:<ann@example.test>\r\n"],
    ["octets that are no UTF-8", "RCPT TO:<\xe4nn@example.test>\r\n"],
    ["two addresses in one command", "RCPT TO:<ben@example.test> RCPT TO:<ann@example.test>\r\n".replace("> R", "><R")],
    ["a command in a parameter", "RCPT TO:<nobody@else.test> X=ann@example.test\r\n"],
    ["CRLF in xtext", "RCPT TO:<ann@example.test> ORCPT=utf-8;x+0D+0ADATA\r\n"],
    ["a list of addresses", "RCPT TO:<ann@example.test,ben@example.test>\r\n"],
    ["no brackets", "RCPT TO:ann@example.test\r\n"],
    ["a percent route", "RCPT TO:<ann%example.test@else.test>\r\n"],
    ["a bang path", "RCPT TO:<example.test!ann@else.test>\r\n"],
    ["a line of 20,000 octets", `RCPT TO:<${"x".repeat(20_000)}@example.test>\r\n`],
  ])("%s is no recipient", async (_, command) => {
    const { port, kept } = await open(protocol);
    const heard = await say(port, [
      `${hello[protocol]}MAIL FROM:<x@else.test>\r\n`,
      command,
      "DATA\r\nQUIT\r\n",
      "QUIT\r\n",
    ]);
    expect(heard).toMatch(/^(?:[45]\d\d|421) /m);
    expect(heard).not.toMatch(/^354 /m);
    expect(kept).toEqual([]);
  });

  test("long lines and NULs in a mail stay what they are", async () => {
    const { port, kept } = await open(protocol);
    const body = `Subject: ${"y".repeat(300_000)}\r\n\r\n${"z".repeat(300_000)}\0\xff\r\n`;
    await say(port, [`${hello[protocol]}${transaction}${body}.\r\nQUIT\r\n`]);
    expect(kept.map(({ text }) => text === body)).toEqual([true]);
  });

  test("whoever speaks the web's language is turned away", async () => {
    const { port, kept } = await open(protocol);
    const heard = await say(port, [`POST / HTTP/1.1\r\nHost: x\r\n\r\n${hello[protocol]}${transaction}x\r\n.\r\n`]);
    expect(heard).toMatch(/^421 /m);
    expect(kept).toEqual([]);
  });

  test("what is said where nobody asked for a mail is no mail", async () => {
    const { port, kept } = await open(protocol);
    const refused = "MAIL FROM:<x@else.test>\r\nRCPT TO:<ann@else.test>\r\nDATA\r\n";
    const heard = await say(port, [`${hello[protocol]}${refused}Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n`]);
    expect(heard).not.toMatch(/^354 /m);
    expect(kept).toEqual([]);
  });
});
