import { type AskedProperties, describeAll, readAsked } from "../asked-properties.ts";
import { readDepth, readPreference } from "../headers.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { multistatus } from "../multistatus.ts";
import { DavRefusal, notFound } from "../refusal.ts";
import type { Resource, Tree } from "../tree.ts";
import { dav, xml } from "../xml.ts";
import { readXml } from "../xml-reader.ts";

/** Tells properties of a resource, and of what is right inside it: RFC 4918 §9.1. All of a tree at once is refused. */
export async function propfind<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const asked = readBody(request.body);
  const depth = readDepth(request.headers, "infinity");
  const preference = readPreference(request.headers);
  return tree.read(async (view) => {
    const resource = await view.find(request.path);
    if (!resource) throw notFound();
    if (depth === "infinity" && resource.isCollection) {
      throw new DavRefusal(403, "Ask by a Depth of 0 or 1.", { condition: xml(dav("propfind-finite-depth")) });
    }
    const members = depth === "1" && resource.isCollection ? await view.members(resource) : [];
    const entries = await describeAll(tree, view, [resource, ...members], asked, preference);
    return multistatus(tree.prefixes, entries);
  });
}

/** An empty body asks for all. */
function readBody(body: Uint8Array): AskedProperties {
  const reading = readXml(body);
  if (reading.kind === "empty") return { kind: "all", also: [] };
  if (reading.kind === "refused") throw new DavRefusal(400, `The body is no XML we take: ${reading.reason}.`);
  const asked = reading.root.name === dav("propfind") ? readAsked(reading.root) : undefined;
  if (!asked) throw new DavRefusal(400, "The body is no propfind.");
  return asked;
}
