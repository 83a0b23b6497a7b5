import { connect } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { type DeliveryReply, type Envelope, startMailServer } from "../../src/mail/doors/mail-server.ts";

interface Delivered {
  readonly bytes: string;
  readonly envelope: Envelope;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(deliver: (envelope: Envelope) => Promise<readonly DeliveryReply[]>, maxBytes?: number) {
  const delivered: Delivered[] = [];
  const troubles: string[] = [];
  const server = await startMailServer({
    protocol: "lmtp",
    host: "127.0.0.1",
    port: 0,
    ...(maxBytes !== undefined && { maxBytes }),
    acceptRecipient: (address) =>
      address.startsWith("broken") ? Promise.reject(new Error("disk")) : Promise.resolve(!address.startsWith("nobody")),
    deliver: (bytes, envelope) => {
      delivered.push({ bytes: Buffer.from(bytes).toString("latin1"), envelope });
      return deliver(envelope);
    },
    logger: { info: () => {}, error: (_, text) => troubles.push(text) },
  });
  closing.push(() => server.close());
  return { port: server.port, delivered, troubles };
}

/** A client: says what it is told and reads one reply, or as many as it expects. */
async function dial(port: number) {
  const socket = connect(port, "127.0.0.1");
  closing.unshift(async () => void socket.destroy());
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const read = async (): Promise<string> => {
    for (;;) {
      const { value, done } = await replies.next();
      if (done) return "closed";
      if (!/^\d{3}-/.test(value)) return value;
    }
  };
  const say = async (text: string, count = 1): Promise<readonly string[]> => {
    socket.write(`${text}\r\n`);
    const lines: string[] = [];
    while (lines.length < count) lines.push(await read());
    return lines;
  };
  await read();
  await say("LHLO client.test");
  return { say, socket };
}

const kept = { code: 250, text: "2.6.0 Kept" };

test("each recipient has its own reply, and the mail arrives as it was", async () => {
  const { port, delivered } = await start(async () => [kept, { code: 452, text: "4.2.2 Full" }]);
  const { say } = await dial(port);
  expect(await say("MAIL FROM:<x@else.test>")).toEqual([expect.stringMatching(/^250 /)]);
  expect(await say("RCPT TO:<ann@example.test>")).toEqual([expect.stringMatching(/^250 /)]);
  expect(await say("RCPT TO:<nobody@example.test>")).toEqual(["550 5.1.1 No such person here"]);
  expect(await say("RCPT TO:<ANN@example.test>")).toEqual(["452 4.5.3 Named before"]);
  expect(await say("RCPT TO:<broken@example.test>")).toEqual(["451 4.3.0 Not kept; try again"]);
  expect(await say("RCPT TO:<ben@example.test>")).toEqual([expect.stringMatching(/^250 /)]);
  await say("DATA");
  expect(await say("Subject: x\r\n\r\n..dot\r\nü\r\n.", 2)).toEqual(["250 2.6.0 Kept", "452 4.2.2 Full"]);
  expect(delivered).toEqual([
    {
      bytes: Buffer.from("Subject: x\r\n\r\n.dot\r\nü\r\n").toString("latin1"),
      envelope: { from: "x@else.test", recipients: ["ann@example.test", "ben@example.test"] },
    },
  ]);
});

test("no reply comes before the mail is kept", async () => {
  let keep: () => void = () => {};
  const keeping = new Promise<void>((done) => (keep = done));
  const order: string[] = [];
  const { port } = await start(async () => {
    await keeping;
    order.push("kept");
    return [kept];
  });
  const { say } = await dial(port);
  await say("MAIL FROM:<>");
  await say("RCPT TO:<ann@example.test>");
  await say("DATA");
  const reply = say("x\r\n.").then(() => order.push("replied"));
  keep();
  await reply;
  expect(order).toEqual(["kept", "replied"]);
});

test.each([
  ["it could not be kept", () => Promise.reject(new Error("disk full"))],
  ["the answers do not fit the recipients", () => Promise.resolve([kept, kept])],
])("451 where %s; the connection goes on", async (_, deliver) => {
  const { port, troubles } = await start(deliver);
  const { say } = await dial(port);
  for (let round = 0; round < 2; round++) {
    await say("MAIL FROM:<x@else.test>");
    await say("RCPT TO:<ann@example.test>");
    await say("DATA");
    expect(await say("x\r\n.")).toEqual(["451 4.3.0 Not kept; try again"]);
  }
  expect(troubles.length).toBe(2);
});

test("a mail over the bound is refused for every recipient and not handed on", async () => {
  const { port, delivered } = await start(async () => [kept, kept], 1_000);
  const { say } = await dial(port);
  expect(await say("MAIL FROM:<x@else.test> SIZE=1001")).toEqual([expect.stringMatching(/^552 /)]);
  await say("MAIL FROM:<x@else.test>");
  await say("RCPT TO:<ann@example.test>");
  await say("RCPT TO:<ben@example.test>");
  await say("DATA");
  const refusal = "552 5.3.4 Mail is too large";
  expect(await say(`${"x".repeat(99)}\r\n`.repeat(20).concat("."), 2)).toEqual([refusal, refusal]);
  expect(delivered).toEqual([]);
});

test("a mail whose client goes away in the middle is not delivered", async () => {
  const { port, delivered, troubles } = await start(async () => [kept]);
  const { say, socket } = await dial(port);
  await say("MAIL FROM:<x@else.test>");
  await say("RCPT TO:<ann@example.test>");
  await say("DATA");
  socket.end("Subject: half\r\n");
  await expect.poll(() => troubles.length).toBe(1);
  expect(delivered).toEqual([]);
});

test.each(["EHLO client.test", "AUTH PLAIN AGEAYg==", "STARTTLS", "WIZ x", "SHELL", "BDAT 3 LAST"])(
  "%s is no command here",
  async (command) => {
    const { port } = await start(async () => [kept]);
    const { say } = await dial(port);
    expect(await say(command)).toEqual([expect.stringMatching(/^50\d /)]);
  },
);

test("a port that is taken is an error", async () => {
  const { port } = await start(async () => []);
  const options = {
    protocol: "lmtp",
    host: "127.0.0.1",
    port,
    acceptRecipient: async () => true,
    deliver: async () => [],
  } as const;
  await expect(startMailServer({ ...options, logger: { info: () => {}, error: () => {} } })).rejects.toThrow(
    "EADDRINUSE",
  );
});
