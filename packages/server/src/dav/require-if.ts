import { type Conditions, isIfMet, pathsOfIf, readConditions, readIf } from "./conditions.ts";
import type { DavRequest } from "./message.ts";
import { pathKey } from "./path.ts";
import { DavRefusal } from "./refusal.ts";
import type { Resource, Tree } from "./tree.ts";

/**
 * Reads on what a writing request depends. An If header is looked at here and now; the etag of the resource it held for goes along, so that
 * it still holds when it is written.
 */
export async function writeConditions<Kind extends Resource>(
  tree: Tree<Kind>,
  { headers, path }: DavRequest,
): Promise<Conditions> {
  const conditions = readConditions(headers);
  const lists = readIf(headers);
  if (!lists) return conditions;
  const found = await tree.read((view) => view.findMany(pathsOfIf(lists, path)));
  const etags = new Map([...found].map(([key, { etag }]) => [key, etag]));
  if (!isIfMet(lists, path, etags)) throw new DavRefusal(412, "The If header does not hold.");
  const own = etags.get(pathKey(path));
  return conditions.ifMatch !== undefined || own === undefined ? conditions : { ...conditions, ifMatch: [own] };
}
