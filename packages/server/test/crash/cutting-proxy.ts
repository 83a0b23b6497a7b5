import { connect, createServer, type Socket } from "node:net";

/** Where a connection is cut. */
export type Cut =
  /** After so many octets more, of all connections and both directions together; inside of a message, as a rule. */
  | { readonly kind: "octets"; readonly octets: number }
  /** Before the COMMIT of something that was written is passed on. */
  | { readonly kind: "before-commit" }
  /** After it was passed on and answered, and before the answer is: whoever asked cannot know. */
  | { readonly kind: "after-commit" };

/** A proxy of TCP that cuts connections. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts one connection, and resolves then; `false` where nothing was to be cut within that time. */
  cut(cut: Cut, milliseconds: number): Promise<boolean>;
  close(): Promise<void>;
}

/** A query message of PostgreSQL's protocol: `Q`, four octets of length, its text. */
const commit = Buffer.from("commit\0");
/** Octets by which one knows a transaction that writes: those that read, or look for work and find none, send less. */
const leastWritten = 1_500;

/** Passes everything on to a port of loopback until it is told to cut. */
export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let order: { readonly cut: Cut; readonly done: () => void } | undefined;
  let octets = 0;
  /** How much of a chunk is passed on; all where nothing is cut. */
  const passed = (chunk: Buffer, isCommit: boolean): number => {
    if (order?.cut.kind === "before-commit" && isCommit) return 0;
    if (order?.cut.kind !== "octets") return chunk.length;
    octets += chunk.length;
    const over = octets - order.cut.octets;
    return over < 0 ? chunk.length : chunk.length - over;
  };
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    let swallows = false;
    let written = 0;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const cutNow = (): void => {
      order?.done();
      order = undefined;
      end();
    };
    const pass = (chunk: Buffer, to: Socket, isCommit: boolean): void => {
      const length = passed(chunk, isCommit);
      to.write(chunk.subarray(0, length));
      if (length < chunk.length) cutNow();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on("data", (chunk) => {
      const ends = chunk.includes(commit);
      written += chunk.length;
      const isCommit = ends && written >= leastWritten;
      if (ends) written = 0;
      swallows ||= isCommit && order?.cut.kind === "after-commit";
      pass(chunk, upstream, isCommit);
    });
    upstream.on("data", (chunk) => (swallows ? cutNow() : pass(chunk, client, false)));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  return {
    port,
    cut: (cut, milliseconds) =>
      new Promise((resolve) => {
        octets = 0;
        const late = setTimeout(() => {
          order = undefined;
          resolve(false);
        }, milliseconds);
        const done = (): void => {
          clearTimeout(late);
          resolve(true);
        };
        order = { cut, done };
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
