import type { EpochSeconds } from "../icalendar/date-time.ts";
import { parseDateTime, parseDuration } from "../icalendar/date-time.ts";
import { type CalendarUserAddress, parseAddress } from "../model/address.ts";
import type { Partstat } from "../model/calendar-user.ts";
import { type Method, parseMethod } from "../model/method.ts";

/** One step of a scenario script, with the line it stands in. */
export type Step = { readonly line: number } & (
  | { readonly kind: "at"; readonly now: EpochSeconds }
  | { readonly kind: "after"; readonly seconds: number }
  | { readonly kind: "put"; readonly person: CalendarUserAddress; readonly fixture: string }
  | { readonly kind: "edit"; readonly person: CalendarUserAddress; readonly name: string; readonly value: string }
  | { readonly kind: "invite"; readonly person: CalendarUserAddress; readonly guest: CalendarUserAddress }
  | { readonly kind: "uninvite"; readonly person: CalendarUserAddress; readonly guest: CalendarUserAddress }
  | {
      readonly kind: "answer";
      readonly person: CalendarUserAddress;
      readonly partstat: Partstat;
      readonly comment?: string;
    }
  | { readonly kind: "cancel"; readonly person: CalendarUserAddress; readonly comment?: string }
  | { readonly kind: "remove"; readonly person: CalendarUserAddress }
  | { readonly kind: "decide"; readonly person: CalendarUserAddress; readonly decision: "apply" | "dismiss" }
  | {
      readonly kind: "receive";
      readonly person: CalendarUserAddress;
      readonly from: CalendarUserAddress;
      readonly fixture: string;
    }
  | { readonly kind: "deliver"; readonly times: 1 | 2; readonly order: "sent" | "reversed" }
  | { readonly kind: "lose" }
  | { readonly kind: "expect"; readonly person: CalendarUserAddress; readonly what: Expectation }
  | { readonly kind: "same"; readonly people: readonly CalendarUserAddress[] }
);

/** What a script can expect of one person. */
export type Expectation =
  | {
      readonly kind: "sends";
      readonly method: Method;
      readonly sequence: number | undefined;
      readonly to: readonly CalendarUserAddress[];
    }
  | { readonly kind: "sends-nothing" }
  | { readonly kind: "sees"; readonly attendee: CalendarUserAddress; readonly partstat: Partstat }
  | { readonly kind: "does-not-list"; readonly attendee: CalendarUserAddress }
  | { readonly kind: "property"; readonly name: string; readonly value: string }
  | { readonly kind: "no-event" }
  | { readonly kind: "verdict"; readonly verdict: string };

/** A script that can be played, or what is wrong with it. */
export type ScenarioResult =
  | { readonly title: string; readonly steps: readonly Step[] }
  | { readonly errors: readonly string[] };

const partstats: readonly Partstat[] = ["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"];
const maxLines = 5_000;

/**
 * Reads a scenario script. One step a line; `#` begins a comment, the first of which is the title:
 *
 *     at      2027-03-01T09:00:00Z       at +1h
 *     put     ann@example.test meeting.ics
 *     edit    ann@example.test LOCATION Room 5
 *     invite  ann@example.test eve@example.test
 *     answer  ben@example.test ACCEPTED "with pleasure"
 *     cancel  ann@example.test "I am ill"
 *     expect  ann@example.test sends REQUEST sequence 0 to ben@example.test
 *     expect  ann@example.test sees ben@example.test ACCEPTED
 *     expect  ben@example.test has STATUS CANCELLED
 *     deliver [twice] [reversed]         lose
 *     same    ann@example.test ben@example.test
 */
export function parseScenario(text: string): ScenarioResult {
  const steps: Step[] = [];
  const errors: string[] = [];
  let title = "";
  const lines = text.split(/\r?\n/).slice(0, maxLines);
  lines.forEach((raw, index) => {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed.startsWith("#")) title ||= trimmed.replace(/^#+\s*/, "");
    if (trimmed === "" || trimmed.startsWith("#")) return;
    const step = parseStep(words(trimmed));
    if (typeof step === "string") errors.push(`line ${line}: ${step}`);
    else steps.push({ ...step, line } as Step);
  });
  if (steps.length === 0 && errors.length === 0) errors.push("line 1: nothing happens");
  return errors.length > 0 ? { errors } : { title, steps };
}

