import type { CalendarObject, Limits } from "@parley/engine";
import { type Component, firstProperty, makeComponent, parseCalendar } from "@parley/engine/icalendar";
import type { House } from "./house.ts";
import { readComponents } from "./read-written.ts";
import type { NotDone } from "./writing.ts";

/** Properties of one file: more than a message may have, as it is many objects. */
const maxProperties = 500_000;

/** An object of a file that is left out, and why, in one sentence. */
export interface LeftOut {
  readonly uid: string;
  readonly detail: string;
}

/** The objects of a file, each by its UID. */
export interface CalendarFile {
  readonly kind: "file";
  readonly objects: readonly CalendarObject[];
  readonly leftOut: readonly LeftOut[];
  /** What it calls itself, as many programs write it. */
  readonly name?: string;
}

/**
 * Reads a whole calendar, of which each UID is one object. What it says to be (a METHOD) does not count: it is a file, and no message. One
 * that is cut off is refused whole, as nobody could say what is missing.
 */
export function readCalendarFile(house: House, text: string, maxObjects: number): CalendarFile | NotDone {
  const limits: Limits = { ...house.limits, maxProperties };
  const { calendar: file, problems } = parseCalendar(text, limits);
  if (!file) return refuse("It is no iCalendar text.");
  const cut = problems.find(({ kind }) => kind === "missing-end" || kind.startsWith("too-"));
  if (cut) return refuse(`Line ${cut.line}: ${cut.detail}.`);
  const [objects, leftOut]: [CalendarObject[], LeftOut[]] = [[], []];
  for (const [uid, one] of objectsOf(file)) {
    const written = readComponents(house, one);
    if ("kind" in written) leftOut.push({ uid, detail: written.detail });
    else if (objects.length >= maxObjects) leftOut.push({ uid, detail: `A file has at most ${maxObjects} objects.` });
    else objects.push(written.object);
  }
  const name = firstProperty(file, "X-WR-CALNAME")?.value.trim();
  return { kind: "file", objects, leftOut, ...(name && { name }) };
}

function refuse(detail: string): NotDone {
  return { kind: "precondition", name: "valid-calendar-data", detail };
}

/** The calendar of each UID of a file; what has none is left out. */
function objectsOf(file: Component): ReadonlyMap<string, Component> {
  const parts = Map.groupBy(file.components, (component) =>
    component.name === "VTIMEZONE" ? "" : (firstProperty(component, "UID")?.value.trim() ?? ""),
  );
  parts.delete("");
  const timezones = new Map(
    file.components
      .filter(({ name }) => name === "VTIMEZONE")
      .map((timezone) => [unquoted(firstProperty(timezone, "TZID")?.value ?? ""), timezone]),
  );
  return new Map(
    [...parts].map(([uid, components]) => {
      const zones = [...zonesOf(components)].flatMap((name) => timezones.get(name) ?? []);
      return [uid, makeComponent("VCALENDAR", [], [...zones, ...components])];
    }),
  );
}

/** The TZIDs that components refer to, as they are written. */
function zonesOf(components: readonly Component[]): ReadonlySet<string> {
  return new Set(
    components.flatMap(({ properties, components: parts }): readonly string[] => [
      ...properties.flatMap(({ parameters }) =>
        parameters.flatMap(({ name, value }) => (name === "TZID" ? unquoted(value) : [])),
      ),
      ...zonesOf(parts),
    ]),
  );
}

function unquoted(value: string): string {
  return value.replace(/^"(.*)"$/, "$1").trim();
}
