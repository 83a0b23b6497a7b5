import {
  allRegisters,
  type CalendarObject,
  currentAnswer,
  type InstanceKey,
  instanceAt,
  masterKey,
  type ObjectComponent,
  renderComponent,
  type SchedulingState,
} from "@parley/engine";
import { type Component, formatCalendar, makeComponent, type Property } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import type { Principal } from "../store/store.ts";
import type { House } from "./house.ts";

/** Instances of one series that get a component for an answer alone; those latest in time come first. */
const maxAnswered = 500;

/**
 * Finds the Instances of a series that somebody has answered otherwise than the whole, and that have no component of their own: programs are
 * shown one, as RFC 6638 §4.2 wants it, where the document has none.
 */
export function answeredInstances(house: House, state: SchedulingState): readonly ObjectComponent[] {
  const { object } = state;
  const series = object?.master;
  if (!object || !series) return [];
  const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
  const found = new Map<InstanceKey, ObjectComponent | undefined>();
  const answered: ObjectComponent[] = [];
  const said = [...allRegisters(state.participations).values()].filter(
    ({ key }) => key !== masterKey && !object.overrides.has(key),
  );
  for (const { key, attendee } of said.sort((a, b) => (a.key < b.key ? 1 : -1))) {
    if (found.has(key) && found.get(key) === undefined) continue;
    if (answered.length >= maxAnswered) break;
    const instance = found.get(key) ?? instanceAt(object, key, zones, house.limits);
    const isOther =
      instance !== undefined &&
      currentAnswer(state, instance, attendee).partstat !== currentAnswer(state, series, attendee).partstat;
    if (isOther && !answered.includes(instance)) answered.push(instance);
    found.set(key, instance);
  }
  return answered.reverse();
}

/**
 * Takes out of a version what was only shown (`answeredInstances`) and comes back as it was: the document has no component for it, and
 * gets none. One with another answer of the owner's stays.
 */
export function withoutAnswered(
  house: House,
  { addresses }: Principal,
  before: SchedulingState,
  after: CalendarObject,
): CalendarObject {
  const { object } = before;
  if (!object || !after.master || after.overrides.size === 0) return after;
  const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
  const answered = new Set([...allRegisters(before.participations).values()].map(({ key }) => key));
  const overrides = [...after.overrides].filter(([key, { component }]) => {
    const isShown = answered.has(key) && !object.overrides.has(key);
    const instance = isShown ? instanceAt(object, key, zones, house.limits) : undefined;
    if (!instance) return true;
    return textOf(renderComponent(before, instance), addresses) !== textOf(component, addresses);
  });
  return overrides.length === after.overrides.size ? after : { ...after, overrides: new Map(overrides) };
}

/** What each writing has anew, or what is others' to say. */
const aside: ReadonlySet<string> = new Set(["DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "CREATED", "ORGANIZER"]);

function textOf({ name, properties, components }: Component, addresses: readonly string[]): string {
  const kept = properties.filter((property) => !aside.has(property.name)).map((one) => guestOf(one, addresses));
  const sorted = kept.sort((a, b) => (`${a.name}:${a.value}` < `${b.name}:${b.value}` ? -1 : 1));
  return formatCalendar(makeComponent(name, sorted, components));
}

/** Of a guest that they are on the list, and of the owner what they answer. */
function guestOf(property: Property, addresses: readonly string[]): Property {
  if (property.name !== "ATTENDEE") return property;
  const isOwn = addresses.some((address) => property.value.toLowerCase() === `mailto:${address}`.toLowerCase());
  return { ...property, parameters: isOwn ? property.parameters.filter(({ name }) => name === "PARTSTAT") : [] };
}
