import {
  type CalendarObject,
  type CalendarUserAddress,
  type Change,
  type EpochSeconds,
  leadingComponent,
  type Method,
  type SchedulingMessage,
} from "@parley/engine";
import { type ComposedMail, composeMail } from "@parley/engine/imip";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import type { Principal, Transaction } from "../store/store.ts";
import { beyondBudget } from "./budget.ts";
import type { House } from "./house.ts";
import { derivedMessageId, identityOf, type MailIdentity } from "./message-id.ts";
import { zoneOf } from "./span.ts";
import { findUnsent, joinUnsent, nothingUnsent, type Said, saidBy } from "./supersede.ts";

/** Who made a message leave: the owner, who wrote or acted, or a mail that came in. */
export type Cause = "owner" | "mail";

/** Is what a delivery carries, as JSON under its content address. */
export interface Payload {
  readonly from: { readonly address: string; readonly name: string };
  readonly date: EpochSeconds;
  readonly mail: ComposedMail;
  /** Absent in what an older program has queued: that is never superseded. */
  readonly said?: Said;
}

/** Why a message leaves, for the ledger. */
export interface Why {
  readonly rule: string;
  readonly changes: readonly string[];
}

/** What an Organizer sends by writing: it waits a little for what is written next. Decision 0027. */
const organizers: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL"]);

/**
 * Writes an outgoing message into the ledger and queues one delivery for each recipient, superseding those that wait and that it says
 * again. Recipients for whom it takes the place of others get what changed since they last heard: a message and a body of their own,
 * made and kept once for all to whom it says the same. What would only call off what was never sent is not sent. Decision 0027.
 */
export async function enqueue(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  why: Why,
  cause: Cause,
): Promise<void> {
  const now = house.clock();
  const { pauseSeconds } = house.delivery;
  const unsent = pauseSeconds > 0 ? await findUnsent(transaction, principal, message.object.uid, now) : nothingUnsent;
  const identity = identityOf(message, message.originator ?? principal.address);
  const joined = joinUnsent(message, identity, unsent);
  await transaction.deliveries.supersede(joined.superseded, now);
  const pause = cause === "owner" && organizers.has(message.method) ? pauseSeconds : 0;
  const due = (recipient: CalendarUserAddress): EpochSeconds =>
    Math.min(now + pause, Math.max(now, joined.due.get(recipient) ?? Number.POSITIVE_INFINITY));
  for (const one of joined.messages) await enqueueOne(house, transaction, principal, one, identity, why, due);
}

async function enqueueOne(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  identity: MailIdentity,
  why: Why,
  due: (recipient: CalendarUserAddress) => EpochSeconds,
): Promise<void> {
  const mail = composeMail(message, {
    provider: house.zones,
    limits: house.limits,
    changes: inWords(house, principal, message.updates, message.object),
    senderName: principal.name,
    zone: zoneOf(house, principal),
  });
  const { sender, sequence, dtstamp } = identity;
  const held = await beyondBudget(house, transaction, principal, message);
  const reasons = new Set(message.recipients.flatMap((recipient) => held.get(recipient) ?? []));
  for (const reason of reasons) house.onHeld?.(principal, message.object.uid, reason);
  const { id } = await transaction.ledger.add({
    principal: principal.id,
    at: house.clock(),
    direction: "out",
    method: message.method,
    uid: message.object.uid,
    sequence,
    subject: mail.subject,
    from: sender,
    to: message.recipients,
    verdict: "sent",
    ...why,
    reason: [...reasons].map((reason) => `Held back: ${reason}.`).join(" "),
    violations: [],
  });
  const from = { address: sender, name: principal.name };
  const content: Payload = { from, mail, date: dtstamp, said: saidBy(message) };
  const payload = await transaction.ledger.putSource(new TextEncoder().encode(JSON.stringify(content)));
  await transaction.deliveries.enqueue(
    message.recipients.map((recipient) => {
      const hold = held.get(recipient);
      return {
        message: id,
        principal: principal.id,
        uid: message.object.uid,
        recipient,
        due: due(recipient),
        payload,
        messageId: derivedMessageId(identity, recipient),
        ...(hold !== undefined && { held: hold }),
      };
    }),
    house.clock(),
  );
}

/** Says changes in the words and the zone of the principal; names are those of the object's Attendees. */
export function inWords(
  house: House,
  principal: Principal,
  changes: readonly Change[],
  object: CalendarObject | undefined,
): readonly string[] {
  const timezones = object?.timezones ?? [];
  const names = new Map<CalendarUserAddress, string>();
  for (const { address, name } of object ? leadingComponent(object).attendees.values() : []) {
    if (name) names.set(address, name);
  }
  const zones = makeZoneResolver(timezones, house.zones, house.limits);
  return describeChanges(changes, { zone: zoneOf(house, principal), zones, names });
}
