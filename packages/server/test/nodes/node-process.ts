import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import type { Config } from "../../src/config.ts";
import { basic } from "../api/api.ts";

/** What the API answered; `status` 0 where nobody did. */
export interface Answered {
  readonly status: number;
  readonly etag: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test may look into an answer.
  readonly body: any;
}

/** A server in a process of its own. */
export interface NodeProcess {
  readonly httpPort: number;
  call(as: string, method: string, path: string, body?: unknown, etag?: string): Promise<Answered>;
  /** Hands a mail over; false where it was not taken, or nobody knows. */
  deliver(from: string, to: string, raw: Uint8Array): Promise<boolean>;
  /** Lets its clock run ahead. */
  setAhead(seconds: number): void;
  kill(): Promise<void>;
  /** Stops it, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a server on any free ports; `config` as its own file would say. */
export async function startNode(config: Config): Promise<NodeProcess> {
  const script = fileURLToPath(new URL("run-node.ts", import.meta.url));
  const child = fork(script, [JSON.stringify(config)], { execArgv: ["--conditions=@parley/source"], stdio: "inherit" });
  const exited = once(child, "exit") as Promise<[number | null]>;
  process.once("exit", () => child.kill("SIGKILL"));
  const started = once(child, "message").then(([message]) => message as { httpPort: number; lmtpPort: number });
  const ports = await Promise.race([started, exited]);
  if (Array.isArray(ports)) throw new Error(`the node ended with ${ports[0]}`);
  const { httpPort, lmtpPort } = ports;
  return {
    httpPort,
    call: (...of) => call(httpPort, ...of).catch(() => ({ status: 0, etag: "", body: undefined })),
    deliver: (...of) =>
      deliver(lmtpPort, ...of).then(
        () => true,
        () => false,
      ),
    setAhead: (ahead) => void child.send({ ahead }),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    stop: async () => {
      child.send({ stop: true });
      return (await exited)[0];
    },
  };
}

async function call(port: number, as: string, method: string, path: string, body?: unknown, etag?: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      authorization: basic(as),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(etag !== undefined && { "if-match": etag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get("etag") ?? "",
    body: text === "" ? undefined : JSON.parse(text),
  };
}

async function deliver(port: number, from: string, to: string, raw: Uint8Array): Promise<void> {
  const lmtp = createTransport({ host: "127.0.0.1", port, lmtp: true, secure: false, ignoreTLS: true });
  try {
    await lmtp.sendMail({ envelope: { from, to: [to] }, raw: Buffer.from(raw) });
  } finally {
    lmtp.close();
  }
}
