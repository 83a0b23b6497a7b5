import {
  type CalendarObject,
  type CalendarUserAddress,
  type Change,
  type EpochSeconds,
  leadingComponent,
  type Method,
  type SchedulingMessage,
} from "@parley/engine";
import { composeMail, composeSubject } from "@parley/engine/imip";
import { languageOf } from "@parley/engine/languages";
import type { MailLanguage } from "@parley/engine/mail-languages";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import type { Principal, Transaction } from "../store/store.ts";
import { keepLinks, prepareLinks, revokeLinks } from "./answer-links.ts";
import { answeredMail } from "./answered-mail.ts";
import { beyondBudget } from "./budget.ts";
import type { Cause } from "./cause.ts";
import type { House } from "./house.ts";
import { derivedMessageId, identityOf, type MailIdentity } from "./message-id.ts";
import { type AutoSubmitted, formatPayload, type Payload } from "./payload.ts";
import { languageOfPrincipal, readersOf } from "./readers.ts";
import { zoneOf } from "./span.ts";
import { findUnsent, joinUnsent, nothingUnsent, saidBy } from "./supersede.ts";

/** Why a message leaves, for the ledger. */
export interface Why {
  readonly rule: string;
  readonly changes: readonly string[];
}

/** What an Organizer sends by writing: it waits a little for what is written next. Decision 0027. */
const organizers: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL"]);

/**
 * Writes the messages of an outcome into the ledger, in their order, and queues one delivery for each recipient, superseding those that
 * wait and that it says again. Recipients for whom one takes the place of others get what changed since they last heard: a message and a
 * body of their own, made and kept once for all to whom it says the same. What would only call off what was never sent is not sent.
 * Decision 0027.
 */
export async function enqueue(
  house: House,
  transaction: Transaction,
  principal: Principal,
  messages: readonly SchedulingMessage[],
  why: Why,
  cause: Cause,
): Promise<void> {
  if (messages.length === 0) return;
  const secret = await secretOf(house, transaction);
  for (const message of messages) {
    const identity = identityOf(message, message.originator ?? principal.address, secret);
    await joinAndEnqueue(house, transaction, principal, message, identity, why, cause);
  }
}

async function joinAndEnqueue(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  identity: MailIdentity,
  why: Why,
  cause: Cause,
): Promise<void> {
  const now = house.clock();
  const { pauseSeconds } = house.delivery;
  const unsent = pauseSeconds > 0 ? await findUnsent(transaction, principal, message.object.uid, now) : nothingUnsent;
  const joined = joinUnsent(message, identity, unsent);
  await transaction.deliveries.supersede(joined.superseded, now);
  const isWriting = cause === "owner" && organizers.has(message.method) && message.object.type !== "VFREEBUSY";
  const pause = isWriting ? pauseSeconds : 0;
  const due = (recipient: CalendarUserAddress): EpochSeconds =>
    Math.min(now + pause, Math.max(now, joined.due.get(recipient) ?? Number.POSITIVE_INFINITY));
  const automatic = automaticMark(message, cause);
  const inReplyTo = await answeredMail(house, transaction, principal, message, cause);
  const marks = { ...(automatic && { automatic }), ...(inReplyTo !== undefined && { inReplyTo }) };
  const sending = { identity, why, due, marks };
  for (const one of joined.messages) await enqueueOne(house, transaction, principal, one, sending);
}

/**
 * Says how what no person had sent is marked, RFC 3834 §5.2: `auto-replied` what answers a message, `auto-generated` what an Organizer's
 * copy tells others because of it.
 */
function automaticMark({ method, recipients }: SchedulingMessage, cause: Cause): AutoSubmitted | undefined {
  if (cause === "owner" || cause === "decision") return undefined;
  const isAnswer = !organizers.has(method) || (cause.from !== undefined && recipients.includes(cause.from));
  return isAnswer ? "auto-replied" : "auto-generated";
}

