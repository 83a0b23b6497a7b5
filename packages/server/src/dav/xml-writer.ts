import { tooMuch } from "./refusal.ts";
import { type Name, splitName, type XmlElement } from "./xml.ts";

/** Prefixes by the URI of their namespace; all of them are declared at the root. */
export type Prefixes = ReadonlyMap<string, string>;

/** Characters of one document. */
const maxCharacters = 160_000_000;

/** Writes an XML document. Whatever stands in it is text: nothing in it can become markup. Throws where it is too long to be told. */
export function formatXml(root: XmlElement, prefixes: Prefixes): string {
  const writer: Writer = {
    prefixes,
    known: new Map(),
    out: ['<?xml version="1.0" encoding="utf-8"?>\n'],
    characters: 0,
  };
  const declarations = [...prefixes].map(([uri, prefix]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join("");
  write(writer, root, declarations);
  writer.out.push("\n");
  return writer.out.join("");
}

/** Writes an element so that it can be read by itself again: it declares whatever it needs. */
export function formatFragment(element: XmlElement): string {
  const writer: Writer = { prefixes: new Map(), known: new Map(), out: [], characters: 0 };
  write(writer, element, "");
  return writer.out.join("");
}

interface Writer {
  readonly prefixes: Prefixes;
  /** Names under the prefixes, as they are written. */
  readonly known: Map<Name, string>;
  readonly out: string[];
  characters: number;
}

/** Counts what is written; throws where it is more than is told at once. */
function count(writer: Writer, characters: number): void {
  writer.characters += characters;
  if (writer.characters > maxCharacters) throw tooMuch("There is more than can be told at once.");
}

function write(writer: Writer, { name, attributes, content }: XmlElement, declarations: string): void {
  const { out } = writer;
  const tag = writtenName(writer, name);
  count(writer, 2 * tag.written.length + tag.declaration.length);
  out.push("<", tag.written, declarations, tag.declaration);
  let index = 0;
  for (const [attribute, value] of attributes) {
    const written = writtenAttribute(writer, attribute, index++);
    const escaped = escapeAttribute(value);
    count(writer, written.declaration.length + written.written.length + escaped.length);
    out.push(written.declaration, " ", written.written, '="', escaped, '"');
  }
  if (content.length === 0) {
    out.push("/>");
    return;
  }
  out.push(">");
  for (const one of content) {
    if (typeof one !== "string") write(writer, one, "");
    else {
      const escaped = escapeText(one);
      count(writer, escaped.length);
      out.push(escaped);
    }
  }
  out.push("</", tag.written, ">");
}

interface Written {
  readonly written: string;
  readonly declaration: string;
}

function writtenName(writer: Writer, name: Name): Written {
  const known = writer.known.get(name);
  if (known !== undefined) return { written: known, declaration: "" };
  const { uri, local } = splitName(name);
  const prefix = writer.prefixes.get(uri);
  if (uri !== "" && prefix === undefined) {
    return { written: `x:${local}`, declaration: ` xmlns:x="${escapeAttribute(uri)}"` };
  }
  const written = uri === "" ? local : `${prefix}:${local}`;
  writer.known.set(name, written);
  return { written, declaration: "" };
}

const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

function writtenAttribute({ prefixes }: Writer, name: Name, index: number): Written {
  const { uri, local } = splitName(name);
  if (uri === "") return { written: local, declaration: "" };
  const prefix = uri === xmlNamespace ? "xml" : prefixes.get(uri);
  if (prefix !== undefined) return { written: `${prefix}:${local}`, declaration: "" };
  return { written: `a${index}:${local}`, declaration: ` xmlns:a${index}="${escapeAttribute(uri)}"` };
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Some of these have no place in XML 1.0 at all. */
const special = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu;
const specialInAttribute = /[&<>"\u0000-\u001f\ufffe\uffff\p{Cs}]/gu;

function escapeText(text: string): string {
  return text.replace(special, (found) => escapes[found] ?? "\ufffd");
}

function escapeAttribute(text: string): string {
  return text.replace(specialInAttribute, (found) => escapes[found] ?? "\ufffd");
}
