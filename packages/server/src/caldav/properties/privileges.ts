import { hrefElement } from "../../dav/multistatus.ts";
import type { LiveProperty } from "../../dav/tree.ts";
import { dav, type Name, type XmlElement, xml } from "../../dav/xml.ts";
import type { Access } from "../access.ts";
import { caldav } from "../names.ts";
import { type CalendarNode, type Node, paths } from "../node.ts";
import { named, ownerOf } from "./live.ts";

/** One privilege, and what it is made of: RFC 3744 §3, RFC 4791 §6.1, RFC 6638 §6. */
interface Privilege {
  readonly name: Name;
  readonly words: string;
  readonly parts: readonly Privilege[];
}

function privilege(name: Name, words: string, ...parts: readonly Privilege[]): Privilege {
  return { name, words, parts };
}

const all = privilege(
  dav("all"),
  "Everything",
  privilege(dav("read"), "Read", privilege(caldav("read-free-busy"), "See busy times")),
  privilege(
    dav("write"),
    "Write",
    privilege(dav("write-content"), "Change content"),
    privilege(dav("write-properties"), "Change properties"),
    privilege(dav("bind"), "Add members"),
    privilege(dav("unbind"), "Remove members"),
  ),
  privilege(dav("read-acl"), "See who may do what"),
  privilege(dav("read-current-user-privilege-set"), "See what oneself may do"),
  privilege(
    caldav("schedule-deliver"),
    "Deliver scheduling messages",
    privilege(caldav("schedule-deliver-invite"), "Deliver invitations"),
    privilege(caldav("schedule-deliver-reply"), "Deliver replies"),
    privilege(caldav("schedule-query-freebusy"), "Ask for busy times"),
  ),
  privilege(
    caldav("schedule-send"),
    "Send scheduling messages",
    privilege(caldav("schedule-send-invite"), "Send invitations"),
    privilege(caldav("schedule-send-reply"), "Send replies"),
    privilege(caldav("schedule-send-freebusy"), "Ask others for busy times"),
  ),
);

/** What a caller may, by how far they get; `all` stands for all that has a meaning there. */
const granted: Readonly<Record<Access, readonly string[]>> = {
  own: ["all"],
  organize: ["all"],
  write: ["read", "read-free-busy", "write-content", "bind", "unbind", "read-current-user-privilege-set"],
  respond: ["read", "read-free-busy", "write-content", "read-current-user-privilege-set"],
  read: ["read", "read-free-busy", "read-current-user-privilege-set"],
};

const inCaldav: ReadonlySet<string> = new Set(["read-free-busy"]);

/** Names the privileges a caller has on a resource, those that are parts of others among them. */
function privilegesOn(node: Node): readonly Name[] {
  const access = "access" in node ? node.access : undefined;
  if (access === undefined) return [dav("read"), dav("read-current-user-privilege-set")];
  const names = node.kind === "calendar" ? ofCalendar(node) : granted[access];
  if (names[0] !== "all") return names.map((name) => (inCaldav.has(name) ? caldav(name) : dav(name)));
  // RFC 6638 §6.1 and §6.2: these have a meaning on inbox and outbox alone.
  const isMeant = ({ name }: Privilege): boolean => {
    if (name === caldav("schedule-deliver")) return node.kind === "inbox";
    if (name === caldav("schedule-send")) return node.kind === "outbox";
    return true;
  };
  const list = (one: Privilege): readonly Name[] => [one.name, ...one.parts.filter(isMeant).flatMap(list)];
  return list(all);
}

/**
 * In what is read from elsewhere nobody writes. How one sees what is shared with one is one's own to say, but where nothing can be written
 * that is not told: to Thunderbird whoever may change properties may write all.
 */
function ofCalendar({ access, sharee, calendar }: CalendarNode): readonly string[] {
  if (calendar.source !== undefined) return granted.read;
  return sharee && access !== "read" ? [...granted[access], "write-properties"] : granted[access];
}

/** Lists what RFC 3744 §5 has resources say of who may do what. ACLs are made by delegating and sharing, never by the ACL method. */
export const privilegeProperties: readonly LiveProperty<Node>[] = [
  named(dav("current-user-privilege-set"), (node) => privilegesOn(node).map(privilegeElement)),
  named(dav("supported-privilege-set"), () => [supportedElement(all)]),
  named(dav("acl"), (node) => {
    const owner = ownerOf(node);
    if (!owner || !privilegesOn(node).includes(dav("read-acl"))) return undefined;
    const who = xml(dav("principal"), hrefElement(paths.principal(owner)));
    return [xml(dav("ace"), who, xml(dav("grant"), privilegeElement(dav("all"))), xml(dav("protected")))];
  }),
  named(dav("acl-restrictions"), () => [xml(dav("grant-only")), xml(dav("no-invert"))]),
  named(dav("inherited-acl-set"), () => []),
];

function privilegeElement(name: Name): XmlElement {
  return xml(dav("privilege"), xml(name));
}

const english: ReadonlyMap<Name, string> = new Map([["{http://www.w3.org/XML/1998/namespace}lang", "en"]]);

function supportedElement({ name, words, parts }: Privilege): XmlElement {
  return xml(
    dav("supported-privilege"),
    privilegeElement(name),
    { ...xml(dav("description"), words), attributes: english },
    ...parts.map(supportedElement),
  );
}
