import { parseAddress } from "@parley/engine";
import { maySeeBusy } from "../auth/may-see-busy.ts";
import { sharedCalendar, sharedCalendars } from "../auth/shared-calendars.ts";
import { collectionPath, memberPath, type Path, pathKey } from "../dav/path.ts";
import { tooMuch } from "../dav/refusal.ts";
import type { CollectionChanges, Content, PrincipalSearch, View } from "../dav/tree.ts";
import { dav, type Name } from "../dav/xml.ts";
import type { Principal } from "../store/store.ts";
import { type Access, accessTo, accessToCalendar, principalOf } from "./access.ts";
import { contentOf } from "./content.ts";
import { findMany } from "./find-many.ts";
import { loadObjects } from "./load-objects.ts";
import { caldav, calendarServer } from "./names.ts";
import {
  type CalendarNode,
  calendarNode,
  davRoot,
  homeNode,
  type InboxNode,
  inboxItemNode,
  inboxNode,
  isShown,
  maySharePart,
  type Node,
  objectNode,
  outboxNode,
  paths,
  placeNode,
  principalNode,
  proxyNode,
} from "./node.ts";
import { loadRelations } from "./relations.ts";
import { findPrincipals } from "./search-principals.ts";
import { loadSharees } from "./sharing/load-sharees.ts";
import { shareNames } from "./sharing/properties.ts";
import { formatToken, readToken } from "./sync-token.ts";
import type { Viewing } from "./viewing.ts";

/** Members of one collection that are listed at once. */
const maxMembers = 20_000;

/** Makes the view that a caller has in a transaction, with the reports that can be asked of it. */
export function makeView(viewing: Viewing, reports: View<Node>["reports"]): View<Node> {
  const { caller } = viewing;
  return {
    reports,
    find: (path) => findNode(viewing, path),
    findMany: (many) => findMany(viewing.transaction, many, (path) => findNode(viewing, path)),
    members: (node) => membersOf(viewing, node),
    load: (nodes, asked) => loadNodes(viewing, nodes, asked),
    content: async (node): Promise<Content | undefined> => {
      const [loaded = node] = await loadNodes(viewing, [node], textNames);
      return contentOf(loaded);
    },
    changes: (node, token, limit) => changesOf(viewing, node, token, limit),
    searchPrincipals: (node, search, limit) => searchIn(viewing, node, search, limit),
    ownPrincipals: async ({ kind }) => (kind === "principals" || kind === "root" ? [principalNode(caller, "own")] : []),
  };
}

async function findNode(viewing: Viewing, { segments }: Path): Promise<Node | undefined> {
  const [root, place, written, ...rest] = segments;
  if (root === undefined) return { ...placeNode("root"), path: collectionPath() };
  if (root !== davRoot) return undefined;
  if (place === undefined) return placeNode("root");
  if (place !== "principals" && place !== "calendars") return undefined;
  if (written === undefined) return placeNode(place === "principals" ? "principals" : "homes");
  const address = parseAddress(written);
  const owner = address && (await principalOf(viewing.transaction, viewing.caller, address));
  // Whether or not there is such a person: how long it takes does not tell.
  if (!owner) {
    await viewing.transaction.principals.scopeOf("0", viewing.caller.id);
    return undefined;
  }
  const access = await accessTo(viewing.transaction, viewing.caller, owner);
  return place === "principals"
    ? findOfPrincipal(viewing, owner, access, rest)
    : findOfHome(viewing, owner, access, rest);
}

async function findOfPrincipal(
  viewing: Viewing,
  owner: Principal,
  access: Access | undefined,
  [proxy, ...rest]: readonly string[],
): Promise<Node | undefined> {
  const { world, transaction, caller } = viewing;
  if (rest.length > 0) return undefined;
  if (access === undefined && !(await maySeeBusy(world.freeBusy, transaction, caller, owner))) return undefined;
  if (proxy === undefined) {
    const dead = access === "own" ? await transaction.calendars.properties(owner.id, "principal") : undefined;
    return principalNode(owner, access, dead);
  }
  const mode = proxy === "calendar-proxy-read" ? "read" : proxy === "calendar-proxy-write" ? "write" : undefined;
  if (mode === undefined || access !== "own") return undefined;
  const { readers, writers } = await loadRelations(transaction, owner);
  return proxyNode(owner, mode, mode === "read" ? readers : writers);
}

