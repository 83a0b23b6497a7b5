import { requireConditions } from "../conditions.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { notFound } from "../refusal.ts";
import { writeConditions } from "../require-if.ts";
import type { Resource, Tree } from "../tree.ts";

/** Removes a resource, and a collection with all that is in it: RFC 4918 §9.6. */
export async function remove<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const conditions = await writeConditions(tree, request);
  const resource = await tree.read((view) => view.find(request.path));
  if (!resource) throw notFound();
  // Before anything is said of it; what has etags is looked at again where it is removed.
  requireConditions(conditions, resource);
  await tree.remove(resource, conditions, request.headers);
  return { status: 204, headers: {} };
}
