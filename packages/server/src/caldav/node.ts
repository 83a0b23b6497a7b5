import { collectionPath, memberPath, type Path } from "../dav/path.ts";
import type { Resource } from "../dav/tree.ts";
import type { Name } from "../dav/xml.ts";
import type { Sharee } from "../scheduling/share-calendar.ts";
import type { Calendar, InboxItem, Member } from "../store/calendars.ts";
import type { Principal } from "../store/store.ts";
import type { Access } from "./access.ts";
import type { Filtered } from "./match-filter.ts";

/** A principal as others may see them: RFC 3744 §2. */
export interface PrincipalNode extends Resource {
  readonly kind: "principal";
  readonly principal: Principal;
  readonly access: Access | undefined;
  /** Loaded where it is asked for. */
  readonly relations?: Relations;
}

/** Who may act for whom, and who is a member of what. */
export interface Relations {
  readonly readFor: readonly Principal[];
  readonly writeFor: readonly Principal[];
  readonly readers: readonly Principal[];
  readonly writers: readonly Principal[];
  readonly members: readonly Principal[];
  readonly memberOf: readonly Principal[];
}

/** Whoever acts for a principal, as a group of Apple's calendar-proxy. */
export interface ProxyNode extends Resource {
  readonly kind: "proxy";
  readonly owner: Principal;
  readonly mode: "read" | "write";
  readonly members: readonly Principal[];
}

/** A home, RFC 4791 §6.2.1. */
export interface HomeNode extends Resource {
  readonly kind: "home";
  readonly owner: Principal;
  readonly access: Access;
}

/** Where scheduling messages come in, RFC 6638 §2.2. */
export interface InboxNode extends Resource {
  readonly kind: "inbox";
  readonly owner: Principal;
  readonly access: Access;
  /** Loaded where it is asked for. */
  readonly state?: { readonly revision: number; readonly defaultCalendar: Calendar | undefined };
}

/** Where others' busy time is asked for, RFC 6638 §2.1. */
export interface OutboxNode extends Resource {
  readonly kind: "outbox";
  readonly owner: Principal;
  readonly access: Access;
}

/** A calendar, RFC 4791 §4.2. */
export interface CalendarNode extends Resource {
  readonly kind: "calendar";
  readonly owner: Principal;
  readonly access: Access;
  /** As whoever it is shared with has called it, in their home. */
  readonly calendar: Calendar;
  /** In whose home it is, where it is shared with them. */
  readonly sharee?: Principal;
  /** Whoever sees it was told of this calendar alone: what is private they do not see. Decision 0041. */
  readonly isShareAlone: boolean;
  /** Loaded where it is asked for, of one's own. */
  readonly sharees?: readonly Sharee[];
}

/** A calendar object resource, RFC 4791 §4.1. */
export interface ObjectNode extends Resource {
  readonly kind: "object";
  readonly owner: Principal;
  readonly access: Access;
  readonly calendar: Calendar;
  readonly member: Member;
  /** What a GET gives; loaded where it is asked for. */
  readonly text?: string;
  /** Reads it; loaded with it. */
  readonly read?: () => Filtered | undefined;
}

/** A scheduling message in an inbox, RFC 6638 §4.1. */
export interface InboxItemNode extends Resource {
  readonly kind: "inbox-item";
  readonly owner: Principal;
  readonly access: Access;
  readonly item: InboxItem;
  readonly text?: string;
}

/** A place that holds others. */
export interface PlaceNode extends Resource {
  readonly kind: "root" | "principals" | "homes";
}

/** Every resource there is. */
export type Node =
  | PlaceNode
  | PrincipalNode
  | ProxyNode
  | HomeNode
  | InboxNode
  | OutboxNode
  | CalendarNode
  | ObjectNode
  | InboxItemNode;

/** The first segment of all that is here. */
export const davRoot = "dav";

/** Where things are. */
export const paths = {
  root: collectionPath(davRoot),
  principals: collectionPath(davRoot, "principals"),
  homes: collectionPath(davRoot, "calendars"),
  principal: ({ address }: Pick<Principal, "address">): Path => collectionPath(davRoot, "principals", address),
  proxy: ({ address }: Pick<Principal, "address">, mode: "read" | "write"): Path =>
    collectionPath(davRoot, "principals", address, `calendar-proxy-${mode}`),
  home: ({ address }: Pick<Principal, "address">): Path => collectionPath(davRoot, "calendars", address),
  inbox: ({ address }: Pick<Principal, "address">): Path => collectionPath(davRoot, "calendars", address, "inbox"),
  outbox: ({ address }: Pick<Principal, "address">): Path => collectionPath(davRoot, "calendars", address, "outbox"),
  calendar: ({ address }: Pick<Principal, "address">, slug: string): Path =>
    collectionPath(davRoot, "calendars", address, slug),
  object: ({ address }: Pick<Principal, "address">, slug: string, name: string): Path =>
    memberPath(davRoot, "calendars", address, slug, name),
} as const;

/** Names in a home that are no calendar's. */
export const reservedSlugs: ReadonlySet<string> = new Set(["inbox", "outbox"]);

