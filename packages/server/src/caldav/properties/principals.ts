import { formatAddress } from "@parley/engine";
import type { LiveProperty } from "../../dav/tree.ts";
import { dav, type Name, type XmlContent, xml } from "../../dav/xml.ts";
import { caldav, calendarServer } from "../names.ts";
import { type Node, type PrincipalNode, paths, type Relations } from "../node.ts";
import { userType } from "../user-type.ts";
import { hrefs, named } from "./live.ts";

/** Lists what is said of principals: RFC 3744 §4, RFC 4791 §6.2, RFC 6638 §2.4, and of Apple's calendar-proxy. */
export const principalProperties: readonly LiveProperty<Node>[] = [
  named(dav("principal-URL"), (node) => {
    if (node.kind === "proxy") return hrefs(node.path);
    return node.kind === "principal" ? hrefs(paths.principal(node.principal)) : undefined;
  }),
  ofPrincipal(dav("alternate-URI-set"), ({ principal }) => [
    ...principal.addresses.map((address) => xml(dav("href"), formatAddress(address))),
  ]),
  named(dav("group-member-set"), (node) => {
    if (node.kind === "proxy") return hrefs(...node.members.map(paths.principal));
    if (node.kind !== "principal" || node.principal.kind !== "group") return undefined;
    // Whoever may find a group does not learn by it who is in it.
    return node.access && node.relations && hrefs(...node.relations.members.map(paths.principal));
  }),
  withRelations(dav("group-membership"), ({ readFor, writeFor, memberOf }) => [
    ...hrefs(...memberOf.map(paths.principal)),
    ...hrefs(...writeFor.map((one) => paths.proxy(one, "write"))),
    ...hrefs(...readFor.map((one) => paths.proxy(one, "read"))),
  ]),
  withRelations(calendarServer("calendar-proxy-read-for"), ({ readFor }) => hrefs(...readFor.map(paths.principal))),
  withRelations(calendarServer("calendar-proxy-write-for"), ({ writeFor }) => hrefs(...writeFor.map(paths.principal))),
  // Also for those one may only find: programs look there before they give up.
  ofPrincipal(caldav("calendar-home-set"), ({ principal, access }) =>
    access === undefined ? undefined : hrefs(paths.home(principal)),
  ),
  ofPrincipal(caldav("calendar-user-address-set"), ({ principal }) => [
    ...principal.addresses.map((address, index) => addressElement(formatAddress(address), index === 0)),
    ...hrefs(paths.principal(principal)),
  ]),
  ofPrincipal(calendarServer("email-address-set"), ({ principal }) =>
    principal.addresses.map((address) => xml(calendarServer("email-address"), address)),
  ),
  ofPrincipal(caldav("calendar-user-type"), ({ principal }) => [userType[principal.kind]]),
  ofPrincipal(caldav("schedule-inbox-URL"), ({ principal, access }) =>
    access === "own" ? hrefs(paths.inbox(principal)) : undefined,
  ),
  ofPrincipal(caldav("schedule-outbox-URL"), ({ principal, access }) =>
    access === "own" ? hrefs(paths.outbox(principal)) : undefined,
  ),
];

/** Apple's programs invite by the address that is preferred. */
function addressElement(address: string, isPreferred: boolean) {
  const element = xml(dav("href"), address);
  return isPreferred ? { ...element, attributes: new Map([["preferred", "1"]]) } : element;
}

function ofPrincipal(name: Name, read: (node: PrincipalNode) => readonly XmlContent[] | undefined): LiveProperty<Node> {
  return named(name, (node) => (node.kind === "principal" ? read(node) : undefined));
}

/** Who may act for whom is said to those alone whom it concerns. */
function withRelations(name: Name, read: (relations: Relations) => readonly XmlContent[]): LiveProperty<Node> {
  return ofPrincipal(name, ({ relations, access }) => (relations && access === "own" ? read(relations) : undefined));
}
