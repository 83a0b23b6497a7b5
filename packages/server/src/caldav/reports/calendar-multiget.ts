import { describeAll, readAsked } from "../../dav/asked-properties.ts";
import { readPreference } from "../../dav/headers.ts";
import type { DavResponse } from "../../dav/message.ts";
import { multistatus, type StatusEntry } from "../../dav/multistatus.ts";
import { type Path, parsePath, pathKey } from "../../dav/path.ts";
import { DavRefusal, tooMuch } from "../../dav/refusal.ts";
import type { AskedReport } from "../../dav/tree.ts";
import { childrenNamed, dav, textOf } from "../../dav/xml.ts";
import type { Node } from "../node.ts";

/** Some programs name all of a calendar at once. */
const maxHrefs = 20_000;

/** Tells of resources that are named, RFC 4791 §7.9. What is not there, or not below where it is asked, is 404. */
export async function calendarMultiget({
  tree,
  view,
  resource,
  root,
  request,
}: AskedReport<Node>): Promise<DavResponse> {
  const written = childrenNamed(root, dav("href"));
  if (written.length === 0) throw new DavRefusal(400, "No href is named.");
  if (written.length > maxHrefs) {
    throw tooMuch(`More than ${maxHrefs} hrefs are named.`);
  }
  const asked = new Map<string, Path>();
  for (const href of written) {
    const path = parsePath(textOf(href).trim());
    if (path) asked.set(pathKey(path), path);
  }
  const below = `${pathKey(resource.path)}/`;
  const own = [...asked].filter(([key]) => key === below.slice(0, -1) || key.startsWith(below));
  const found = await view.findMany(own.map(([, path]) => path));
  const properties = readAsked(root) ?? { kind: "named", properties: [] };
  const entries = await describeAll(tree, view, [...found.values()], properties, readPreference(request.headers));
  const missing = [...asked].filter(([key]) => !found.has(key));
  return multistatus(tree.prefixes, [...entries, ...missing.map(([, path]): StatusEntry => ({ path, status: 404 }))]);
}