const reading = ["OPTIONS", "GET", "HEAD", "PROPFIND", "REPORT"] as const;
const noDead: ReadonlyMap<Name, string> = new Map();

/** Makes a place that holds others. */
export function placeNode(kind: PlaceNode["kind"]): PlaceNode {
  return { kind, path: paths[kind], isCollection: true, methods: reading, dead: noDead };
}

/** Makes a principal. */
export function principalNode(
  principal: Principal,
  access: Access | undefined,
  dead: ReadonlyMap<Name, string> = noDead,
): PrincipalNode {
  const methods = access === "own" ? [...reading, "PROPPATCH"] : reading;
  return { kind: "principal", path: paths.principal(principal), isCollection: true, methods, dead, principal, access };
}

/** Makes a group of those who act for a principal. */
export function proxyNode(owner: Principal, mode: "read" | "write", members: readonly Principal[]): ProxyNode {
  return {
    kind: "proxy",
    path: paths.proxy(owner, mode),
    isCollection: true,
    methods: reading,
    dead: noDead,
    owner,
    mode,
    members,
  };
}

/** Makes a home. */
export function homeNode(owner: Principal, access: Access, dead: ReadonlyMap<Name, string> = noDead): HomeNode {
  const methods = access === "own" ? [...reading, "PROPPATCH"] : reading;
  return { kind: "home", path: paths.home(owner), isCollection: true, methods, dead, owner, access };
}

/** Makes an inbox. */
export function inboxNode(owner: Principal, access: Access, dead: ReadonlyMap<Name, string> = noDead): InboxNode {
  const methods = access === "own" ? [...reading, "PROPPATCH"] : reading;
  return { kind: "inbox", path: paths.inbox(owner), isCollection: true, methods, dead, owner, access };
}

/** Makes an outbox. */
export function outboxNode(owner: Principal, access: Access, dead: ReadonlyMap<Name, string> = noDead): OutboxNode {
  const methods = access === "own" ? [...reading, "POST", "PROPPATCH"] : [...reading, "POST"];
  return { kind: "outbox", path: paths.outbox(owner), isCollection: true, methods, dead, owner, access };
}

/** Makes a calendar. */
export function calendarNode(
  owner: Principal,
  access: Access,
  calendar: Calendar,
  {
    sharee,
    isShareAlone = sharee !== undefined,
  }: { readonly sharee?: Principal; readonly isShareAlone?: boolean } = {},
): CalendarNode {
  const mayChange = sharee !== undefined || access === "own" || access === "organize";
  const mayPost = maySharePart({ owner, access }) || mayAddMembers({ access, calendar });
  const methods = [...reading, ...(mayChange ? ["PROPPATCH", "DELETE"] : []), ...(mayPost ? ["POST"] : [])];
  return {
    kind: "calendar",
    path: paths.calendar(sharee ?? owner, calendar.slug),
    ...(sharee && { sharee }),
    isShareAlone,
    isCollection: true,
    methods,
    // What programs keep there is between them and the owner.
    dead: isShareAlone ? noDead : calendar.properties,
    owner,
    access,
    calendar,
  };
}

/** Tells whether a member of a calendar is there for whoever sees the calendar. */
export function isShown({ isShareAlone }: CalendarNode, { privacy }: Member): boolean {
  return !isShareAlone || privacy !== "private";
}

/** Tells whether a caller may share a calendar: its owner, and the members of a group whose it is. */
export function maySharePart({ owner, access }: Pick<CalendarNode, "owner" | "access">): boolean {
  return access === "own" || (access === "organize" && owner.kind === "group");
}

/** Tells whether a caller may put new objects into a calendar. */
export function mayAddMembers({ access, calendar }: Pick<CalendarNode, "access" | "calendar">): boolean {
  return calendar.source === undefined && access !== "read" && access !== "respond";
}

/** Makes a calendar object resource. */
export function objectNode(parent: CalendarNode, member: Member): ObjectNode {
  const { owner, calendar } = parent;
  // Nobody writes in what is read from elsewhere.
  const access = calendar.source === undefined ? parent.access : "read";
  return {
    kind: "object",
    path: memberPath(...parent.path.segments, member.name),
    isCollection: false,
    etag: member.etag,
    methods: access === "read" ? objectReading : objectWriting,
    dead: noDead,
    owner,
    access,
    calendar,
    member,
  };
}

const objectReading = ["OPTIONS", "GET", "HEAD", "PROPFIND", "COPY"] as const;
const objectWriting = [...objectReading, "PUT", "DELETE", "MOVE"] as const;

/** Makes a message of an inbox. */
export function inboxItemNode({ owner, access }: InboxNode, item: InboxItem): InboxItemNode {
  return {
    kind: "inbox-item",
    path: memberPath(davRoot, "calendars", owner.address, "inbox", item.name),
    isCollection: false,
    etag: item.etag,
    methods: ["OPTIONS", "GET", "HEAD", "PROPFIND", "DELETE"],
    dead: noDead,
    owner,
    access,
    item,
  };
}
