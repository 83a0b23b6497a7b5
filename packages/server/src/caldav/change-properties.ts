import { parseCalendar, parseInteger } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { type Path, parsePath } from "../dav/path.ts";
import type { PropertyChange } from "../dav/property-update.ts";
import type { PropertyFault } from "../dav/tree.ts";
import { childElements, childNamed, dav, type Name, textOf, type XmlElement, xml } from "../dav/xml.ts";
import { formatFragment } from "../dav/xml-writer.ts";
import type { House } from "../scheduling/house.ts";
import type { CalendarChange, CalendarComponent, NewCalendar } from "../store/calendars.ts";
import { apple, caldav } from "./names.ts";
import type { Node } from "./node.ts";
import { calendarComponents, isObjectType } from "./object-type.ts";

/** Why a value is none, without the name of its property. */
type Fault = Omit<PropertyFault, "name">;

/** Reads a value as what it changes of a calendar; `undefined` takes it away. */
type Setter = (house: House, value: XmlElement | undefined) => CalendarChange | { readonly fault: Fault };

const maxName = 1_000;
const maxDescription = 20_000;
const maxTimezone = 100_000;
const maxColor = 64;

/** What clients can say of a calendar: by the names of RFC 4791 §5.2, RFC 6638 §9.1, RFC 7809 §5.2 and of Apple's programs. */
const setters: ReadonlyMap<Name, Setter> = new Map<Name, Setter>([
  // One that is taken away is the last part of the URL again, which whoever calls knows.
  [dav("displayname"), (_, value) => text(value, maxName, (name) => ({ name: name ?? "" }))],
  [caldav("calendar-description"), (_, value) => text(value, maxDescription, (description) => ({ description }))],
  [caldav("calendar-timezone"), setTimezone],
  [caldav("calendar-timezone-id"), setTimezoneId],
  [caldav("schedule-calendar-transp"), setTransparency],
  // What Apple's programs say when they make one: YES or NO.
  [caldav("calendar-free-busy-set"), (_, value) => ({ isTransparent: isNamed(value, caldav("NO")) })],
  [apple("calendar-color"), (_, value) => text(value, maxColor, (color) => ({ color }))],
  [apple("calendar-order"), setOrder],
]);

/** What somebody can say of a calendar that is shared with them. */
const personal: ReadonlySet<Name> = new Set([dav("displayname"), apple("calendar-color"), apple("calendar-order")]);

/** Why a change of a property of a resource cannot be made; whether the caller may is another question. */
export function judgeChange(
  house: House,
  node: Node,
  change: PropertyChange,
  isLive: (name: Name) => boolean,
): PropertyFault | undefined {
  const { name } = change;
  if (node.kind === "calendar" && node.sharee && !personal.has(name)) {
    return { name, status: 403, description: "That is its owner's to say." };
  }
  const setter = node.kind === "calendar" ? setters.get(name) : undefined;
  if (setter) {
    const result = setter(house, change.kind === "set" ? change.value : undefined);
    return "fault" in result ? { name, ...result.fault } : undefined;
  }
  if (node.kind === "inbox" && name === caldav("schedule-default-calendar-URL")) {
    return defaultCalendarPath(node.path, change) ? undefined : { name, ...noDefaultCalendar };
  }
  if (isLive(name)) return { name, status: 403, condition: xml(dav("cannot-modify-protected-property")) };
  if (node.kind === "object" || node.kind === "inbox-item") {
    return { name, status: 403, description: "Nothing is kept beside an object: say it in the object." };
  }
  if (name === caldav("calendar-availability") && change.kind === "set" && !isAvailability(house, change.value)) {
    return { name, status: 403, condition: xml(caldav("valid-calendar-data")) };
  }
  return undefined;
}

/** Says that what is named is no calendar that new things can go to, RFC 6638 §9.2. */
export const noDefaultCalendar: Fault = {
  status: 403,
  condition: xml(caldav("valid-schedule-default-calendar-URL")),
};

/** Finds which calendar is to be the default one: in the home the inbox is in. */
export function defaultCalendarPath({ segments }: Path, change: PropertyChange): Path | undefined {
  const href = change.kind === "set" ? childNamed(change.value, dav("href")) : undefined;
  const path = href && parsePath(textOf(href).trim());
  if (path?.segments.length !== segments.length) return undefined;
  const home = segments.slice(0, -1);
  return home.every((segment, index) => path.segments[index] === segment) ? path : undefined;
}

/** Adds up what changes of a calendar; what is none of its own is kept as it was written. Each was judged before. */
export function foldChanges(
  house: House,
  changes: readonly PropertyChange[],
  kept: ReadonlyMap<Name, string>,
): CalendarChange {
  const { own, properties } = partChanges(changes, kept);
  const change: CalendarChange = Object.assign(
    {},
    ...own.map((one) => {
      const result = setters.get(one.name)?.(house, one.kind === "set" ? one.value : undefined);
      return result && !("fault" in result) ? result : {};
    }),
  );
  return properties === kept ? change : { ...change, properties };
}

