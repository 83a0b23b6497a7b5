import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { password } from "./caldav-node.ts";

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
      const head = `${method} ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic ${secret}\r\nContent-Length: ${length}\r\n`;
      const reply = readReply(socket);
      socket.write(`${head}${lines.join("")}\r\n${body}`);
      return reply;
    },
    close: () => socket.destroy(),
  };
}

/** Reads one answer; all of the server's have a length, or no body. */
function readReply(socket: Socket): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let got = 0;
    let head = "";
    let begins = 0;
    let wanted = -1;
    const onData = (part: Buffer): void => {
      parts.push(part);
      got += part.length;
      if (wanted < 0) {
        const all = Buffer.concat(parts);
        const end = all.indexOf("\r\n\r\n");
        if (end < 0) return;
        head = all.toString("latin1", 0, end);
        begins = end + 4;
        wanted = begins + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      }
      if (got < wanted) return;
      done();
      resolve({ status: Number(head.slice(9, 12)), head, body: Buffer.concat(parts).toString("utf8", begins) });
    };
    const onEnd = (): void => {
      done();
      reject(new Error("the server has closed the connection"));
    };
    const done = (): void => void socket.off("data", onData).off("close", onEnd).off("error", onEnd);
    socket.on("data", onData).on("close", onEnd).on("error", onEnd);
  });
}
