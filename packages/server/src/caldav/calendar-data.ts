import { type CalendarObject, componentAt } from "@parley/engine";
import {
  allProperties,
  type Component,
  type DateOrDateTime,
  firstProperty,
  makeComponent,
  makeDateTimeProperty,
  makePeriodProperty,
  type Property,
  readDateTime,
  readPeriods,
  withParameter,
  withProperty,
} from "@parley/engine/icalendar";
import { type Instance, type InstantRange, resolveInstant } from "@parley/engine/recurrence";
import { DavRefusal } from "../dav/refusal.ts";
import { childNamed, childrenNamed, type XmlElement, xml } from "../dav/xml.ts";
import { readClosedRange } from "./filter.ts";
import type { Filtered } from "./match-filter.ts";
import { caldav } from "./names.ts";
import { componentsInRange, openInstances, type Placing } from "./time-range.ts";

/** How much of a calendar object resource is asked for, RFC 4791 §9.6. */
export interface AskedData {
  readonly selection?: Selection;
  /** Every Instance in it as a component of its own, in UTC. */
  readonly expand?: InstantRange;
  /** Overrides that say nothing of it are left out. */
  readonly limitRecurrence?: InstantRange;
  /** Busy periods outside of it are left out. */
  readonly limitFreeBusy?: InstantRange;
}

/** Which parts of a component, RFC 4791 §9.6.1. */
interface Selection {
  readonly name: string;
  /** Whether only the name is wanted, by name; absent where all are. */
  readonly properties?: ReadonlyMap<string, boolean>;
  /** Absent where all are wanted. */
  readonly components?: readonly Selection[];
}

/** Reads a calendar-data element; throws where it asks for another format than is kept. */
export function readAskedData(element: XmlElement): AskedData {
  const type = element.attributes.get("content-type") ?? "text/calendar";
  const version = element.attributes.get("version") ?? "2.0";
  if (type.toLowerCase() !== "text/calendar" || version !== "2.0") {
    throw new DavRefusal(403, "Calendar data are text/calendar, version 2.0.", {
      condition: xml(caldav("supported-calendar-data")),
    });
  }
  const selected = childNamed(element, caldav("comp"));
  const range = (name: string): InstantRange | undefined => {
    const found = childNamed(element, caldav(name));
    return found && readClosedRange(found);
  };
  const [all, recurrence, freeBusy] = ["expand", "limit-recurrence-set", "limit-freebusy-set"].map(range);
  return {
    ...(selected && { selection: readSelection(selected) }),
    ...(all && { expand: all }),
    ...(recurrence && { limitRecurrence: recurrence }),
    ...(freeBusy && { limitFreeBusy: freeBusy }),
  };
}

function readSelection(element: XmlElement): Selection {
  const isAll = (name: string): boolean => childNamed(element, caldav(name)) !== undefined;
  const properties = childrenNamed(element, caldav("prop")).map(
    ({ attributes }) => [(attributes.get("name") ?? "").toUpperCase(), attributes.get("novalue") === "yes"] as const,
  );
  const components = childrenNamed(element, caldav("comp")).map(readSelection);
  return {
    name: (element.attributes.get("name") ?? "").toUpperCase(),
    ...(isAll("allprop") ? {} : { properties: new Map(properties) }),
    ...(isAll("allcomp") ? {} : { components }),
  };
}

/** Tells whether all of a resource is asked for, as it is. */
export function isWhole(asked: AskedData): boolean {
  return Object.keys(asked).length === 0;
}

/** Gives what is asked of a resource; `undefined` where it has more Instances in the range than are told. */
export function selectData(filtered: Filtered, asked: AskedData, placing: Placing): Component | undefined {
  const shown = asked.expand ? expanded(filtered, asked.expand, placing) : filtered.calendar;
  if (!shown) return undefined;
  const limited = asked.limitRecurrence
    ? withinRecurrence(shown, filtered.object, asked.limitRecurrence, placing)
    : shown;
  const freed = asked.limitFreeBusy ? withinFreeBusy(limited, asked.limitFreeBusy, placing) : limited;
  return asked.selection ? select(freed, asked.selection) : freed;
}

function select(component: Component, { properties, components }: Selection): Component {
  const chosen = properties
    ? component.properties.flatMap((property) => {
        const isBare = properties.get(property.name);
        return isBare === undefined ? [] : [isBare ? { ...property, value: "" } : property];
      })
    : component.properties;
  const parts = components
    ? component.components.flatMap((part) => {
        const selection = components.find(({ name }) => name === part.name);
        return selection ? [select(part, selection)] : [];
      })
    : component.components;
  return { ...component, properties: chosen, components: parts };
}

