import { isDeepStrictEqual } from "node:util";
import { parseAddress, parseInstanceKey } from "@parley/engine";
import { busyPeriods } from "@parley/engine/freebusy";
import { allTime, basisFor, busyOptions, indexAnew } from "../scheduling/busy-index.ts";
import type { House } from "../scheduling/house.ts";
import { spanOf } from "../scheduling/span.ts";
import { privacyOf } from "../store/privacy.ts";
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
 * Makes anew what follows from other rows: spans, the index of busy time, and marks; removes documents and sources nothing refers to. What was
 * written by people or by others is never touched. Tells what is wrong after it.
 */
export async function repairStore(house: House): Promise<CheckReport> {
  await house.store.write(({ upkeep }) => upkeep.repair());
  const wrong = await house.store.read((transaction) => findWrongTimes(house, transaction));
  for (const row of wrong) {
    await house.store.write(async (transaction) => {
      const looked = await lookAt(transaction, row);
      if (looked.kind === "read") await indexAnew(house, transaction, looked.principal, looked.stored);
    });
  }
  return checkStore(house);
}

/** Also those that are not in the index: it has them then. */
async function findWrongTimes(house: House, transaction: ReadTransaction): Promise<readonly RawRow[]> {
  const wrong: RawRow[] = [];
  for await (const row of rowsOf(transaction, "objects")) {
    const looked = await lookAt(transaction, row);
    if (looked.kind === "unreadable") continue;
    const faults = await findTimeFaults(house, transaction, looked, row);
    if (faults.length > 0 || !(await transaction.busy.ofObject(looked.stored.id))) wrong.push(row);
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
  const { stored } = looked;
  const { object } = stored.state;
  if (object && object.uid !== stored.uid) {
    yield { invariant: "object", where, detail: `its document is of UID ${object.uid}`, repairable: false };
  }
  const privacy = (object && privacyOf(object)) ?? null;
  if (privacy !== row["privacy"]) {
    const detail = `is marked ${String(row["privacy"])}, and its document says ${String(privacy)}`;
    yield { invariant: "privacy", where, detail, repairable: false };
  }
  for (const detail of strayRegisters(stored)) yield { invariant: "register", where, detail, repairable: false };
  yield* await findTimeFaults(house, transaction, looked, row);
}

/** Finds what the indexes of time have that is not so. What was placed by other zone data is a job's to place anew, and no fault. */
async function findTimeFaults(
  house: House,
  { busy }: ReadTransaction,
  { principal, stored: { id, state } }: Extract<Looked, { kind: "read" }>,
  row: RawRow,
): Promise<readonly Fault[]> {
  const where = `objects ${id}`;
  const faults: Fault[] = [];
  const indexed = await busy.ofObject(id);
  if (indexed && indexed.basis !== basisFor(house, principal)) return faults;
  const span = spanOf(house, principal, state);
  if (span.starts !== row["starts"] || span.ends !== row["ends"]) {
    const detail = `is listed from ${row["starts"]} to ${row["ends"]}, but is from ${span.starts} to ${span.ends}`;
    faults.push({ invariant: "span", where, detail, repairable: true });
  }
  if (!indexed) return faults;
  const range = { from: indexed.from ?? allTime.from, to: indexed.until ?? allTime.to };
  const { periods } = busyPeriods([state], range, busyOptions(house, principal));
  if (!isDeepStrictEqual(periods, indexed.periods)) {
    const detail = `the index has ${indexed.periods.length} periods of busy time, and there are ${periods.length}, or others`;
    faults.push({ invariant: "busy time", where, detail, repairable: true });
  }
  return faults;
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
