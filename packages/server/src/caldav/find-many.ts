import { type Path, pathKey } from "../dav/path.ts";
import type { ReadTransaction } from "../store/store.ts";
import { inboxItemNode, isShown, type Node, objectNode } from "./node.ts";

/** Segments of the path of an object. */
const objectDepth = 5;

/** Finds those of many paths that are there, by the text of the path: objects of one calendar, or inbox, in one look. */
export async function findMany(
  transaction: ReadTransaction,
  many: readonly Path[],
  find: (path: Path) => Promise<Node | undefined>,
): Promise<ReadonlyMap<string, Node>> {
  const found = new Map<string, Node>();
  const groups = new Map<string, Path[]>();
  for (const path of many) {
    const { length } = path.segments;
    // Nothing is deeper than an object.
    if (length > objectDepth) continue;
    const key = length === objectDepth ? pathKey({ ...path, segments: path.segments.slice(0, -1) }) : "";
    const group = groups.get(key);
    if (group) group.push(path);
    else groups.set(key, [path]);
  }
  for (const [key, group] of groups) {
    const [first] = group;
    if (key === "" || !first) {
      for (const path of group) {
        const node = await find(path);
        if (node) found.set(pathKey(path), node);
      }
      continue;
    }
    const parent = await find({ ...first, segments: first.segments.slice(0, -1) });
    const byName = new Map(group.map((path) => [path.segments.at(-1) ?? "", path]));
    for (const [name, node] of await objectsNamed(transaction, parent, [...byName.keys()])) {
      const path = byName.get(name);
      if (path) found.set(pathKey(path), node);
    }
  }
  return found;
}

/** Those of some names in a calendar or an inbox; nothing else has objects. */
async function objectsNamed(
  { calendars, inbox }: ReadTransaction,
  parent: Node | undefined,
  names: readonly string[],
): Promise<readonly (readonly [string, Node])[]> {
  if (parent?.kind === "inbox") {
    const items = await inbox.byNames(parent.owner.id, names);
    return items.map((item) => [item.name, { ...inboxItemNode(parent, item), text: item.text }]);
  }
  if (parent?.kind !== "calendar") return [];
  const members = await calendars.byNames(parent.calendar.id, names);
  return members.filter((member) => isShown(parent, member)).map((member) => [member.name, objectNode(parent, member)]);
}
