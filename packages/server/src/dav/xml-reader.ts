import { SaxesParser, type SaxesTagNS } from "saxes";
import type { Name, XmlContent, XmlElement } from "./xml.ts";

/** Bounds of what is read of a body. */
export interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Of one element, namespaces it declares among them. */
  readonly maxAttributes: number;
}

/** Allows a multiget of 20,000, and far more depth than anybody needs: names are looked up through all of it. */
export const defaultXmlLimits: XmlLimits = { maxDepth: 64, maxElements: 50_000, maxAttributes: 64 };

/** What came of reading a body. */
export type XmlReading =
  | { readonly kind: "read"; readonly root: XmlElement }
  | { readonly kind: "empty" }
  /** It is no XML, or more of it than is read. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Reads a body as XML with namespaces. A document type is refused, and with it every entity but the five of XML itself: nothing is fetched,
 * nothing grows. White space around elements is dropped where an element has nothing else but elements.
 */
export function readXml(body: Uint8Array, limits: XmlLimits = defaultXmlLimits): XmlReading {
  const text = decode(body);
  if (text === undefined) return { kind: "refused", reason: "the body is not in UTF-8" };
  if (text.trim() === "") return { kind: "empty" };
  try {
    const root = parse(text, limits);
    return root ? { kind: "read", root } : { kind: "refused", reason: "there is no element" };
  } catch (error) {
    return { kind: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** RFC 4918 §8.2 asks for UTF-8 and UTF-16, which begins with its mark. */
function decode(body: Uint8Array): string | undefined {
  const [first, second] = body;
  const encoding =
    first === 0xfe && second === 0xff ? "utf-16be" : first === 0xff && second === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

interface Open {
  readonly name: Name;
  readonly attributes: ReadonlyMap<Name, string>;
  readonly content: XmlContent[];
}

function parse(text: string, limits: XmlLimits): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  const refuse = (reason: string): never => {
    throw new Error(reason);
  };
  parser.on("error", (error) => refuse(error.message));
  parser.on("doctype", () => refuse("a document type is not taken"));
  // Before the names are looked up, which takes time by depth.
  parser.on("opentagstart", () => {
    attributes = 0;
    elements += 1;
    if (open.length >= limits.maxDepth) refuse(`elements are deeper than ${limits.maxDepth}`);
    if (elements > limits.maxElements) refuse(`there are more than ${limits.maxElements} elements`);
  });
  parser.on("attribute", () => {
    attributes += 1;
    if (attributes > limits.maxAttributes) refuse(`an element has more than ${limits.maxAttributes} attributes`);
  });
  parser.on("opentag", (tag) => open.push({ name: clark(tag), attributes: attributesOf(tag), content: [] }));
  const addText = (said: string): void => void open.at(-1)?.content.push(said);
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const ended = open.pop();
    if (!ended) return;
    const element = { ...ended, content: withoutBlanks(ended.content) };
    const parent = open.at(-1);
    if (parent) parent.content.push(element);
    else root = element;
  });
  parser.write(text).close();
  return root;
}

function withoutBlanks(content: readonly XmlContent[]): readonly XmlContent[] {
  const isMixed = content.some((one) => typeof one === "string" && one.trim() !== "");
  const hasElements = content.some((one) => typeof one !== "string");
  return isMixed || !hasElements ? content : content.filter((one) => typeof one !== "string");
}

function clark({ uri, local }: { readonly uri: string; readonly local: string }): Name {
  return uri === "" ? local : `{${uri}}${local}`;
}

const namespaces = "http://www.w3.org/2000/xmlns/";

function attributesOf({ attributes }: SaxesTagNS): ReadonlyMap<Name, string> {
  const found = new Map<Name, string>();
  for (const attribute of Object.values(attributes)) {
    if (attribute.uri !== namespaces) found.set(clark(attribute), attribute.value);
  }
  return found;
}
