import type { Method, SchedulingMessage } from "@parley/engine";
import type { LedgerRow, Principal, Transaction } from "../store/store.ts";
import type { Cause } from "./cause.ts";
import { type House, isLocal } from "./house.ts";

/** Which methods a method answers; the others answer none. */
const answered: Readonly<Partial<Record<Method, ReadonlySet<string | undefined>>>> = {
  REPLY: new Set(["REQUEST", "ADD"]),
  COUNTER: new Set(["REQUEST", "ADD"]),
  REFRESH: new Set(["REQUEST", "ADD", "CANCEL"]),
  DECLINECOUNTER: new Set(["COUNTER"]),
};

/** Rows looked at: who has sent more of one UID since gets an answer that names none. */
const maxRows = 50;
/** What is longer is written to be long: it would fill a line of our header. */
const messageIdForm = /^<[!-;=?-~]{1,250}>$/;

/**
 * Finds the Message-ID of the mail a message answers, RFC 5322 §3.6.4: the one that made it leave, or else the last one of its UID that it can be an
 * answer to. `undefined` where there is none, and where nobody elsewhere would read it.
 */
export async function answeredMail(
  house: House,
  { ledger }: Transaction,
  principal: Principal,
  { method, object, recipients }: SchedulingMessage,
  cause: Cause,
): Promise<string | undefined> {
  const of = answered[method];
  if (!of || recipients.every((recipient) => isLocal(house, recipient))) return undefined;
  const found = typeof cause === "object" ? cause.messageId : (await findRow())?.messageId;
  return found !== undefined && messageIdForm.test(found) ? found : undefined;

  async function findRow(): Promise<LedgerRow | undefined> {
    const rows = await ledger.list(principal.id, { uid: object.uid, limit: maxRows });
    return rows.find(
      ({ direction, method: its, from, verdict }) =>
        direction === "in" &&
        of?.has(its) &&
        (verdict === "applied" || verdict === "undecided") &&
        // Several may have proposed another time; whoever invites is one, whatever address they write from.
        (method !== "DECLINECOUNTER" || recipients.some((recipient) => recipient === from)),
    );
  }
}
