import type { EpochSeconds } from "../../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import type { Partstat } from "../../model/calendar-user.ts";
import type { Weather } from "../network.ts";

/** Everything that happens in one simulated world: data, so that it can be printed, read back, and shortened by leaving steps out. */
export interface Story {
  /** Decides what becomes of each letter, and what people say when they are asked. */
  readonly seed: number;
  readonly weather: Weather;
  /** The domain of an address names the system of its owner, see `systems`. */
  readonly people: readonly CalendarUserAddress[];
  readonly steps: readonly StoryStep[];
}

/** What a person does. A step that means nothing where it stands is passed over. */
export interface StoryStep {
  /** Seconds since the beginning; ascending. */
  readonly at: EpochSeconds;
  readonly who: CalendarUserAddress;
  readonly kind: StepKind;
  /** Which object: the name it was created by. What was split off it has the same name. */
  readonly object: string;
  /** Which of the objects of that name, as they are sorted; counted round. */
  readonly part?: number;
  /** Which Instance, as the copy of `who` has them; counted round. Without it the whole. */
  readonly instance?: number;
  /** That Instance and all after. */
  readonly range?: "this-and-future";
  readonly people?: readonly CalendarUserAddress[];
  readonly form?: Form;
  readonly name?: TextName;
  readonly value?: string;
  /** Seconds by which something moves, or grows. */
  readonly by?: number;
  readonly partstat?: Partstat;
  readonly percent?: number;
}

/** Kinds of objects that are created. */
export type Form = (typeof forms)[number];
/** Lists the kinds of objects. */
export const forms = [
  "single",
  "zoned",
  "all-day",
  "daily",
  "weekly",
  "weekly-zoned",
  "monthly",
  "all-day-weekly",
  "to-do",
  "to-do-weekly",
] as const;

/** Texts of an object that are edited. */
export type TextName = (typeof textNames)[number];
/** Lists the texts that are edited. */
export const textNames = ["SUMMARY", "LOCATION", "DESCRIPTION"] as const;

/** Kinds of steps: the Organizer's, an Attendee's. */
export type StepKind = (typeof stepKinds)[number];
/** Lists the kinds of steps. */
export const stepKinds = [
  "create",
  "edit",
  "move",
  "lengthen",
  "rule",
  "exclude",
  "restore",
  "revive",
  "split",
  "invite",
  "uninvite",
  "cancel",
  "add",
  "publish",
  "hand-over",
  "accept-proposal",
  "decline-proposal",
  "resend",
  "remove",
  "answer",
  "delegate",
  "counter",
  "refresh",
  "forward",
] as const;

/** Begins at 2027-03-01T08:00:00Z. */
export const beginningOfStory: EpochSeconds = 1_803_888_000;
