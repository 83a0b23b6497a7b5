import { day, instance, stamp } from "./series.ts";
import { acts, attendee, parts } from "./stories.ts";
import { clara, type EventText, message } from "./world.ts";

export const asked = ";RSVP=TRUE";
export const askedAgain = ";RSVP=TRUE;PARTSTAT=NEEDS-ACTION";
export const shown = (partstat: string): string => `;PARTSTAT=${partstat}`;

/** Ann's event as Clara gets it a minute past ten; `line` is her ATTENDEE up to the address. */
export const sent = (minute: number, sequence: number, line: string, over: Partial<EventText> = {}) =>
  message({
    method: "REQUEST",
    dtstamp: `20270301T10${String(minute).padStart(2, "0")}00Z`,
    sequence,
    attendees: [`${line}:mailto:${clara}`],
    ...over,
  });

/** Ann's Wednesdays as Clara gets them. */
export const whole = (minute: number, sequence: number, line = asked, hour = "09"): readonly string[] => [
  ...day("10", hour),
  "RRULE:FREQ=WEEKLY;COUNT=5",
  ...stamp(minute, sequence),
  attendee(clara, line),
];

/** One of Ann's Wednesdays as Clara gets it. */
export const one = (
  date: string,
  minute: number,
  sequence: number,
  line = asked,
  hour = "09",
  range = "",
): readonly string[] => [...day(date, hour), instance(date, range), ...stamp(minute, sequence), attendee(clara, line)];

export const request = (...components: readonly (readonly string[])[]) => parts("REQUEST", components);
export const cancel = (...components: readonly (readonly string[])[]) => parts("CANCEL", components);

export const says = (partstat: "ACCEPTED" | "DECLINED" | "TENTATIVE", over = {}) =>
  acts(`answers ${partstat}`, { kind: "answer", partstat, ...over });
