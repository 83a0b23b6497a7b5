import type { Preference } from "./headers.ts";
import type { PropertySet, StatusEntry } from "./multistatus.ts";
import { DavRefusal, tooMuch } from "./refusal.ts";
import type { Resource, Tree, View } from "./tree.ts";
import { childElements, childNamed, dav, type Name, type XmlElement, xml } from "./xml.ts";
import { defaultXmlLimits, readXml } from "./xml-reader.ts";

/** Which properties are asked for, RFC 4918 §14.20. */
export type AskedProperties =
  | { readonly kind: "named"; readonly properties: readonly XmlElement[] }
  | { readonly kind: "all"; readonly also: readonly XmlElement[] }
  | { readonly kind: "names" };

const maxProperties = 500;
/** Properties of one answer, of all resources together. */
const maxSaid = 1_000_000;
/** Resources that are in memory at once with all that is loaded of them. */
const chunk = 200;

/** Reads which properties a PROPFIND or a report asks for; `undefined` where it says nothing of that. */
export function readAsked(root: XmlElement): AskedProperties | undefined {
  const named = childNamed(root, dav("prop"));
  if (named) return { kind: "named", properties: onlyOnce(childElements(named)) };
  if (childNamed(root, dav("propname"))) return { kind: "names" };
  if (!childNamed(root, dav("allprop"))) return undefined;
  const include = childNamed(root, dav("include"));
  return { kind: "all", also: include ? onlyOnce(childElements(include)) : [] };
}

/** Reads the root of a body that must be there and have a name. */
export function requireRoot(body: Uint8Array, name?: Name): XmlElement {
  const reading = readXml(body, defaultXmlLimits);
  if (reading.kind === "refused") throw new DavRefusal(400, `The body is no XML we take: ${reading.reason}.`);
  if (reading.kind === "empty") throw new DavRefusal(400, "The body is empty.");
  if (name !== undefined && reading.root.name !== name) throw new DavRefusal(400, `The body is no ${name}.`);
  return reading.root;
}

/** Lists the names an asking is of, so that a view knows what to load: all of RFC 4918 §15 where none is named. */
export function askedNames(asked: AskedProperties): ReadonlySet<Name> {
  if (asked.kind === "named") return new Set(asked.properties.map(({ name }) => name));
  const also = asked.kind === "all" ? asked.also.map(({ name }) => name) : [];
  return new Set([dav("getcontentlength"), ...also]);
}

/** Loads what is asked of some resources and says it. */
export async function describeAll<Kind extends Resource>(
  tree: Tree<Kind>,
  view: View<Kind>,
  resources: readonly Kind[],
  asked: AskedProperties,
  preference: Preference,
): Promise<readonly StatusEntry[]> {
  const names = askedNames(asked);
  requireFewProperties(resources.length, names.size);
  const entries: StatusEntry[] = [];
  for (let first = 0; first < resources.length; first += chunk) {
    for (const resource of await view.load(resources.slice(first, first + chunk), names)) {
      entries.push({ path: resource.path, sets: propertySets(tree, resource, asked, preference) });
    }
  }
  return entries;
}

/** Throws where more is asked for, of all resources together, than is told at once. */
export function requireFewProperties(resources: number, names: number): void {
  if (resources * names > maxSaid) throw tooMuch("More properties are asked for than are told at once.");
}

/** Says what is asked of a resource. With `minimal` nothing is said of what is not there, RFC 8144 §2.1. */
export function propertySets<Kind extends Resource>(
  tree: Tree<Kind>,
  resource: Kind,
  asked: AskedProperties,
  preference: Preference,
): readonly PropertySet[] {
  if (asked.kind === "names") {
    const names = allNames(tree, resource, () => true);
    return [{ status: 200, properties: names.map((name) => xml(name)) }];
  }
  const properties =
    asked.kind === "named"
      ? asked.properties
      : onlyOnce([
          ...allNames(tree, resource, ({ isInAllprop }) => isInAllprop).map((name) => xml(name)),
          ...asked.also,
        ]);
  const found: XmlElement[] = [];
  const missing: XmlElement[] = [];
  for (const one of properties) {
    const element = readProperty(tree, resource, one);
    if (element) found.push(element);
    else missing.push(xml(one.name));
  }
  const isSaid = missing.length > 0 && preference !== "minimal";
  const sets = isSaid ? [{ status: 404, properties: missing }] : [];
  // A response has at least one propstat, also where nothing is asked.
  return found.length > 0 || !isSaid ? [{ status: 200, properties: found }, ...sets] : sets;
}

/** Reads one property as it stands in an answer; `undefined` where there is none. */
export function readProperty<Kind extends Resource>(
  tree: Tree<Kind>,
  resource: Kind,
  asked: XmlElement,
): XmlElement | undefined {
  const live = tree.properties.get(asked.name);
  if (live) {
    const content = live.read(resource, asked);
    return content && xml(asked.name, ...content);
  }
  const text = resource.dead.get(asked.name);
  if (text === undefined) return undefined;
  const reading = readXml(new TextEncoder().encode(text));
  return reading.kind === "read" ? reading.root : undefined;
}

function allNames<Kind extends Resource>(
  tree: Tree<Kind>,
  resource: Kind,
  counts: (property: { readonly isInAllprop: boolean }) => boolean,
): readonly Name[] {
  const live = [...tree.properties.values()].filter(
    (property) => counts(property) && property.read(resource, xml(property.name)) !== undefined,
  );
  return [...live.map(({ name }) => name), ...resource.dead.keys()];
}

function onlyOnce(elements: readonly XmlElement[]): readonly XmlElement[] {
  if (elements.length > maxProperties)
    throw new DavRefusal(413, `More than ${maxProperties} properties are asked for.`);
  const names = new Set<Name>();
  return elements.filter(({ name }) => !names.has(name) && names.add(name));
}
