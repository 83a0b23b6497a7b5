import { requireRoot } from "../asked-properties.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { DavRefusal, notFound } from "../refusal.ts";
import type { Resource, Tree } from "../tree.ts";
import { dav, xml } from "../xml.ts";

/** Answers a report of a resource, RFC 3253 §3.6. */
export async function report<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const root = requireRoot(request.body);
  return tree.read(async (view) => {
    const resource = await view.find(request.path);
    if (!resource) throw notFound();
    const known = view.reports.get(root.name);
    if (!known?.appliesTo(resource)) {
      throw new DavRefusal(403, "There is no such report here.", { condition: xml(dav("supported-report")) });
    }
    return known.run({ tree, view, resource, root, request });
  });
}
