import { type DateOrDateTime, parseDateTime, parseDuration } from "../../icalendar/date-time.ts";
import { decodeText } from "../../icalendar/text.ts";
import { maxDatesNamed, maxGuestsNamed, maxRuleLength } from "../../limits.ts";
import { type CalendarUserAddress, parseAddress } from "../../model/address.ts";
import { quote } from "../../model/quote.ts";
import { formatStatusCode, type RequestStatus } from "../../model/request-status.ts";
import type { PropertyUpdate } from "../../model/scheduling-message.ts";
import type { TimeSpan } from "../../model/time-span.ts";
import { spanInWords, timeInWords } from "../../model/time-words.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { parseRule } from "../../recurrence/rule-text.ts";
import { clock } from "../../recurrence/words/clock.ts";
import { joinList } from "../../recurrence/words/language.ts";
import { sayRule } from "../../recurrence/words/say-rule.ts";
import type { Zone } from "../../recurrence/zone.ts";
import { english } from "./english.ts";
import type { Language } from "./language.ts";

/** For whom sentences are made: the zone they see times in, and what TZIDs of the object mean. */
export interface Viewer {
  readonly zone: Zone;
  readonly zones: ZoneResolver;
  /** Names of people; who has none is called by their address. */
  readonly names?: ReadonlyMap<CalendarUserAddress, string>;
  /** English where it is absent; `@parley/engine/languages` has others. */
  readonly language?: Language;
}

/** Finds the language of a viewer. */
export function languageFor({ language = english }: Viewer): Language {
  return language;
}

/** Names somebody. */
export function nameOf(address: CalendarUserAddress, viewer: Viewer): string {
  return quote(viewer.names?.get(address) ?? address);
}

/** Names several people; of very many, the first. */
export function namesOf(addresses: readonly CalendarUserAddress[], viewer: Viewer): string {
  const { names } = languageFor(viewer).marks;
  const named = addresses.slice(0, maxGuestsNamed).map((address) => nameOf(address, viewer));
  return joinList(addresses.length > maxGuestsNamed ? [...named, "…"] : named, ...names);
}

/** Says a REQUEST-STATUS: in English as it was written, else what its code means. */
export function statusInWords({ code, description }: RequestStatus, { standard }: Language): string {
  return lookUp(standard?.statusCodes, formatStatusCode(code)) ?? quote(description);
}

/** Says what a property is called. */
export function propertyInWords(name: string, { properties }: Language): string {
  return lookUp(properties, name) ?? quote(name);
}

/** Says where a start and an end were and are now; `undefined` where they do not make one time, or nothing can be read. */
export function spansInWords(
  start: PropertyUpdate | undefined,
  end: PropertyUpdate | undefined,
  viewer: Viewer,
): { readonly from?: string; readonly to: string } | undefined {
  const after = spanOf(start?.new, end?.new);
  if (!after) return undefined;
  const before = spanOf(start?.old, end?.old);
  const say = (span: TimeSpan) => spanInWords(span, viewer.zones, viewer.zone, languageFor(viewer).dates);
  return { ...(before && { from: say(before) }), to: say(after) };
}

function spanOf(start: string | undefined, end: string | undefined): TimeSpan | undefined {
  const [first, last] = [start, end].map((text) => (text === undefined ? undefined : readTime(text)));
  return first && last && { start: first, end: last };
}

/** Says the value of a property as people do; what cannot be read, as it was written. */
export function valueInWords(name: string, text: string, viewer: Viewer): string {
  return lookUp(sayings, name)?.(text, viewer) ?? quote(decodeText(text));
}

const sayings: Readonly<Record<string, (text: string, viewer: Viewer) => string | undefined>> = {
  DTSTART: sayTime,
  DTEND: sayEnd,
  DUE: sayTime,
  DURATION: sayDuration,
  RRULE: sayRepetition,
  RDATE: sayTimes,
  EXDATE: sayTimes,
  STATUS: (text, viewer) => lookUp(languageFor(viewer).statuses, text.trim().toUpperCase()),
  ORGANIZER: (text, viewer) => {
    const address = parseAddress(text);
    return address && nameOf(address, viewer);
  },
};

function sayTime(text: string, viewer: Viewer): string | undefined {
  const value = readTime(text);
  return value && timeInWords(value, viewer.zones, viewer.zone, languageFor(viewer).dates);
}

/** The end of a day is said as that day, not as the one after: RFC 5545 §3.6.1. */
function sayEnd(text: string, viewer: Viewer): string | undefined {
  const value = readTime(text);
  const last = value?.kind === "date" ? { ...value, wall: value.wall - 86_400 } : value;
  return last && timeInWords(last, viewer.zones, viewer.zone, languageFor(viewer).dates);
}

/** Of periods the start is said. */
function sayTimes(text: string, viewer: Viewer): string | undefined {
  const values = text.split(",", maxDatesNamed + 1);
  const said = values.slice(0, maxDatesNamed).map((value) => sayTime(value.replace(/\/.*/s, ""), viewer));
  if (said.some((time) => time === undefined)) return undefined;
  return [...said, ...(values.length > maxDatesNamed ? ["…"] : [])].join(languageFor(viewer).marks.notes[1]);
}

/** Lengths that are no whole minutes are left as they are written. */
function sayDuration(text: string, viewer: Viewer): string | undefined {
  const seconds = parseDuration(text) ?? -1;
  return seconds < 0 || seconds % 60 !== 0 ? undefined : languageFor(viewer).hours(clock(seconds).replace(/^0/, ""));
}

function sayRepetition(text: string, viewer: Viewer): string | undefined {
  const rule = text.length > maxRuleLength ? undefined : parseRule(text).rule;
  return rule && sayRule(rule, languageFor(viewer).dates, { zone: viewer.zone });
}

/** Reads a time as changes have it, its TZID before it. */
function readTime(text: string): DateOrDateTime | undefined {
  const zoned = /^TZID=("?)(.*)\1:(.*)$/s.exec(text);
  return zoned ? parseDateTime(zoned[3] ?? "", zoned[2]) : parseDateTime(text);
}

/** Looks up what a peer may have named; of what every object has, nothing is found. */
function lookUp<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}
