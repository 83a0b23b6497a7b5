import { hrefElement } from "../../dav/multistatus.ts";
import type { Path } from "../../dav/path.ts";
import type { LiveProperty } from "../../dav/tree.ts";
import type { Name, XmlContent, XmlElement } from "../../dav/xml.ts";
import type { Principal } from "../../store/store.ts";
import type { Node } from "../node.ts";

/** Gives what stands in a property of a resource; `undefined` where it has no such. */
export type Read = (node: Node, asked: XmlElement) => readonly XmlContent[] | undefined;

/** Makes a property that `allprop` gives: what RFC 4918 defines. */
export function common(name: Name, read: Read): LiveProperty<Node> {
  return { name, isInAllprop: true, read };
}

/** Makes a property that has to be asked for by its name, as those of all later standards. */
export function named(name: Name, read: Read): LiveProperty<Node> {
  return { name, isInAllprop: false, read };
}

/** Writes hrefs. */
export function hrefs(...paths: readonly Path[]): readonly XmlElement[] {
  return paths.map(hrefElement);
}

/** Tells whose a resource is. */
export function ownerOf(node: Node): Principal | undefined {
  if (node.kind === "principal") return node.principal;
  return "owner" in node ? node.owner : undefined;
}
