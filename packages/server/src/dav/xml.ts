/** A name in Clark notation, such as `{DAV:}href`; a name without namespace has no braces. */
export type Name = string;

/** An element of XML 1.0 with namespaces, RFC 4918 §17 says what of it counts: neither prefixes nor comments. */
export interface XmlElement {
  readonly name: Name;
  readonly attributes: ReadonlyMap<Name, string>;
  readonly content: readonly XmlContent[];
}

/** What stands in an element: text as it is meant, or another element. */
export type XmlContent = string | XmlElement;

const noAttributes: ReadonlyMap<Name, string> = new Map();

/** Makes an element without attributes. */
export function xml(name: Name, ...content: readonly XmlContent[]): XmlElement {
  return { name, attributes: noAttributes, content };
}

/** Makes an element with attributes. */
export function xmlWith(
  name: Name,
  attributes: Readonly<Record<Name, string>>,
  ...content: readonly XmlContent[]
): XmlElement {
  return { name, attributes: new Map(Object.entries(attributes)), content };
}

/** Lists the elements right inside one. */
export function childElements({ content }: XmlElement): readonly XmlElement[] {
  return content.filter((one) => typeof one !== "string");
}

/** Lists the elements of a name right inside one. */
export function childrenNamed(element: XmlElement, name: Name): readonly XmlElement[] {
  return childElements(element).filter((child) => child.name === name);
}

/** Finds the first element of a name right inside one. */
export function childNamed(element: XmlElement, name: Name): XmlElement | undefined {
  return childElements(element).find((child) => child.name === name);
}

/** Joins the text right inside an element. */
export function textOf({ content }: XmlElement): string {
  return content.filter((one) => typeof one === "string").join("");
}

/** Names something of WebDAV. */
export function dav(local: string): Name {
  return `{DAV:}${local}`;
}

/** Parts a name into its namespace and what it is called there. */
export function splitName(name: Name): { readonly uri: string; readonly local: string } {
  const end = name.startsWith("{") ? name.lastIndexOf("}") : -1;
  return { uri: name.slice(1, Math.max(end, 1)), local: name.slice(end + 1) };
}
