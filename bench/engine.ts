import { cpus } from "node:os";
import {
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  defaultLimits,
  defaultPolicy,
  defaultQuirks,
  type Evidence,
  type Method,
  type Outcome,
  objectComponents,
  parseAddress,
  readCalendarObject,
  receive,
  renderComponent,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { type Component, formatCalendar, makeComponent, parseCalendar } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { median } from "./side-by-side.ts";

const guestCounts = [10, 200, 2_000, 10_000];
const now = Date.UTC(2027, 2, 1, 9) / 1_000;
const limits = { ...defaultLimits, maxAttendees: 20_000 };
const rounds = 7;
const sampleSeconds = 0.2;
const ann = addressOf("ann@example.test");
const guest = addressOf("guest0@outside.test");

/**
 * Measures the engine from text to text at several sizes of the meeting: an invitation and its update as a guest receives
 * them, a guest's answer as the Organizer does, and the REQUESTs of a new event for all its guests.
 *
 * Of an answer the text that comes out is the one row that is written, not the whole event: that is what a store keeps.
 */
export async function benchEngine(): Promise<void> {
  console.log(`engine: text in, text out; ${cpus()[0]?.model ?? "?"}, Node ${process.version}`);
  console.log(`per second of processor time, all threads; median of ${rounds} samples of ${sampleSeconds} s\n`);
  console.log(
    `${"attendees".padEnd(36)}${guestCounts.map((count) => count.toLocaleString("en-GB").padStart(12)).join("")}`,
  );
  const cases = guestCounts.map(makeCase);
  for (const [name, workOf] of Object.entries(workloads)) {
    const rates = measureInTurns(cases.map(workOf));
    const flat = Math.max(...rates) / Math.min(...rates);
    const note = name === answerName ? `   largest to smallest ${flat.toFixed(2)}x` : "";
    console.log(`${name.padEnd(36)}${rates.map((rate) => shown(rate).padStart(12)).join("")}${note}`);
  }
}

const answerName = "REPLY received, register written";

/** What is measured of each size, by name. */
const workloads: Readonly<Record<string, (sized: Case) => () => unknown>> = {
  "REQUEST received, event written": (sized) => () => renderText(received(sized.invitation, unknownState)),
  "update received, event written": (sized) => () => renderText(received(sized.update, sized.invited)),
  [answerName]: (sized) => () => {
    const [row] = answered(sized).participations.written.values();
    return JSON.stringify(row);
  },
  "new event, all REQUESTs made": (sized) => () => {
    const { object } = readMessage(sized.created, "REQUEST");
    return applied(schedule(unknownState, object, ownerContext)).messages.map(({ calendar, recipients }) => [
      formatCalendar(calendar).length,
      recipients.length,
    ]);
  },
};

/** Texts and states of one size of the meeting. */
interface Case {
  readonly invitation: string;
  readonly update: string;
  /** The event as its Organizer's program saves it. */
  readonly created: string;
  readonly replies: readonly string[];
  /** The guest's copy once the invitation came, and the Organizer's once all were invited. */
  readonly invited: SchedulingState;
  readonly organized: SchedulingState;
  next: number;
}

function makeCase(count: number): Case {
  const guests = Array.from(
    { length: count },
    (_, i) =>
      `ATTENDEE;CN=Guest Number ${i};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:guest${i}@outside.test`,
  );
  const invitation = text("REQUEST", 0, "20270302T090000Z", guests);
  const created = text(undefined, 0, "20270302T090000Z", guests);
  const organized = applied(schedule(unknownState, readMessage(created, "REQUEST").object, ownerContext)).state;
  const invited = applied(receive(unknownState, readMessage(invitation, "REQUEST"), evidenceOf(ann), guestContext));
  return {
    invitation,
    created,
    update: text("REQUEST", 1, "20270303T090000Z", guests),
    replies: Array.from({ length: Math.min(count, 1_000) }, (_, i) =>
      text("REPLY", 0, "20270302T090000Z", [`ATTENDEE;PARTSTAT=ACCEPTED:mailto:guest${i}@outside.test`]),
    ),
    organized: settleState(organized),
    invited: settleState(invited.state),
    next: 0,
  };
}

function received(message: string, state: SchedulingState): SchedulingState {
  return applied(receive(state, readMessage(message, "REQUEST"), evidenceOf(ann), guestContext)).state;
}

/** The answers of the guests in turn, each to the copy in which nobody has answered yet. */
function answered(sized: Case): SchedulingState {
  const reply = sized.replies[sized.next++ % sized.replies.length] ?? "";
  const message = readMessage(reply, "REPLY");
  return applied(receive(sized.organized, message, evidenceOf(message.originator ?? guest), ownerContext)).state;
}

function renderText(state: SchedulingState): string {
  const object = state.object as CalendarObject;
  const components = objectComponents(object).map((component): Component => renderComponent(state, component));
  return formatCalendar(makeComponent("VCALENDAR", [], [...object.timezones, ...components]));
}

function readMessage(written: string, method: Method): SchedulingMessage {
  const { calendar } = parseCalendar(written, limits);
  if (!calendar) throw new Error("the bench's own text is no calendar");
  const timezones = calendar.components.filter((component) => component.name === "VTIMEZONE");
  const read = readCalendarObject(calendar, makeZoneResolver(timezones, intlZoneProvider, limits), limits);
  if ("problem" in read) throw new Error(read.problem);
  const first = objectComponents(read.object)[0];
  const originator = method === "REPLY" ? first?.attendees.keys().next().value : first?.organizer?.address;
  return { method, ...(originator && { originator }), recipients: [], object: read.object, calendar, updates: [] };
}

function applied(outcome: Outcome) {
  if (outcome.kind !== "applied") throw new Error(`the bench's message was ${JSON.stringify(outcome)}`);
  return outcome;
}

function contextOf(owner: CalendarUserAddress): Context {
  return {
    owner,
    addresses: new Set([owner]),
    now,
    zones: intlZoneProvider,
    limits,
    policy: defaultPolicy,
    quirks: defaultQuirks,
  };
}

const ownerContext = contextOf(ann);
const guestContext = contextOf(guest);

function evidenceOf(from: CalendarUserAddress): Evidence {
  return { strength: "relayed", from, relation: "correspondent", confirmedByOwner: false, detail: "bench" };
}

function addressOf(mailbox: string): CalendarUserAddress {
  const address = parseAddress(mailbox);
  if (!address) throw new Error(`${mailbox} is no address`);
  return address;
}

function text(method: string | undefined, sequence: number, start: string, attendees: readonly string[]): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Bench//EN",
    ...(method === undefined ? [] : [`METHOD:${method}`]),
    "BEGIN:VEVENT",
    "UID:planning@example.test",
    "DTSTAMP:20270228T090000Z",
    `SEQUENCE:${sequence}`,
    `DTSTART:${start}`,
    "DURATION:PT1H",
    "SUMMARY:Planning of the quarter\\, first part",
    "LOCATION:Room 4",
    "ORGANIZER;CN=Ann:mailto:ann@example.test",
    ...attendees,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return lines.map((line) => (line.match(/.{1,73}/gsu) ?? [""]).join("\r\n ")).join("\r\n");
}

/** Measures all works round by round, so that what slows the machine slows them alike. */
function measureInTurns(works: readonly (() => unknown)[]): readonly number[] {
  const times = works.map((work) => {
    for (let count = 1; ; count *= 2) {
      const took = processorSeconds(work, count);
      if (took >= sampleSeconds / 4) return Math.max(1, Math.round((count * sampleSeconds) / took));
    }
  });
  const samples = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, work] of works.entries()) {
      const count = times[i] ?? 1;
      samples[i]?.push(count / processorSeconds(work, count));
    }
  }
  return samples.map(median);
}

/** What the last piece of work made: held, so that no compiler leaves the work out. */
export let made: unknown;

/** Processor time of all threads, the collector's too: other programs on the machine do not count. */
function processorSeconds(work: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) made = work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function shown(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString("en-GB") : rate.toFixed(2);
}
