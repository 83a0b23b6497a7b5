import type { LedgerRecord } from "../store/store.ts";
import type { ChangeResult } from "./change-object.ts";
import type { House } from "./house.ts";

/** What a change would come to. */
export interface Preview {
  readonly result: ChangeResult;
  /** What would be sent to whom, as the ledger would tell it. */
  readonly messages: readonly LedgerRecord[];
}

/**
 * Makes a change as it would be made, tells what it would send, and takes all of it back: the transaction is rolled back, and nobody is
 * woken. `change` must do nothing but through the house it is given.
 */
export async function previewChange(house: House, change: (house: House) => Promise<ChangeResult>): Promise<Preview> {
  let messages: readonly LedgerRecord[] = [];
  const result = await change({ ...house, store: { ...house.store, write }, onHeld: () => {} });
  return { result, messages };

  async function write<Result>(work: Parameters<typeof house.store.write<Result>>[0]): Promise<Result> {
    const takenBack = new Error("a preview is not kept");
    let done: { readonly result: Result } | undefined;
    try {
      return await house.store.write(async (transaction) => {
        const sent: LedgerRecord[] = [];
        const add: typeof transaction.ledger.add = (record) => {
          if (record.verdict === "sent") sent.push(record);
          return transaction.ledger.add(record);
        };
        done = { result: await work({ ...transaction, ledger: { ...transaction.ledger, add } }) };
        messages = sent;
        throw takenBack;
      });
    } catch (error) {
      if (error !== takenBack || !done) throw error;
      return done.result;
    }
  }
}
