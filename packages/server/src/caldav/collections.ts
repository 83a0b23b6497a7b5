import { parseAddress } from "@parley/engine";
import type { PropertyChange } from "../dav/property-update.ts";
import { DavRefusal, notFound } from "../dav/refusal.ts";
import type { NewCollection, PropertyFault } from "../dav/tree.ts";
import { dav, type Name, xml } from "../dav/xml.ts";
import type { CalendarProblem } from "../store/calendars.ts";
import type { Principal, Transaction } from "../store/store.ts";
import { accessTo, mayManage } from "./access.ts";
import {
  defaultCalendarPath,
  foldChanges,
  keepChanges,
  noDefaultCalendar,
  readNewCalendar,
} from "./change-properties.ts";
import { caldav, resourceTypes } from "./names.ts";
import { needPrivilege } from "./need-privilege.ts";
import { type CalendarNode, calendarNode, davRoot, type InboxNode, type Node, reservedSlugs } from "./node.ts";
import type { CaldavWorld } from "./world.ts";

const maxSlug = 200;

/** Makes a calendar in a home, RFC 4791 §5.3.1 and RFC 5689 §3. Nothing else can be made. */
export async function makeCalendar(
  { house }: CaldavWorld,
  caller: Principal,
  { path, types, changes }: NewCollection,
  isLive: (name: Name) => boolean,
): Promise<readonly PropertyFault[]> {
  const [root, place, written = "", slug = "", ...rest] = path.segments;
  const address = root === davRoot && place === "calendars" ? parseAddress(written) : undefined;
  const isInHome = address !== undefined && slug !== "" && rest.length === 0;
  const named = address;
  return house.store.write(async (transaction) => {
    const owner = named && (await transaction.principals.byAddress(named));
    const access = owner && (await accessTo(transaction, caller, owner));
    if (!isInHome) throw notThere();
    if (!owner || !access) throw notFound();
    if (!mayManage(access)) throw needPrivilege({ segments: path.segments.slice(0, -1), isCollection: true }, "bind");
    if (types.length !== 1 || types[0] !== resourceTypes.calendar) {
      throw new DavRefusal(403, "Only calendars can be made here.", { condition: xml(dav("valid-resourcetype")) });
    }
    if (slug.length > maxSlug) throw notThere();
    if (reservedSlugs.has(slug) || (await transaction.calendars.bySlug(owner.id, slug))) throw isThere();
    const blank = { id: "", principal: owner.id, slug, name: "", components: [], isTransparent: false };
    const node = calendarNode(owner, access, { ...blank, isDefault: false, properties: new Map(), revision: 0 });
    const read = readNewCalendar(house, node, slug, changes, isLive);
    if ("faults" in read) return read.faults;
    const made = await transaction.calendars.add(owner.id, read.calendar);
    if (typeof made === "string") throw problems[made]();
    return [];
  });
}

/** Changes properties that were judged, all together. */
export async function patchNode(
  { house }: CaldavWorld,
  caller: Principal,
  node: Node,
  changes: readonly PropertyChange[],
): Promise<PropertyFault | undefined> {
  if (!("access" in node) || node.access === undefined) throw needPrivilege(node.path, "write-properties");
  const isOwn = node.access === "own";
  const isShared = node.kind === "calendar" && node.sharee !== undefined;
  if (!(node.kind === "calendar" ? isShared || mayManage(node.access) : isOwn))
    throw needPrivilege(node.path, "write-properties");
  const first = changes[0]?.name ?? "";
  return house.store.write(async (transaction): Promise<PropertyFault | undefined> => {
    switch (node.kind) {
      case "calendar":
        if (node.sharee) return patchShared(transaction, house, node, node.sharee, changes);
        return patchCalendar(transaction, house, caller, node, changes);
      case "inbox":
        return patchInbox(transaction, node, changes);
      case "principal":
      case "home":
      case "outbox": {
        const owner = node.kind === "principal" ? node.principal : node.owner;
        const kept = await transaction.calendars.properties(owner.id, node.kind);
        const problem = await transaction.calendars.setProperties(owner.id, node.kind, keepChanges(changes, kept));
        return problem && tooLarge(first);
      }
      default:
        throw needPrivilege(node.path, "write-properties");
    }
  });
}

async function patchCalendar(
  transaction: Transaction,
  house: CaldavWorld["house"],
  caller: Principal,
  { owner, calendar, path }: CalendarNode,
  changes: readonly PropertyChange[],
): Promise<PropertyFault | undefined> {
  const { calendars } = transaction;
  // As it is now, not as it was when the request came; and so who may do it.
  const access = await accessTo(transaction, caller, owner);
  if (!access) throw notFound();
  if (!mayManage(access)) throw needPrivilege(path, "write-properties");
  const present = await calendars.byId(owner.id, calendar.id);
  if (!present) throw notFound();
  const change = foldChanges(house, changes, present.properties);
  const named = change.name === "" ? { ...change, name: present.slug } : change;
  const changed = await calendars.change(owner.id, calendar.id, named);
  if (changed === undefined) throw notFound();
  return typeof changed === "string" ? tooLarge(changes[0]?.name ?? "") : undefined;
}

/** What somebody says of what is shared with them holds for them alone. */
async function patchShared(
  { sharing }: Transaction,
  house: CaldavWorld["house"],
  { calendar }: CalendarNode,
  sharee: Principal,
  changes: readonly PropertyChange[],
): Promise<undefined> {
  const said = foldChanges(house, changes, new Map());
  const { name, ...rest } = said;
  await sharing.changeView(sharee.id, calendar.id, {
    ...("name" in said && { name: name === "" ? undefined : name }),
    ...("color" in rest && { color: rest.color }),
    ...("order" in rest && { order: rest.order }),
  });
}

async function patchInbox(
  { calendars }: Transaction,
  { owner, path }: InboxNode,
  changes: readonly PropertyChange[],
): Promise<PropertyFault | undefined> {
  const name = caldav("schedule-default-calendar-URL");
  const chosen = changes.findLast((change) => change.name === name);
  if (chosen) {
    const slug = defaultCalendarPath(path, chosen)?.segments.at(-1) ?? "";
    const calendar = await calendars.bySlug(owner.id, slug);
    if (!calendar || !(await calendars.makeDefault(owner.id, calendar.id))) return { name, ...noDefaultCalendar };
  }
  const others = changes.filter((change) => change.name !== name);
  if (others.length === 0) return undefined;
  const kept = await calendars.properties(owner.id, "inbox");
  const problem = await calendars.setProperties(owner.id, "inbox", keepChanges(others, kept));
  // What was done before is undone with it: nothing of a PROPPATCH is, or all.
  if (problem) throw new DavRefusal(507, "That is more than is kept.");
  return undefined;
}

function tooLarge(name: Name): PropertyFault {
  return { name, status: 507, description: "That is more than is kept." };
}

function notThere(): DavRefusal {
  return new DavRefusal(403, "Calendars are made right below a home.", {
    condition: xml(caldav("calendar-collection-location-ok")),
  });
}

function isThere(): DavRefusal {
  return new DavRefusal(405, "There is something already.", { condition: xml(dav("resource-must-be-null")) });
}

const problems: Readonly<Record<CalendarProblem, () => DavRefusal>> = {
  taken: isThere,
  "too-many": () => new DavRefusal(507, "There are as many calendars as one can have."),
  "too-large": () => new DavRefusal(507, "Its properties are more than is kept."),
};
