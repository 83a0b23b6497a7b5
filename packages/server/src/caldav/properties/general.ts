import type { LiveProperty } from "../../dav/tree.ts";
import { dav, type Name, xml } from "../../dav/xml.ts";
import type { Principal } from "../../store/store.ts";
import { typeOf } from "../content.ts";
import { resourceTypes } from "../names.ts";
import { type Node, paths } from "../node.ts";
import { sharedTypes } from "../sharing/properties.ts";
import { common, hrefs, named, ownerOf } from "./live.ts";

/** Lists the properties of RFC 4918 §15, and those that say who is asking: RFC 5397 and RFC 3744 §5. */
export function generalProperties(caller: Principal): readonly LiveProperty<Node>[] {
  return [
    common(dav("resourcetype"), (node) => typesOf(node).map((name) => xml(name))),
    common(dav("displayname"), (node) => {
      const name = nameOf(node);
      return name === undefined ? undefined : [name];
    }),
    common(dav("getetag"), ({ etag }) => (etag === undefined ? undefined : [`"${etag}"`])),
    common(dav("getcontenttype"), (node) => {
      if (node.kind === "object") return [typeOf(node)];
      return node.kind === "inbox-item" ? ["text/calendar; charset=utf-8"] : undefined;
    }),
    common(dav("getcontentlength"), (node) => {
      const text = node.kind === "object" || node.kind === "inbox-item" ? node.text : undefined;
      return text === undefined ? undefined : [String(Buffer.byteLength(text))];
    }),
    common(dav("getlastmodified"), (node) => {
      const at = node.kind === "object" ? node.member.modified : node.kind === "inbox-item" ? node.item.at : undefined;
      return at === undefined ? undefined : [new Date(at * 1_000).toUTCString()];
    }),
    common(dav("creationdate"), (node) =>
      node.kind === "inbox-item" ? [new Date(node.item.at * 1_000).toISOString()] : undefined,
    ),
    // Nothing is ever locked: RFC 4918 §15.10 has an empty one say so.
    common(dav("supportedlock"), () => []),
    common(dav("lockdiscovery"), () => []),
    named(dav("current-user-principal"), () => hrefs(paths.principal(caller))),
    named(dav("principal-collection-set"), () => hrefs(paths.principals)),
    named(dav("owner"), (node) => {
      const owner = ownerOf(node);
      return owner && hrefs(paths.principal(owner));
    }),
  ];
}

function typesOf(node: Node): readonly Name[] {
  if (!node.isCollection) return [];
  return [dav("collection"), ...furtherTypes(node)];
}

function furtherTypes(node: Node): readonly Name[] {
  switch (node.kind) {
    case "principal":
      return [resourceTypes.principal];
    case "proxy":
      return [resourceTypes.principal, node.mode === "read" ? resourceTypes.proxyRead : resourceTypes.proxyWrite];
    case "calendar":
      return [resourceTypes.calendar, ...sharedTypes(node)];
    case "inbox":
      return [resourceTypes.inbox];
    case "outbox":
      return [resourceTypes.outbox];
    default:
      return [];
  }
}

/** Names that are not a person's choice stay in English, as in all the programs that show them. */
const placeNames: Readonly<Record<"root" | "principals" | "homes" | "inbox" | "outbox", string>> = {
  root: "Parley",
  principals: "Principals",
  homes: "Calendars",
  inbox: "Inbox",
  outbox: "Outbox",
};

function nameOf(node: Node): string | undefined {
  switch (node.kind) {
    case "principal":
      return node.principal.name;
    case "home":
      return node.owner.name;
    case "calendar":
      return node.calendar.name;
    case "proxy":
      return `calendar-proxy-${node.mode}`;
    case "object":
    case "inbox-item":
      return undefined;
    default:
      return placeNames[node.kind];
  }
}
