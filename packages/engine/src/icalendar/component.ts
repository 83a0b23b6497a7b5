/**
 * One parameter of a property, its value as it stood in the text: quotes, commas and RFC 6868 carets included.
 * `parameterValues` decodes it, `makeParameter` encodes one.
 */
export interface Parameter {
  /** Upper-case name. */
  readonly name: string;
  /** The text after `=`, unchanged. */
  readonly value: string;
  /** The name as the text had it, where that was not upper-case. */
  readonly written?: string;
}

/** One content line, RFC 5545 §3.1. The value is the text after the colon, still escaped. */
export interface Property {
  /** Upper-case name. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The text after the colon, unchanged; `readText` and its fellows decode it by type. */
  readonly value: string;
  /** The name as the text had it, where that was not upper-case. */
  readonly written?: string;
}

/**
 * A calendar component, RFC 5545 §3.6: VCALENDAR, VEVENT and all others, known or not. Immutable; a change is a new value.
 * Properties and components keep their own order; as RFC 5545 puts properties before components, no more is kept.
 */
export interface Component {
  /** Upper-case name. */
  readonly name: string;
  readonly properties: readonly Property[];
  readonly components: readonly Component[];
  /** The name as the text had it, where that was not upper-case. */
  readonly written?: string;
}

/** Makes a component. Names are upper-case; values are in their escaped form. */
export function makeComponent(
  name: string,
  properties: readonly Property[] = [],
  components: readonly Component[] = [],
): Component {
  return { name, properties, components };
}

/** Finds the first property of that upper-case name. */
export function firstProperty(component: Component, name: string): Property | undefined {
  return component.properties.find((property) => property.name === name);
}

/** Lists the properties of that upper-case name, in order. */
export function allProperties(component: Component, name: string): readonly Property[] {
  return component.properties.filter((property) => property.name === name);
}

/** Counts the properties of that upper-case name. */
export function countProperties(component: Component, name: string): number {
  return component.properties.reduce((count, property) => count + (property.name === name ? 1 : 0), 0);
}

/** Lists the direct subcomponents of that upper-case name, in order. */
export function subcomponents(component: Component, name: string): readonly Component[] {
  return component.components.filter((child) => child.name === name);
}

/**
 * Replaces the first property of that name by the given one, at its place, and drops further ones;
 * appends it where there was none; `undefined` removes them all.
 */
export function withProperty(component: Component, name: string, property: Property | undefined): Component {
  const properties: Property[] = [];
  let placed = property === undefined;
  for (const present of component.properties) {
    if (present.name !== name) {
      properties.push(present);
    } else if (!placed && property) {
      properties.push(property);
      placed = true;
    }
  }
  if (!placed && property) properties.push(property);
  return { ...component, properties };
}

/** Drops the properties of these upper-case names. */
export function withoutProperties(component: Component, names: ReadonlySet<string>): Component {
  return { ...component, properties: component.properties.filter((property) => !names.has(property.name)) };
}
