import type { CalendarUserAddress } from "../../model/address.ts";
import { organizerOf } from "../../model/calendar-object.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import { allRegisters } from "../../model/registers.ts";
import { currentAnswer } from "../../model/render.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import { type Calendar, instancesOf, isRepeated, type Seen } from "./calendar.ts";
import type { Story } from "./story.ts";

/** What people have answered themselves: which Instances, and when these were. */
export interface Said {
  readonly instances: Set<string>;
  readonly times: Set<string>;
}

/** What is looked at of a world. */
export interface Answered {
  readonly story: Story;
  readonly zones: ZoneProvider;
  readonly calendars: ReadonlyMap<CalendarUserAddress, Calendar>;
  readonly refused: ReadonlySet<CalendarUserAddress>;
  readonly said?: Said;
}

/** Keeps what somebody's own action says of each Instance they see: by their registers that are new. */
export function recordSaid(
  said: Said,
  uid: string,
  owner: CalendarUserAddress,
  before: SchedulingState,
  after: SchedulingState,
  zones: ZoneProvider,
): void {
  const record = (one: Seen): void => {
    said.instances.add(instanceName(uid, owner, one));
    said.times.add(timeName(uid, owner, one));
  };
  // What they throw away they decline; and what they organized they come to.
  const { object } = after;
  if (!object || isOrganizedBy(owner, before)) {
    if (!object || !isOrganizedBy(owner, after)) for (const one of instancesOf(before, zones)) record(one);
    return;
  }
  if (after.participations === before.participations) return;
  const known = new Set(allRegisters(before.participations).values());
  for (const one of instancesOf(after, zones)) {
    const key = isRepeated(object) ? one.key : masterKey;
    const { participation, outdated } = currentAnswer(after, one.component, owner, key);
    if (participation && !outdated && !known.has(participation)) record(one);
  }
}

/**
 * Lists answers that count at an Organizer's and that nobody gave: their Attendees have answered that Instance, and never while it was when it
 * is now. Late answers to a superseded time do not count (decision 0006). Who threw their copy away does not know what moved; and a new
 * Organizer takes what the text shows of the whole to be said of what was asked anew, too: these are left alone.
 */
export function neverSaid({ calendars, said, refused, zones, story }: Answered): readonly string[] {
  if (!said || story.steps.some(({ kind }) => kind === "hand-over")) return [];
  const gone = new Set(story.steps.flatMap(({ kind, who }) => (kind === "remove" ? who : [])));
  return [...calendars.values()].flatMap(({ owner, objects }) =>
    [...objects].flatMap(([uid, state]) => {
      if (!state.object || !isOrganizedBy(owner, state)) return [];
      const isSeries = isRepeated(state.object);
      const seen = instancesOf(state, zones).filter(({ isCancelled }) => !isCancelled);
      return seen.flatMap((one) =>
        [...one.component.attendees.keys()].flatMap((guest) => {
          const answer = currentAnswer(state, one.component, guest, isSeries ? one.key : masterKey);
          const { participation, outdated, partstat } = answer;
          const counts = participation && !outdated && partstat !== "DELEGATED" && partstat !== "NEEDS-ACTION";
          if (guest === owner || !counts || refused.has(guest) || gone.has(guest)) return [];
          if (!said.instances.has(instanceName(uid, guest, one)) || said.times.has(timeName(uid, guest, one)))
            return [];
          return [`${uid} ${one.key}: ${guest} never said ${partstat} of ${one.instance.startAt}`];
        }),
      );
    }),
  );
}

function isOrganizedBy(owner: CalendarUserAddress, { object }: SchedulingState): boolean {
  return object !== undefined && organizerOf(object)?.address === owner;
}

function instanceName(uid: string, owner: CalendarUserAddress, { key }: Seen): string {
  return `${uid} ${owner} ${key}`;
}

/** The halves of a split series, and what goes on under another UID, carry answers along: they are one here. */
function timeName(uid: string, owner: CalendarUserAddress, { instance }: Seen): string {
  return `${uid.split("@")[0]} ${owner} ${instance.startAt} ${instance.endAt}`;
}
