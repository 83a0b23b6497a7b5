import { STATUS_CODES } from "node:http";
import type { DavResponse } from "./message.ts";
import { formatPath, type Path } from "./path.ts";
import { dav, type XmlContent, type XmlElement, xml } from "./xml.ts";
import { formatXml, type Prefixes } from "./xml-writer.ts";

/** What a multistatus says of one resource, RFC 4918 §13: a status of its own, or one for each set of properties. */
export interface StatusEntry {
  readonly path: Path;
  readonly status?: number;
  readonly condition?: XmlElement;
  readonly sets?: readonly PropertySet[];
}

/** Properties of one status. */
export interface PropertySet {
  readonly status: number;
  readonly properties: readonly XmlElement[];
  readonly condition?: XmlElement;
  readonly description?: string;
}

/** Answers with a multistatus; `more` comes after what is said of resources, such as a sync-token. */
export function multistatus(
  prefixes: Prefixes,
  entries: readonly StatusEntry[],
  ...more: readonly XmlContent[]
): DavResponse {
  const root = xml(dav("multistatus"), ...entries.map(responseElement), ...more);
  return xmlResponse(207, root, prefixes);
}

/** Answers with an XML document. */
export function xmlResponse(
  status: number,
  root: XmlElement,
  prefixes: Prefixes,
  headers: Readonly<Record<string, string>> = {},
): DavResponse {
  return {
    status,
    headers: { ...headers, "Content-Type": "application/xml; charset=utf-8" },
    body: formatXml(root, prefixes),
  };
}

/** Says in XML why a request is refused, RFC 4918 §16. */
export function errorElement(condition: XmlElement | undefined, message: string): XmlElement {
  return xml(dav("error"), ...(condition ? [condition] : []), xml(dav("responsedescription"), message));
}

/** Writes what is said of some properties. */
export function propstatElement({ status, properties, condition, description }: PropertySet): XmlElement {
  return xml(
    dav("propstat"),
    xml(dav("prop"), ...properties),
    statusElement(status),
    ...(condition ? [xml(dav("error"), condition)] : []),
    ...(description === undefined ? [] : [xml(dav("responsedescription"), description)]),
  );
}

/** Writes an href. */
export function hrefElement(path: Path): XmlElement {
  return xml(dav("href"), formatPath(path));
}

/** Writes what is said of one resource. */
export function responseElement({ path, status, condition, sets = [] }: StatusEntry): XmlElement {
  return xml(
    dav("response"),
    hrefElement(path),
    ...(status === undefined ? [] : [statusElement(status)]),
    ...sets.map(propstatElement),
    ...(condition ? [xml(dav("error"), condition)] : []),
  );
}

function statusElement(status: number): XmlElement {
  return xml(dav("status"), `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd());
}
