import { readProperty } from "../asked-properties.ts";
import type { DavResponse } from "../message.ts";
import { multistatus, type PropertySet, responseElement, type StatusEntry } from "../multistatus.ts";
import { type Path, parsePath, pathKey } from "../path.ts";
import { DavRefusal, tooMuch } from "../refusal.ts";
import type { AskedReport, Resource } from "../tree.ts";
import { childElements, childrenNamed, dav, type Name, textOf, type XmlElement, xml } from "../xml.ts";

/** Hrefs that are followed in one answer, and how deep. */
const maxFollowed = 1_000;
const maxDepth = 4;
/** Properties of one answer. */
const maxSaid = 100_000;

/** Tells properties, and what the hrefs in them stand for: RFC 3253 §3.8. */
export async function expandProperty<Kind extends Resource>(asked: AskedReport<Kind>): Promise<DavResponse> {
  const budget = { left: maxFollowed, said: maxSaid };
  const entry = await expandOne(asked, asked.resource, asked.root, { budget, depth: 0 });
  return multistatus(asked.tree.prefixes, [entry]);
}

interface Bounds {
  readonly budget: { left: number; said: number };
  readonly depth: number;
}

async function expandOne<Kind extends Resource>(
  asked: AskedReport<Kind>,
  resource: Kind,
  element: XmlElement,
  bounds: Bounds,
): Promise<StatusEntry> {
  const wanted = childrenNamed(element, dav("property"));
  bounds.budget.said -= wanted.length;
  if (bounds.budget.said < 0) throw tooMuch("More properties are asked for than are told at once.");
  const names = wanted.map(nameOf);
  const [loaded] = await asked.view.load([resource], new Set(names));
  const found: XmlElement[] = [];
  const missing: XmlElement[] = [];
  for (const [index, property] of wanted.entries()) {
    const name = names[index] ?? "";
    const value = loaded && readProperty(asked.tree, loaded, xml(name));
    if (!value) missing.push(xml(name));
    else if (childrenNamed(property, dav("property")).length === 0) found.push(value);
    else found.push(await follow(asked, value, property, { ...bounds, depth: bounds.depth + 1 }));
  }
  const sets: PropertySet[] = [];
  if (found.length > 0 || missing.length === 0) sets.push({ status: 200, properties: found });
  if (missing.length > 0) sets.push({ status: 404, properties: missing });
  return { path: resource.path, sets };
}

function nameOf({ attributes }: XmlElement): Name {
  const local = attributes.get("name") ?? "";
  if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(local)) throw new DavRefusal(400, "A property has no name.");
  const uri = attributes.get("namespace") ?? "DAV:";
  return uri === "" ? local : `{${uri}}${local}`;
}

async function follow<Kind extends Resource>(
  asked: AskedReport<Kind>,
  value: XmlElement,
  property: XmlElement,
  bounds: Bounds,
): Promise<XmlElement> {
  if (bounds.depth > maxDepth) throw new DavRefusal(403, "Properties are asked for too deep.");
  const paths = childElements(value).flatMap((child): readonly Path[] => {
    const path = child.name === dav("href") ? parsePath(textOf(child).trim()) : undefined;
    return path ? [path] : [];
  });
  bounds.budget.left -= paths.length;
  if (bounds.budget.left < 0) throw tooMuch("Too many resources are asked for at once.");
  const found = await asked.view.findMany(paths);
  const content: XmlElement[] = [];
  for (const path of paths) {
    const resource = found.get(pathKey(path));
    const entry = resource ? await expandOne(asked, resource, property, bounds) : { path, status: 404 };
    content.push(responseElement(entry));
  }
  return xml(value.name, ...content);
}
