import { createServer } from "node:net";
import type { TestProject } from "vitest/node";
import { type Cluster, startCluster } from "./postgres-server.ts";

/**
 * Starts one PostgreSQL for all tests of a run, when the first asks for it: whoever connects to the port is answered with the URL
 * of an empty database of its own, or with why there is none. Ends it when the run ends.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<Cluster> | undefined;
  const answer = async (): Promise<string> => {
    cluster ??= startCluster();
    return (await cluster).createDatabase();
  };
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    answer().then(
      (url) => socket.end(url),
      (error: unknown) => socket.end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("loopback has no port to give");
  project.provide("postgresPort", address.port);
  return async () => {
    server.close();
    await (await cluster)?.close();
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    postgresPort: number;
  }
}
