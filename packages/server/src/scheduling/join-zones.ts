import { type Component, firstProperty, formatCalendar, makeTextProperty } from "@parley/engine/icalendar";

/**
 * Makes one calendar of several: gives the parts of each as they are to stand in it, a VTIMEZONE only the first time. Two may mean different
 * clocks by one TZID; the second of these gets another name, as RFC 5545 §3.6.5 wants one definition for each.
 */
export function zoneJoiner(): (parts: readonly Component[]) => readonly Component[] {
  const texts = new Map<string, string>();
  return (parts) => {
    const added: Component[] = [];
    const renamed = new Map<string, string>();
    for (const zone of parts.filter(({ name }) => name === "VTIMEZONE")) {
      const tzid = firstProperty(zone, "TZID")?.value ?? "";
      const text = formatCalendar(zone);
      const name = freeName(texts, tzid, text);
      if (name !== tzid) renamed.set(tzid, name);
      if (texts.has(name)) continue;
      texts.set(name, text);
      added.push(name === tzid ? zone : withTzid(zone, name));
    }
    const others = parts.filter(({ name }) => name !== "VTIMEZONE");
    return [...added, ...(renamed.size === 0 ? others : others.map((one) => renameIn(one, renamed)))];
  };
}

/** The name of a definition: its own, or one with a number behind it where another has that. */
function freeName(texts: ReadonlyMap<string, string>, tzid: string, text: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? tzid : `${tzid} ${count}`;
    const known = texts.get(name);
    if (known === undefined || known === text) return name;
  }
}

function withTzid(zone: Component, tzid: string): Component {
  const properties = zone.properties.map((one) => (one.name === "TZID" ? makeTextProperty("TZID", tzid) : one));
  return { ...zone, properties };
}

function renameIn(component: Component, renamed: ReadonlyMap<string, string>): Component {
  const properties = component.properties.map((property) => {
    if (!property.parameters.some(({ name }) => name === "TZID")) return property;
    const parameters = property.parameters.map((parameter) => {
      const name = parameter.name === "TZID" ? renamed.get(parameter.value.replace(/^"(.*)"$/, "$1")) : undefined;
      return name === undefined ? parameter : { ...parameter, value: `"${name}"` };
    });
    return { ...property, parameters };
  });
  return { ...component, properties, components: component.components.map((part) => renameIn(part, renamed)) };
}
