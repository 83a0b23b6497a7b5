import type { JudgedPart } from "@parley/engine/imip";
import type { House } from "../../scheduling/house.ts";
import { type DeliverResult, decryptFor, deliverOpen, type OpenMail, openMail } from "../deliver-mail.ts";
import { findRecipient, findRecipients, readEnvelopeTraces } from "../recipients.ts";
import type { Place } from "./imap-connection.ts";

/** What became of a mail of a mailbox: it is done with, and where it belongs now; or it has to be tried again. */
export type TakenIn =
  | { readonly kind: "done"; readonly place: Place; readonly reason: string }
  | { readonly kind: "try-again"; readonly error: unknown };

/**
 * Takes in a mail of a mailbox, for its owner where it has one, else for whom the mail names. When it is `done` its verdict is on the disk.
 *
 * - `handled`: somebody has it in their calendar or their ledger.
 * - `failed`: it asks something that nobody can read, or of nobody here.
 * - `left`: it asks nothing of a calendar, and nothing was kept of it: it is somebody's mail.
 */
export async function takeIn(house: House, bytes: Uint8Array, owner: string | undefined): Promise<TakenIn> {
  const traces = readEnvelopeTraces(bytes);
  const arrived = await openMail(house, bytes, "outside", traces.from);
  const recipients =
    owner === undefined
      ? await house.store.read((transaction) => findRecipients(transaction, traces, arrived.mail, arrived.reading))
      : [owner];
  const opened = await openForSome(house, arrived, recipients);
  if (opened.reading.parts.every(asksNothing)) return { kind: "done", place: "left", reason: "no calendar" };
  if (await isReportOfOthers(house, opened, recipients)) {
    return { kind: "done", place: "left", reason: "a report about a mail that is not ours" };
  }
  // As it arrived: what is encrypted is opened for each by themselves.
  return conclude(await deliverOpen(house, arrived, recipients));
}

/** What an encrypted mail asks shows only who has the key. */
async function openForSome(house: House, arrived: OpenMail, recipients: readonly string[]): Promise<OpenMail> {
  for (const recipient of recipients) {
    const opened = await decryptFor(house, arrived, recipient);
    if (opened !== arrived) return opened;
  }
  return arrived;
}

function asksNothing(part: JudgedPart): boolean {
  return part.kind === "ignored" || (part.kind === "unreadable" && part.reason === "no-calendar");
}

/** A mailbox of a person has reports about all they send. Who they are for is told by the mail they are about. */
async function isReportOfOthers(house: House, { reading }: OpenMail, recipients: readonly string[]): Promise<boolean> {
  const [part] = reading.parts;
  if (part?.kind !== "report") return false;
  const { messageId } = part.report;
  if (messageId === undefined) return true;
  return house.store.read(async (transaction) => {
    for (const recipient of recipients) {
      const principal = await findRecipient(transaction, recipient);
      if (principal && (await transaction.deliveries.byMessageId(principal.id, messageId))) return false;
    }
    return true;
  });
}

function conclude(results: readonly DeliverResult[]): TakenIn {
  const failed = results.find((result) => result.kind === "failed");
  if (failed) return { kind: "try-again", error: failed.error };
  const rows = results.flatMap((result) => ("rows" in result ? result.rows : []));
  const [first] = rows;
  if (!first) return { kind: "done", place: "failed", reason: "it is for nobody here" };
  const isRead = rows.some(({ verdict }) => verdict !== "unreadable");
  return { kind: "done", place: isRead ? "handled" : "failed", reason: first.verdict };
}
