import {
  type CalendarUserAddress,
  type EpochSeconds,
  type Method,
  masterKey,
  objectComponents,
  type SchedulingMessage,
} from "@parley/engine";
import type { Delivery, DeliveryId, Principal, Transaction } from "../store/store.ts";
import { derivedMessageId, type MailIdentity } from "./message-id.ts";
import { readPayload, type Said } from "./payload.ts";

type Updates = SchedulingMessage["updates"];

/** What waits to be sent about one UID. */
export interface Unsent {
  /** Of each recipient, in the order they would leave in. */
  readonly waiting: ReadonlyMap<CalendarUserAddress, readonly Waiting[]>;
  /** Whom something was sent to, or may have been. */
  readonly reached: ReadonlySet<CalendarUserAddress>;
}

/** Holds for whoever is not to look. */
export const nothingUnsent: Unsent = { waiting: new Map(), reached: new Set() };

interface Waiting {
  readonly delivery: Delivery;
  /** Absent where nothing is known of it. */
  readonly said?: Said;
}

/** What becomes of a message when it takes the place of others that wait. */
export interface Joined {
  /** The message for each group of recipients that is told the same; none where nobody is told anything. */
  readonly messages: readonly SchedulingMessage[];
  readonly superseded: readonly DeliveryId[];
  /** When the first of what is superseded was to leave, by recipient: nobody waits for longer than for one message. */
  readonly due: ReadonlyMap<CalendarUserAddress, EpochSeconds>;
}

/** Tells what a message says. */
export function saidBy({ method, object, updates }: SchedulingMessage): Said {
  return { method, keys: objectComponents(object).map(({ key }) => key), updates };
}

/** Finds what of a principal's waits to be sent about a UID; each body is read once. */
export async function findUnsent(
  { deliveries, ledger }: Transaction,
  principal: Principal,
  uid: string,
  now: EpochSeconds,
): Promise<Unsent> {
  const waiting = new Map<CalendarUserAddress, Waiting[]>();
  const bodies = new Map<string, Said | undefined>();
  const unsent = await deliveries.unsent(principal.id, uid, now);
  for (const delivery of unsent) {
    const { recipient, payload } = delivery;
    if (!bodies.has(payload)) {
      const bytes = await ledger.source(payload);
      bodies.set(payload, bytes && readPayload(bytes).said);
    }
    const said = bodies.get(payload);
    const before = waiting.get(recipient) ?? [];
    before.push({ delivery, ...(said && { said }) });
    waiting.set(recipient, before);
  }
  const reached = unsent.length === 0 ? [] : await deliveries.reached(principal.id, uid);
  return { waiting, reached: new Set(reached) };
}

/**
 * Lets a message take the place of what waits. For each recipient it supersedes the last of those that wait as long as it says
 * all of what they say: a REQUEST those that are REQUESTs of components it has too, a CANCEL of the whole all the Organizer's, any
 * other CANCEL those of components it calls off. What is left goes before it. What is the same mail again supersedes nothing, as it is
 * queued once. Decision 0027.
 */
export function joinUnsent(message: SchedulingMessage, identity: MailIdentity, { waiting, reached }: Unsent): Joined {
  const groups = new Map<string, { readonly updates: Updates; readonly recipients: CalendarUserAddress[] }>();
  const superseded: DeliveryId[] = [];
  const due = new Map<CalendarUserAddress, EpochSeconds>();
  const saysAgain = comparison(message);
  for (const recipient of message.recipients) {
    const all = waiting.get(recipient) ?? [];
    const own = all.length > 0 ? derivedMessageId(identity, recipient) : "";
    const isSame = all.some(({ delivery }) => delivery.messageId === own);
    const kept = all.findLastIndex(({ said }) => said === undefined || !saysAgain(said));
    const dropped = isSame ? [] : all.slice(kept + 1);
    superseded.push(...dropped.map(({ delivery }) => delivery.id));
    for (const { delivery } of dropped) {
      if (delivery.state === "queued") due.set(recipient, Math.min(delivery.due, due.get(recipient) ?? delivery.due));
    }
    if (message.method === "CANCEL" && isInvitation(dropped[0]?.said) && !reached.has(recipient)) continue;
    const updates = dropped.reduceRight((after, { said }) => joinUpdates(said?.updates ?? [], after), message.updates);
    const name = dropped.map(({ delivery }) => delivery.payload).join(" ");
    const group = groups.get(name) ?? { updates, recipients: [] };
    group.recipients.push(recipient);
    groups.set(name, group);
  }
  return { messages: [...groups.values()].map((group) => ({ ...message, ...group })), superseded, due };
}

function comparison(message: SchedulingMessage): (said: Said) => boolean {
  const keys = new Set(objectComponents(message.object).map(({ key }) => key));
  const covers = (said: Said): boolean => said.keys.every((key) => keys.has(key));
  switch (message.method) {
    case "REQUEST":
      return (said) => said.method === "REQUEST" && covers(said);
    case "CANCEL":
      return (said) => callable.has(said.method) && (keys.has(masterKey) || covers(said));
    default:
      return () => false;
  }
}

/** What a CANCEL calls off. */
const callable: ReadonlySet<Method> = new Set(["REQUEST", "ADD", "CANCEL"]);

/** Whoever got nothing before it knows nothing that could be called off. */
function isInvitation(said: Said | undefined): boolean {
  return said?.method === "REQUEST" && said.updates.length === 0;
}

/** What changed from before the earlier to after the later; all is new where all is new in either. */
function joinUpdates(earlier: Updates, later: Updates): Updates {
  if (earlier.length === 0 || later.length === 0) return [];
  const joined = new Map<string, Updates[number]>();
  for (const update of [...earlier, ...later]) {
    const name = `${update.key} ${update.name}`;
    const before = joined.get(name);
    joined.set(name, before ? from(before, update) : update);
  }
  const changed = [...joined.values()].filter((update) => update.old !== update.new);
  return changed.length > 0 ? changed : later;
}

function from({ old }: Updates[number], { kind, key, name, new: now }: Updates[number]): Updates[number] {
  return { kind, key, name, ...(old !== undefined && { old }), ...(now !== undefined && { new: now }) };
}
