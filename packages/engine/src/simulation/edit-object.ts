import { type Component, makeComponent, withProperty } from "../icalendar/component.ts";
import { encodeText } from "../icalendar/text.ts";
import { defaultLimits } from "../limits.ts";
import { formatAddress } from "../model/address.ts";
import { type CalendarObject, objectComponents, readCalendarObject } from "../model/calendar-object.ts";
import { seriesFrom } from "../model/cut-series.ts";
import { instanceAt } from "../model/instance.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { ZoneProvider } from "../recurrence/zone.ts";
import { timeNames } from "./parse-step.ts";
import type { Step } from "./step.ts";
import { readObject } from "./view.ts";

/** What a world is made with. */
export interface WorldOptions {
  readonly zones: ZoneProvider;
  /** The text of an .ics fixture by its name in a script. */
  readonly readFixture: (name: string) => string;
}

/** A step that writes a new version of an object, as its owner's program does. */
export type Edit = Extract<Step, { kind: "put" | "edit" | "invite" | "uninvite" | "remove" }>;

/**
 * Makes what a step writes: the object as its owner's program would, or, of a change from one Instance on, the latter part of the
 * series. `undefined` where it is removed. Throws where a script asks for what cannot be.
 */
export function editedObject(
  step: Edit,
  object: CalendarObject | undefined,
  options: WorldOptions,
): CalendarObject | undefined {
  if (step.kind === "put") return readObject(options.readFixture(step.fixture), options.zones);
  if (step.kind === "remove") return undefined;
  if (!object) throw new Error(`line ${step.line}: ${step.person} has no event`);
  const zones = makeZoneResolver(object.timezones, options.zones, defaultLimits);
  const before = step.place.range ? seriesFrom(object, step.place.key ?? "", zones, defaultLimits) : object;
  const components = before && editComponents(step, before, zones);
  if (!components) throw new Error(`line ${step.line}: ${step.person} has no such Instance`);
  const calendar = makeComponent("VCALENDAR", [], [...object.timezones, ...components]);
  const read = readCalendarObject(calendar, zones, defaultLimits);
  if ("problem" in read) throw new Error(`line ${step.line}: ${read.problem}`);
  return read.object;
}

type ComponentEdit = Exclude<Edit, { kind: "put" | "remove" }>;

function editComponents(
  step: ComponentEdit,
  object: CalendarObject,
  zones: ZoneResolver,
): readonly Component[] | undefined {
  const { key, range } = step.place;
  const all = objectComponents(object);
  if (key === undefined || range) return all.map(({ component }) => editComponent(step, component));
  const instance = instanceAt(object, key, zones, defaultLimits);
  if (!instance) return undefined;
  const others = all.filter((one) => one.key !== key).map(({ component }) => component);
  return [...others, editComponent(step, instance.component)];
}

function editComponent(step: ComponentEdit, component: Component): Component {
  switch (step.kind) {
    case "edit": {
      const value = timeNames.has(step.name) ? step.value : encodeText(step.value);
      const property = step.value === "" ? undefined : { name: step.name, parameters: [], value };
      return withProperty(component, step.name, property);
    }
    case "invite": {
      const guest = { name: "ATTENDEE", parameters: [], value: formatAddress(step.guest) };
      return { ...component, properties: [...component.properties, guest] };
    }
    case "uninvite": {
      const properties = component.properties.filter(
        (property) => property.name !== "ATTENDEE" || property.value.toLowerCase() !== formatAddress(step.guest),
      );
      return { ...component, properties };
    }
  }
}
