import { type CalendarUserAddress, withoutTag } from "@parley/engine";
import { type MailReading, readSchedulingMail } from "@parley/engine/imip";
import type { House } from "../scheduling/house.ts";
import type { DeliveredInside, Payload } from "../scheduling/payload.ts";
import type { Delivery, Principal, ReadTransaction, Transaction } from "../store/store.ts";
import { isForMembers } from "./deliver-mail.ts";
import { insideMail } from "./inside-mail.ts";
import { keepMail } from "./keep-mail.ts";

/** Copies that one transaction makes: others wait no longer than for these, and one that fails is alone soon. */
const maxTogether = 10;

/**
 * Delivers what one of our own people sent to those of its recipients who are ours: the calendar is read once, and many copies are made
 * in one transaction, together with the record that they were delivered. Where one of them fails each is made by itself. What is
 * judged, kept and said of it is as if it had come as a mail from a proven sender. Decision 0030.
 */
export async function deliverInside(
  house: House,
  payload: Payload,
  deliveries: readonly Delivery[],
): Promise<DeliveredInside> {
  const mail = insideMail(payload);
  const reading = readSchedulingMail(mail, house.zones, house.limits);
  const found = await house.store.read((transaction) => findTargets(transaction, deliveries, reading));
  const keep = (targets: readonly Target[]) =>
    house.store.write((transaction) => keepTogether(house, transaction, { mail, reading }, targets));
  const failed = new Map<Delivery, unknown>();
  for (let start = 0; start < found.targets.length; start += maxTogether) {
    const together = found.targets.slice(start, start + maxTogether);
    for (const [delivery, error] of await keepEach(keep, together)) failed.set(delivery, error);
  }
  await settleGroups(
    house,
    found.groups.filter((delivery) => !failed.has(delivery)),
  );
  const elsewhere = new Set(found.elsewhere);
  await showDelivered(
    house,
    deliveries.filter((delivery) => !elsewhere.has(delivery)),
  );
  return { elsewhere: found.elsewhere, failed: [...failed].map(([delivery, error]) => ({ delivery, error })) };
}

/** One calendar a delivery goes to. */
interface Target {
  readonly principal: Principal;
  readonly delivery: Delivery;
  /** Its delivery has other targets too: it is recorded when all have it. */
  readonly isOneOfMany: boolean;
}

interface Targets {
  /** By principal, so that transactions which hold several people's locks take them in one order: decision 0026. */
  readonly targets: readonly Target[];
  readonly groups: readonly Delivery[];
  readonly elsewhere: readonly Delivery[];
}

async function findTargets(
  transaction: ReadTransaction,
  deliveries: readonly Delivery[],
  reading: MailReading,
): Promise<Targets> {
  const targets: Target[] = [];
  const groups: Delivery[] = [];
  const elsewhere: Delivery[] = [];
  const addresses = deliveries.flatMap(({ recipient }) => [recipient, withoutTag(recipient)]);
  const owners = await transaction.principals.byAddresses([...new Set(addresses)]);
  for (const delivery of deliveries) {
    const { recipient } = delivery;
    const principal = owners.get(recipient) ?? owners.get(withoutTag(recipient));
    if (!principal) {
      elsewhere.push(delivery);
      continue;
    }
    const isGroup = principal.kind === "group";
    if (isGroup) groups.push(delivery);
    const people = isGroup && isForMembers(reading) ? await transaction.principals.people(principal.id) : [];
    for (const one of [principal, ...people]) targets.push({ principal: one, delivery, isOneOfMany: isGroup });
  }
  targets.sort((a, b) => (a.principal.id < b.principal.id ? -1 : a.principal.id > b.principal.id ? 1 : 0));
  return { targets, groups, elsewhere };
}

type Keep = (targets: readonly Target[]) => Promise<void>;

/** Makes copies together, or else each by itself; gives those that failed. */
async function keepEach(keep: Keep, targets: readonly Target[]): Promise<readonly (readonly [Delivery, unknown])[]> {
  try {
    await keep(targets);
    return [];
  } catch (error) {
    const [only, ...others] = targets;
    if (only && others.length === 0) return [[only.delivery, error]];
  }
  const failed: (readonly [Delivery, unknown])[] = [];
  for (const target of targets) failed.push(...(await keepEach(keep, [target])));
  return failed;
}

async function keepTogether(
  house: House,
  writing: Transaction,
  said: { readonly mail: ReturnType<typeof insideMail>; readonly reading: MailReading },
  targets: readonly Target[],
): Promise<void> {
  const transaction = rememberingPeople(writing);
  // Looked at first for all, as that takes everybody's lock: decision 0026.
  const known = new Set<Target>();
  for (const target of targets) {
    const { messageId, payload } = target.delivery;
    if (await transaction.ledger.duplicate(target.principal.id, messageId, payload)) known.add(target);
  }
  for (const target of targets) {
    const { principal, delivery, isOneOfMany } = target;
    const { payload: source, messageId, recipient } = delivery;
    const incoming = { ...said, mail: { ...said.mail, messageId }, source, origin: "inside" } as const;
    if (!known.has(target)) await keepMail(house, transaction, principal, incoming, recipient);
    if (!isOneOfMany) await settle(house, transaction, delivery);
  }
}

/** All copies have one sender, who is asked for with each. People only come: who is there stays. */
function rememberingPeople(transaction: Transaction): Transaction {
  const { principals } = transaction;
  const known = new Map<CalendarUserAddress, Principal>();
  const byAddress: typeof principals.byAddress = async (address) => {
    const found = known.get(address) ?? (await principals.byAddress(address));
    if (found) known.set(address, found);
    return found;
  };
  return { ...transaction, principals: { ...principals, byAddress } };
}

async function settleGroups(house: House, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await house.store.write(async (transaction) => {
    for (const delivery of deliveries) await settle(house, transaction, delivery);
  });
}

/** Has the senders' programs see how it fared, RFC 6638 §3.2.9: apart, as it takes the senders' locks. */
async function showDelivered(house: House, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const senders = new Map(
    deliveries.map(({ principal, uid }) => [JSON.stringify([principal, uid]), { principal, uid }]),
  );
  await house.store.write(async ({ calendars }) => {
    for (const { principal, uid } of senders.values()) await calendars.touch(principal, uid);
  });
}

async function settle(house: House, { deliveries }: Transaction, { id }: Delivery): Promise<void> {
  await deliveries.settle(id, { state: "handed-over", due: house.clock(), detail: "" });
}