/** Parts what has a meaning here from what is kept as it was written. */
function partChanges(changes: readonly PropertyChange[], kept: ReadonlyMap<Name, string>) {
  const own = changes.filter(({ name }) => setters.has(name));
  const others = changes.filter(({ name }) => !setters.has(name));
  return { own, properties: others.length === 0 ? kept : keepChanges(others, kept) };
}

/** Changes properties nobody here gives a meaning to. */
export function keepChanges(
  changes: readonly PropertyChange[],
  kept: ReadonlyMap<Name, string>,
): ReadonlyMap<Name, string> {
  const properties = new Map(kept);
  for (const change of changes) {
    if (change.kind === "set") properties.set(change.name, formatFragment(change.value));
    else properties.delete(change.name);
  }
  return properties;
}

/** Reads what a new calendar is to be, or which of its properties cannot be. */
export function readNewCalendar(
  house: House,
  node: Node,
  slug: string,
  changes: readonly PropertyChange[],
  isLive: (name: Name) => boolean,
): { readonly calendar: NewCalendar } | { readonly faults: readonly PropertyFault[] } {
  const componentSet = caldav("supported-calendar-component-set");
  const sets = changes.filter(({ name }) => name === componentSet);
  const rest = changes.filter(({ name }) => name !== componentSet);
  const faults = rest.flatMap((change) => judgeChange(house, node, change, isLive) ?? []);
  const components = sets.reduce<readonly CalendarComponent[] | undefined>(
    (_, change) => (change.kind === "set" ? readComponents(change.value) : undefined),
    calendarComponents,
  );
  if (!components) {
    faults.push({ name: componentSet, status: 403, condition: xml(caldav("supported-calendar-component")) });
  }
  if (faults.length > 0 || !components) return { faults };
  const change = foldChanges(house, rest, new Map());
  return { calendar: { ...change, slug, name: change.name || slug, components } };
}

/** `undefined` where one is named that no calendar holds, or none. */
function readComponents(value: XmlElement): readonly CalendarComponent[] | undefined {
  const names = childElements(value).map(({ attributes }) => (attributes.get("name") ?? "").toUpperCase());
  // Some programs name these beside, and mean no more than that they know of them.
  const asked = names.filter((name) => name !== "VTIMEZONE" && name !== "VFREEBUSY" && name !== "VALARM");
  const known = [...new Set(asked)].filter(isObjectType);
  return known.length > 0 && known.length === new Set(asked).size ? known : undefined;
}

function text(
  value: XmlElement | undefined,
  max: number,
  make: (text: string | undefined) => CalendarChange,
): CalendarChange | { readonly fault: Fault } {
  const said = value && textOf(value).trim();
  if (said !== undefined && said.length > max) {
    return { fault: { status: 403, description: `More than ${max} characters are not kept.` } };
  }
  return make(said === "" ? undefined : said);
}

/** RFC 4791 §5.2.2: one VTIMEZONE in a VCALENDAR. */
function setTimezone({ zones, limits }: House, value: XmlElement | undefined): ReturnType<Setter> {
  if (!value) return { timezone: undefined, timezoneId: undefined };
  const written = textOf(value);
  const { calendar } = parseCalendar(written.slice(0, maxTimezone), limits);
  const timezones = calendar?.components.filter(({ name }) => name === "VTIMEZONE") ?? [];
  const tzid = timezones[0]?.properties.find(({ name }) => name === "TZID")?.value;
  const zone = tzid === undefined ? undefined : makeZoneResolver(timezones, zones, limits)(tzid);
  if (timezones.length !== 1 || !zone || written.length > maxTimezone) {
    return { fault: { status: 403, condition: xml(caldav("valid-calendar-data")) } };
  }
  return { timezone: written, timezoneId: zones.zone(zone.name) ? zone.name : undefined };
}

/** RFC 7809 §5.2. */
function setTimezoneId({ zones }: House, value: XmlElement | undefined): ReturnType<Setter> {
  if (!value) return { timezone: undefined, timezoneId: undefined };
  const timezoneId = textOf(value).trim();
  if (!zones.zone(timezoneId)) return { fault: { status: 403, condition: xml(caldav("valid-timezone")) } };
  return { timezone: undefined, timezoneId };
}

function setTransparency(_: House, value: XmlElement | undefined): ReturnType<Setter> {
  if (!value) return { isTransparent: false };
  const isTransparent = childNamed(value, caldav("transparent")) !== undefined;
  const isOpaque = childNamed(value, caldav("opaque")) !== undefined;
  if (isTransparent === isOpaque) return { fault: { status: 403, description: "It is opaque or transparent." } };
  return { isTransparent };
}

function isNamed(value: XmlElement | undefined, name: Name): boolean {
  return value !== undefined && childNamed(value, name) !== undefined;
}

function setOrder(_: House, value: XmlElement | undefined): ReturnType<Setter> {
  if (!value) return { order: undefined };
  const order = parseInteger(textOf(value).trim());
  return order === undefined ? { fault: { status: 403, description: "It is no whole number." } } : { order };
}

function isAvailability({ limits }: House, value: XmlElement): boolean {
  const { calendar } = parseCalendar(textOf(value), limits);
  return calendar?.components.some(({ name }) => name === "VAVAILABILITY") ?? false;
}
