import { defaultLimits, parseAddress, readCalendarObject, type SchedulingState, unknownState } from "@parley/engine";
import { busyPeriods, type Candidate, findTimes, type TimeSearch, type WorkingHours } from "@parley/engine/freebusy";
import { formatWall, parseCalendar } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { systemZones } from "../packages/server/src/zones.ts";

const days = 90;
const zones = systemZones();
const zoneNames = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London"];
/** Monday 2027-03-01. */
const from = Date.UTC(2027, 2, 1) / 1_000;
const range = { from, to: from + days * 86_400 };

/**
 * Measures free/busy of many people over 90 days and the best slots among them. Each has 8 series and 150 single meetings in that
 * time, half of them invitations they answered; working hours in four zones; three rooms; starts every 15 minutes. The goal is
 * 100 ms for 50 people.
 */
export async function benchFreeBusy(): Promise<void> {
  console.log(`\nfree/busy: ${days} days, 8 series and 150 meetings a person, starts every 15 minutes; medians of 9`);
  console.log(
    `${"people".padStart(6)}${"busy times, ms".padStart(16)}${"best slots, ms".padStart(16)}${"both, ms".padStart(10)}`,
  );
  for (const count of [10, 50, 200]) benchPeople(count);
}

function benchPeople(count: number): void {
  const people = Array.from({ length: count }, (_, index) => calendarOf(index));
  const rooms = [0, 1, 2].map((index) => calendarOf(1_000 + index));
  const samples = { busy: [] as number[], slots: [] as number[] };
  let busyFound = 0;
  for (let run = 0; run < 12; run++) {
    const began = performance.now();
    const required = people.map((states, index) => candidateOf(`person ${index}`, states, hoursOf(index)));
    const candidates = rooms.map((states, index) => candidateOf(`room ${index}`, states));
    const known = performance.now();
    const search: TimeSearch = {
      range,
      durationSeconds: 3_600,
      stepSeconds: 900,
      bufferBeforeSeconds: 300,
      required: required.slice(0, count / 2),
      optional: required.slice(count / 2),
      choices: [{ id: "room", candidates, atLeast: 1 }],
      limits: defaultLimits,
    };
    const found = findTimes(search);
    const done = performance.now();
    if (found.kind !== "found" || found.slots.length !== 10) throw new Error("the bench's search found nothing");
    busyFound = required.reduce((sum, { busy }) => sum + busy.length, 0);
    // The first runs warm up.
    if (run < 3) continue;
    samples.busy.push(known - began);
    samples.slots.push(done - known);
  }
  const [busy, slots] = [median(samples.busy), median(samples.slots)];
  const figures = [busy, slots].map((figure) => figure.toFixed(1).padStart(16)).join("");
  console.log(
    `${String(count).padStart(6)}${figures}${(busy + slots).toFixed(1).padStart(10)}  (${busyFound} periods)`,
  );
}

function candidateOf(id: string, states: readonly SchedulingState[], hours?: WorkingHours): Candidate {
  const address = parseAddress("me@example.test");
  const localZone = zones.zone("Europe/Berlin");
  if (!address || !localZone) throw new Error("the bench has no address or zone");
  const options = { addresses: new Set([address]), localZone, zones, limits: defaultLimits };
  const { periods } = busyPeriods(states, range, options);
  return { id, busy: periods, ...(hours && { hours }) };
}

function hoursOf(index: number): WorkingHours {
  const zone = zones.zone(zoneNames[index % zoneNames.length] ?? "");
  if (!zone) throw new Error("the bench's zone is unknown");
  const weekdays = [1, 2, 3, 4, 5] as const;
  return { zone, hours: weekdays.map((weekday) => ({ weekday, from: 9 * 3_600, to: 17 * 3_600 })) };
}

/** A calendar of a number: the same each time. */
function calendarOf(seed: number): readonly SchedulingState[] {
  let last = seed * 7_919 + 17;
  const next = (below: number): number => {
    last = (last * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((last / 2_147_483_648) * below);
  };
  const zone = zoneNames[seed % zoneNames.length] ?? "";
  const rules = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=1MO"];
  const series = Array.from({ length: 8 }, (_, index) => {
    const start = from - next(300) * 86_400 + (8 + next(9)) * 3_600;
    return stateOf(`s${index}`, zone, start, 900 * (1 + next(4)), [`RRULE:${rules[index % rules.length]}`]);
  });
  const single = Array.from({ length: 150 }, (_, index) => {
    const start = from + next(days) * 86_400 + (8 + next(9)) * 3_600;
    const guest = next(5) === 0 ? "DECLINED" : "ACCEPTED";
    const invitation = ["ORGANIZER:mailto:boss@example.test", `ATTENDEE;PARTSTAT=${guest}:mailto:me@example.test`];
    return stateOf(`m${index}`, zone, start, 1_800 * (1 + next(3)), index % 2 === 0 ? invitation : []);
  });
  return [...series, ...single];
}

function stateOf(uid: string, zone: string, start: number, seconds: number, lines: readonly string[]): SchedulingState {
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Bench//EN",
    "BEGIN:VEVENT",
    `UID:${uid}@example.test`,
    "DTSTAMP:20270101T000000Z",
    `DTSTART;TZID=${zone}:${formatWall(start)}`,
    `DTEND;TZID=${zone}:${formatWall(start + seconds)}`,
    "SUMMARY:A meeting",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  const { calendar } = parseCalendar(text, defaultLimits);
  const read = calendar && readCalendarObject(calendar, makeZoneResolver([], zones, defaultLimits), defaultLimits);
  if (!read || "problem" in read) throw new Error("the bench's event cannot be read");
  return { ...unknownState, object: read.object };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
