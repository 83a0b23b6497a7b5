import { DavRefusal } from "./refusal.ts";
import { childElements, childNamed, dav, type Name, type XmlElement } from "./xml.ts";

/** One change of a property: a value, or none any more. */
export type PropertyChange =
  | { readonly kind: "set"; readonly name: Name; readonly value: XmlElement }
  | { readonly kind: "remove"; readonly name: Name };

const maxChanges = 200;

/** Reads what a PROPPATCH, or the making of a collection, says of properties, in its order: RFC 4918 §9.2. */
export function readPropertyUpdate(root: XmlElement): readonly PropertyChange[] {
  const changes = childElements(root).flatMap((instruction): readonly PropertyChange[] => {
    const kind = instruction.name === dav("set") ? "set" : instruction.name === dav("remove") ? "remove" : undefined;
    if (kind === undefined) return [];
    const properties = childNamed(instruction, dav("prop"));
    if (!properties) throw new DavRefusal(400, "An instruction names no property.");
    return childElements(properties).map((value) => {
      const { name } = value;
      return kind === "set" ? { kind, name, value: inLanguage(value, properties, instruction) } : { kind, name };
    });
  });
  if (changes.length > maxChanges) throw new DavRefusal(413, `More than ${maxChanges} properties are changed.`);
  return changes;
}

const language = "{http://www.w3.org/XML/1998/namespace}lang";

/** RFC 4918 §4.3: the language of a property may stand around it. */
function inLanguage(value: XmlElement, ...around: readonly XmlElement[]): XmlElement {
  const said = around.map(({ attributes }) => attributes.get(language)).find((one) => one !== undefined);
  if (said === undefined || value.attributes.has(language)) return value;
  return { ...value, attributes: new Map([...value.attributes, [language, said]]) };
}
