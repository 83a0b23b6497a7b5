import { requireRoot } from "../asked-properties.ts";
import { requireConditions } from "../conditions.ts";
import { readPreference } from "../headers.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { multistatus } from "../multistatus.ts";
import { readPropertyUpdate } from "../property-update.ts";
import { DavRefusal, notFound } from "../refusal.ts";
import { writeConditions } from "../require-if.ts";
import type { Resource, Tree } from "../tree.ts";
import { dav, xml } from "../xml.ts";
import { faultSets } from "./mkcol.ts";

/** Changes properties, all or none: RFC 4918 §9.2. */
export async function proppatch<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const changes = readPropertyUpdate(requireRoot(request.body, dav("propertyupdate")));
  if (changes.length === 0) throw new DavRefusal(400, "No property is named.");
  const conditions = await writeConditions(tree, request);
  const resource = await tree.read((view) => view.find(request.path));
  if (!resource) throw notFound();
  requireConditions(conditions, resource);
  const judged = changes.flatMap((change) => tree.judge(resource, change) ?? []);
  const fault = judged.length > 0 ? undefined : await tree.patch(resource, changes);
  const faults = fault ? [fault] : judged;
  const names = [...new Set(changes.map(({ name }) => name))];
  if (faults.length === 0 && readPreference(request.headers) === "minimal") {
    return { status: 200, headers: { "Preference-Applied": "return=minimal", "Content-Length": "0" } };
  }
  const sets =
    faults.length > 0 ? faultSets(changes, faults) : [{ status: 200, properties: names.map((name) => xml(name)) }];
  return multistatus(tree.prefixes, [{ path: resource.path, sets }]);
}
