import { describeAll, readAsked } from "../asked-properties.ts";
import { readDepth, readPreference } from "../headers.ts";
import type { DavResponse } from "../message.ts";
import { multistatus, type StatusEntry } from "../multistatus.ts";
import { DavRefusal } from "../refusal.ts";
import type { AskedReport, Resource } from "../tree.ts";
import { childNamed, dav, textOf, type XmlElement, xml } from "../xml.ts";

const defaultLimit = 10_000;

/** Tells what changed in a collection since a token, RFC 6578 §3.2; all that is there where there is none. */
export async function syncCollection<Kind extends Resource>(asked: AskedReport<Kind>): Promise<DavResponse> {
  const { tree, view, resource, root, request } = asked;
  requireLevel(asked);
  const properties = readAsked(root) ?? { kind: "named", properties: [] };
  const given = childNamed(root, dav("sync-token"));
  const token = given ? textOf(given).trim() : "";
  const limit = readLimit(root);
  const changes = await view.changes(resource, token === "" ? undefined : token, limit);
  if (!changes) {
    throw new DavRefusal(403, "That token is known no more; begin anew.", { condition: xml(dav("valid-sync-token")) });
  }
  const changed = await describeAll(tree, view, changes.changed, properties, readPreference(request.headers));
  const removed = changes.removed.map((path): StatusEntry => ({ path, status: 404 }));
  // RFC 6578 §3.6: the collection itself stands for what was left out.
  const truncated: readonly StatusEntry[] = changes.isTruncated
    ? [{ path: resource.path, status: 507, condition: xml(dav("number-of-matches-within-limits")) }]
    : [];
  const entries = [...changed, ...removed, ...truncated];
  return multistatus(tree.prefixes, entries, xml(dav("sync-token"), changes.token));
}

/** Clients of the draft said the level by Depth; what is in collections within is another's collection. */
function requireLevel<Kind extends Resource>({ root, request }: AskedReport<Kind>): void {
  const level = childNamed(root, dav("sync-level"));
  const said = level ? textOf(level).trim() : readDepth(request.headers, "1");
  if (said === "1") return;
  throw new DavRefusal(said === "infinite" || said === "infinity" ? 403 : 400, "Ask for the level 1.", {
    condition: xml(dav("sync-traversal-supported")),
  });
}

/** A limit that is not met would not be answered at all: it is met by leaving out what comes later. */
function readLimit(root: XmlElement): number {
  const limit = childNamed(root, dav("limit"));
  const results = limit && childNamed(limit, dav("nresults"));
  const asked = results ? Number(textOf(results).trim()) : defaultLimit;
  return Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, defaultLimit) : defaultLimit;
}
