import {
  act,
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  componentAt,
  currentAnswer,
  invitedAs,
  type ObjectComponent,
  type Outcome,
  objectComponents,
  organizerOf,
  type SchedulingState,
} from "@parley/engine";
import { type Applied, joined } from "./commit.ts";

/** Instances that are delegated by one version. */
const maxDelegated = 20;

/**
 * Delegates what a guest's program says is delegated: it writes PARTSTAT=DELEGATED and DELEGATED-TO on their ATTENDEE, and mostly the
 * delegate beside it. RFC 5546 §3.2.2.3. To several at once, or to somebody it cannot be delegated to, it is not: then it stays as it was.
 */
export function delegateWritten(
  before: SchedulingState,
  outcome: Outcome,
  object: CalendarObject,
  context: Context,
): Outcome {
  const known = outcome.kind === "applied" ? outcome.state.object : undefined;
  const organizer = known && organizerOf(known)?.address;
  if (outcome.kind !== "applied" || !organizer || context.addresses.has(organizer)) return outcome;
  let all: Applied = outcome;
  let left = maxDelegated;
  for (const one of objectComponents(object)) {
    const delegated = left > 0 ? delegationIn(before, all, one, context) : undefined;
    if (!delegated) continue;
    left -= 1;
    const done = act(all.state, delegated, context);
    if (done.kind === "applied") all = joined(all, done);
  }
  return all;
}

/** The delegation a component says that is none yet. What the Organizer has said of it is none of the program's: it writes back what it was shown. */
function delegationIn(before: SchedulingState, { state }: Applied, one: ObjectComponent, context: Context) {
  const own = one.attendees.get(invitedAs(one, context));
  const [to, ...others] = own?.delegatedTo ?? [];
  if (own?.partstat !== "DELEGATED" || !to || others.length > 0) return undefined;
  const present = currentAnswer(state, one, own.address);
  const said = present.participation ?? invitedBefore(before, one, own.address);
  if (said?.partstat === "DELEGATED" && said.delegatedTo?.includes(to)) return undefined;
  const name = one.attendees.get(to)?.name;
  return {
    ...{ kind: "delegate" as const, to, key: one.key },
    ...(name !== undefined && { name }),
    ...(own.rsvp && { keepInformed: true }),
  };
}

/** How somebody was listed in what governed a component before it was written. */
function invitedBefore({ object }: SchedulingState, { key }: ObjectComponent, address: CalendarUserAddress) {
  const component = object && (componentAt(object, key) ?? object.master);
  return component?.attendees.get(address);
}
