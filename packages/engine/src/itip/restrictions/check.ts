import type { Component } from "../../icalendar/component.ts";
import { readAttendee } from "../../model/calendar-user.ts";
import { type Method, type ObjectType, parseMethod, parseObjectType } from "../../model/method.ts";
import type { Rule, Violation } from "../outcome.ts";
import { alarmTable, calendarTable, daylightTable, standardTable, timezoneTable } from "./common.ts";
import { type Breach, breachInCalendar, breachInComponent } from "./conditions.ts";
import {
  bounds,
  type Cells,
  type CommonTable,
  type Presence,
  type Reading,
  type RestrictionTable,
} from "./restriction.ts";
import { eventTables } from "./vevent.ts";
import { freebusyTables } from "./vfreebusy.ts";
import { journalTables } from "./vjournal.ts";
import { todoTables } from "./vtodo.ts";

/** All restriction tables, RFC 5546 §3.2 to §3.5. A METHOD that has none does not exist for that component. */
export const restrictionTables: Readonly<
  Record<ObjectType, Readonly<Partial<Record<Method, RestrictionTable>>> & { readonly rule: Rule }>
> = {
  VEVENT: { rule: "RFC 5546 §3.2", ...eventTables },
  VFREEBUSY: { rule: "RFC 5546 §3.3", ...freebusyTables },
  VTODO: { rule: "RFC 5546 §3.4", ...todoTables },
  VJOURNAL: { rule: "RFC 5546 §3.5", ...journalTables },
};

/** What is checked of a message. */
export interface CheckedMessage {
  readonly method: Method;
  /** The whole VCALENDAR. */
  readonly calendar: Component;
}

/**
 * Checks a message against the restriction table of its METHOD and its first component that can be scheduled, and the
 * common tables of RFC 5546 §3.1. Strict: empty for a message that may be sent.
 *
 * Each breach of a cell is told once, with the count of the first component that has it, so there are never more
 * Violations than cells. Takes time linear in the properties of the message.
 */
export function checkRestrictions(message: CheckedMessage): readonly Violation[] {
  const { method, calendar } = message;
  const type = firstType(calendar);
  const report: Report = { method, violations: new Map() };
  if (!type) {
    const detail = `A${ending(method)} ${method} needs a component that can be scheduled; it has none.`;
    const breach: Breach = { name: "VEVENT", what: "component", problem: "missing", found: 0, detail };
    note(report, "RFC 5546 §1.4", "VCALENDAR", breach);
    return [...report.violations.values()];
  }
  const table = restrictionTables[type][method];
  if (!table) {
    const detail = `There is no ${method} of a ${type}.`;
    const breach: Breach = { name: "METHOD", what: "value", problem: "forbidden", found: 1, detail };
    note(report, restrictionTables[type].rule, type, breach);
    return [...report.violations.values()];
  }
  checkCalendar(report, calendar, table);
  const components = calendar.components.filter((child) => child.name === type);
  for (const component of components) checkComponent(report, component, type, table);
  for (const condition of table.conditions) {
    const breach = breachInCalendar(condition, { calendar, components });
    if (breach) note(report, table.rule, type, breach);
  }
  return [...report.violations.values()];
}

/** Picks the Violations that leave nothing to act on; all others are tolerated on the way in. */
export function fatalViolations(violations: readonly Violation[]): readonly Violation[] {
  return violations.filter((violation) => fatalBreaches.some((fatal) => isFatal(fatal, violation)));
}

interface FatalBreach {
  readonly names: readonly string[];
  readonly problems: readonly Violation["problem"][];
  /** Absent: of all METHODs, of all types. */
  readonly methods?: readonly Method[];
  readonly types?: readonly Violation["type"][];
}

