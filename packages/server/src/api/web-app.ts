import { existsSync } from "node:fs";
import { join } from "node:path";
import staticFiles from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Api } from "./options.ts";
import { Refusal, sendProblem } from "./problem.ts";

/**
 * Serves the built web app, whose pages all are `index.html`: any address a browser asks a page of is one of them, but those
 * below `/api`. Without a built app everything is `not-found`.
 */
export async function serveWebApp(api: Api, webRoot: string): Promise<void> {
  const isBuilt = existsSync(join(webRoot, "index.html"));
  if (isBuilt) {
    await api.register(staticFiles, {
      root: webRoot,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names below `assets` hold a hash of what is in them.
        const isHashed = path.includes("/assets/");
        reply.header("Cache-Control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  api.setNotFoundHandler((request, reply) => {
    if (isBuilt && isPage(request)) return reply.sendFile("index.html");
    return sendNotFound(request, reply, isBuilt);
  });
}

function isPage(request: FastifyRequest): boolean {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const isApi = /^\/api(?:[/?]|$)/.test(request.url);
  return isRead && !isApi && (request.headers.accept ?? "").includes("text/html");
}

function sendNotFound(request: FastifyRequest, reply: FastifyReply, isBuilt: boolean): void {
  const words = isBuilt || !isPage(request) ? "There is nothing here." : "The web app is not built; run npm run build.";
  sendProblem(new Refusal("not-found", words), request, reply);
}