/** Splits a line at blanks; what stands in double quotes is one word. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

type Parsed = Omit<Step, "line"> | string;

function parseStep(all: readonly string[]): Parsed {
  const [verb = "", ...rest] = all;
  switch (verb) {
    case "at":
      return parseClock(rest);
    case "deliver":
      return {
        kind: "deliver",
        times: rest.includes("twice") ? 2 : 1,
        order: rest.includes("reversed") ? "reversed" : "sent",
      } as Parsed;
    case "lose":
      return { kind: "lose" };
    case "same":
      return withAddresses(rest, (people) => ({ kind: "same", people }) as Parsed);
    default:
      return withPerson(rest, (person, words) => parsePersonStep(verb, person, words));
  }
}

function parseClock([text = ""]: readonly string[]): Parsed {
  if (text.startsWith("+")) {
    const seconds = parseDuration(`P${/[hms]$/i.test(text) ? "T" : ""}${text.slice(1).toUpperCase()}`);
    return seconds === undefined ? `${text} is no duration` : ({ kind: "after", seconds } as Parsed);
  }
  const value = parseDateTime(text.replace(/[-:]/g, ""));
  return value?.kind === "utc" ? ({ kind: "at", now: value.wall } as Parsed) : `${text} is no UTC time`;
}

function parsePersonStep(verb: string, person: CalendarUserAddress, rest: readonly string[]): Parsed {
  const [first = "", ...more] = rest;
  switch (verb) {
    case "put":
      return first ? ({ kind: "put", person, fixture: first } as Parsed) : "put needs a fixture";
    case "edit":
      return { kind: "edit", person, name: first, value: more.join(" ") } as Parsed;
    case "invite":
    case "uninvite":
      return withPerson(rest, (guest) => ({ kind: verb, person, guest }) as Parsed);
    case "answer": {
      const partstat = partstats.find((known) => known === first);
      const comment = more[0];
      return partstat
        ? ({ kind: "answer", person, partstat, ...(comment && { comment }) } as Parsed)
        : `${first} is no answer`;
    }
    case "cancel":
      return { kind: "cancel", person, ...(first && { comment: first }) } as Parsed;
    case "remove":
      return { kind: "remove", person } as Parsed;
    case "decide":
      if (first !== "apply" && first !== "dismiss") return `${first} is no decision`;
      return { kind: "decide", person, decision: first } as Parsed;
    case "receive":
      if (more[0] !== "from") return "receive PERSON FIXTURE from ADDRESS";
      return withPerson(more.slice(1), (from) => ({ kind: "receive", person, from, fixture: first }) as Parsed);
    case "expect":
      return parseExpectation(person, rest);
    default:
      return `nobody knows how to ${verb}`;
  }
}

function parseExpectation(person: CalendarUserAddress, [verb = "", ...rest]: readonly string[]): Parsed {
  const expect = (what: Expectation): Parsed => ({ kind: "expect", person, what }) as Parsed;
  switch (verb) {
    case "sends":
      return rest[0] === "nothing" ? expect({ kind: "sends-nothing" }) : parseSends(rest, expect);
    case "sees":
      return withPerson(rest, (attendee, [answer = ""]) => {
        const partstat = partstats.find((known) => known === answer);
        return partstat ? expect({ kind: "sees", attendee, partstat }) : `${answer} is no answer`;
      });
    case "does-not-list":
      return withPerson(rest, (attendee) => expect({ kind: "does-not-list", attendee }));
    case "has":
      if (rest.join(" ") === "no event") return expect({ kind: "no-event" });
      return expect({ kind: "property", name: rest[0] ?? "", value: rest.slice(1).join(" ") });
    case "verdict":
      return expect({ kind: "verdict", verdict: rest[0] ?? "" });
    default:
      return `nobody knows how to expect ${verb}`;
  }
}

function parseSends(rest: readonly string[], expect: (what: Expectation) => Parsed): Parsed {
  const method = parseMethod(rest[0] ?? "");
  if (!method) return `${rest[0]} is no method`;
  const sequence = rest[1] === "sequence" ? Number(rest[2]) : undefined;
  const tail = rest.slice(sequence === undefined ? 1 : 3);
  if (tail[0] !== "to") return "expect PERSON sends METHOD [sequence N] to ADDRESS...";
  return withAddresses(tail.slice(1), (to) => expect({ kind: "sends", method, sequence, to }));
}

function withPerson(
  rest: readonly string[],
  then: (person: CalendarUserAddress, rest: readonly string[]) => Parsed,
): Parsed {
  const person = parseAddress(rest[0] ?? "");
  return person ? then(person, rest.slice(1)) : `${rest[0] ?? "nothing"} is no address`;
}

function withAddresses(rest: readonly string[], then: (addresses: readonly CalendarUserAddress[]) => Parsed): Parsed {
  const addresses = rest.flatMap((text) => parseAddress(text) ?? []);
  return addresses.length === rest.length && rest.length > 0 ? then(addresses) : "addresses are missing or wrong";
}
