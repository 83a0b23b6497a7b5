import { type Component, makeComponent, type Property } from "../../src/icalendar/component.ts";
import { makeParameter } from "../../src/icalendar/parameter.ts";
import { restrictionTables } from "../../src/itip/restrictions/check.ts";
import { bounds, type RestrictionTable } from "../../src/itip/restrictions/restriction.ts";
import { type Method, methods, type ObjectType, objectTypes } from "../../src/model/method.ts";

/** Lists the restriction tables with what they are for. */
export function allTables(): readonly { type: ObjectType; method: Method; table: RestrictionTable }[] {
  return objectTypes.flatMap((type) =>
    methods.flatMap((method) => {
      const table = restrictionTables[type][method];
      return table ? [{ type, method, table }] : [];
    }),
  );
}

/** Makes a property of a content line without quotes. */
export function property(line: string): Property {
  const colon = line.startsWith("ATTENDEE;") ? line.lastIndexOf(":mailto:") : line.indexOf(":");
  const [name = "", ...parameters] = line.slice(0, colon).split(";");
  return {
    name,
    parameters: parameters.map((text) => {
      const [key = "", value = ""] = text.split("=");
      return makeParameter(key, [value]);
    }),
    value: line.slice(colon + 1),
  };
}

const values: Readonly<Record<string, string>> = {
  DTSTAMP: "20270101T000000Z",
  DTSTART: "20270301T090000Z",
  DTEND: "20270301T100000Z",
  "RECURRENCE-ID": "20270301T090000Z",
  ORGANIZER: "mailto:a@example.test",
  ATTENDEE: "mailto:b@example.test",
  SEQUENCE: "1",
  STATUS: "CANCELLED",
};

/** Makes a message of nothing but what its table needs. */
export function makeMessage(type: ObjectType, method: Method, table: RestrictionTable): Component {
  const needed = Object.entries(table.properties).filter(([, presence]) => bounds[presence].least > 0);
  const component = makeComponent(
    type,
    needed.map(([name]) => property(`${name}:${values[name] ?? "1"}`)),
  );
  return makeComponent("VCALENDAR", ["VERSION:2.0", "PRODID:x", `METHOD:${method}`].map(property), [component]);
}

/** Makes a message whose components have a property that often. */
export function withCount(calendar: Component, type: ObjectType, name: string, count: number): Component {
  const lines = Array.from({ length: count }, () => property(`${name}:${values[name] ?? "1"}`));
  const components = calendar.components.map((child) =>
    child.name === type
      ? { ...child, properties: [...child.properties.filter((present) => present.name !== name), ...lines] }
      : child,
  );
  return { ...calendar, components };
}
