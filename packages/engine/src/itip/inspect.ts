import { type Component, firstProperty, subcomponents } from "../icalendar/component.ts";
import { decodeText } from "../icalendar/text.ts";
import type { Limits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { type ObjectComponent, readObjectComponent } from "../model/calendar-object.ts";
import { type Method, type ObjectType, parseMethod, parseObjectType, speakers } from "../model/method.ts";
import type { InstanceKey, RecurrenceId } from "../model/recurrence-id.ts";
import { type RecurrenceProblem, recurrenceProblems } from "../model/recurrence-set.ts";
import { laterRevision, type Revision } from "../model/revision.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { ZoneProvider } from "../recurrence/zone.ts";
import { findZoneProblems, type ZoneProblem } from "../recurrence/zone-problems.ts";
import type { Violation } from "./outcome.ts";
import type { QuirkName } from "./quirks/index.ts";
import { seenQuirks } from "./quirks/seen.ts";
import { checkRestrictions, fatalViolations } from "./restrictions/check.ts";

export { quirks } from "./quirks/seen.ts";

/** What a VCALENDAR says, and what is wrong with it. The tables of RFC 5546 §3 judge a message as a whole, not each object. */
export interface CalendarInspection {
  /** Null for a calendar that is no message, and for a METHOD iTIP does not know. */
  readonly method: Method | null;
  /** METHOD as it stands in the text. */
  readonly writtenMethod?: string;
  readonly product?: string;
  /** One for each UID and type, in the order of the text; at most as many as the calendar has components. */
  readonly objects: readonly ObjectInspection[];
  /** Components that could not be read: more than `limits` allows. */
  readonly skipped: number;
  /** Breaches of the strict tables; none where there is no METHOD. */
  readonly violations: readonly Violation[];
  /** Those of them that leave nothing to act on. */
  readonly fatal: readonly Violation[];
  readonly quirks: readonly QuirkName[];
  /** TZIDs nobody knows, and those whose VTIMEZONE says something else than the name. */
  readonly zoneProblems: readonly ZoneProblem[];
}

/** All components of one UID and type. */
export interface ObjectInspection {
  readonly type: ObjectType;
  /** Absent where the text has none. */
  readonly uid?: string;
  readonly summary?: string;
  /** The latest of its components, as written. */
  readonly revision: Revision;
  /** Who speaks, RFC 5546 §1.4: the Organizer, or for REPLY, REFRESH and COUNTER the first Attendee. */
  readonly originator?: CalendarUserAddress;
  /** Whom the METHOD is for; nobody for PUBLISH and without METHOD. */
  readonly recipients: readonly CalendarUserAddress[];
  readonly instances: readonly InstanceInspection[];
}

/** One component: the master (key `""`) or an Instance. */
export interface InstanceInspection {
  readonly key: InstanceKey;
  readonly range?: RecurrenceId["range"];
  readonly revision: Revision;
  readonly attendees: number;
  /** What of its RRULEs is not followed as written. */
  readonly ruleProblems: readonly RecurrenceProblem[];
}

/** What reading a calendar needs beside it. */
export interface InspectionContext {
  readonly zones: ZoneProvider;
  readonly limits: Limits;
}

/** Tells all there is to know of one VCALENDAR without any state: for people who ask why. Never throws; linear in the text. */
export function inspectCalendar(calendar: Component, context: InspectionContext): CalendarInspection {
  const writtenMethod = firstProperty(calendar, "METHOD")?.value.trim();
  const method = parseMethod(writtenMethod ?? "") ?? null;
  const product = firstProperty(calendar, "PRODID");
  const violations = method ? checkRestrictions({ method, calendar }) : [];
  const { groups, skipped } = groupComponents(calendar, context);
  return {
    method,
    ...(writtenMethod !== undefined && { writtenMethod }),
    ...(product && { product: decodeText(product.value) }),
    objects: groups.map((group) => inspectObject(group, method)),
    skipped,
    violations,
    fatal: fatalViolations(violations),
    quirks: seenQuirks(calendar),
    zoneProblems: findZoneProblems(calendar, context.zones, context.limits),
  };
}

interface Group {
  readonly type: ObjectType;
  readonly uid: string;
  readonly components: ObjectComponent[];
}

function groupComponents(calendar: Component, { zones, limits }: InspectionContext) {
  const resolver = makeZoneResolver(subcomponents(calendar, "VTIMEZONE"), zones, limits);
  const groups = new Map<string, Group>();
  let skipped = 0;
  for (const child of calendar.components) {
    const type = parseObjectType(child.name);
    if (!type) continue;
    const component = readObjectComponent(child, resolver, limits);
    const uid = decodeText(firstProperty(child, "UID")?.value ?? "").trim();
    const group = groups.get(`${type} ${uid}`) ?? { type, uid, components: [] };
    groups.set(`${type} ${uid}`, group);
    if (component && group.components.length <= limits.maxOverrides) group.components.push(component);
    else skipped++;
  }
  return { groups: [...groups.values()].filter((group) => group.components.length > 0), skipped };
}

function inspectObject(group: Group, method: Method | null): ObjectInspection {
  const { components } = group;
  const organizer = components.find((component) => component.organizer)?.organizer?.address;
  const attendees = new Set(components.flatMap((component) => [...component.attendees.keys()]));
  const speaker = method && speakers[method];
  const originator = speaker === "attendee" ? attendees.values().next().value : organizer;
  const summary = components.flatMap(({ component }) => firstProperty(component, "SUMMARY") ?? [])[0];
  const oldest: Revision = { sequence: Number.NEGATIVE_INFINITY, dtstamp: Number.NEGATIVE_INFINITY };
  return {
    type: group.type,
    ...(group.uid && { uid: group.uid }),
    ...(summary && { summary: decodeText(summary.value) }),
    revision: components.reduce((latest, { revision }) => laterRevision(latest, revision), oldest),
    ...(originator && { originator }),
    recipients: recipientsOf(method, organizer, attendees),
    instances: components.map(inspectInstance),
  };
}

function inspectInstance(part: ObjectComponent): InstanceInspection {
  const { key, recurrenceId, revision, attendees, component } = part;
  const range = recurrenceId?.range;
  const ruleProblems = recurrenceProblems(component);
  return { key, ...(range && { range }), revision, attendees: attendees.size, ruleProblems };
}

function recipientsOf(
  method: Method | null,
  organizer: CalendarUserAddress | undefined,
  attendees: ReadonlySet<CalendarUserAddress>,
): readonly CalendarUserAddress[] {
  if (method === null || method === "PUBLISH") return [];
  if (speakers[method] === "attendee") return organizer ? [organizer] : [];
  return [...attendees].filter((attendee) => attendee !== organizer);
}
