import { readDepth, readDestination, readOverwrite } from "../headers.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { formatPath, pathKey } from "../path.ts";
import { DavRefusal } from "../refusal.ts";
import { writeConditions } from "../require-if.ts";
import type { Resource, Tree } from "../tree.ts";

/** Copies a resource elsewhere, RFC 4918 §9.8. */
export function copy<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  return transfer(tree, request, "copy");
}

/** Moves a resource elsewhere, RFC 4918 §9.9. */
export function move<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  return transfer(tree, request, "move");
}

async function transfer<Kind extends Resource>(
  tree: Tree<Kind>,
  request: DavRequest,
  mode: "copy" | "move",
): Promise<DavResponse> {
  const to = readDestination(request.headers);
  const depth = readDepth(request.headers, "infinity");
  const [from, key] = [pathKey(request.path), pathKey(to)];
  if (key === from) throw new DavRefusal(403, "It is there already.");
  if (`${key}/`.startsWith(`${from}/`)) throw new DavRefusal(403, "Nothing goes into itself.");
  if (mode === "move" && depth !== "infinity") throw new DavRefusal(400, "What is moved is moved whole.");
  const written = await tree.transfer({
    mode,
    from: request.path,
    to,
    overwrite: readOverwrite(request.headers),
    isShallow: depth === "0",
    conditions: await writeConditions(tree, request),
  });
  const location = written.isNew ? { Location: formatPath(to) } : {};
  return { status: written.isNew ? 201 : 204, headers: { ...written.headers, ...location } };
}
