import { parseDateTime } from "@parley/engine/icalendar";
import type { InstantRange } from "@parley/engine/recurrence";
import { DavRefusal } from "../dav/refusal.ts";
import { childElements, childNamed, childrenNamed, type Name, textOf, type XmlElement, xml } from "../dav/xml.ts";
import { type Collation, foldText, parseCollation } from "./collation.ts";
import { caldav } from "./names.ts";

/** Which components a query is about, RFC 4791 §9.7.1. Names are in upper case. */
export interface ComponentFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly range?: InstantRange;
  readonly properties: readonly PropertyFilter[];
  readonly components: readonly ComponentFilter[];
}

/** Which properties, RFC 4791 §9.7.2. */
export interface PropertyFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly range?: InstantRange;
  readonly text?: TextCondition;
  readonly parameters: readonly ParameterFilter[];
}

/** Which parameters, RFC 4791 §9.7.3. */
export interface ParameterFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly text?: TextCondition;
}

/** A text that must be part of a value, or must not, RFC 4791 §9.7.5. */
export interface TextCondition {
  /** As the collation compares it. */
  readonly folded: string;
  readonly collation: Collation;
  readonly isNegated: boolean;
}

/** Filters in one query, of all kinds. */
const maxFilters = 200;

/** Reads a filter; throws the preconditions of RFC 4791 §7.8. The outermost is of VCALENDAR. */
export function readFilter(element: XmlElement | undefined): ComponentFilter {
  const components = element ? childrenNamed(element, caldav("comp-filter")) : [];
  const [first] = components;
  if (!first || components.length !== 1) refuse("A filter has one comp-filter.");
  const filter = readComponentFilter(first, { left: maxFilters });
  if (filter.name !== "VCALENDAR") refuse("A filter begins with VCALENDAR.");
  if (filter.isNotDefined || filter.range) refuse("VCALENDAR is always there, and at no time.");
  return filter;
}

interface Budget {
  left: number;
}

function readComponentFilter(element: XmlElement, budget: Budget): ComponentFilter {
  requireKnown(element, ["is-not-defined", "time-range", "prop-filter", "comp-filter"]);
  const range = childNamed(element, caldav("time-range"));
  return {
    ...readName(element, budget),
    ...(range && { range: readTimeRange(range) }),
    properties: childrenNamed(element, caldav("prop-filter")).map((one) => readPropertyFilter(one, budget)),
    components: childrenNamed(element, caldav("comp-filter")).map((one) => readComponentFilter(one, budget)),
  };
}

function readPropertyFilter(element: XmlElement, budget: Budget): PropertyFilter {
  requireKnown(element, ["is-not-defined", "time-range", "text-match", "param-filter"]);
  const range = childNamed(element, caldav("time-range"));
  return {
    ...readName(element, budget),
    ...(range && { range: readTimeRange(range) }),
    ...readTextMatch(element),
    parameters: childrenNamed(element, caldav("param-filter")).map((one) => {
      requireKnown(one, ["is-not-defined", "text-match"]);
      return { ...readName(one, budget), ...readTextMatch(one) };
    }),
  };
}

function readName(element: XmlElement, budget: Budget) {
  const name = element.attributes.get("name")?.trim().toUpperCase();
  if (!name) refuse("A filter has no name.");
  budget.left -= 1;
  if (budget.left < 0) refuse(`There are more than ${maxFilters} filters.`);
  return { name, isNotDefined: childNamed(element, caldav("is-not-defined")) !== undefined };
}

function readTextMatch(element: XmlElement): { readonly text?: TextCondition } {
  const match = childNamed(element, caldav("text-match"));
  if (!match) return {};
  const collation = parseCollation(match.attributes.get("collation"));
  if (!collation) {
    throw new DavRefusal(403, "There is no such collation.", { condition: xml(caldav("supported-collation")) });
  }
  const isNegated = match.attributes.get("negate-condition")?.trim().toLowerCase() === "yes";
  return { text: { folded: foldText(textOf(match), collation), collation, isNegated } };
}

/** Reads a time-range, RFC 4791 §9.9: one of its bounds may be missing. */
function readTimeRange(element: XmlElement): InstantRange {
  const [start, end] = [readBound(element, "start"), readBound(element, "end")];
  const range = { from: start ?? Number.NEGATIVE_INFINITY, to: end ?? Number.POSITIVE_INFINITY };
  if ((start === undefined && end === undefined) || range.from >= range.to) refuse("A time-range has no time in it.");
  return range;
}

/** Reads a time-range of which both bounds must be there. */
export function readClosedRange(element: XmlElement): InstantRange {
  const range = readTimeRange(element);
  if (!Number.isFinite(range.from) || !Number.isFinite(range.to)) refuse("A time-range needs both its bounds.");
  return range;
}

function readBound(element: XmlElement, name: "start" | "end"): number | undefined {
  const text = element.attributes.get(name)?.trim();
  if (text === undefined) return undefined;
  const value = parseDateTime(text);
  if (value?.kind !== "utc") refuse(`The ${name} of a time-range is no time in UTC.`);
  return value.wall;
}

/** What nobody understands must not be passed over: more would be found than was asked for. */
function requireKnown(element: XmlElement, known: readonly string[]): void {
  const names = new Set<Name>(known.map(caldav));
  const odd = childElements(element).find(({ name }) => !names.has(name));
  if (!odd) return;
  throw new DavRefusal(403, `There is no filter ${odd.name}.`, { condition: xml(caldav("supported-filter")) });
}

function refuse(message: string): never {
  throw new DavRefusal(403, message, { condition: xml(caldav("valid-filter")) });
}
