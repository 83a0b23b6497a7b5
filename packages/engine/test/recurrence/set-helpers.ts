import { type DateOrDateTime, formatWall, parseDateTime } from "../../src/icalendar/date-time.ts";
import type { Instance, InstanceLength, RecurrenceSet } from "../../src/recurrence/recurrence-set.ts";
import { parseRule } from "../../src/recurrence/rule-text.ts";
import { toWall } from "../../src/recurrence/zone.ts";
import { testProvider, testZone } from "./zone-helpers.ts";

/** A set as a calendar would have it; times in `zone`, unless they end in Z or are dates, and floating without it. */
export interface SetText {
  readonly start?: string;
  readonly zone?: string;
  readonly length?: InstanceLength;
  readonly rules?: readonly string[];
  readonly dates?: readonly (string | readonly [start: string, hours: number])[];
  readonly exceptions?: readonly string[];
  readonly overrides?: readonly OverrideText[];
}

interface OverrideText {
  readonly id: string;
  readonly start: string;
  readonly hours?: number;
  readonly range?: "this-and-future";
  readonly isCancelled?: boolean;
}

const hour: InstanceLength = { days: 0, seconds: 3_600 };

export function value(text: string, zone?: string): DateOrDateTime {
  const read = parseDateTime(text, zone);
  if (!read) throw new Error(`not a time: ${text}`);
  return read;
}

export function makeSet(text: SetText): RecurrenceSet {
  const { zone } = text;
  const master = text.start !== undefined && {
    key: "",
    start: value(text.start, zone),
    length: text.length ?? hour,
    rules: (text.rules ?? []).map((rule) => {
      const read = parseRule(rule).rule;
      if (!read) throw new Error(`not a rule: ${rule}`);
      return read;
    }),
    dates: (text.dates ?? []).map((date) =>
      typeof date === "string"
        ? { start: value(date, zone) }
        : { start: value(date[0], zone), length: { days: 0, seconds: date[1] * 3_600 } },
    ),
    exceptions: (text.exceptions ?? []).map((each) => value(each, zone)),
    isCancelled: false,
  };
  return {
    ...(master && { master }),
    overrides: (text.overrides ?? []).map(({ id, start, hours, range, isCancelled }) => ({
      key: `of ${id}`,
      recurrenceId: value(id, zone),
      range: range ?? "this",
      start: value(start, zone),
      length: { days: 0, seconds: (hours ?? 1) * 3_600 },
      isCancelled: isCancelled ?? false,
    })),
    zones: (tzid) => testProvider.zone(tzid),
  };
}

/** The start of an Instance on the wall clock of a zone: `19970902T090000`; of a date `19970902`. */
export function startText(instance: Instance, zone?: string): string {
  if (instance.kind === "date") return formatWall(instance.startAt).slice(0, 8);
  if (instance.kind === "floating" || zone === undefined) return formatWall(instance.startAt);
  return formatWall(toWall(instance.start, testZone(zone)));
}
