import { parseAddress, parseInstanceKey } from "@parley/engine";
import type { House } from "../scheduling/house.ts";
import { spanOf } from "../scheduling/span.ts";
import type { Fault, Principal, RawRow, ReadTransaction, StoredObject } from "../store/store.ts";
import { findMessageFaults } from "./check-messages.ts";
import { rowsOf } from "./rows.ts";

/** Faults told in one run; mending these brings up the others. */
const maxFaults = 1_000;

/** What a check of the whole store has found. */
export interface CheckReport {
  /** What was looked at: rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
  /** There are more faults than are told. */
  readonly more: boolean;
}

/** Checks all that must be true of what is kept, over one consistent view. Others may read and write meanwhile. */
export function checkStore(house: House): Promise<CheckReport> {
  return house.store.read(async (transaction) => {
    const faults: Fault[] = [];
    let more = false;
    for await (const fault of findFaults(house, transaction)) {
      more = faults.length === maxFaults;
      if (more) break;
      faults.push(fault);
    }
    const rows: Record<string, number> = {};
    for (const table of transaction.upkeep.tables) rows[table] = await transaction.upkeep.count(table);
    return { rows, faults, more };
  });
}

/**
 * Makes anew what follows from other rows: spans and marks; removes documents and sources nothing refers to. What was written by
 * people or by others is never touched. Tells what is wrong after it.
 */
export async function repairStore(house: House): Promise<CheckReport> {
  await house.store.write(({ upkeep }) => upkeep.repair());
  const wrong = await house.store.read((transaction) => findWrongSpans(house, transaction));
  for (const row of wrong) {
    await house.store.write(async (transaction) => {
      const looked = await lookAt(transaction, row);
      if (looked.kind === "unreadable") return;
      await transaction.upkeep.setSpan(looked.stored.id, spanOf(house, looked.principal, looked.stored.state));
    });
  }
  return checkStore(house);
}

async function findWrongSpans(house: House, transaction: ReadTransaction): Promise<readonly RawRow[]> {
  const wrong: RawRow[] = [];
  for await (const row of rowsOf(transaction, "objects")) {
    const looked = await lookAt(transaction, row);
    if (looked.kind === "read" && differs(spanOf(house, looked.principal, looked.stored.state), row)) wrong.push(row);
  }
  return wrong;
}

async function* findFaults(house: House, transaction: ReadTransaction): AsyncGenerator<Fault> {
  yield* transaction.upkeep.faults();
  for await (const row of rowsOf(transaction, "objects")) yield* findObjectFaults(house, transaction, row);
  yield* findMessageFaults(transaction);
}

type Looked =
  | { readonly kind: "read"; readonly principal: Principal; readonly stored: StoredObject }
  | { readonly kind: "unreadable"; readonly detail: string };

/** Loads an object as the server does. What cannot be read throws there, and is a finding here. */
async function lookAt(transaction: ReadTransaction, row: RawRow): Promise<Looked> {
  const owner = String(row["principal_id"]);
  const principal = await transaction.principals.byId(owner);
  if (!principal) return { kind: "unreadable", detail: "it is nobody's" };
  try {
    const stored = await transaction.objects.byUid(owner, String(row["uid"]));
    if (stored?.id === String(row["id"])) return { kind: "read", principal, stored };
    return { kind: "unreadable", detail: "it is not found by its UID" };
  } catch (error) {
    return { kind: "unreadable", detail: error instanceof Error ? error.message : String(error) };
  }
}

async function* findObjectFaults(house: House, transaction: ReadTransaction, row: RawRow): AsyncGenerator<Fault> {
  const where = `objects ${String(row["id"])}`;
  const looked = await lookAt(transaction, row);
  if (looked.kind === "unreadable") {
    yield { invariant: "object", where, detail: looked.detail, repairable: false };
    return;
  }
  const { principal, stored } = looked;
  const { object } = stored.state;
  if (object && object.uid !== stored.uid) {
    yield { invariant: "object", where, detail: `its document is of UID ${object.uid}`, repairable: false };
  }
  for (const detail of strayRegisters(stored)) yield { invariant: "register", where, detail, repairable: false };
  const span = spanOf(house, principal, stored.state);
  if (!differs(span, row)) return;
  const detail = `is listed from ${row["starts"]} to ${row["ends"]}, but is from ${span.starts} to ${span.ends}`;
  yield { invariant: "span", where, detail, repairable: true };
}

function differs(span: { readonly starts: number; readonly ends: number | null }, row: RawRow): boolean {
  return span.starts !== row["starts"] || span.ends !== row["ends"];
}

/**
 * Registers may outlive what they are of: an Attendee who was taken off the list, an Instance the series has no more. But each names
 * somebody by a canonical address, and an Instance by a key that can be one.
 */
function strayRegisters({ state }: StoredObject): readonly string[] {
  const { revisions, participations, sent, proposals, healings, own, speakers } = state;
  const personal = [...participations.stored.values(), ...proposals.stored.values()];
  const addresses = [
    ...speakers,
    ...personal.map(({ attendee }) => attendee),
    ...[...sent.stored.values()].map(({ attendee }) => attendee),
    ...healings.stored.keys(),
  ];
  const keys = [
    ...revisions.stored.keys(),
    ...own.stored.keys(),
    ...personal.map(({ key }) => key),
    ...[...sent.stored.values()].flatMap(({ instances }) => instances),
  ];
  return [
    ...addresses.filter((address) => parseAddress(address) !== address).map((one) => `${one} is no canonical address`),
    ...keys.filter((key) => key !== "" && !parseInstanceKey(key)).map((key) => `${key} is the key of no Instance`),
  ];
}
