import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { type SmtpOptions, smtpTransport } from "../../src/delivery/smtp.ts";

/** What the server says at each step; `hang` says nothing, `drop` closes. An extension makes EHLO name it. */
interface Script {
  readonly greeting?: string;
  readonly extensions?: readonly string[];
  readonly [command: string]: string | readonly string[] | undefined;
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const usual: Readonly<Record<string, string>> = {
  greeting: "220 relay.test",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  content: "250 queued",
  RSET: "250 ok",
  NOOP: "250 ok",
  QUIT: "221 bye",
};

/** A relay that does as scripted, and remembers what it was told. */
async function relay(script: Script) {
  const heard: string[] = [];
  const contents: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    const answer = (step: string): void => {
      const reply = script[step] ?? usual[step] ?? "500 unknown";
      if (reply === "hang") return;
      if (reply === "drop") socket.destroy();
      else socket.write(`${String(reply)}\r\n`);
    };
    let content: string[] | undefined;
    answer("greeting");
    createInterface({ input: socket, crlfDelay: Infinity }).on("line", (line) => {
      if (content) {
        if (line !== ".") content.push(line);
        else {
          contents.push(content.join("\r\n"));
          content = undefined;
          answer("content");
        }
        return;
      }
      heard.push(line);
      const command = line.slice(0, 4).toUpperCase();
      if (command === "EHLO" && script["EHLO"] === undefined) {
        socket.write(
          ["relay.test", ...(script.extensions ?? []), "PIPELINING"]
            .map((word, i, all) => `250${i + 1 < all.length ? "-" : " "}${word}\r\n`)
            .join(""),
        );
        return;
      }
      if (command === "DATA" && script["DATA"] === undefined) content = [];
      answer(command);
    });
  };
  const server = createServer(serve);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(
    () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  );
  return { port: (server.address() as AddressInfo).port, heard, contents };
}

const mail = {
  from: "ann@example.test",
  to: "ben@partner.test",
  messageId: "<a@example.test>",
  raw: Buffer.from("From: ann@example.test\r\nMessage-ID: <a@example.test>\r\n\r\n.dot\r\nü\r\n"),
};

function transport(port: number, over: Partial<SmtpOptions> = {}) {
  const made = smtpTransport({ host: "127.0.0.1", port, timeoutSeconds: 0.4, ehloName: "parley.test", ...over });
  closing.push(() => made.close());
  return made;
}

test("a mail is handed over as it is", async () => {
  const { port, heard, contents } = await relay({});
  const { send } = transport(port);
  expect(await send(mail)).toEqual({ kind: "delivered" });
  expect(heard.slice(0, 4)).toEqual([
    "EHLO parley.test",
    "MAIL FROM:<ann@example.test>",
    "RCPT TO:<ben@partner.test>",
    "DATA",
  ]);
  expect(contents).toEqual([mail.raw.toString("utf8").replace("\r\n.dot", "\r\n..dot").trimEnd()]);
});

test("connections are kept, and made anew where the relay has closed them", async () => {
  const { port, heard } = await relay({});
  const { send } = transport(port);
  for (let i = 0; i < 3; i++) expect(await send(mail)).toEqual({ kind: "delivered" });
  expect(heard.filter((line) => line.startsWith("EHLO")).length).toBe(1);
});

describe("what the relay says to the mail", () => {
  test.each([
    ["MAIL", "550 5.7.1 not you", "refused"],
    ["RCPT", "550 5.1.1 no such person", "refused"],
    ["DATA", "554 5.6.0 no", "refused"],
    ["content", "552 5.3.4 too large", "refused"],
    ["MAIL", "451 4.3.0 later", "deferred"],
    ["RCPT", "450 4.2.1 greylisted", "deferred"],
    ["DATA", "452 4.3.1 full", "deferred"],
    ["content", "421 4.3.2 closing", "deferred"],
    ["MAIL", "530 5.7.0 authentication required", "deferred"],
  ])("%s: %s", async (step, reply, kind) => {
    const { port } = await relay({ [step]: reply });
    const result = await transport(port).send(mail);
    expect(result).toMatchObject({ kind, detail: expect.stringContaining(reply) });
    if (result.kind === "refused") expect(result.status.code).toEqual([5, 1]);
    if (result.kind === "deferred") expect(result.retryAfterSeconds).toBeGreaterThan(0);
  });
});

describe("trouble on the way is tried again", () => {
  test.each([
    ["a greeting that refuses", { greeting: "554 not today" }],
    ["no greeting", { greeting: "hang" }],
    ["a closed connection instead of a greeting", { greeting: "drop" }],
    ["EHLO and HELO refused", { EHLO: "502 no", HELO: "550 no" }],
    ["a connection closed after MAIL", { MAIL: "drop" }],
    ["no answer to RCPT", { RCPT: "hang" }],
    ["a connection closed after the content", { content: "drop" }],
    ["no answer to the content", { content: "hang" }],
    ["an answer that is none", { MAIL: "hello" }],
  ])("%s", async (_, script) => {
    const { port } = await relay(script);
    const result = await transport(port).send(mail);
    expect(result).toMatchObject({ kind: "deferred", detail: expect.stringMatching(/\w/) });
  });

  test("nobody listens", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    expect(await transport(port).send(mail)).toMatchObject({
      kind: "deferred",
      detail: expect.stringContaining("ECONNREFUSED"),
    });
  });
  test("after close", async () => {
    const { port } = await relay({});
    const made = transport(port);
    await made.close();
    expect(await made.send(mail)).toMatchObject({ kind: "deferred" });
  });
  test("one failure does not spoil the next mail", async () => {
    const script: Record<string, string> = { content: "drop" };
    const { port } = await relay(script);
    const { send } = transport(port);
    expect((await send(mail)).kind).toBe("deferred");
    delete script["content"];
    expect((await send(mail)).kind).toBe("delivered");
  });
});

describe("encryption and passwords", () => {
  test("IMIP-3-06 without STARTTLS nothing is sent where it is required", async () => {
    const { port, heard } = await relay({});
    expect((await transport(port, { requireTls: true }).send(mail)).kind).toBe("deferred");
    expect(heard.join()).not.toContain("MAIL");
  });
  test("a wrong password is our fault and tried again", async () => {
    const { port } = await relay({ extensions: ["AUTH PLAIN"], AUTH: "535 5.7.8 wrong" });
    const result = await transport(port, { user: "u", password: "p" }).send(mail);
    expect(result).toMatchObject({ kind: "deferred", detail: expect.stringContaining("535") });
  });
  test("a password goes to this machine as it is", async () => {
    const { port, heard } = await relay({ extensions: ["AUTH PLAIN"], AUTH: "235 2.7.0 ok" });
    expect((await transport(port, { user: "u", password: "p" }).send(mail)).kind).toBe("delivered");
    expect(heard[1]).toBe(`AUTH PLAIN ${Buffer.from("\u0000u\u0000p").toString("base64")}`);
  });
});
