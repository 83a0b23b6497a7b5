import { allProperties, type Component, firstProperty, makeComponent, type Property } from "../icalendar/component.ts";
import {
  type DateOrDateTime,
  makeDateTimeProperties,
  makeDateTimeProperty,
  readDateTime,
  readDateTimes,
} from "../icalendar/date-time.ts";
import { parameterValue } from "../icalendar/parameter.ts";
import type { Limits } from "../limits.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import { toWall } from "../recurrence/zone.ts";
import { type CalendarObject, type ObjectComponent, readObjectComponent } from "./calendar-object.ts";
import type { Partstat } from "./calendar-user.ts";
import { isCancelled } from "./cancelled.ts";
import { instanceAt } from "./instance.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";
import { lastAnswer, majorSequence } from "./render.ts";
import type { Proposal, ProposalStatus, SchedulingState } from "./scheduling-state.ts";
import { readTimeSpan } from "./time-span.ts";
import { timesOf } from "./times.ts";

/** What TZIDs mean: in the object that is there, and in the message that proposes. */
export interface ProposalZones {
  readonly present: ZoneResolver;
  readonly proposed: ZoneResolver;
}

const spanNames: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DUE", "DURATION"]);
const dateLists: ReadonlySet<string> = new Set(["RDATE", "EXDATE"]);
const repetition: ReadonlySet<string> = new Set(["RRULE", ...dateLists]);

/** What else a counter-proposal may ask to have otherwise. The guest list, STATUS and all else stay the Organizer's (decision 0021). */
const otherNames = ["SUMMARY", "LOCATION", "DESCRIPTION", "GEO", "URL", "PRIORITY", "RESOURCES"];

/** The times a proposal was made against, as Exchange writes them. */
const originalStart = "X-MS-OLK-ORIGINALSTART";
const originalEnd = "X-MS-OLK-ORIGINALEND";

/**
 * Reads what a counter-proposal asks to have otherwise than `present`: a component of those properties alone, times in the form
 * the present ones have. RFC 5546 §3.2.7 wants the whole alternative; what a program left out is not a wish to remove it, an
 * empty value is. Linear in the properties.
 */
export function readProposed(
  written: Component,
  present: ObjectComponent,
  zones: ProposalZones,
  limits: Limits,
): Component {
  const proposed = [
    ...proposedSpan(written, present, zones, limits),
    ...(present.key === masterKey ? [...repetition] : []).flatMap((name) =>
      proposedValues(written, present, name, zones),
    ),
    ...otherNames.flatMap((name) => proposedValues(written, present, name, zones)),
  ];
  const originals = [originalStart, originalEnd].flatMap((name) => {
    const property = firstProperty(written, name);
    return property ? inFormOf(property, startOf(present), zones) : [];
  });
  return makeComponent(written.name, [...proposed, ...originals]);
}

/** Tells whether a component read by `readProposed` asks for anything. */
export function proposesChange(proposed: Component): boolean {
  return proposed.properties.some(({ name }) => name !== originalStart && name !== originalEnd);
}

/** All that says when, where it would be another time; a start without an end keeps the length. */
function proposedSpan(
  written: Component,
  present: ObjectComponent,
  zones: ProposalZones,
  limits: Limits,
): readonly Property[] {
  const named = new Map<string, Property>();
  for (const property of written.properties) {
    if (!spanNames.has(property.name) || named.has(property.name)) continue;
    const read = property.name === "DURATION" ? [property] : inFormOf(property, startOf(present), zones);
    if (read[0]) named.set(property.name, read[0]);
  }
  // DTEND and DUE win over a DURATION beside them.
  if (named.has("DTEND") || named.has("DUE")) named.delete("DURATION");
  const span = [...named.values()];
  const moved = span.length > 0 && applyProposed(present, makeComponent(written.name, span), zones.present, limits);
  if (!moved) return [];
  return timesOf(moved, zones.present, none) === timesOf(present, zones.present, none) ? [] : span;
}

const none: ReadonlySet<string> = new Set();

function proposedValues(
  written: Component,
  present: ObjectComponent,
  name: string,
  zones: ProposalZones,
): readonly Property[] {
  const all = allProperties(written, name);
  if (all.length === 0) return [];
  const now = allProperties(present.component, name);
  if (!dateLists.has(name)) return textOf(all) === textOf(now) ? [] : all;
  const [wanted, had] = [all, now].map((list) => list.flatMap((property) => datesInForm(property, present, zones)));
  if (!wanted || !had || textOf(wanted) === textOf(had)) return [];
  // An empty list takes all of them away.
  return wanted.length > 0 ? wanted : [{ name, parameters: [], value: "" }];
}

function textOf(properties: readonly Property[]): string {
  const values = properties.map(({ value }) => value.trim()).filter((value) => value !== "");
  return values.sort().join("\n");
}

/** Dates one by one, so that lists written otherwise compare; those of PERIODs stay as they are. */
function datesInForm(property: Property, present: ObjectComponent, zones: ProposalZones): readonly Property[] {
  if (parameterValue(property, "VALUE")?.toUpperCase() === "PERIOD") return [property];
  const form = startOf(present);
  return readDateTimes(property).flatMap((value) => {
    const like = valueInForm(value, form, zones);
    return like ? makeDateTimeProperties(property.name, [like]) : [];
  });
}

function startOf(present: ObjectComponent): DateOrDateTime | undefined {
  return readTimeSpan(present.component)?.start;
}

