import {
  type CalendarObject,
  type CalendarUserAddress,
  defaultLimits,
  type Participation,
  parseAddress,
  participationKey,
  type Registers,
  readCalendarObject,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import { type Component, makeComponent, makeParameter, type Property } from "@parley/engine/icalendar";
import { utc, type ZoneProvider } from "@parley/engine/recurrence";
import type { Delivery, LedgerRecord, Store, Transaction } from "../../src/store/store.ts";

export const uid = "planning@example.test";
export const now = 1_800_000_000;
export const span = { starts: now, ends: now + 3_600 };

/** Knows UTC only: the store must not need more than it is given. */
export const zones: ZoneProvider = {
  zone: (name) => (name === "UTC" ? utc : undefined),
};
export const storeOptions = { zones, limits: defaultLimits };

export function address(text: string): CalendarUserAddress {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
}

export function property(
  name: string,
  value: string,
  parameters: readonly (readonly [string, string])[] = [],
): Property {
  return { name, value, parameters: parameters.map(([key, text]) => makeParameter(key, [text])) };
}

export function event(
  options: {
    readonly uid?: string;
    readonly summary?: string;
    readonly guests?: number;
    readonly recurrenceId?: string;
  } = {},
): Component {
  const guests = Array.from({ length: options.guests ?? 0 }, (_, guest) =>
    property("ATTENDEE", `mailto:guest${guest}@example.test`, [["CN", `Guest, ${guest}`]]),
  );
  return makeComponent("VEVENT", [
    property("UID", options.uid ?? uid),
    property("DTSTAMP", "20270101T000000Z"),
    property("DTSTART", "20270115T080000Z"),
    ...(options.recurrenceId ? [property("RECURRENCE-ID", options.recurrenceId)] : []),
    property("SUMMARY", options.summary ?? "Planning\\, again"),
    property("ORGANIZER", "mailto:ann@example.test"),
    ...guests,
  ]);
}

export function calendarObject(...components: readonly Component[]): CalendarObject {
  const reading = readCalendarObject(makeComponent("VCALENDAR", [], components), () => undefined, defaultLimits);
  if ("problem" in reading) throw new Error(reading.problem);
  return reading.object;
}

export function stateOf(object: CalendarObject, registers: Partial<SchedulingState> = {}): SchedulingState {
  return { ...unknownState, object, ...registers };
}

/** Registers of which all were written. */
export function written<Value>(...entries: readonly (readonly [string, Value])[]): Registers<Value> {
  return { stored: new Map(), written: new Map(entries) };
}

/** Writes one register over those there are. */
export function writtenOver<Value>(registers: Registers<Value>, key: string, value: Value): Registers<Value> {
  return { stored: registers.stored, written: new Map([...registers.written, [key, value]]) };
}

export function answer(attendee: string, partstat: Participation["partstat"] = "ACCEPTED", key = ""): Participation {
  return {
    attendee: address(attendee),
    key,
    partstat,
    reply: { sequence: 0, dtstamp: now },
    answeredSequence: 0,
  };
}

/** Saves an answer in the state as it is stored now. */
export async function saveAnswer(transaction: Transaction, principal: string, participation: Participation) {
  const stored = await transaction.objects.byUid(principal, uid);
  const state = stored?.state ?? stateOf(calendarObject(event()));
  const key = participationKey(participation.attendee, participation.key, participation.range);
  const participations = writtenOver(state.participations, key, participation);
  return transaction.objects.save(principal, uid, { ...state, participations }, span);
}

export function addAnn(store: Store, name = "ann") {
  return store.write((transaction) => ensurePrincipal(transaction, name));
}

export async function ensurePrincipal(transaction: Transaction, name: string) {
  const own = address(`${name}@example.test`);
  const known = await transaction.principals.byAddress(own);
  return known ?? transaction.principals.add({ name, address: own, addresses: [own], timezone: "Europe/Berlin" });
}

export function ledgerRecord(principal: string, fields: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    principal,
    at: now,
    direction: "in",
    subject: "Planning",
    from: "bob@example.test",
    to: ["ann@example.test"],
    verdict: "applied",
    rule: "RFC 5546 §3.2.3",
    reason: "Bob answers.",
    changes: [],
    violations: [],
    ...fields,
  };
}

/** Queues deliveries named by their Message-ID, after the ledger row and the payload they stand on. */
export async function enqueue(
  transaction: Transaction,
  principal: string,
  ...deliveries: readonly (Pick<Delivery, "messageId"> & Partial<Delivery>)[]
) {
  const payload = await transaction.ledger.putSource(new TextEncoder().encode("{}"));
  const { id: message } = await transaction.ledger.add(ledgerRecord(principal, { direction: "out", verdict: "sent" }));
  await transaction.deliveries.enqueue(
    deliveries.map(({ messageId, ...fields }) => ({
      message,
      principal,
      uid: fields.uid ?? uid,
      recipient: fields.recipient ?? address("bob@example.test"),
      due: fields.due ?? now,
      payload,
      messageId,
      ...(fields.held !== undefined && { held: fields.held }),
    })),
    now,
  );
  return message;
}