/** The breaches no reading can mend. What products really leave out (DTSTAMP, SEQUENCE, ORGANIZER, SUMMARY) is not here. */
const fatalBreaches: readonly FatalBreach[] = [
  // The METHOD says nothing about such a component.
  { names: ["METHOD"], problems: ["forbidden"] },
  // A message is about one object of one type (RFC 5546 §1.4).
  {
    names: ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"],
    problems: ["missing", "forbidden"],
    types: ["VCALENDAR"],
  },
  // Without one UID nobody knows which object is meant.
  {
    names: ["UID"],
    problems: ["missing", "invalid"],
  },
  // What is meant for one Instance would be done to the whole series.
  {
    names: ["RECURRENCE-ID"],
    problems: ["invalid"],
  },
  // An event that is at no time has no place in a calendar.
  {
    names: ["DTSTART"],
    problems: ["missing", "invalid"],
    methods: ["PUBLISH", "REQUEST", "ADD", "COUNTER"],
    types: ["VEVENT"],
  },
  // There is nobody to answer, and whoever takes it must not become its Organizer.
  {
    names: ["ORGANIZER"],
    problems: ["missing"],
    methods: ["REQUEST"],
  },
  // Nobody can tell which busy time is asked for.
  {
    names: ["DTSTART", "DTEND"],
    problems: ["missing"],
    methods: ["REQUEST"],
    types: ["VFREEBUSY"],
  },
  // Nobody can tell whose answer it is.
  {
    names: ["ATTENDEE"],
    problems: ["missing", "too-many"],
    methods: ["REPLY"],
  },
  // Nobody can tell who asks.
  {
    names: ["ATTENDEE"],
    problems: ["missing"],
    methods: ["REFRESH"],
  },
];

function isFatal(fatal: FatalBreach, violation: Violation): boolean {
  if (!fatal.names.includes(violation.name) || !fatal.problems.includes(violation.problem)) return false;
  if (fatal.methods && !fatal.methods.includes(violation.method)) return false;
  return !fatal.types || fatal.types.includes(violation.type);
}

interface Report {
  readonly method: Method;
  /** By cell and problem. */
  readonly violations: Map<string, Violation>;
}

function note(report: Report, rule: Rule, type: Violation["type"], breach: Breach): void {
  const key = `${rule} ${type} ${breach.name} ${breach.problem}`;
  if (!report.violations.has(key)) report.violations.set(key, { rule, method: report.method, type, ...breach });
}

function firstType(calendar: Component): ObjectType | undefined {
  for (const child of calendar.components) {
    const type = parseObjectType(child.name);
    if (type) return type;
  }
  return undefined;
}

/** The outermost scope, the VTIMEZONEs, and which components stand beside each other. */
function checkCalendar(report: Report, calendar: Component, table: RestrictionTable): void {
  const properties = countNames(calendar.properties);
  const components = countNames(calendar.components);
  if (table.readings?.["VTIMEZONE"] === "each-tzid") limitTo(components, "VTIMEZONE", 1);
  checkCells(report, calendarTable.rule, "VCALENDAR", "property", calendarTable.properties, properties);
  checkConditions(report, calendarTable.rule, "VCALENDAR", calendarTable, calendar);
  checkCells(report, table.rule, "VCALENDAR", "property", table.calendar, properties);
  checkCells(report, table.rule, "VCALENDAR", "component", table.components, components);
  checkCells(report, table.rule, "VCALENDAR", "component", table.unprinted?.components ?? {}, components);
  checkMethodLine(report, calendar, table);
  for (const child of calendar.components) {
    if (child.name !== "VTIMEZONE") continue;
    checkCommon(report, child, "VTIMEZONE", timezoneTable);
    for (const observance of child.components) {
      if (observance.name === "DAYLIGHT") checkCommon(report, observance, "VTIMEZONE", daylightTable);
      if (observance.name === "STANDARD") checkCommon(report, observance, "VTIMEZONE", standardTable);
    }
  }
}