const maxExpanded = 10_000;

/** RFC 4791 §9.6.5: no rules and no zones are left, and each Instance says when it was to be. */
function expanded({ calendar, object }: Filtered, range: InstantRange, placing: Placing): Component | undefined {
  const instances: Component[] = [];
  const isSeries = recursAtAll(object);
  const expansion = openInstances(object, range, placing);
  for (let instance = expansion.next(); instance; instance = expansion.next()) {
    const source = componentAt(object, instance.component)?.component;
    if (source) instances.push(instanceComponent(source, instance, isSeries, placing));
    if (instances.length > maxExpanded) return undefined;
  }
  if (expansion.isIncomplete) return undefined;
  const withoutTime = calendar.components.filter(
    (part) => part.name === object.type && !firstProperty(part, "DTSTART"),
  );
  return { ...calendar, components: [...instances, ...withoutTime] };
}

function recursAtAll({ master, overrides }: CalendarObject): boolean {
  return overrides.size > 0 || (master?.component.properties.some(({ name }) => repetition.has(name)) ?? false);
}

const repetition: ReadonlySet<string> = new Set(["RRULE", "RDATE", "EXDATE", "EXRULE"]);

function instanceComponent(source: Component, instance: Instance, isSeries: boolean, placing: Placing): Component {
  const kept = source.properties
    .filter(({ name }) => !repetition.has(name) && name !== "RECURRENCE-ID")
    .map((property) => inUtc(property, placing));
  let component: Component = makeComponent(source.name, kept, source.components);
  const [start, end] = [instant(instance, instance.startAt), instant(instance, instance.endAt)];
  component = withProperty(component, "DTSTART", makeDateTimeProperty("DTSTART", start));
  for (const name of ["DTEND", "DUE"]) {
    if (firstProperty(source, name)) component = withProperty(component, name, makeDateTimeProperty(name, end));
  }
  if (!isSeries) return component;
  const { kind, at } = instance.recurrenceId;
  const id = makeDateTimeProperty("RECURRENCE-ID", { kind: kind === "instant" ? "utc" : kind, wall: at });
  return withProperty(component, "RECURRENCE-ID", id);
}

function instant({ kind }: Instance, at: number): DateOrDateTime {
  return { kind: kind === "instant" ? "utc" : kind, wall: at };
}

/** Other times with a zone, of which the zone would be left out. */
function inUtc(property: Property, { zones }: Placing): Property {
  const value = property.parameters.some(({ name }) => name === "TZID") ? readDateTime(property) : undefined;
  const at = value?.kind === "zoned" ? resolveInstant(value, zones) : undefined;
  if (at === undefined) return property;
  const { value: text } = makeDateTimeProperty(property.name, { kind: "utc", wall: at });
  return { ...withParameter(property, "TZID", undefined), value: text };
}

/** RFC 4791 §9.6.6: an override is left out unless it, or what it takes the place of, is in the range. */
function withinRecurrence(
  calendar: Component,
  object: CalendarObject,
  range: InstantRange,
  placing: Placing,
): Component {
  const inRange = componentsInRange(object, range, placing);
  const components = calendar.components.filter((part) => {
    const id = firstProperty(part, "RECURRENCE-ID");
    if (part.name !== object.type || !id || inRange.has(part)) return true;
    const value = readDateTime(id);
    const at = value && resolveInstant(value, placing.zones, placing.localZone);
    // One that speaks for all after it counts wherever it is before the end.
    const isRange = id.parameters.some(({ name }) => name === "RANGE");
    return at === undefined || (at < range.to && (at >= range.from || isRange));
  });
  return { ...calendar, components };
}

/** RFC 4791 §9.6.7. */
function withinFreeBusy(calendar: Component, { from, to }: InstantRange, placing: Placing): Component {
  const components = calendar.components.map((part) => {
    if (part.name !== "VFREEBUSY") return part;
    const kept = allProperties(part, "FREEBUSY").flatMap((property) => {
      const periods = readPeriods(property).filter((period) => {
        const start = resolveInstant(period.start, placing.zones, placing.localZone);
        if (start === undefined) return false;
        const end =
          "end" in period ? resolveInstant(period.end, placing.zones, placing.localZone) : start + period.seconds;
        return end !== undefined && start < to && end > from;
      });
      const type = property.parameters.filter(({ name }) => name === "FBTYPE");
      const [first, ...rest] = periods;
      return first ? [{ ...makePeriodProperty("FREEBUSY", [first, ...rest]), parameters: type }] : [];
    });
    const others = part.properties.filter(({ name }) => name !== "FREEBUSY");
    return { ...part, properties: [...others, ...kept] };
  });
  return { ...calendar, components };
}
