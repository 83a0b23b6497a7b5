import type { Property } from "../component.ts";
import { parameterValue } from "../parameter.ts";
import { componentDefinitions, everywhere } from "./components.ts";
import { type ParameterDefinition, parameterDefinitions } from "./parameters.ts";
import { type PropertyDefinition, propertyDefinitions } from "./properties.ts";

/** How often a property may stand in a component. */
export type Cardinality = "1" | "0-1" | "0+";

/** Finds what the standards say of the property of that upper-case name; `undefined` for X- and unknown ones. */
export function definitionOf(name: string): PropertyDefinition | undefined {
  return Object.hasOwn(propertyDefinitions, name) ? propertyDefinitions[name] : undefined;
}

/** Finds what the standards say of the parameter of that upper-case name. */
export function parameterDefinitionOf(name: string): ParameterDefinition | undefined {
  return Object.hasOwn(parameterDefinitions, name) ? parameterDefinitions[name] : undefined;
}

/**
 * Tells how often a property may stand in a component, by their upper-case names, in a calendar that is not a scheduling message.
 * `undefined` where the standards do not know the component, or not the property in it.
 */
export function cardinalityOf(component: string, property: string): Cardinality | undefined {
  if (!Object.hasOwn(componentDefinitions, component)) return undefined;
  const definition = componentDefinitions[component];
  if (holds(definition?.one, property)) return "1";
  if (holds(definition?.atMostOne, property)) return "0-1";
  return holds(definition?.any, property) || holds(everywhere, property) ? "0+" : undefined;
}

/** Lists the properties of which only one may stand in the component of that upper-case name; empty where there are none such. */
export function exclusivePropertiesOf(component: string): readonly string[] {
  const definition = Object.hasOwn(componentDefinitions, component) ? componentDefinitions[component] : undefined;
  return definition?.notBoth?.split(" ") ?? [];
}

/**
 * Tells the value type of a property, upper-case: that of VALUE, else the default of the standards. It is what the property says,
 * which may be a type nobody knows, or one its value is not of. `undefined` where neither says one.
 */
export function valueTypeOf(property: Property): string | undefined {
  const written = parameterValue(property, "VALUE")?.trim().toUpperCase();
  if (written) return written;
  const definition = definitionOf(property.name);
  return definition?.needsType ? undefined : definition?.types[0];
}

function holds(names: string | undefined, name: string): boolean {
  return names?.split(" ").includes(name) ?? false;
}
