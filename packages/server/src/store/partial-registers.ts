import type { Registers, SchedulingState } from "@parley/engine";
import type { StoredObject } from "./store.ts";

/** The tables of registers that have rows for each Attendee. */
export type AttendeeTable = "participations" | "sent" | "proposals" | "healings";

/** Which registers of an object are read: those of some Attendees, and all of some tables. */
export interface Part {
  readonly attendees: ReadonlySet<string>;
  readonly whole: ReadonlySet<AttendeeTable>;
  /** Told what was looked at and is not there: an Attendee's registers, or all of a table. */
  readonly miss: (table: AttendeeTable, attendee: string | undefined) => void;
}

/** Times an object is decided over before all of it is read. */
const maxRounds = 3;
/** Attendees whose registers are read by name. */
const maxNamed = 100;

/**
 * Decides over an object of which only the registers of some Attendees are read. Where the decision looked at others, these are read
 * too and it is made again: it comes out as over the whole, as it is made of nothing but what it looked at.
 */
export async function decideOverPart<Result>(
  load: (part: Part | undefined) => Promise<StoredObject | undefined>,
  attendees: Iterable<string>,
  decide: (present: StoredObject | undefined) => Result,
): Promise<Result> {
  const read = { attendees: new Set(attendees), whole: new Set<AttendeeTable>() };
  for (let round = 0; round < maxRounds && read.attendees.size <= maxNamed; round++) {
    const missed = { attendees: new Set<string>(), whole: new Set<AttendeeTable>() };
    let isDecided = false;
    const miss: Part["miss"] = (table, attendee) => {
      if (isDecided) throw new Error(`${attendee ?? "all"} of ${table} was looked at, and is not read`);
      if (attendee === undefined) missed.whole.add(table);
      else missed.attendees.add(attendee);
    };
    const result = decide(await load({ attendees: new Set(read.attendees), whole: new Set(read.whole), miss }));
    isDecided = true;
    if (missed.attendees.size === 0 && missed.whole.size === 0) return result;
    for (const attendee of missed.attendees) read.attendees.add(attendee);
    for (const table of missed.whole) read.whole.add(table);
  }
  return decide(await load(undefined));
}

/** A map of which a part is read; it tells of what is looked at beyond. */
interface PartialMap<Value> extends ReadonlyMap<string, Value> {
  /** The same part of the table with these written into it. */
  readonly join: (written: ReadonlyMap<string, Value>) => PartialMap<Value>;
}

/** Makes the registers of a table of which a part is read. Their keys begin with the Attendee. */
export function partialMap<Value>(
  loaded: ReadonlyMap<string, Value>,
  part: Part,
  table: AttendeeTable,
): ReadonlyMap<string, Value> {
  return part.whole.has(table) ? loaded : makePartialMap(loaded, part, table);
}

function makePartialMap<Value>(
  loaded: ReadonlyMap<string, Value>,
  part: Part,
  table: AttendeeTable,
): PartialMap<Value> {
  const look = (key: string): void => {
    const [attendee = ""] = key.split(" ", 1);
    if (!part.attendees.has(attendee)) part.miss(table, attendee);
  };
  const all = (): ReadonlyMap<string, Value> => {
    part.miss(table, undefined);
    return loaded;
  };
  return {
    get: (key) => {
      look(key);
      return loaded.get(key);
    },
    has: (key) => {
      look(key);
      return loaded.has(key);
    },
    get size() {
      return all().size;
    },
    forEach: (visit) => {
      for (const [key, value] of all()) visit(value, key, loaded);
    },
    entries: () => all().entries(),
    keys: () => all().keys(),
    values: () => all().values(),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
    join: (written) => makePartialMap(new Map([...loaded, ...written]), part, table),
  };
}

/** Takes what was written as stored, as the engine's `settleState` does, without looking at what is not read. */
export function settlePart(state: SchedulingState): SchedulingState {
  const { participations, answerRanges, sent, proposals, healings, revisions, own } = state;
  return {
    ...state,
    revisions: settle(revisions),
    participations: settle(participations),
    answerRanges: settle(answerRanges),
    sent: settle(sent),
    proposals: settle(proposals),
    healings: settle(healings),
    own: settle(own),
  };
}

function settle<Value>({ stored, written }: Registers<Value>): Registers<Value> {
  const joined = isPartial(stored) ? stored.join(written) : new Map([...stored, ...written]);
  return { stored: joined, written: new Map() };
}

function isPartial<Value>(map: ReadonlyMap<string, Value>): map is PartialMap<Value> {
  return "join" in map;
}
