import {
  type Context,
  defaultLimits,
  defaultPolicy,
  type Evidence,
  parseAddress,
  readCalendarObject,
  receive,
  unknownState,
} from "@parley/engine";
import { type Component, formatCalendar, parseCalendar } from "@parley/engine/icalendar";
import { type Mail, readSchedulingMail } from "@parley/engine/imip";
import { inspectCalendar } from "@parley/engine/inspect";
import { expand, makeZoneResolver, type RecurrenceSet } from "@parley/engine/recurrence";
import { fromJcal, toJcal } from "../packages/engine/src/icalendar/jcal.ts";
import { readRecurrenceSet } from "../packages/engine/src/model/recurrence-set.ts";
import { parseMail } from "../packages/server/src/mail/parse-mail.ts";
import { systemZones } from "../packages/server/src/zones.ts";

/** A piece of work on one text, to be done again and again. */
export interface HostileStep {
  readonly name: string;
  readonly work: () => unknown;
}

const zones = systemZones();
const limits = defaultLimits;
/** A month around the dates of the fixtures, a week in the year 2990, a minute in 1970, and all there is. */
const windows: readonly (readonly [from: number, to: number])[] = [
  [1_803_000_000, 1_806_000_000],
  [32_200_000_000, 32_200_604_800],
  [0, 60],
  [-Infinity, Infinity],
];
/** As many as are taken of one window. */
const instancesOfWindow = 1_000;

/** Says what is done with a hostile text: all the engine does with what a peer sends. */
export async function hostileSteps(name: string, bytes: Uint8Array): Promise<readonly HostileStep[]> {
  if (name.endsWith(".eml")) return receiveSteps(await parseMail(bytes));
  const { calendar } = parseCalendar(bytes, limits);
  const parse: HostileStep = { name: "parse", work: () => parseCalendar(bytes, limits) };
  if (!calendar) return [parse];
  const set = recurrenceSetOf(calendar);
  return [
    parse,
    { name: "format", work: () => formatCalendar(calendar) },
    { name: "jCal", work: () => fromJcal(JSON.parse(JSON.stringify(toJcal(calendar))), limits) },
    { name: "inspect", work: () => inspectCalendar(calendar, { zones, limits }) },
    ...receiveSteps(await parseMail(mailOf(bytes))),
    ...(set ? [{ name: "expand", work: () => expandWindows(set()) }] : []),
  ];
}

function receiveSteps(mail: Mail): readonly HostileStep[] {
  return [{ name: "receive", work: () => receiveMail(mail) }];
}

function receiveMail(mail: Mail): unknown {
  const reading = readSchedulingMail(mail, zones, limits);
  return reading.parts.map((part) =>
    part.kind === "message" ? receive(unknownState, part.message, evidence, context) : part,
  );
}

const owner = addressOf("ann@example.test");
const evidence: Evidence = {
  strength: "relayed",
  from: addressOf("olaf@outside.test"),
  relation: "correspondent",
  confirmedByOwner: false,
  detail: "bench",
};
const context: Context = {
  owner,
  addresses: new Set([owner]),
  now: 1_800_000_000,
  zones,
  limits,
  policy: defaultPolicy,
  quirks: new Set(["reply-without-organizer"]),
};

/** The text as somebody would mail it, with a METHOD where it has none. */
function mailOf(bytes: Uint8Array): Uint8Array {
  const head = [
    "From: olaf@outside.test",
    "To: ann@example.test",
    "Message-ID: <hostile@outside.test>",
    "MIME-Version: 1.0",
    "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
    "Content-Transfer-Encoding: 8bit",
    "",
    "",
  ];
  const text = Buffer.from(bytes).toString("latin1");
  const sent = text.includes("METHOD:") ? text : text.replace("VERSION:2.0", "METHOD:REQUEST\r\nVERSION:2.0");
  return Buffer.from(head.join("\r\n") + sent, "latin1");
}

/** Reads the set anew each time: its zones keep what they have found. */
function recurrenceSetOf(calendar: Component): (() => RecurrenceSet) | undefined {
  const read = (): RecurrenceSet | undefined => {
    const defined = calendar.components.filter(({ name }) => name === "VTIMEZONE");
    const resolver = makeZoneResolver(defined, zones, limits);
    const reading = readCalendarObject(calendar, resolver, limits);
    return "problem" in reading ? undefined : readRecurrenceSet(reading.object, resolver, limits);
  };
  return read() && (read as () => RecurrenceSet);
}

function expandWindows(set: RecurrenceSet): number {
  let count = 0;
  for (const [from, to] of windows) {
    const expansion = expand(set, { from, to }, { ...limits, maxInstances: instancesOfWindow });
    while (expansion.next()) count++;
  }
  return count;
}

function addressOf(text: string) {
  const address = parseAddress(text);
  if (!address) throw new Error(`${text} is no address`);
  return address;
}
