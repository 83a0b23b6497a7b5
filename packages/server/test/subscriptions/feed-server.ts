import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type FetchWorld, makeFetcher } from "../../src/subscriptions/fetch-calendar.ts";

/** A server elsewhere, as the fetcher finds it: by public addresses that lead to a port of this machine. */
export interface FeedServer {
  /** Hosts and ports as they were dialled. */
  readonly dialled: string[];
  /** Each question to the DNS. */
  readonly resolved: string[];
  readonly requests: IncomingMessage[];
  readonly world: FetchWorld;
  readonly fetch: ReturnType<typeof makeFetcher>;
  close(): Promise<void>;
}

/** What the DNS says; of all other names it knows nothing. A list of lists is told one after the other. */
export type Names = Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>;

export const publicAddress = "93.184.215.14";

/** Starts one that answers as it is told. */
export async function startFeed(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  names: Names = { "feeds.example": [publicAddress] },
  more: Partial<FetchWorld> = {},
): Promise<FeedServer> {
  const [dialled, resolved, requests]: [string[], string[], IncomingMessage[]] = [[], [], []];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const world: FetchWorld = {
    allowsHttp: true,
    maxMilliseconds: 2_000,
    resolve: async (host) => {
      const count = resolved.filter((one) => one === host).length;
      resolved.push(host);
      const said = names[host];
      if (!said) throw new Error(`ENOTFOUND ${host}`);
      const [first] = said;
      if (first === undefined) return [];
      return typeof first === "string"
        ? (said as readonly string[])
        : (said[Math.min(count, said.length - 1)] as readonly string[]);
    },
    dial: (address, wanted) => {
      dialled.push(`${address} ${wanted}`);
      return { address: "127.0.0.1", port };
    },
    ...more,
  };
  return {
    dialled,
    resolved,
    requests,
    world,
    fetch: makeFetcher(world),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