async function findOfHome(
  viewing: Viewing,
  owner: Principal,
  access: Access | undefined,
  [slug, name, ...rest]: readonly string[],
): Promise<Node | undefined> {
  const { transaction } = viewing;
  if (rest.length > 0) return undefined;
  if (slug === undefined) return access && homeNode(owner, access, await deadOf(viewing, owner, access, "home"));
  if (slug === "inbox" || slug === "outbox") {
    // What came to somebody is theirs to see, whoever acts for them: some of it is private.
    if (access !== "own") return undefined;
    const dead = await deadOf(viewing, owner, access, slug);
    if (slug === "outbox") return name === undefined ? outboxNode(owner, access, dead) : undefined;
    const inbox = inboxNode(owner, access, dead);
    if (name === undefined) return inbox;
    const [item] = await transaction.inbox.byNames(owner.id, [name]);
    return item && { ...inboxItemNode(inbox, item), text: item.text };
  }
  const node = await findCalendar(viewing, owner, access, slug);
  if (!node || name === undefined) return node;
  const [member] = await transaction.calendars.byNames(node.calendar.id, [name]);
  return member && isShown(node, member) ? objectNode(node, member) : undefined;
}

async function findCalendar(
  { transaction, caller }: Viewing,
  owner: Principal,
  access: Access | undefined,
  slug: string,
): Promise<CalendarNode | undefined> {
  const shared = access === "own" ? await sharedCalendar(transaction, caller, slug) : undefined;
  if (shared) return calendarNode(shared.owner, shared.access, shared.calendar, { sharee: caller });
  const calendar = await transaction.calendars.bySlug(owner.id, slug);
  const found = calendar && (await accessToCalendar(transaction, caller, calendar, access));
  if (!calendar || !found) return undefined;
  return calendarNode(owner, found, calendar, { isShareAlone: access === undefined });
}

/** What one keeps for oneself beside calendars is nobody else's. */
async function deadOf({ transaction }: Viewing, owner: Principal, access: Access, place: "home" | "inbox" | "outbox") {
  return access === "own" ? transaction.calendars.properties(owner.id, place) : undefined;
}

async function membersOf(viewing: Viewing, node: Node): Promise<readonly Node[]> {
  const { transaction } = viewing;
  switch (node.kind) {
    case "root":
      return [placeNode("principals"), placeNode("homes")];
    case "principals":
      return (await known(viewing)).map(([owner, access]) => principalNode(owner, access));
    case "homes":
      return (await known(viewing)).map(([owner, access]) => homeNode(owner, access));
    case "principal":
      if (node.access !== "own") return [];
      return proxies(node.principal, await loadRelations(transaction, node.principal));
    case "home":
      return homeMembers(viewing, node.owner, node.access);
    case "calendar": {
      const members = await transaction.calendars.members(node.calendar.id, maxMembers + 1);
      if (members.length > maxMembers) throw tooMuch("There are more than can be told at once.");
      return members.filter((member) => isShown(node, member)).map((member) => objectNode(node, member));
    }
    case "inbox":
      return (await transaction.inbox.list(node.owner.id)).map((item) => inboxItemNode(node, item));
    default:
      return [];
  }
}

/** The caller, and who lets them into their calendars. */
async function known({ transaction, caller }: Viewing): Promise<readonly (readonly [Principal, Access])[]> {
  const { readFor, writeFor } = await loadRelations(transaction, caller);
  const found: (readonly [Principal, Access])[] = [[caller, "own"]];
  for (const owner of [...writeFor, ...readFor]) {
    const access = await accessTo(transaction, caller, owner);
    if (access) found.push([owner, access]);
  }
  return found;
}

function proxies(
  owner: Principal,
  { readers, writers }: { readers: readonly Principal[]; writers: readonly Principal[] },
) {
  return [proxyNode(owner, "read", readers), proxyNode(owner, "write", writers)];
}

async function homeMembers(viewing: Viewing, owner: Principal, access: Access): Promise<readonly Node[]> {
  const calendars = await viewing.transaction.calendars.list(owner.id);
  const nodes: Node[] = calendars.map((calendar) => calendarNode(owner, access, calendar));
  if (access !== "own") return nodes;
  const shared = await sharedCalendars(viewing.transaction, owner);
  nodes.push(...shared.map((one) => calendarNode(one.owner, one.access, one.calendar, { sharee: owner })));
  const inbox = inboxNode(owner, access, await deadOf(viewing, owner, access, "inbox"));
  return [...nodes, inbox, outboxNode(owner, access, await deadOf(viewing, owner, access, "outbox"))];
}

