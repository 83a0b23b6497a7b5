import { formatAddress } from "@parley/engine";
import { hrefElement } from "../../dav/multistatus.ts";
import type { LiveProperty } from "../../dav/tree.ts";
import { dav, type Name, type XmlContent, type XmlElement, xml } from "../../dav/xml.ts";
import type { ShareAccess } from "../../store/store.ts";
import { calendarServer, ownCloud } from "../names.ts";
import { type CalendarNode, maySharePart, type Node, paths } from "../node.ts";
import { named } from "../properties/live.ts";

/** Properties that cannot be told without knowing with whom a calendar is shared. */
export const shareNames: ReadonlySet<Name> = new Set([
  dav("resourcetype"),
  calendarServer("invite"),
  ownCloud("invite"),
]);

/**
 * Lists what is said of sharing, by the names of Apple's programs (caldav-sharing) and of Nextcloud's. Whoever shares sees with whom; with
 * whom it is shared sees whose it is.
 */
export const sharingProperties: readonly LiveProperty<Node>[] = [
  ofCalendar(calendarServer("invite"), (node) => inviteOf(node, calendarServer, true)),
  ofCalendar(ownCloud("invite"), (node) => inviteOf(node, ownCloud, false)),
  ofCalendar(calendarServer("allowed-sharing-modes"), (node) =>
    maySharePart(node) ? [xml(calendarServer("can-be-shared"))] : undefined,
  ),
  ofCalendar(ownCloud("owner-principal"), ({ owner, sharee }) =>
    sharee ? [hrefElement(paths.principal(owner))] : undefined,
  ),
  ofCalendar(ownCloud("read-only"), ({ sharee, access }) => (sharee ? [access === "read" ? "1" : "0"] : undefined)),
  ofCalendar(calendarServer("source"), (node) =>
    // Where it is read is between its owner and the server: such a URL is often a secret.
    node.calendar.source === undefined || !maySharePart(node) ? undefined : [xml(dav("href"), node.calendar.source)],
  ),
];

/** What a calendar is beside one: shared by its owner, or with whoever sees it. */
export function sharedTypes({ sharee, sharees = [] }: CalendarNode): readonly Name[] {
  if (sharee) return [calendarServer("shared")];
  return sharees.length > 0 ? [calendarServer("shared-owner")] : [];
}

function inviteOf(
  { owner, sharee, sharees = [], access }: CalendarNode,
  name: (local: string) => Name,
  hasOrganizer: boolean,
): readonly XmlContent[] | undefined {
  const organizer = xml(name("organizer"), hrefElement(paths.principal(owner)), xml(name("common-name"), owner.name));
  const head = hasOrganizer ? [organizer] : [];
  if (sharee) return [...head, userElement(name, sharee, access === "read" ? "read" : "write")];
  const users = sharees.map((one) => userElement(name, one.principal, one.access));
  return users.length > 0 ? [...head, ...users] : head;
}

/** All have accepted: a share holds at once. */
function userElement(
  name: (local: string) => Name,
  { address, name: commonName }: { readonly address: Parameters<typeof formatAddress>[0]; readonly name: string },
  access: ShareAccess,
): XmlElement {
  return xml(
    name("user"),
    xml(dav("href"), formatAddress(address)),
    xml(name("common-name"), commonName),
    xml(name("invite-accepted")),
    xml(name("access"), xml(name(access === "write" ? "read-write" : "read"))),
  );
}

function ofCalendar(name: Name, read: (node: CalendarNode) => readonly XmlContent[] | undefined): LiveProperty<Node> {
  return named(name, (node) => (node.kind === "calendar" ? read(node) : undefined));
}
