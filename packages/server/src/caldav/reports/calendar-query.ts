import { parseCalendar } from "@parley/engine/icalendar";
import { makeZoneResolver, type Zone } from "@parley/engine/recurrence";
import {
  type AskedProperties,
  askedNames,
  propertySets,
  readAsked,
  requireFewProperties,
} from "../../dav/asked-properties.ts";
import { readPreference } from "../../dav/headers.ts";
import type { DavResponse } from "../../dav/message.ts";
import { multistatus, type StatusEntry } from "../../dav/multistatus.ts";
import { DavRefusal, tooMuch } from "../../dav/refusal.ts";
import type { AskedReport, Tree } from "../../dav/tree.ts";
import { childNamed, dav, textOf, type XmlElement, xml } from "../../dav/xml.ts";
import type { House } from "../../scheduling/house.ts";
import { zoneOf } from "../../scheduling/span.ts";
import type { Member, MemberFilter } from "../../store/calendars.ts";
import { type ComponentFilter, readFilter } from "../filter.ts";
import { matchesFilter } from "../match-filter.ts";
import { caldav } from "../names.ts";
import { type CalendarNode, type InboxItemNode, isShown, type Node, type ObjectNode, objectNode } from "../node.ts";
import { isObjectType } from "../object-type.ts";
import { localZoneOf, placingOf, readNode } from "../read-object.ts";
import { makeWork, type Work } from "../work.ts";
import type { ReportWorld } from "./report-world.ts";

/** Objects one query looks into, and finds. */
const maxCandidates = 50_000;
const maxMatches = 20_000;
const tooManyFound = "The query finds more than is told at once.";
/** Objects that are in memory at once. */
const chunk = 200;
const daySeconds = 86_400;

/** Finds resources by what is in them, RFC 4791 §7.8. */
export async function calendarQuery(world: ReportWorld, asked: AskedReport<Node>): Promise<DavResponse> {
  const { resource, root, request } = asked;
  const filter = readFilter(childNamed(root, caldav("filter")));
  const properties = readAsked(root) ?? { kind: "named", properties: [] };
  const zone = readZone(world.house, root);
  const query: Query = { world, asked, filter, properties, zone, work: makeWork(), tree: world.treeIn(zone) };
  const entries = resource.kind === "calendar" ? await queryCalendar(query, resource) : await queryInbox(query);
  const preference = readPreference(request.headers);
  return multistatus(
    asked.tree.prefixes,
    entries.map((entry) => (preference === "minimal" ? minimal(entry) : entry)),
  );
}

interface Query {
  readonly world: ReportWorld;
  readonly asked: AskedReport<Node>;
  readonly filter: ComponentFilter;
  readonly properties: AskedProperties;
  readonly zone: Zone | undefined;
  readonly work: Work;
  /** Its calendar data are placed as the query says. */
  readonly tree: Tree<Node>;
}

function minimal(entry: StatusEntry): StatusEntry {
  const sets = entry.sets?.filter(({ status }, index) => status !== 404 || index === 0);
  return { ...entry, ...(sets && { sets }) };
}

async function queryCalendar(query: Query, node: CalendarNode): Promise<readonly StatusEntry[]> {
  const { world, filter, properties, tree } = query;
  const candidates = await world.transaction.calendars.candidates(
    node.calendar.id,
    narrow(query, node),
    maxCandidates + 1,
  );
  if (candidates.length > maxCandidates) throw tooMuch(tooManyFound);
  const members = candidates.filter((member) => isShown(node, member));
  const wantsText = [caldav("calendar-data"), dav("getcontentlength")].some((name) => askedNames(properties).has(name));
  const isSure = isAnswered(filter) ? () => true : surelyMet(query, node);
  const entries: StatusEntry[] = [];
  for (let first = 0; first < members.length; first += chunk) {
    const nodes = members.slice(first, first + chunk).map((member) => objectNode(node, member));
    const isLoaded = (one: ObjectNode): boolean => wantsText || !isSure(one.member);
    const texts = await world.loadObjects(nodes.filter(isLoaded));
    const loaded = new Map(texts.map((one) => [one.member.object, one]));
    for (const found of nodes) {
      const one = isLoaded(found) ? loaded.get(found.member.object) : found;
      if (!one || !(isSure(one.member) || meets(query, one))) continue;
      entries.push({ path: one.path, sets: propertySets(tree, one, properties, undefined) });
    }
    if (entries.length > maxMatches) throw tooMuch(tooManyFound);
    requireFewProperties(entries.length, askedNames(properties).size);
  }
  return entries;
}