/** What cannot be told without the text of a resource. */
const textNames: ReadonlySet<Name> = new Set([caldav("calendar-data"), dav("getcontentlength")]);
const relationNames: ReadonlySet<Name> = new Set([
  calendarServer("calendar-proxy-read-for"),
  calendarServer("calendar-proxy-write-for"),
  dav("group-membership"),
  dav("group-member-set"),
]);
const inboxNames: ReadonlySet<Name> = new Set([
  caldav("schedule-default-calendar-URL"),
  calendarServer("getctag"),
  dav("sync-token"),
]);

async function loadNodes(viewing: Viewing, nodes: readonly Node[], asked: ReadonlySet<Name>): Promise<readonly Node[]> {
  const wants = (names: ReadonlySet<Name>): boolean => [...names].some((name) => asked.has(name));
  const { transaction } = viewing;
  const texts = wants(textNames) ? await loadTexts(viewing, nodes) : nodes;
  const [relations, inboxes, shares] = [wants(relationNames), wants(inboxNames), wants(shareNames)];
  if (!relations && !inboxes && !shares) return texts;
  const sharees = shares ? await loadSharees(transaction, texts) : undefined;
  const loaded: Node[] = [];
  for (const node of texts) {
    if (relations && node.kind === "principal") {
      loaded.push({ ...node, relations: await loadRelations(transaction, node.principal) });
    } else if (inboxes && node.kind === "inbox") loaded.push(await loadInbox(viewing, node));
    else if (node.kind === "calendar" && maySharePart(node)) {
      loaded.push({ ...node, sharees: sharees?.get(node.calendar.id) ?? [] });
    } else loaded.push(node);
  }
  return loaded;
}

async function loadInbox({ transaction: { calendars, inbox } }: Viewing, node: InboxNode): Promise<InboxNode> {
  const all = await calendars.list(node.owner.id);
  const revision = await inbox.revision(node.owner.id);
  return { ...node, state: { revision, defaultCalendar: all.find(({ isDefault }) => isDefault) } };
}

/** Gives the nodes with their texts; one that went meanwhile is left out. */
async function loadTexts(viewing: Viewing, nodes: readonly Node[]): Promise<readonly Node[]> {
  const { transaction } = viewing;
  const objects = await loadObjects(
    viewing,
    nodes.flatMap((node) => (node.kind === "object" && node.text === undefined ? [node] : [])),
  );
  const byKey = new Map(objects.map((node) => [pathKey(node.path), node]));
  const loaded: Node[] = [];
  for (const node of nodes) {
    if (node.kind === "object" && node.text === undefined) {
      const found = byKey.get(pathKey(node.path));
      if (found) loaded.push(found);
    } else if (node.kind === "inbox-item" && node.text === undefined) {
      const [item] = await transaction.inbox.byNames(node.owner.id, [node.item.name]);
      if (item) loaded.push({ ...node, text: item.text });
    } else loaded.push(node);
  }
  return loaded;
}

async function changesOf(
  { transaction }: Viewing,
  node: Node,
  token: string | undefined,
  limit: number,
): Promise<CollectionChanges<Node> | undefined> {
  if (node.kind === "calendar") {
    const since = token === undefined ? 0 : readToken(token, "calendar", node.calendar.id);
    const { id } = node.calendar;
    const options = { hidesPrivate: node.isShareAlone };
    const changes =
      since === undefined ? undefined : await transaction.calendars.changesSince(id, since, limit, options);
    return (
      changes && {
        changed: changes.changed.map((member) => objectNode(node, member)),
        removed: changes.removed.map((name) => memberPath(...node.path.segments, name)),
        token: formatToken("calendar", id, changes.revision),
        isTruncated: changes.isTruncated,
      }
    );
  }
  if (node.kind !== "inbox") return undefined;
  const since = token === undefined ? 0 : readToken(token, "inbox", node.owner.id);
  const changes = since === undefined ? undefined : await transaction.inbox.changesSince(node.owner.id, since, limit);
  return (
    changes && {
      changed: changes.changed.map((item) => inboxItemNode(node, item)),
      removed: changes.removed.map((name) => paths.object(node.owner, "inbox", name)),
      token: formatToken("inbox", node.owner.id, changes.revision),
      isTruncated: changes.isTruncated,
    }
  );
}

async function searchIn(
  viewing: Viewing,
  node: Node,
  search: PrincipalSearch,
  limit: number,
): Promise<readonly Node[]> {
  if (node.kind !== "principals" && node.kind !== "root") return [];
  const { world, transaction, caller } = viewing;
  const found: Node[] = [];
  for (const principal of findPrincipals(await transaction.principals.list(), search)) {
    if (found.length >= limit) break;
    if (!(await maySeeBusy(world.freeBusy, transaction, caller, principal))) continue;
    found.push(principalNode(principal, principal.id === caller.id ? "own" : undefined));
  }
  return found;
}
