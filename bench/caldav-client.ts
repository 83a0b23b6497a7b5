import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { password } from "./caldav-texts.ts";

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** One connection of one person's program that stays open. A plain socket: it takes little of the processor that is measured. */
export interface Client {
  request(method: string, path: string, body?: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  close(): void;
}

/** Connects as the person of that number. */
export async function openClient(port: number, person: number): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  const secret = Buffer.from(`person${person}@example.test:${password}`).toString("base64");
  return {
    async request(method, path, body = "", headers = {}) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const length = Buffer.byteLength(body);
      const type = body.startsWith("<") ? "application/xml" : "text/calendar";
      const head = `${method} ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic ${secret}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n`;
      const reply = readReply(socket);
      socket.write(`${head}${lines.join("")}\r\n${body}`);
      return reply;
    },
    close: () => socket.destroy(),
  };
}

/** Reads one answer: of a length, in chunks, or without a body. */
function readReply(socket: Socket): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let got = 0;
    let head = "";
    let bodyOf: ((all: Buffer) => string | undefined) | undefined;
    let wanted = 0;
    const onData = (part: Buffer): void => {
      parts.push(part);
      got += part.length;
      if (got < wanted) return;
      const all = Buffer.concat(parts);
      if (!bodyOf) {
        const end = all.indexOf("\r\n\r\n");
        if (end < 0) return;
        head = all.toString("latin1", 0, end);
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        wanted = end + 4 + length;
        bodyOf = /^transfer-encoding: *chunked/im.test(head)
          ? chunksFrom(end + 4)
          : (whole) => whole.toString("utf8", end + 4);
        if (got < wanted) return;
      }
      const body = bodyOf(all);
      if (body === undefined) return;
      done();
      resolve({ status: Number(head.slice(9, 12)), head, body });
    };
    const onEnd = (): void => {
      done();
      reject(new Error("the server has closed the connection"));
    };
    const done = (): void => void socket.off("data", onData).off("close", onEnd).off("error", onEnd);
    socket.on("data", onData).on("close", onEnd).on("error", onEnd);
  });
}

/** Reads a body in chunks that begins there, as far as it has come; it is `undefined` until the last one is there. */
function chunksFrom(begins: number): (all: Buffer) => string | undefined {
  const chunks: Buffer[] = [];
  let at = begins;
  return (all) => {
    for (;;) {
      const end = all.indexOf("\r\n", at);
      if (end < 0) return undefined;
      const size = Number.parseInt(all.toString("latin1", at, end), 16);
      const next = end + 2 + size + 2;
      if (all.length < next) return undefined;
      if (size === 0) return Buffer.concat(chunks).toString("utf8");
      chunks.push(all.subarray(end + 2, end + 2 + size));
      at = next;
    }
  };
}
