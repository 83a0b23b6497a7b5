import type { Component, Parameter, Property } from "../icalendar/component.ts";
import { valueTypeOf } from "../icalendar/definitions/definition.ts";
import { parameterValue, parameterValues, withParameter } from "../icalendar/parameter.ts";
import { isMailAddress, parseAddress } from "../model/address.ts";

/** RFC 2392: another part of a mail, or of another mail. */
const otherPart = /^\s*(?:cid|mid):/i;
const people: ReadonlySet<string> = new Set(["ORGANIZER", "ATTENDEE"]);
const naming: ReadonlySet<string> = new Set(["SENT-BY", "DELEGATED-TO", "DELEGATED-FROM", "MEMBER"]);

/**
 * Makes of a calendar what leaves by mail. People are `mailto:` URIs, also where their program left out the scheme: RFC 6047 §2.3. What says by
 * another part of a mail what it has to say is dropped: a mail of ours has no such part, and what nobody finds is worse than nothing (§5.1).
 */
export function outgoingCalendar(component: Component): Component {
  return {
    ...component,
    properties: component.properties.flatMap((property) =>
      refersToPart(property) ? [] : [asUris(withoutPart(property))],
    ),
    components: component.components.map(outgoingCalendar),
  };
}

/** A text may begin like such an address, and be none. */
function refersToPart(property: Property): boolean {
  return otherPart.test(property.value) && valueTypeOf(property) === "URI";
}

function withoutPart(property: Property): Property {
  return otherPart.test(parameterValue(property, "ALTREP") ?? "")
    ? withParameter(property, "ALTREP", undefined)
    : property;
}

function asUris(property: Property): Property {
  if (!people.has(property.name)) return property;
  const value = asUri(property.value);
  const named = property.parameters.filter(({ name }) => naming.has(name)).reduce(namingUris, property);
  return value === named.value ? named : { ...named, value };
}

function namingUris(property: Property, { name }: Parameter): Property {
  const values = parameterValues(property, name);
  const uris = values.map(asUri);
  return uris.every((uri, index) => uri === values[index]) ? property : withParameter(property, name, uris);
}

/** Letters stay as they are: to some programs `Ann@` is somebody else than `ann@`. */
function asUri(text: string): string {
  if (text.startsWith("mailto:")) return text;
  const address = parseAddress(text);
  return address && isMailAddress(address) ? `mailto:${text.trim().replace(/^mailto:/i, "")}` : text;
}