/** "MUST be REQUEST", and so on. */
function checkMethodLine(report: Report, calendar: Component, table: RestrictionTable): void {
  const lines = calendar.properties.filter((property) => property.name === "METHOD");
  const others = lines.filter((line) => parseMethod(line.value) !== report.method).length;
  if (others === 0) return;
  const detail = `METHOD is not ${report.method}.`;
  note(report, table.rule, "VCALENDAR", { name: "METHOD", what: "value", problem: "invalid", found: others, detail });
}

function checkComponent(report: Report, component: Component, type: ObjectType, table: RestrictionTable): void {
  const properties = countNames(component.properties);
  for (const [name, reading] of Object.entries(table.readings ?? {})) {
    applyReading(reading, name, component, properties);
  }
  const subcomponents = countNames(component.components);
  checkCells(report, table.rule, type, "property", table.properties, properties);
  checkCells(report, table.rule, type, "property", table.unprinted?.properties ?? {}, properties);
  checkCells(report, table.rule, type, "component", table.subcomponents, subcomponents);
  checkConditions(report, table.rule, type, table, component);
  for (const child of component.components) {
    if (child.name === "VALARM") checkCommon(report, child, "VALARM", alarmTable);
  }
}

function checkCommon(report: Report, component: Component, type: Violation["type"], table: CommonTable): void {
  checkCells(report, table.rule, type, "property", table.properties, countNames(component.properties));
  checkConditions(report, table.rule, type, table, component);
}

function applyReading(reading: Reading, name: string, component: Component, counts: Map<string, number>): void {
  if (reading === "delegation") counts.set(name, countSpeakers(component));
  if (reading === "absent-if-zero" && !counts.has(name)) counts.set(name, 1);
}

/** Counts the ATTENDEEs by address; those of one delegation count as one. */
function countSpeakers(component: Component): number {
  const alone = new Set<string>();
  let delegation = 0;
  for (const property of component.properties) {
    if (property.name !== "ATTENDEE") continue;
    const attendee = readAttendee(property);
    const delegates = attendee && (attendee.delegatedTo.length > 0 || attendee.delegatedFrom.length > 0);
    if (delegates) delegation = 1;
    else alone.add(attendee?.address ?? property.value);
  }
  return alone.size + delegation;
}

function checkCells(
  report: Report,
  rule: Rule,
  type: Violation["type"],
  what: "property" | "component",
  cells: Cells,
  counts: ReadonlyMap<string, number>,
): void {
  for (const name in cells) {
    const presence = cells[name];
    if (!presence) continue;
    const found = counts.get(name) ?? 0;
    const { least, most } = bounds[presence];
    if (found >= least && found <= most) continue;
    const problem = found < least ? "missing" : most === 0 ? "forbidden" : "too-many";
    const rest = problem === "missing" ? "has none" : problem === "forbidden" ? "has" : `has ${found}`;
    const detail = `A ${type} of a${ending(report.method)} ${report.method} ${presenceWords[presence]} ${name}; this one ${rest}.`;
    note(report, rule, type, { name, what, problem, found, detail });
  }
}

function checkConditions(
  report: Report,
  rule: Rule,
  type: Violation["type"],
  table: Pick<CommonTable, "conditions">,
  component: Component,
): void {
  for (const condition of table.conditions) {
    const breach = breachInComponent(condition, component);
    if (breach) note(report, rule, type, breach);
  }
}

function countNames(items: readonly { readonly name: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of items) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function limitTo(counts: Map<string, number>, name: string, most: number): void {
  if ((counts.get(name) ?? 0) > most) counts.set(name, most);
}

/** Of the article before it: "an ADD", and else "a". */
function ending(method: Method): string {
  return method === "ADD" ? "n" : "";
}

const presenceWords: Readonly<Record<Presence, string>> = {
  "0": "has no",
  "1": "has exactly one",
  "0-1": "has at most one",
  "0+": "may have",
  "1+": "has at least one",
};