function meets({ world: { house }, filter, zone, work }: Query, node: ObjectNode | InboxItemNode): boolean {
  const read = readNode(house, node);
  return read !== undefined && matchesFilter(read, filter, placingOf(house, read, node, { zone, work }));
}

/** Seconds that the index may have times without a zone from where a query has them. */
function slackOf(house: House, around: Pick<CalendarNode, "calendar" | "owner">, zone: Zone | undefined): number {
  return localZoneOf(house, around, zone).name === zoneOf(house, around.owner).name ? 1 : 2 * daySeconds;
}

/**
 * Makes what tells of which members the index says for sure that they meet a filter: of events whose first Instance begins inside of the only
 * range that is asked for. Where the index knows no end it may not know the first Instance.
 */
function surelyMet({ world: { house }, filter, zone }: Query, node: CalendarNode): (member: Member) => boolean {
  const [only, ...others] = filter.components;
  const asksMore = [filter.properties, others, only?.properties ?? [], only?.components ?? []].some(
    ({ length }) => length > 0,
  );
  if (!only?.range || only.name !== "VEVENT" || only.isNotDefined || asksMore) return () => false;
  const slack = slackOf(house, node, zone);
  const [from, to] = [only.range.from + slack, only.range.to - slack];
  return ({ component, span: { starts, ends } }) =>
    component === "VEVENT" && ends !== null && starts > from && ends > from && starts < to;
}

/** What the index can tell: the component, and when it is. Times without a zone may be a day away from where it has them. */
function narrow({ world: { house }, filter, zone }: Query, { calendar, owner }: CalendarNode): MemberFilter {
  const [only, ...others] = filter.components.filter(({ isNotDefined }) => !isNotDefined);
  if (!only || others.length > 0 || !isObjectType(only.name)) return {};
  const { range } = only;
  if (!range) return { component: only.name };
  const slack = slackOf(house, { calendar, owner }, zone);
  return {
    component: only.name,
    ...(Number.isFinite(range.from) && { from: range.from - slack }),
    ...(Number.isFinite(range.to) && { to: range.to + slack }),
  };
}

/** Whether the index has answered all of a filter: it asks for components of a kind, and no more. */
function isAnswered({ properties, components }: ComponentFilter): boolean {
  const [only, ...others] = components;
  if (properties.length > 0 || others.length > 0) return false;
  if (!only) return true;
  const asksMore = only.isNotDefined || only.range || only.properties.length > 0 || only.components.length > 0;
  return !asksMore && isObjectType(only.name);
}

async function queryInbox(query: Query): Promise<readonly StatusEntry[]> {
  const { view, resource } = query.asked;
  const items = await view.load(await view.members(resource), new Set([caldav("calendar-data")]));
  const found = items.filter((item) => item.kind === "inbox-item" && meets(query, item));
  return found.map((item) => ({ path: item.path, sets: propertySets(query.tree, item, query.properties, undefined) }));
}

/** The zone of times that have none: by a VTIMEZONE, RFC 4791 §9.8, or by its name, RFC 7809 §6.1. */
function readZone({ zones, limits }: House, root: XmlElement): Zone | undefined {
  const id = childNamed(root, caldav("timezone-id"));
  if (id) {
    const zone = zones.zone(textOf(id).trim());
    if (!zone) throw new DavRefusal(403, "There is no such zone.", { condition: xml(caldav("valid-timezone")) });
    return zone;
  }
  const element = childNamed(root, caldav("timezone"));
  if (!element) return undefined;
  const { calendar } = parseCalendar(textOf(element), limits);
  const timezone = calendar?.components.find(({ name }) => name === "VTIMEZONE");
  const tzid = timezone?.properties.find(({ name }) => name === "TZID")?.value;
  const zone = timezone && tzid !== undefined ? makeZoneResolver([timezone], zones, limits)(tzid) : undefined;
  if (!zone) {
    throw new DavRefusal(403, "The timezone is none.", { condition: xml(caldav("valid-calendar-data")) });
  }
  return zone;
}
