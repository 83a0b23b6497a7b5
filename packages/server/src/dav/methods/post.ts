import { requireConditions } from "../conditions.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { notFound } from "../refusal.ts";
import { writeConditions } from "../require-if.ts";
import type { Resource, Tree } from "../tree.ts";

/** Hands a request to a resource that does something with it by itself, RFC 4918 §9.5. */
export async function post<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const conditions = await writeConditions(tree, request);
  const resource = await tree.read((view) => view.find(request.path));
  if (!resource) throw notFound();
  requireConditions(conditions, resource);
  return tree.post(resource, request);
}
