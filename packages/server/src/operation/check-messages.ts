import { columnText } from "../store/keys.ts";
import type { Fault, LedgerRow, RawRow, ReadTransaction } from "../store/store.ts";
import { rowsOf } from "./rows.ts";

/** Finds what is wrong with messages and their deliveries. */
export async function* findMessageFaults(transaction: ReadTransaction): AsyncGenerator<Fault> {
  for await (const raw of rowsOf(transaction, "messages")) {
    const where = `messages ${String(raw["id"])}`;
    const row = await readRow(transaction, raw);
    if (typeof row === "string") {
      yield { invariant: "message", where, detail: row, repairable: false };
      continue;
    }
    for (const detail of contradictionsIn(row)) yield { invariant: "message", where, detail, repairable: false };
    for (const detail of await findDeliveryFaults(transaction, row)) {
      yield { invariant: "delivery", where, detail, repairable: false };
    }
  }
}

/** Reads a ledger row as the server does, or says why it cannot be read. */
async function readRow({ ledger }: ReadTransaction, raw: RawRow): Promise<LedgerRow | string> {
  try {
    const row = await ledger.byId(String(raw["principal_id"]), String(raw["id"]));
    return row ?? "it is nobody's";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function contradictionsIn(row: LedgerRow): readonly string[] {
  return [
    ...(row.direction === "in" && (row.verdict === "sent" || row.verdict === "undelivered")
      ? ["it came in, and was sent by us"]
      : []),
    ...(row.direction === "out" && row.verdict !== "sent" && row.verdict !== "undelivered"
      ? [`it went out, and is ${row.verdict}`]
      : []),
    ...(row.position !== undefined && row.source === undefined ? ["it is of a mail, and there is none"] : []),
    ...(row.rule === "" ? ["no rule decided it"] : []),
  ];
}

/**
 * Each recipient of what we sent has a delivery, of this message or of an earlier one that was the same mail (Message-IDs are
 * derived, a mail is queued once).
 */
async function findDeliveryFaults({ deliveries, queue }: ReadTransaction, row: LedgerRow): Promise<readonly string[]> {
  const own = await deliveries.ofMessage(row.id);
  const wrong = own.filter((delivery) => delivery.principal !== row.principal || delivery.uid !== row.uid);
  const faults = wrong.map((delivery) => `delivery ${delivery.id} is of another meeting or person`);
  if (row.verdict !== "sent") {
    return own.length > 0 ? [...faults, "it was not sent by us, and has deliveries"] : faults;
  }
  const served = new Set(own.map(({ recipient }) => columnText(recipient)));
  for (const recipient of row.to) {
    if (served.has(recipient) || (await queue.hasEarlier(row, recipient))) continue;
    faults.push(`nothing was queued for ${recipient}`);
  }
  return faults;
}
