import { isListed, readConditions, requireConditions } from "../conditions.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { notFound } from "../refusal.ts";
import type { Resource, Tree } from "../tree.ts";

/** Gives the content of a resource; the same for HEAD, whose body is left out later. */
export async function get<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const { ifMatch, ifNoneMatch } = readConditions(request.headers);
  return tree.read(async (view) => {
    const resource = await view.find(request.path);
    if (!resource) throw notFound();
    requireConditions({ ...(ifMatch && { ifMatch }) }, resource);
    const etag = resource.etag === undefined ? {} : { ETag: `"${resource.etag}"` };
    if (ifNoneMatch !== undefined && isListed(ifNoneMatch, resource)) return { status: 304, headers: etag };
    const content = await view.content(resource);
    if (!content) throw notFound();
    const headers = { ...etag, ...content.headers, "Content-Type": content.type };
    return { status: 200, headers, body: content.body };
  });
}
