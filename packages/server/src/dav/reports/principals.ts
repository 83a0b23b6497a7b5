import { describeAll, readAsked } from "../asked-properties.ts";
import { readPreference } from "../headers.ts";
import type { DavResponse } from "../message.ts";
import { multistatus, xmlResponse } from "../multistatus.ts";
import { parsePath } from "../path.ts";
import { DavRefusal } from "../refusal.ts";
import type { AskedReport, PrincipalSearch, Resource, TextMatch } from "../tree.ts";
import { childElements, childNamed, childrenNamed, dav, type Name, textOf, type XmlElement, xml } from "../xml.ts";

const maxFound = 200;
const maxTerms = 10;

/** Searches principals by their properties, RFC 3744 §9.4. */
export async function principalPropertySearch<Kind extends Resource>(asked: AskedReport<Kind>): Promise<DavResponse> {
  const { root, view } = asked;
  const search = readSearch(root);
  const found =
    search.terms.length === 0 ? [] : await view.searchPrincipals(await collectionOf(asked), search, maxFound);
  return describe(asked, found);
}

/** By `apply-to-principal-collection-set` all principals are searched, wherever the report was sent. */
async function collectionOf<Kind extends Resource>({ tree, view, resource, root }: AskedReport<Kind>): Promise<Kind> {
  if (!childNamed(root, dav("apply-to-principal-collection-set"))) return resource;
  const set = tree.properties
    .get(dav("principal-collection-set"))
    ?.read(resource, xml(dav("principal-collection-set")));
  const href = set?.find((one) => typeof one !== "string");
  const path = href && typeof href !== "string" ? parsePath(textOf(href)) : undefined;
  return (path && (await view.find(path))) ?? resource;
}

/** Finds which principals, or whose resources, the caller is: RFC 3744 §9.3. */
export async function principalMatch<Kind extends Resource>(asked: AskedReport<Kind>): Promise<DavResponse> {
  if (!childNamed(asked.root, dav("self"))) {
    throw new DavRefusal(403, "Only the caller is looked for.", { condition: xml(dav("supported-report")) });
  }
  return describe(asked, await asked.view.ownPrincipals(asked.resource));
}

/** Tells properties of the principals an ACL names, RFC 3744 §9.2: the owner's, as there is no other. */
export async function aclPrincipalPropSet<Kind extends Resource>(asked: AskedReport<Kind>): Promise<DavResponse> {
  const { tree, view, resource } = asked;
  const owner = tree.properties.get(dav("owner"))?.read(resource, xml(dav("owner"))) ?? [];
  const paths = owner.flatMap((one) => (typeof one === "string" ? [] : (parsePath(textOf(one)) ?? [])));
  return describe(asked, [...(await view.findMany(paths)).values()]);
}

/** Tells by which properties principals can be searched, RFC 3744 §9.5. */
export function principalSearchPropertySet<Kind extends Resource>(
  searchable: ReadonlyMap<Name, string>,
): (asked: AskedReport<Kind>) => Promise<DavResponse> {
  const sets = [...searchable].map(([name, description]) =>
    xml(dav("principal-search-property"), xml(dav("prop"), xml(name)), {
      ...xml(dav("description"), description),
      attributes: english,
    }),
  );
  return async ({ tree }) => xmlResponse(200, xml(dav("principal-search-property-set"), ...sets), tree.prefixes);
}

const english: ReadonlyMap<Name, string> = new Map([["{http://www.w3.org/XML/1998/namespace}lang", "en"]]);

async function describe<Kind extends Resource>(
  { tree, view, root, request }: AskedReport<Kind>,
  found: readonly Kind[],
): Promise<DavResponse> {
  const properties = readAsked(root) ?? { kind: "named", properties: [] };
  const entries = await describeAll(tree, view, found, properties, readPreference(request.headers));
  return multistatus(tree.prefixes, entries);
}

function readSearch(root: XmlElement): PrincipalSearch {
  const searches = childrenNamed(root, dav("property-search"));
  if (searches.length === 0 || searches.length > maxTerms) throw new DavRefusal(400, "Nothing is searched for.");
  const terms = searches.flatMap((one) => {
    const [names, match] = [childNamed(one, dav("prop")), childNamed(one, dav("match"))];
    if (!names || !match) throw new DavRefusal(400, "A search names no property or no text.");
    const text = textOf(match).trim();
    const properties = childElements(names).map(({ name }) => name);
    return text === "" ? [] : [{ properties, text, match: matchOf(match) }];
  });
  return { test: root.attributes.get("test") === "anyof" ? "anyof" : "allof", terms };
}

const matches: ReadonlySet<string> = new Set<TextMatch>(["equals", "contains", "starts-with", "ends-with"]);

function matchOf({ attributes }: XmlElement): TextMatch {
  const type = attributes.get("match-type") ?? "contains";
  return isMatch(type) ? type : "contains";
}

function isMatch(type: string): type is TextMatch {
  return matches.has(type);
}
