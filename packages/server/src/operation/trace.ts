import { type EpochSeconds, isOverruled, type Participation, type SchedulingState } from "@parley/engine";
import type { House } from "../scheduling/house.ts";
import type { Delivery, LedgerRow, Principal, ReadTransaction } from "../store/store.ts";

/** Rows read at once. */
const pageSize = 500;
/** Rows told of one person; the newest are. */
const maxRows = 10_000;

/** Everything that happened to one meeting, as each person here saw it. */
export interface Trace {
  readonly uid: string;
  /** Messages older than that may have been removed; absent where none ever was. */
  readonly removedBefore?: EpochSeconds;
  readonly people: readonly PersonTrace[];
}

/** One person's part in a meeting: how their copy stands, and every message about it. */
export interface PersonTrace {
  readonly person: string;
  /** Absent where they never had one. */
  readonly copy?: {
    readonly id: string;
    /** They removed it, or it was taken from them. */
    readonly removed: boolean;
    readonly answers: readonly TracedAnswer[];
  };
  /** Oldest first. */
  readonly messages: readonly TracedMessage[];
  /** There are older ones. */
  readonly more: boolean;
}

/** What somebody has answered: the whole, one Instance, or that one and all after. */
export interface TracedAnswer {
  readonly attendee: string;
  /** Empty for the whole. */
  readonly instance: string;
  readonly range?: Participation["range"];
  readonly partstat: string;
}

/** One message of the ledger, with how it fared on its way. */
export type TracedMessage = Omit<LedgerRow, "principal" | "question" | "source" | "position"> & {
  readonly deliveries: readonly Pick<Delivery, "recipient" | "state" | "attempts" | "due" | "detail" | "messageId">[];
};

/** Tells the story of a UID for one person, or for all who have anything to do with it. */
export function traceMeeting(house: House, uid: string, only: Principal | undefined): Promise<Trace> {
  return house.store.read(async (transaction) => {
    const people: PersonTrace[] = [];
    for (const person of only ? [only] : await transaction.principals.list()) {
      const trace = await tracePerson(transaction, person, uid);
      if (trace.copy || trace.messages.length > 0) people.push(trace);
    }
    const removedBefore = await transaction.retention.removedBefore();
    return { uid, ...(removedBefore !== undefined && { removedBefore }), people };
  });
}

async function tracePerson(transaction: ReadTransaction, person: Principal, uid: string): Promise<PersonTrace> {
  const stored = await transaction.objects.byUid(person.id, uid);
  const answers = stored ? answersIn(stored.state) : [];
  const rows = await readRows(transaction, person, uid);
  const messages: TracedMessage[] = [];
  for (const row of rows.slice(0, maxRows).reverse()) messages.push(await traceMessage(transaction, row));
  return {
    person: person.address,
    ...(stored && { copy: { id: stored.id, removed: stored.state.object === undefined, answers } }),
    messages,
    more: rows.length > maxRows,
  };
}

function answersIn(state: SchedulingState): readonly TracedAnswer[] {
  const standing = [...state.participations.stored.values()].filter((said) => !isOverruled(state, said));
  return standing.map(({ attendee, key, range, partstat }) => ({
    attendee,
    instance: key,
    ...(range && { range }),
    partstat,
  }));
}

/** Newest first, one more than are told. */
async function readRows({ ledger }: ReadTransaction, person: Principal, uid: string): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  while (rows.length <= maxRows) {
    const last = rows.at(-1);
    const page = await ledger.list(person.id, { uid, limit: pageSize, ...(last && { before: last.id }) });
    rows.push(...page);
    if (page.length < pageSize) break;
  }
  return rows;
}

async function traceMessage({ deliveries }: ReadTransaction, row: LedgerRow): Promise<TracedMessage> {
  const { principal: _, question: __, source: ___, position: ____, ...told } = row;
  const own = row.direction === "out" ? await deliveries.ofMessage(row.id) : [];
  return {
    ...told,
    deliveries: own.map(({ recipient, state, attempts, due, detail, messageId }) => {
      return { recipient, state, attempts, due, detail, messageId };
    }),
  };
}
