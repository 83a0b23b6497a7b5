import type { EpochSeconds } from "../icalendar/date-time.ts";
import { readText } from "../icalendar/text.ts";
import type { Limits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { CalendarObject, ObjectComponent } from "../model/calendar-object.ts";
import { applyProposed, proposalPlace, proposalStatus } from "../model/proposal.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegister } from "../model/registers.ts";
import type { PropertyUpdate } from "../model/scheduling-message.ts";
import {
  type Proposal,
  type ProposalStatus,
  participationKey,
  type SchedulingState,
} from "../model/scheduling-state.ts";
import { readTimeSpan, type TimeSpan } from "../model/time-span.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { diffComponents } from "./changes.ts";
import type { Context } from "./context.ts";
import type { Change } from "./outcome.ts";

/** One proposal as it stands: with what it asks for, and what became of it. */
export interface StandingProposal {
  readonly attendee: CalendarUserAddress;
  readonly key: InstanceKey;
  readonly status: ProposalStatus;
  /** When it was received, or sent. */
  readonly at: EpochSeconds;
  /** When that would take place; absent where that has no time. */
  readonly span?: TimeSpan;
  /** Old and new of each property it would change. */
  readonly updates: readonly PropertyUpdate[];
  readonly comment?: string;
}

/**
 * Lists the proposals that wait for the Organizer, those first that came first: `open` ones, and `outdated` ones, which are shown as
 * such. Left out is what was decided or withdrawn, and what is older than `policy.proposalLifetimeSeconds`. RFC 5546 §3.2.7.
 */
export function openProposals(state: SchedulingState, context: Context): readonly StandingProposal[] {
  const { object } = state;
  if (!object) return [];
  const places = new Map<InstanceKey, ObjectComponent | undefined>();
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const standing: StandingProposal[] = [];
  for (const proposal of allRegisters(state.proposals).values()) {
    const { key, at, status } = proposal;
    if (status !== "open" || context.now - at > context.policy.proposalLifetimeSeconds) continue;
    // One Instance is looked up once, however many proposals there are for it.
    if (!places.has(key)) places.set(key, proposalPlace(object, key, zones, context.limits));
    const present = places.get(key);
    const now = proposalStatus(state, proposal, present, zones, context.limits);
    if (now === "open" || now === "outdated") standing.push(stand(proposal, now, present, zones, context));
  }
  return standing.sort((a, b) => a.at - b.at || (a.attendee < b.attendee ? -1 : 1));
}

/** Finds a proposal of somebody for the whole or one Instance, what there is of that, and what became of it. */
export function findProposal(
  state: SchedulingState,
  object: CalendarObject,
  attendee: CalendarUserAddress,
  key: InstanceKey,
  { zones: provider, limits }: Context,
) {
  const zones = makeZoneResolver(object.timezones, provider, limits);
  const present = proposalPlace(object, key, zones, limits);
  const proposal = readRegister(state.proposals, participationKey(attendee, key));
  const status = proposal && proposalStatus(state, proposal, present, zones, limits);
  return { zones, present, proposal, status };
}

/** Writes what the Organizer decided about a proposal. */
export function settleProposal(
  state: SchedulingState,
  proposal: Proposal,
  status: "accepted" | "declined",
): SchedulingState {
  const register = participationKey(proposal.attendee, proposal.key);
  return { ...state, proposals: writeRegister<Proposal>(state.proposals, register, { ...proposal, status }) };
}

function stand(
  proposal: Proposal,
  status: ProposalStatus,
  present: ObjectComponent | undefined,
  zones: ZoneResolver,
  { limits }: Context,
): StandingProposal {
  const { attendee, key, at, comment, component } = proposal;
  const wanted = present && applyProposed(present, component, zones, limits);
  const span = readTimeSpan(wanted?.component ?? component);
  const updates = present ? proposedUpdates(proposal, present, zones, limits) : [];
  return { attendee, key, status, at, ...(span && { span }), updates, ...(comment && { comment }) };
}

/** Lists old and new of each property a proposal would change. */
export function proposedUpdates(
  { component }: Proposal,
  present: ObjectComponent,
  zones: ZoneResolver,
  limits: Limits,
): readonly PropertyUpdate[] {
  const wanted = applyProposed(present, component, zones, limits);
  if (!wanted) return [];
  return diffComponents(present, wanted, { before: zones, after: zones }).filter(
    (change) => change.kind === "property",
  );
}

/** Makes the Change that tells of a proposal. */
export function proposalChange(
  proposal: Proposal,
  status: ProposalStatus,
  present: ObjectComponent,
  zones: ZoneResolver,
  limits: Limits,
): Change {
  const { key, attendee, comment } = proposal;
  const updates = proposedUpdates(proposal, present, zones, limits);
  return { kind: "proposal", key, attendee, status, updates, ...(comment && { comment }) };
}

/** Tells whether the Organizer takes no counter-proposals, as Outlook lets them say. */
export function takesNoCounters(present: ObjectComponent): boolean {
  return readText(present.component, "X-MICROSOFT-DISALLOW-COUNTER")?.trim().toUpperCase() === "TRUE";
}
