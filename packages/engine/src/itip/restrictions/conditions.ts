import { allProperties, type Component, firstProperty } from "../../icalendar/component.ts";
import { parseDateTime, readDateTime } from "../../icalendar/date-time.ts";
import { parameterValue } from "../../icalendar/parameter.ts";
import { decodeText } from "../../icalendar/text.ts";
import { formatStatusCode, parseRequestStatus, type StatusCode } from "../../model/request-status.ts";
import type { Violation } from "../outcome.ts";
import type { Condition } from "./restriction.ts";

/** What a Condition found wrong, without the table it stands in. */
export type Breach = Pick<Violation, "name" | "what" | "problem" | "found" | "detail">;

/** Components a Condition looks at: the VCALENDAR, and those in it that the table is for. */
export interface Scope {
  readonly calendar: Component;
  readonly components: readonly Component[];
}

/** Checks a Condition on one component; `undefined` where it holds, and for Conditions on the whole calendar. */
export function breachInComponent(condition: Condition, component: Component): Breach | undefined {
  switch (condition.check) {
    case "same-uid":
    case "zones-defined":
      return undefined;
    case "status-classes":
      return findMixedStatuses([component], mixedInComponent);
    case "not-with":
      return findTogether(component, condition.property, condition.other);
    case "only-with":
      return findAlone(component, condition.property, condition.other);
    case "any-of":
      return findNoneOf(component, condition.components);
    case "one-of": {
      const allowed = condition.values;
      const detail = `${condition.property} is none of ${allowed.join(", ")}.`;
      return findInvalid(component, condition.property, (value) => allowed.includes(value.toUpperCase()), detail);
    }
    case "above-zero":
      return findInvalid(component, condition.property, isAboveZero, `${condition.property} is not above 0.`);
    case "readable-time":
      return findInvalid(component, condition.property, isTime, `${condition.property} is no date or time.`);
    case "utc":
      return findInvalid(component, condition.property, isUtc, `${condition.property} is not in UTC.`);
    case "local-time":
      return findInvalid(component, condition.property, isLocal, `${condition.property} is not in local time.`);
    case "busy-time":
      return findFreeTime(component, condition.property);
  }
}

/** Checks a Condition on the whole calendar; `undefined` where it holds, and for Conditions on one component. */
export function breachInCalendar(condition: Condition, scope: Scope): Breach | undefined {
  if (condition.check === "same-uid") return findOtherUids(scope);
  if (condition.check === "zones-defined") return findUndefinedZones(scope);
  if (condition.check === "status-classes") return findMixedStatuses(scope.components, mixedInMessage);
  return undefined;
}

function findTogether(component: Component, name: string, other: string): Breach | undefined {
  const found = allProperties(component, other).length;
  if (found === 0 || !firstProperty(component, name)) return undefined;
  return { name: other, what: "property", problem: "forbidden", found, detail: `${other} stands beside ${name}.` };
}

function findAlone(component: Component, name: string, other: string): Breach | undefined {
  if (!firstProperty(component, name) || firstProperty(component, other)) return undefined;
  return { name: other, what: "property", problem: "missing", found: 0, detail: `${name} stands without ${other}.` };
}

function findNoneOf(component: Component, names: readonly string[]): Breach | undefined {
  if (component.components.some((child) => names.includes(child.name))) return undefined;
  const detail = `There is neither ${names.join(" nor ")}.`;
  return { name: names[0] ?? "", what: "component", problem: "missing", found: 0, detail };
}

function findInvalid(
  component: Component,
  name: string,
  isValid: (value: string) => boolean,
  detail: string,
): Breach | undefined {
  const found = allProperties(component, name).filter((property) => !isValid(property.value.trim())).length;
  return found === 0 ? undefined : { name, what: "value", problem: "invalid", found, detail };
}

function isAboveZero(value: string): boolean {
  return /^\+?\d+$/.test(value) && Number(value) > 0;
}

function isTime(value: string): boolean {
  return parseDateTime(value) !== undefined;
}

function isUtc(value: string): boolean {
  return parseDateTime(value)?.kind === "utc";
}

function isLocal(value: string): boolean {
  return parseDateTime(value)?.kind === "floating";
}

function findFreeTime(component: Component, name: string): Breach | undefined {
  const free = allProperties(component, name).filter(
    (property) => parameterValue(property, "FBTYPE")?.toUpperCase() === "FREE",
  );
  if (free.length === 0) return undefined;
  const detail = `${name} tells free time, not busy time.`;
  return { name, what: "value", problem: "invalid", found: free.length, detail };
}

function findOtherUids(scope: Scope): Breach | undefined {
  const uids = new Set(
    scope.components.map((component) => decodeText(firstProperty(component, "UID")?.value ?? "").trim()),
  );
  uids.delete("");
  if (uids.size <= 1) return undefined;
  return { name: "UID", what: "value", problem: "invalid", found: uids.size, detail: "The components differ in UID." };
}

/** Only a TZID on a local time refers to a zone: on a date or a UTC time it means nothing. */
function findUndefinedZones(scope: Scope): Breach | undefined {
  const missing = new Set<string>();
  for (const component of scope.components) {
    for (const property of component.properties) {
      const tzid = parameterValue(property, "TZID");
      if (tzid !== undefined && readDateTime(property)?.kind !== "utc") missing.add(tzid);
    }
  }
  for (const child of scope.calendar.components) {
    if (child.name !== "VTIMEZONE") continue;
    const tzid = firstProperty(child, "TZID");
    if (tzid) missing.delete(decodeText(tzid.value));
  }
  if (missing.size === 0) return undefined;
  const detail = `${missing.size === 1 ? "A TZID is" : `${missing.size} TZIDs are`} used that no VTIMEZONE defines.`;
  return { name: "VTIMEZONE", what: "component", problem: "missing", found: 0, detail };
}

function findMixedStatuses(
  components: readonly Component[],
  isMixed: (codes: readonly StatusCode[]) => boolean,
): Breach | undefined {
  const lines = components.flatMap((component) => allProperties(component, "REQUEST-STATUS"));
  const codes = lines.flatMap(({ value }) => parseRequestStatus(value) ?? []).map(({ code }) => code);
  if (!isMixed(codes)) return undefined;
  const detail = "The classes of its REQUEST-STATUSes exclude each other.";
  return { name: "REQUEST-STATUS", what: "value", problem: "invalid", found: codes.length, detail };
}

/** "All occurrences of REQUEST-STATUS in one component MUST have the same first digit." */
function mixedInComponent(codes: readonly StatusCode[]): boolean {
  return new Set(codes.map((code) => code[0])).size > 1;
}

/** 5.x stands beside nothing else, nor does 3.x; only 2.x and 4.x mix. All of 1.x are one code, RFC 6638 §3.2.9. */
function mixedInMessage(codes: readonly StatusCode[]): boolean {
  const classes = new Set(codes.map((code) => code[0]));
  if (classes.has(5) || classes.has(3)) return classes.size > 1;
  return classes.has(1) && new Set(codes.map(formatStatusCode)).size > 1;
}
