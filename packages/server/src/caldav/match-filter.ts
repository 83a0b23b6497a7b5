import { type CalendarObject, objectComponents } from "@parley/engine";
import { type Component, decodeText, type Property, parameterValues, valueTypeOf } from "@parley/engine/icalendar";
import type { InstantRange } from "@parley/engine/recurrence";
import { foldText } from "./collation.ts";
import type { ComponentFilter, ParameterFilter, PropertyFilter, TextCondition } from "./filter.ts";
import { alarmInRange, componentsInRange, type Placing, propertyInRange } from "./time-range.ts";
import { spendWork, type Work, workOf, workOfText } from "./work.ts";

/** What a filter is held against: the text a client is given, and the object in it. Their components are the same. */
export interface Filtered {
  readonly calendar: Component;
  readonly object: CalendarObject;
}

/** Tells whether a calendar object resource meets a filter, RFC 4791 §9.7. */
export function matchesFilter(filtered: Filtered, filter: ComponentFilter, placing: Placing): boolean {
  const found = new Map<InstantRange, ReadonlySet<Component>>();
  const inRange = (component: Component, range: InstantRange, parent: Component): boolean => {
    if (component.name === "VALARM") return alarmMatches(filtered, component, parent, range, placing);
    let components = found.get(range);
    if (!components) {
      components = componentsInRange(filtered.object, range, placing);
      found.set(range, components);
    }
    return components.has(component);
  };
  return matchesComponent(filtered.calendar, filter, { placing, inRange });
}

interface Matching {
  readonly placing: Placing;
  readonly inRange: (component: Component, range: InstantRange, parent: Component) => boolean;
}

function alarmMatches(
  { object }: Filtered,
  alarm: Component,
  parent: Component,
  range: InstantRange,
  placing: Placing,
): boolean {
  const all = objectComponents(object);
  spendWork(placing.work, workOf.alarm + all.length);
  const owner = all.find(({ component }) => component === parent);
  return owner !== undefined && alarmInRange(alarm, owner, object, range, placing);
}

function matchesComponent(component: Component, filter: ComponentFilter, matching: Matching): boolean {
  return (
    filter.properties.every((one) => matchesProperty(component, one, matching.placing)) &&
    filter.components.every((one) => hasComponent(component, one, matching))
  );
}

function hasComponent(parent: Component, filter: ComponentFilter, matching: Matching): boolean {
  const named = parent.components.filter(({ name }) => name === filter.name);
  if (filter.isNotDefined) return named.length === 0;
  return named.some(
    (component) =>
      (!filter.range || matching.inRange(component, filter.range, parent)) &&
      matchesComponent(component, filter, matching),
  );
}

function matchesProperty(component: Component, filter: PropertyFilter, placing: Placing): boolean {
  const { name, range, text, parameters } = filter;
  const named = component.properties.filter((property) => property.name === name);
  if (filter.isNotDefined) return named.length === 0;
  // A DURATION can stand for what is not there.
  if (range) return propertyInRange(component, name, range, placing);
  return named.some(
    (property) =>
      (!text || meetsText(textOfProperty(property), text, placing.work)) &&
      parameters.every((one) => matchesParameter(property, one, placing.work)),
  );
}

function textOfProperty(property: Property): string {
  return valueTypeOf(property) === "TEXT" ? decodeText(property.value) : property.value;
}

function matchesParameter(property: Property, { name, isNotDefined, text }: ParameterFilter, work: Work): boolean {
  const values = parameterValues(property, name);
  const isThere = property.parameters.some((parameter) => parameter.name === name);
  if (isNotDefined || !isThere) return isNotDefined && !isThere;
  return !text || meetsText(values.join(","), text, work);
}

function meetsText(value: string, { folded, collation, isNegated }: TextCondition, work: Work): boolean {
  spendWork(work, workOfText(value));
  return foldText(value, collation).includes(folded) !== isNegated;
}