interface Sending {
  readonly identity: MailIdentity;
  readonly why: Why;
  readonly due: (recipient: CalendarUserAddress) => EpochSeconds;
  readonly marks: Pick<Payload, "automatic" | "inReplyTo">;
}

/** Gives what no Message-ID can be derived without; made, as random as a UID, when the first message leaves. */
async function secretOf({ makeUid }: House, { secrets }: Transaction): Promise<string> {
  const name = "message-id";
  return (await secrets.get(name)) ?? secrets.keep(name, makeUid());
}

async function enqueueOne(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  { identity, why, due, marks }: Sending,
): Promise<void> {
  const { sender, sequence, dtstamp } = identity;
  const isAutomatic = marks.automatic !== undefined;
  const held = await beyondBudget(house, transaction, principal, message, isAutomatic);
  const own = languageOfPrincipal(house, principal);
  const whatsNew = (language: MailLanguage): readonly string[] =>
    inWords(house, principal, message.updates, message.object, language);
  const reasons = new Set(message.recipients.flatMap((recipient) => held.get(recipient) ?? []));
  for (const reason of reasons) house.onHeld?.(principal, message.object.uid, reason);
  const { id } = await transaction.ledger.add({
    principal: principal.id,
    at: house.clock(),
    direction: "out",
    method: message.method,
    uid: message.object.uid,
    sequence,
    subject: composeSubject(message, { changes: whatsNew(own), language: own }),
    from: sender,
    to: message.recipients,
    verdict: "sent",
    ...why,
    reason: [...reasons].map((reason) => `Held back: ${reason}.`).join(" "),
    violations: [],
  });
  const from = { address: sender, name: principal.name };
  await revokeLinks(transaction, principal, message);
  const linking = await prepareLinks(house, transaction, principal, message);
  for (const { language, recipients } of await readersOf(house, transaction, principal, message)) {
    const isLinked = linking && recipients.some((recipient) => linking.guests.has(recipient));
    const mail = composeMail(message, {
      ...{ provider: house.zones, limits: house.limits, language },
      ...{ changes: whatsNew(language), senderName: principal.name, zone: zoneOf(house, principal) },
      ...(isLinked && { links: linking.links }),
    });
    const all = { ...marks, ...(isLinked && { placeholder: linking.placeholder }) };
    const content = formatPayload({ from, mail, date: dtstamp, said: saidBy(message), ...all });
    const payload = await transaction.ledger.putSource(content);
    const deliveries = recipients.map((recipient) => {
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
        ...(isAutomatic && { isAutomatic }),
      };
    });
    await transaction.deliveries.enqueue(deliveries, house.clock());
    if (isLinked) await keepLinks(house, transaction, principal, message, linking, deliveries);
  }
}

/** Says changes in the zone of the principal, and in their language or another; names are those of the object's Attendees. */
export function inWords(
  house: House,
  principal: Principal,
  changes: readonly Change[],
  object: CalendarObject | undefined,
  { code } = languageOfPrincipal(house, principal),
): readonly string[] {
  if (changes.length === 0) return [];
  const names = object ? namesOf(leadingComponent(object).attendees) : new Map<CalendarUserAddress, string>();
  const zones = makeZoneResolver(object?.timezones ?? [], house.zones, house.limits);
  return describeChanges(changes, { zone: zoneOf(house, principal), zones, names, language: languageOf(code) });
}

type Attendees = ReturnType<typeof leadingComponent>["attendees"];

/** Many are told of one list, one after the other. */
const namesOfLists = new WeakMap<Attendees, ReadonlyMap<CalendarUserAddress, string>>();

function namesOf(attendees: Attendees): ReadonlyMap<CalendarUserAddress, string> {
  const known = namesOfLists.get(attendees);
  if (known) return known;
  const named = [...attendees.values()].flatMap(({ address, name }) => (name ? [[address, name] as const] : []));
  const names = new Map(named);
  namesOfLists.set(attendees, names);
  return names;
}
