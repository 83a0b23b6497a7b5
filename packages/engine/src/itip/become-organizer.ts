import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  withComponents,
} from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { revisionsFor } from "../model/render.ts";
import { laterRevision, type Revision } from "../model/revision.ts";
import {
  type ComponentRevisions,
  carriedAlong,
  type Participation,
  type Proposal,
  type SchedulingState,
  type Sent,
  writeParticipation,
} from "../model/scheduling-state.ts";
import { highestSequence } from "./ask-refresh.ts";
import type { Context } from "./context.ts";
import { markCancelled } from "./organize/cancel.ts";
import { guestsOf } from "./organize/guests.ts";
import { nextDtstamp } from "./restamp.ts";

/**
 * Makes the copy of an Attendee the Organizer's, when the role was handed to its owner (decision 0016): what does not take place says
 * so in its text or is left out, the answers the text shows become registers, and everybody on the list has been sent what there is.
 */
export function becomeOrganizer(state: SchedulingState, context: Context): SchedulingState {
  if (!state.object) return state;
  const components = objectComponents(state.object).filter(({ key }) => !readRegister(state.revisions, key)?.stray);
  const marked = components.map((one) => (isCancelled(state, one) ? markCancelled(one) : one));
  const object = withComponents(state.object, marked);
  const answered = marked.flatMap((one) => answersIn(state, object, one, context));
  const next = answered.reduce(writeParticipation, state);
  const sent = writeRegisters(state.sent, sentTo(state, object, context));
  const revisions = writeRegisters(state.revisions, settledRevisions(state, object));
  return { ...next, object, revisions, sent, proposals: writeRegisters(state.proposals, ownProposals(state, context)) };
}

/** Instances that came by an ADD are the owner's to revise now: as the series was, where they have no component of their own. */
function settledRevisions(
  state: SchedulingState,
  { overrides }: CalendarObject,
): readonly (readonly [string, ComponentRevisions])[] {
  const all = [...allRegisters(state.revisions)].filter(([, { provisional }]) => provisional);
  return all.map(([key, { provisional: _mark, ...own }]) => {
    const series = overrides.has(key) ? undefined : revisionsFor(state, key);
    // One that was called off but for some Instances is older than those that were changed before.
    return [key, series ? { ...series, latest: laterRevision(series.latest, own.latest) } : own];
  });
}

/** What the owner proposed to the former Organizer is theirs to do now. */
function ownProposals(state: SchedulingState, { addresses }: Context): readonly (readonly [string, Proposal])[] {
  const own = [...allRegisters(state.proposals)].filter(([, { attendee }]) => addresses.has(attendee));
  return own.map(([register, proposal]) => [register, { ...proposal, status: "withdrawn" }]);
}

/** Older than whatever they say of it. */
const carried: Revision = { sequence: carriedAlong, dtstamp: 0 };

/**
 * What others have answered, as the former Organizer knew it: to the whole, and to Instances where that is something else. Whatever
 * they say after that is newer.
 */
function answersIn(
  state: SchedulingState,
  { master }: CalendarObject,
  { key, attendees }: ObjectComponent,
  { addresses }: Context,
): readonly Participation[] {
  const sequence = revisionsFor(state, key)?.latest.sequence ?? 0;
  const others = [...attendees.values()].filter(({ address }) => !addresses.has(address));
  return others.flatMap(
    ({ address: attendee, partstat, delegatedTo, delegatedFrom, rsvp }): readonly Participation[] => {
      const ofWhole =
        key === masterKey ? "NEEDS-ACTION" : (master?.attendees.get(attendee)?.partstat ?? "NEEDS-ACTION");
      if (partstat === "NEEDS-ACTION" || partstat === ofWhole) return [];
      const said = { attendee, key, partstat, reply: carried, answeredSequence: sequence };
      const from = delegatedFrom.length > 0 ? { delegatedFrom } : {};
      return [
        partstat === "DELEGATED"
          ? { ...said, ...from, delegatedTo, ...(rsvp && { informed: true }) }
          : { ...said, ...from },
      ];
    },
  );
}

function sentTo(
  state: SchedulingState,
  object: CalendarObject,
  context: Context,
): readonly (readonly [string, Sent])[] {
  const revision = { sequence: highestSequence(state), dtstamp: nextDtstamp(state, context) };
  return [...guestsOf(object, context)].map(([attendee, instances]) => [
    attendee,
    { attendee, revision, instances, cancelled: false },
  ]);
}