/** A time in the form and zone of another; none where it cannot be read, or nobody knows its zone. */
function inFormOf(property: Property, form: DateOrDateTime | undefined, zones: ProposalZones): readonly Property[] {
  const value = readDateTime(property);
  const like = value && valueInForm(value, form, zones);
  return like ? [makeDateTimeProperty(property.name, like)] : [];
}

function valueInForm(
  value: DateOrDateTime,
  form: DateOrDateTime | undefined,
  zones: ProposalZones,
): DateOrDateTime | undefined {
  if (value.kind === "date" || value.kind === "floating") return value;
  const instant = resolveInstant(value, zones.proposed) ?? resolveInstant(value, zones.present);
  if (instant === undefined) return undefined;
  const zone = form?.kind === "zoned" ? zones.present(form.tzid) : undefined;
  return form && zone ? { ...form, wall: toWall(instant, zone) } : { kind: "utc", wall: instant };
}

/**
 * Puts what is proposed in the place of what is there. A start that moves alone takes the end with it; a DURATION replaces an end,
 * an end a DURATION. `undefined` where the result is no component that `limits` allows.
 */
export function applyProposed(
  present: ObjectComponent,
  proposed: Component,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  const names = new Set(proposed.properties.map(({ name }) => name));
  const dropped = new Set(names);
  if (names.has("DURATION")) for (const name of ["DTEND", "DUE"]) dropped.add(name);
  if (names.has("DTEND") || names.has("DUE")) dropped.add("DURATION");
  const shift = names.has("DTSTART") && !["DTEND", "DUE", "DURATION"].some((name) => names.has(name));
  const kept = present.component.properties.flatMap((property) => {
    if (dropped.has(property.name)) return [];
    return shift && property.name === "DTEND" ? shiftedEnd(property, present, proposed) : [property];
  });
  const added = proposed.properties.filter(({ name, value }) => !isOriginal(name) && value !== "");
  return readObjectComponent({ ...present.component, properties: [...kept, ...added] }, zones, limits);
}

function isOriginal(name: string): boolean {
  return name === originalStart || name === originalEnd;
}

/** The end, moved as far as the start; none where one of them is a date and the other a time. */
function shiftedEnd(end: Property, present: ObjectComponent, proposed: Component): readonly Property[] {
  const property = firstProperty(proposed, "DTSTART");
  const [from, to, until] = [startOf(present), property && readDateTime(property), readDateTime(end)];
  if (!from || !to || !until || from.kind !== to.kind || until.kind !== from.kind) return [];
  return [makeDateTimeProperty("DTEND", { ...until, wall: until.wall + to.wall - from.wall })];
}

/** What an object says of what a proposal is for: all of it, or one Instance. `undefined` where it has no such Instance. */
export function proposalPlace(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  return key === masterKey ? object.master : instanceAt(object, key, zones, limits);
}

/**
 * Tells what became of a proposal by what the copy now knows, decision 0021. One nobody decided upon is `accepted` where all it
 * asks for is so by now; `outdated` where that takes place no more, or at another time than it was made against; `withdrawn` where
 * its maker has since agreed to what there is.
 */
export function proposalStatus(
  state: SchedulingState,
  proposal: Proposal,
  present: ObjectComponent | undefined,
  zones: ZoneResolver,
  limits: Limits,
): ProposalStatus {
  const { status, component } = proposal;
  if (status !== "open") return status;
  if (!present || isCancelled(state, present)) return "outdated";
  const left = readProposed(component, present, { present: zones, proposed: zones }, limits);
  if (proposesChange(component) && !proposesChange(left)) return "accepted";
  if (proposal.counteredSequence < majorSequence(state, proposal.key)) return "outdated";
  if (!wasMadeAgainst(component, present, zones)) return "outdated";
  return hasAgreedSince(state, proposal) ? "withdrawn" : "open";
}

/** Whether the times Exchange says a proposal was made against are the present ones; true where it does not say. */
function wasMadeAgainst(component: Component, present: ObjectComponent, zones: ZoneResolver): boolean {
  const span = readTimeSpan(present.component);
  if (!span) return true;
  const originals = [
    [originalStart, span.start],
    [originalEnd, span.end],
  ] as const;
  return originals.every(([name, now]) => {
    const property = firstProperty(component, name);
    const then = property && readDateTime(property);
    return !then || isSameTime(then, now, zones);
  });
}

function isSameTime(a: DateOrDateTime, b: DateOrDateTime, zones: ZoneResolver): boolean {
  const [first, second] = [resolveInstant(a, zones), resolveInstant(b, zones)];
  if (first !== undefined && second !== undefined) return first === second;
  return a.kind !== b.kind || a.wall === b.wall;
}

const agreements: ReadonlySet<Partstat> = new Set(["ACCEPTED", "COMPLETED", "IN-PROCESS", "DELEGATED"]);

function hasAgreedSince(state: SchedulingState, { attendee, key, counter, counteredSequence }: Proposal): boolean {
  const answer = lastAnswer(state, attendee, key);
  if (!answer || !agreements.has(answer.partstat)) return false;
  return answer.reply.dtstamp > counter.dtstamp && answer.answeredSequence >= counteredSequence;
}

/** Says the times a proposal is made against, as Exchange does; of an event that is at no instant, as it is written. */
export function makeOriginals(present: ObjectComponent, zones: ZoneResolver): readonly Property[] {
  const span = readTimeSpan(present.component);
  if (!span) return [];
  const originals = [
    [originalStart, span.start],
    [originalEnd, span.end],
  ] as const;
  return originals.map(([name, value]) => {
    const instant = resolveInstant(value, zones);
    return makeDateTimeProperty(name, instant === undefined ? { ...value } : { kind: "utc", wall: instant });
  });
}
