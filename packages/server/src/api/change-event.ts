import { createHash } from "node:crypto";
import { type CalendarObject, editEvent, makeEvent, type Outcome, organizerOf } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { describeOutcome } from "@parley/engine/sentences";
import type { FastifyRequest } from "fastify";
import { type ChangeResult, changeObject, type Target } from "../scheduling/change-object.ts";
import type { House } from "../scheduling/house.ts";
import { isHiddenFromActor } from "../scheduling/privacy.ts";
import type { Principal, StoredObject } from "../store/store.ts";
import type { EventInput } from "./contract.ts";
import { readEventInput } from "./event-input.ts";
import { roleOf } from "./event-view.ts";
import type { ApiWorld } from "./options.ts";
import { Refusal } from "./problem.ts";

/**
 * Writes a new event as a form has it. What comes again with the same key of the caller's changes nothing: it is
 * `nothing-changed` while the event it made is there, and refused once that was removed.
 */
export function writeNewEvent(house: House, caller: Principal, input: EventInput, key?: string): Promise<ChangeResult> {
  const fields = readEventInput(house, caller, input);
  const uid = key === undefined ? house.makeUid() : uidOfKey(house, caller, key);
  const zones = makeZoneResolver([], house.zones, house.limits);
  const made = required(makeEvent(uid, fields, caller, zones, house.limits));
  return changeObject(house, caller, { uid }, (present) => {
    if (present && !present.state.object) throw new Refusal("refused", "It was made before, and removed since.");
    return present?.state.object ?? made;
  });
}

/** Finds the event a caller has made with that key. */
export function findByKey(house: House, caller: Principal, key: string): Promise<StoredObject | undefined> {
  return house.store.read((transaction) => transaction.objects.byUid(caller.id, uidOfKey(house, caller, key)));
}

/** The same key of the same caller names the same event for ever. */
function uidOfKey(house: House, caller: Principal, key: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(["event", caller.id, key]))
    .digest("hex");
  return `${digest.slice(0, 32)}@${[...house.domains][0]}`;
}

/** Writes a new version of an event as a form has it. */
export function rewriteEvent(
  house: House,
  caller: Principal,
  target: Target,
  input: EventInput,
): Promise<ChangeResult> {
  const fields = readEventInput(house, caller, input);
  return changeObject(house, caller, target, (stored) => {
    const object = required(stored?.state.object);
    const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
    const organizer = { address: organizerOf(object)?.address ?? caller.address, name: caller.name };
    return required(editEvent(object, fields, organizer, zones, house.limits));
  });
}

/** Quoted as HTTP has it, bare as programs forget to quote it, or weak: that is no version of ours. */
const etagForm = /^(?:"([^"]*)"|([^\s",]+)|(W\/"[^"]*"))$/;

/** Names the object a request is of, in the version its If-Match names. */
export function targetOf(request: FastifyRequest, id: string): Target {
  const header = request.headers["if-match"]?.trim();
  if (header === undefined || header === "*") return { id };
  const etag = etagForm
    .exec(header)
    ?.slice(1)
    .find((form) => form !== undefined);
  if (etag === undefined) throw new Refusal("invalid", "If-Match: must be one ETag, or *.");
  return { id, etag };
}

/** Finds an event of the caller's; refuses where there is none. */
export async function find(world: ApiWorld, caller: Principal, id: string): Promise<StoredObject> {
  const stored = await world.house.store.read((transaction) => transaction.objects.byId(caller.id, id));
  if (stored?.state.object) return stored;
  throw notFound();
}

/** Finds an event the caller may change; refuses where there is none, it is another's, or who acts for the owner may not look into it. */
export async function findOrganized(world: ApiWorld, caller: Principal, id: string): Promise<StoredObject> {
  const stored = await find(world, caller, id);
  if (stored.state.object && isHiddenFromActor(caller, stored.state.object)) throw notAllowed();
  if (stored.state.object && roleOf(caller, stored.state.object) !== "attendee") return stored;
  throw new Refusal("not-organizer", "Only its organizer can change this event.");
}

/** Tells whether what was written is what was there. */
export function isUnchanged(outcome: Outcome): boolean {
  return outcome.kind === "ignored" && outcome.reason === "nothing-changed";
}

/** Gives the object a change has left; refuses where it was not made. */
export function requireDone(result: ChangeResult): StoredObject | undefined {
  switch (result.kind) {
    case "done":
      return result.object;
    case "not-found":
      throw notFound();
    case "not-allowed":
      throw notAllowed();
    case "changed-meanwhile":
      throw new Refusal("changed-meanwhile", "It was changed meanwhile. Look at it again.");
    case "refused":
      throw new Refusal("refused", describeOutcome(result.outcome));
  }
}

/** Makes the refusal of an event that is private, and whose owner somebody acts for. */
export function notAllowed(): Refusal {
  return new Refusal("not-allowed", "It is private: only its owner can do that.");
}

/** Makes the refusal of an event that is not there. */
export function notFound(): Refusal {
  return new Refusal("not-found", "There is no such event in your calendar.");
}

/** The number of guests was checked before; an object that is missing here is our own fault. */
function required(object: CalendarObject | undefined): CalendarObject {
  if (!object) throw new Error("an event was lost between its check and its change");
  return object;
}
