import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";

/** One request of a program, and what it was answered. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
  readonly millis: number;
}

/** Stands before a server, hands all on as it is, and notes it. */
export interface Recorder {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Starts a recorder before the server at a port. */
export async function startRecorder(port: number): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const started = performance.now();
    const { method = "GET", url = "/", headers } = incoming;
    const body = await readAll(incoming);
    const options = { host: "127.0.0.1", port, method, path: url, headers };
    const onward = request(options, async (answered) => {
      const answer = await readAll(answered);
      const status = answered.statusCode ?? 0;
      const millis = performance.now() - started;
      exchanges.push({ method, path: url, headers, body: body.toString(), status, answer: answer.toString(), millis });
      outgoing.writeHead(status, answered.headers);
      outgoing.end(answer);
    });
    onward.on("error", () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
