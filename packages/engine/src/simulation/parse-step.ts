import type { Property } from "../icalendar/component.ts";
import { parseDateTime, parseDuration } from "../icalendar/date-time.ts";
import { encodeText } from "../icalendar/text.ts";
import type { Action } from "../itip/action.ts";
import { type CalendarUserAddress, parseAddress } from "../model/address.ts";
import { partstats } from "../model/calendar-user.ts";
import { parseInstanceKey } from "../model/instance.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { parseExpectation } from "./parse-expectation.ts";
import type { Place, Step } from "./step.ts";

/** Reads one line of a script that is neither blank nor a comment; a sentence where it cannot be read. */
export function parseStep(text: string, line: number): Step | string {
  const [verb = "", ...rest] = words(text);
  switch (verb) {
    case "at":
      return parseClock(rest, line);
    case "deliver":
      return {
        line,
        kind: "deliver",
        times: rest.includes("twice") ? 2 : 1,
        order: rest.includes("reversed") ? "reversed" : "sent",
      };
    case "lose":
      return { line, kind: "lose" };
    case "same":
      return withAddresses(rest, (people) => ({ line, kind: "same", people }));
    default:
      return withAddress(rest, (person, more) => parsePersonStep(verb, person, more, line));
  }
}

/** Splits a line at blanks; what stands in double quotes is one word. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

function parseClock([text = ""]: readonly string[], line: number): Step | string {
  if (text.startsWith("+")) {
    const seconds = parseDuration(`P${/[hms]$/i.test(text) ? "T" : ""}${text.slice(1).toUpperCase()}`);
    return seconds === undefined ? `${text} is no duration` : { line, kind: "after", seconds };
  }
  const value = parseDateTime(text.replace(/[-:]/g, ""));
  return value?.kind === "utc" ? { line, kind: "at", now: value.wall } : `${text} is no UTC time`;
}

function parsePersonStep(
  verb: string,
  person: CalendarUserAddress,
  rest: readonly string[],
  line: number,
): Step | string {
  const [first = "", second = "", third = ""] = rest;
  switch (verb) {
    case "put":
      return first ? { line, kind: "put", person, fixture: first } : "put needs a fixture";
    case "edit": {
      const { place, left } = readOptions(rest);
      const [name = "", ...value] = left;
      return { line, kind: "edit", person, name, value: value.join(" "), place };
    }
    case "invite":
    case "uninvite":
      return withAddress(rest, (guest, more) => ({ line, kind: verb, person, guest, place: readOptions(more).place }));
    case "remove":
      return { line, kind: "remove", person };
    case "decide":
      if (first !== "apply" && first !== "dismiss") return `${first} is no decision`;
      return { line, kind: "decide", person, decision: first };
    case "receive":
      if (second !== "from") return "receive PERSON FIXTURE from ADDRESS";
      return withAddress([third], (from) => ({ line, kind: "receive", person, from, fixture: first }));
    case "forward":
      return withAddress(rest, (to) => ({ line, kind: "forward", person, to }));
    case "tell-busy":
      return { line, kind: "tell-busy", person };
    case "ask-busy":
      return withRange(rest, (range, [one, ...others]) =>
        one ? { line, kind: "ask-busy", person, about: [one, ...others], range } : "ask-busy needs somebody",
      );
    case "publish-busy":
      return withRange(rest, (range, to) => ({ line, kind: "publish-busy", person, to, range }));
    case "expect": {
      const what = parseExpectation(rest);
      return typeof what === "string" ? what : { line, kind: "expect", person, what };
    }
    default: {
      const action = parseAction(verb, rest);
      return typeof action === "string" ? action : { line, kind: "act", person, action };
    }
  }
}

function parseAction(verb: string, rest: readonly string[]): Action | string {
  switch (verb) {
    case "answer":
      return parseAnswer(rest);
    case "cancel": {
      const { keys, place, left } = readOptions(rest);
      const [comment] = left;
      return { kind: "cancel", ...(comment && { comment }), ...(keys.length > 0 && { keys }), ...rangeOf(place) };
    }
    case "refresh":
      return { kind: "refresh", ...keyOf(readOptions(rest).place) };
    case "counter":
      return parseCounter(rest);
    case "add": {
      const starts = rest.flatMap((text) => parseDateTime(text) ?? []);
      return starts.length === rest.length && starts.length > 0 ? { kind: "add", starts } : "add needs starts";
    }
    case "publish":
      return withAddresses(rest, (to) => ({ kind: "publish", to }));
    case "ask-again":
      if (rest.length === 0) return { kind: "ask-again" };
      return withAddresses(rest, (attendees) => ({ kind: "ask-again", attendees }));
    case "resend":
      if (rest.length === 0) return { kind: "resend" };
      return withAddress(rest, (to) => ({ kind: "resend", to }));
    case "hand-over":
      return withAddress(rest, (to) => ({ kind: "hand-over", to }));
    case "delegate":
      return withAddress(rest, (to, more) => {
        const { place, isInformed, left } = readOptions(more);
        const [comment] = left;
        const informed = isInformed && { keepInformed: true };
        return { kind: "delegate", to, ...keyOf(place), ...informed, ...(comment && { comment }) };
      });
    case "accept":
    case "admit":
      return withAddress(rest, (attendee, more) => {
        const kind = verb === "accept" ? "accept-proposal" : verb;
        return { kind, attendee, ...keyOf(readOptions(more).place) };
      });
    case "decline":
    case "refuse":
      return withAddress(rest, (attendee, more) => {
        const { place, left } = readOptions(more);
        const [comment] = left;
        const kind = verb === "decline" ? "decline-proposal" : verb;
        return { kind, attendee, ...keyOf(place), ...(comment && { comment }) };
      });
    default:
      return `nobody knows how to ${verb}`;
  }
}

function parseAnswer([answer = "", ...rest]: readonly string[]): Action | string {
  const partstat = partstats.find((known) => known === answer);
  const { place, percent, left } = readOptions(rest);
  const [comment] = left;
  if (!partstat) return `${answer} is no answer`;
  return {
    kind: "answer",
    partstat,
    ...place,
    ...(comment && { comment }),
    ...(percent !== undefined && { percentComplete: percent }),
  };
}

function parseCounter(rest: readonly string[]): Action | string {
  const { place, left } = readOptions(rest);
  const changes = left.map((text): Property => {
    const [name = "", ...value] = text.split("=");
    const joined = value.join("=");
    return { name, parameters: [], value: timeNames.has(name) ? joined : encodeText(joined) };
  });
  return changes.length > 0 ? { kind: "counter", changes, ...keyOf(place) } : "counter needs what is proposed";
}

/** Properties whose values are written in a script as they stand in a text. */
export const timeNames: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "EXDATE"]);

