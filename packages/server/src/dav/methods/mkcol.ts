import { requireConditions } from "../conditions.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { type PropertySet, propstatElement, xmlResponse } from "../multistatus.ts";
import { type PropertyChange, readPropertyUpdate } from "../property-update.ts";
import { DavRefusal } from "../refusal.ts";
import { writeConditions } from "../require-if.ts";
import type { PropertyFault, Resource, Tree } from "../tree.ts";
import { childElements, dav, type Name, splitName, type XmlElement, xml } from "../xml.ts";
import { readXml } from "../xml-reader.ts";

/** Makes a collection with some properties, or nothing at all: RFC 4918 §9.3, RFC 5689 §3 and RFC 4791 §5.3.1. */
export async function mkcol<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const maker = tree.makers.get(request.method);
  if (!maker) throw new DavRefusal(405, "Nothing is made by this method.");
  const root = readBody(request.body, maker.root);
  const all = root ? readPropertyUpdate(root) : [];
  if (all.some(({ kind }) => kind === "remove")) throw new DavRefusal(400, "There is nothing to remove yet.");
  const [types, changes] = withoutType(all);
  const conditions = await writeConditions(tree, request);
  requireConditions(conditions, await tree.read((view) => view.find(request.path)));
  const made = { path: request.path, types: types ?? maker.types, changes };
  const faults = await tree.make(made);
  if (faults.length > 0) return refused(tree, maker.root, changes, faults);
  // Without a body all was done, RFC 5689 §3.
  return { status: 201, headers: { "Cache-Control": "no-cache" } };
}

function readBody(body: Uint8Array, name: Name): XmlElement | undefined {
  const reading = readXml(body);
  if (reading.kind === "empty") return undefined;
  // RFC 4918 §9.3: a body that is not understood is of a type that is not.
  const isKnown = reading.kind === "read" && reading.root.name === name;
  if (!isKnown) throw new DavRefusal(415, `The body is no ${splitName(name).local}.`);
  return reading.root;
}

/** What kind of collection it is to be stands among its properties, RFC 5689 §3. */
function withoutType(
  changes: readonly PropertyChange[],
): readonly [readonly Name[] | undefined, readonly PropertyChange[]] {
  const type = changes.findLast(({ name }) => name === dav("resourcetype"));
  if (type?.kind !== "set") return [undefined, changes];
  const names = childElements(type.value).map(({ name }) => name);
  const rest = changes.filter(({ name }) => name !== dav("resourcetype"));
  return [names.filter((name) => name !== dav("collection")), rest];
}

/** Nothing is made where a property is not: what was right by itself failed with the others. */
function refused<Kind extends Resource>(
  tree: Tree<Kind>,
  root: Name,
  changes: readonly PropertyChange[],
  faults: readonly PropertyFault[],
): DavResponse {
  return xmlResponse(424, responseTo(root, faultSets(changes, faults)), tree.prefixes);
}

function responseTo(root: Name, sets: readonly PropertySet[]): XmlElement {
  return xml(`${root}-response`, ...sets.map(propstatElement));
}

/** Says which changes were wrong, and that the others failed with them: 424, RFC 4918 §9.2.1. */
export function faultSets(
  changes: readonly PropertyChange[],
  faults: readonly PropertyFault[],
): readonly PropertySet[] {
  const wrong = new Set(faults.map(({ name }) => name));
  const others = [...new Set(changes.map(({ name }) => name))].filter((name) => !wrong.has(name));
  return [
    ...faults.map(({ name, ...fault }) => ({ ...fault, properties: [xml(name)] })),
    ...(others.length > 0 ? [{ status: 424, properties: others.map((name) => xml(name)) }] : []),
  ];
}
