import {
  act,
  allRegisters,
  type CalendarUserAddress,
  type Context,
  type Evidence,
  leadingComponent,
  organizerOf,
  type Registers,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import type { Principal } from "../store/store.ts";
import { contextFor, type House } from "./house.ts";

/** What an Attendee elsewhere would have in a calendar of their own. */
export interface GuestCopy {
  /** The REQUEST that tells them all there is for them now. */
  readonly request: SchedulingMessage;
  /** Their copy once they have got it, with what they are known to have answered. */
  readonly state: SchedulingState;
  /** As whom they act on it. */
  readonly context: Context;
}

/**
 * Makes the copy an Attendee would have of the Organizer's object if they had a calendar: the engine sends them the present version, and
 * they receive it. So they see, and can answer, what they are invited to and nothing else. `undefined` for who is not invited, and where
 * nothing takes place. Decision 0037.
 */
export function guestCopy(
  house: House,
  principal: Principal,
  state: SchedulingState,
  attendee: CalendarUserAddress,
): GuestCopy | undefined {
  const organizer = state.object && organizerOf(state.object)?.address;
  if (!organizer || !principal.addresses.includes(organizer) || principal.addresses.includes(attendee))
    return undefined;
  const sent = act(state, { kind: "resend", to: attendee }, contextFor(house, principal));
  const request = sent.kind === "applied" ? sent.messages.findLast(({ method }) => method === "REQUEST") : undefined;
  if (!request) return undefined;
  const { actor: _actor, groups: _groups, ownerName: _name, ...world } = contextFor(house, principal);
  const name = leadingComponent(request.object).attendees.get(attendee)?.name;
  const context: Context = {
    ...world,
    owner: attendee,
    addresses: new Set([attendee]),
    ...(name !== undefined && { ownerName: name }),
  };
  const evidence: Evidence = {
    strength: "local",
    from: organizer,
    relation: "correspondent",
    confirmedByOwner: true,
    detail: "",
  };
  const received = receive(unknownState, request, evidence, context);
  if (received.kind !== "applied") return undefined;
  return { request, state: withAnswers(received.state, state, attendee), context };
}

/** What they have said by other ways, as it has reached the Organizer. */
function withAnswers(
  copy: SchedulingState,
  { participations, answerRanges }: SchedulingState,
  attendee: CalendarUserAddress,
): SchedulingState {
  const known = [...allRegisters(participations)].filter(([, said]) => said.attendee === attendee);
  const ranges = [...allRegisters(answerRanges)].filter(([address]) => address === attendee);
  return {
    ...copy,
    participations: joined(copy.participations, known),
    answerRanges: joined(copy.answerRanges, ranges),
  };
}

function joined<Value>(own: Registers<Value>, known: readonly (readonly [string, Value])[]): Registers<Value> {
  return { stored: new Map([...allRegisters(own), ...known]), written: new Map() };
}
