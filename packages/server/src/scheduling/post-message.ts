import {
  type Action,
  act,
  type CalendarObject,
  type Context,
  type ObjectComponent,
  type Outcome,
  objectComponents,
  organizerOf,
} from "@parley/engine";
import { readText } from "@parley/engine/icalendar";
import type { Principal } from "../store/store.ts";
import { keepDecided } from "./change-object.ts";
import { type Applied, joined } from "./commit.ts";
import { contextFor, type House } from "./house.ts";

/** What a program sends for its user by saying it in so many words. */
export type PostedMethod = "COUNTER" | "REFRESH";

/** What became of it. */
export type PostResult =
  | { readonly kind: "done" }
  /** They have no such meeting of that Organizer's. */
  | { readonly kind: "not-found" }
  | { readonly kind: "refused"; readonly outcome: Exclude<Outcome, { kind: "applied" }> };

/** Components of one message. */
const maxComponents = 20;

/**
 * Sends the Organizer of a meeting what an Attendee's program has posted: another proposal, or that they ask for the present version. RFC 5546
 * §3.2.6 and §3.2.7. It is an action of the owner's like one from a page: the message is made anew from it.
 */
export function postMessage(
  house: House,
  principal: Principal,
  method: PostedMethod,
  posted: CalendarObject,
): Promise<PostResult> {
  return house.store.write(async (transaction): Promise<PostResult> => {
    const stored = await transaction.objects.byUid(principal.id, posted.uid);
    const object = stored?.state.object;
    const organizer = object && organizerOf(object)?.address;
    const context = contextFor(house, principal);
    const isGuests = organizer !== undefined && !context.addresses.has(organizer);
    if (!stored || !isGuests || organizerOf(posted)?.address !== organizer) return { kind: "not-found" };
    let all: Applied | undefined;
    for (const one of objectComponents(posted).slice(0, maxComponents)) {
      const outcome = act(all?.state ?? stored.state, actionOf(method, one, context), context);
      if (outcome.kind !== "applied") return { kind: "refused", outcome };
      all = all ? joined(all, outcome) : outcome;
    }
    if (!all) return { kind: "not-found" };
    const kept = await keepDecided(house, transaction, principal, posted.uid, all);
    return kept.kind === "done" ? { kind: "done" } : kept;
  });
}

function actionOf(method: PostedMethod, { component, attendees, key }: ObjectComponent, context: Context): Action {
  const written = readText(component, "COMMENT");
  const comment = written === undefined ? {} : { comment: written };
  if (method === "REFRESH") return { kind: "refresh", key, ...comment };
  const own = [...attendees.values()].find(({ address }) => context.addresses.has(address));
  const answer =
    own && own.partstat !== "NEEDS-ACTION" && own.partstat !== "DELEGATED" ? { partstat: own.partstat } : {};
  return { kind: "counter", changes: component.properties, key, ...answer, ...comment };
}
