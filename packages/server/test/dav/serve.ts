import { createServer } from "node:http";
import { handleDav } from "../../src/dav/handle.ts";
import { parsePath } from "../../src/dav/path.ts";
import type { Resource, Tree } from "../../src/dav/tree.ts";

/** Serves a tree on loopback to whoever comes by, until it is closed. */
export async function serveTree<Kind extends Resource>(
  tree: Tree<Kind>,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = "", headers } = request;
    const path = parsePath(request.url ?? "");
    const answer = path
      ? await handleDav(tree, { method, headers, path, body: Buffer.concat(parts) })
      : { status: 400, headers: {}, body: "" };
    const body = Buffer.from(answer.body ?? "", method === "GET" || method === "HEAD" ? "latin1" : "utf8");
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(answer.status !== 304 && { "Content-Length": body.length }),
    });
    response.end(method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
