import type { DavRequest, DavResponse } from "../message.ts";
import { notFound } from "../refusal.ts";
import type { Resource, Tree } from "../tree.ts";

/** Tells what can be done with a resource: RFC 4918 §10.1 and the features of other standards. */
export async function options<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const resource = await tree.read((view) => view.find(request.path));
  // What is not there yet can be made by some; nobody is told more of it.
  const methods = resource?.methods ?? ["OPTIONS", "PUT", ...tree.makers.keys()];
  if (!resource && request.path.segments.length === 0) throw notFound();
  return { status: 200, headers: { DAV: tree.features.join(", "), Allow: methods.join(", "), "Content-Length": "0" } };
}
