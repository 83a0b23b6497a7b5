import type { DavRequest, DavResponse } from "./message.ts";
import { copy, move } from "./methods/copy-move.ts";
import { remove } from "./methods/delete.ts";
import { get } from "./methods/get.ts";
import { mkcol } from "./methods/mkcol.ts";
import { options } from "./methods/options.ts";
import { post } from "./methods/post.ts";
import { propfind } from "./methods/propfind.ts";
import { proppatch } from "./methods/proppatch.ts";
import { put } from "./methods/put.ts";
import { report } from "./methods/report.ts";
import { errorElement, xmlResponse } from "./multistatus.ts";
import { DavRefusal } from "./refusal.ts";
import type { Method, Resource, Tree } from "./tree.ts";

/** What every method is done by. RFC 4918 §18: class 1 and 3, so nothing is locked. */
const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["OPTIONS", options],
  ["GET", get],
  ["HEAD", get],
  ["PUT", put],
  ["DELETE", remove],
  ["PROPFIND", propfind],
  ["PROPPATCH", proppatch],
  ["REPORT", report],
  ["MKCOL", mkcol],
  ["MKCALENDAR", mkcol],
  ["COPY", copy],
  ["MOVE", move],
  ["POST", post],
]);

/** All methods that are answered, for who takes requests in; those of locks are refused. */
export const davMethods: readonly string[] = [...methods.keys(), "LOCK", "UNLOCK"];

/** Answers a request of WebDAV. Throws only what is not the caller's fault. */
export async function handleDav<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  try {
    const method = methods.get(request.method);
    if (!method) return await notAllowed(tree, request);
    return await method(tree, request);
  } catch (error) {
    if (!(error instanceof DavRefusal)) throw error;
    const body = errorElement(error.condition, error.message);
    return xmlResponse(error.status, body, tree.prefixes, error.headers);
  }
}

async function notAllowed<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<never> {
  const resource = await tree.read((view) => view.find(request.path));
  const allow = resource?.methods ?? ["OPTIONS"];
  throw new DavRefusal(405, "That is not done here.", { headers: { Allow: allow.join(", ") } });
}