interface Options {
  readonly place: Place;
  readonly keys: readonly InstanceKey[];
  readonly percent?: number;
  readonly isInformed: boolean;
  readonly left: readonly string[];
}

/** Takes `at KEY...`, `from KEY`, `40%` and `informed` out of the rest of a line. */
function readOptions(rest: readonly string[]): Options {
  const keys: InstanceKey[] = [];
  const left: string[] = [];
  let range = false;
  let isInformed = false;
  let percent: number | undefined;
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? "";
    const isPlace = (word === "at" || word === "from") && parseInstanceKey(rest[index + 1] ?? "") !== undefined;
    if (isPlace) range ||= word === "from";
    else if (keys.length > 0 && left.length === 0 && parseInstanceKey(word)) keys.push(word);
    else if (word === "informed") isInformed = true;
    else if (/^\d+%$/.test(word)) percent = Number(word.slice(0, -1));
    else left.push(word);
    if (isPlace) keys.push(rest[++index] ?? "");
  }
  const [key] = keys;
  const place: Place = { ...(key !== undefined && { key }), ...(range && { range: "this-and-future" }) };
  return { place, keys, isInformed, left, ...(percent !== undefined && { percent }) };
}

function keyOf({ key }: Place): Pick<Place, "key"> {
  return key === undefined ? {} : { key };
}

function rangeOf({ range }: Place): Pick<Place, "range"> {
  return range === undefined ? {} : { range };
}

function withRange<Read>(
  [text = "", ...rest]: readonly string[],
  then: (range: InstantRange, addresses: readonly CalendarUserAddress[]) => Read | string,
): Read | string {
  const [from, to] = text.split("/").map((one) => parseDateTime(one));
  if (from?.kind !== "utc" || to?.kind !== "utc") return `${text} is no range of two UTC times`;
  return withAddresses(rest, (addresses) => then({ from: from.wall, to: to.wall }, addresses));
}

function withAddress<Read>(
  rest: readonly string[],
  then: (person: CalendarUserAddress, rest: readonly string[]) => Read | string,
): Read | string {
  const person = parseAddress(rest[0] ?? "");
  return person ? then(person, rest.slice(1)) : `${rest[0] ?? "nothing"} is no address`;
}

function withAddresses<Read>(
  rest: readonly string[],
  then: (people: readonly CalendarUserAddress[]) => Read | string,
): Read | string {
  const addresses = rest.flatMap((text) => parseAddress(text) ?? []);
  return addresses.length === rest.length && rest.length > 0 ? then(addresses) : "addresses are missing or wrong";
}
