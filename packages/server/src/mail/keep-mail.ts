import type { CalendarUserAddress, Evidence, Relation } from "@parley/engine";
import type { JudgedPart, Mail, MailReading, OfferedReason } from "@parley/engine/imip";
import { type House, isLocal } from "../scheduling/house.ts";
import { type MailFacts, receiveMessage } from "../scheduling/receive-message.ts";
import type { SenderProof } from "../scheduling/sender-proof.ts";
import type { LedgerRow, Principal, Transaction } from "../store/store.ts";
import { isSignedBy, judgeSender } from "./evidence.ts";
import { replayHeld } from "./receive-again.ts";
import { recordBounce } from "./record-bounce.ts";

/** A mail as it came in, and what it says. */
export interface Incoming {
  /** Content address of what the ledger keeps of it. */
  readonly source: string;
  readonly mail: Mail;
  readonly reading: MailReading;
  /** `inside`: one of our own people sent it through us. No mail from outside can claim that. */
  readonly origin: "outside" | "inside";
  /** What our own check found of who sent it. */
  readonly proof?: SenderProof;
}

/** Keeps a mail for one principal, to whom it came by that address and who does not have it yet; all in the caller's transaction. */
export async function keepMail(
  house: House,
  transaction: Transaction,
  principal: Principal,
  { source, mail, reading, origin, proof }: Incoming,
  recipient: string,
): Promise<readonly LedgerRow[]> {
  const evidence = await findEvidence(house, transaction, principal, { mail, origin, ...(proof && { proof }) });
  if (evidence.from && isSignedBy(proof, evidence.from)) {
    await transaction.signers.add(principal.id, evidence.from, house.clock());
  }
  const facts = { ...factsOf(mail, recipient), source };
  const rows: LedgerRow[] = [];
  for (const [position, part] of reading.parts.entries()) {
    if (part.kind !== "message") {
      if (part.kind === "report") await recordBounce(transaction, principal, part.report, house.clock());
      rows.push(await keepOther(house, transaction, principal, part, evidence, facts));
      continue;
    }
    const { message } = part;
    const believed = part.offered ? offeredEvidence(evidence, part.offered) : evidence;
    const received = await receiveMessage(house, transaction, principal, message, believed, { ...facts, position });
    rows.push(received.row);
    if (received.outcome.kind === "applied") await replayHeld(house, transaction, principal, message.object.uid);
  }
  return rows;
}

/** Correspondents a stranger is compared with, the newest. */
const maxKnown = 900;

async function findEvidence(
  house: House,
  transaction: Transaction,
  principal: Principal,
  { mail, origin, proof }: Pick<Incoming, "mail" | "origin" | "proof">,
): Promise<Evidence> {
  const { principals, signers } = transaction;
  const judged = await judgeSender(mail, {
    trustedAuthservIds: house.trust.authservIds,
    trustRelay: house.trust.relay,
    relation: (from) => relationOf(house, transaction, principal, from),
    ...(proof && { proof }),
    ...(origin === "outside" && {
      hasSigned: (from) => signers.has(principal.id, from),
      known: async () => [...house.domains, ...(await principals.correspondents(principal.id, maxKnown))],
    }),
  });
  if (origin === "outside" || !judged.from) return judged;
  return { ...judged, strength: "local", detail: `${judged.from} is signed in here and sent it through this server.` };
}

/** What a sender is to the owner of a calendar. An outsider's mail From one of our domains makes nobody local. */
async function relationOf(
  house: House,
  transaction: Transaction,
  principal: Principal,
  from: CalendarUserAddress,
): Promise<Relation> {
  if (principal.addresses.includes(from)) return "self";
  if (isLocal(house, from) && (await transaction.principals.byAddress(from))) return "local";
  return (await transaction.principals.isCorrespondent(principal.id, from)) ? "correspondent" : "stranger";
}

function factsOf(mail: Mail, recipient: string): Omit<MailFacts, "source" | "position"> {
  return {
    subject: mail.subject,
    from: mail.from.map(({ address }) => address).join(", "),
    to: [recipient],
    ...(mail.messageId && { messageId: mail.messageId }),
  };
}

const whyOffered: Record<OfferedReason, string> = {
  forwarded: "It stands in a mail inside the mail, and who sent that is not known.",
  "no-method": "It has no METHOD: it asks for nothing, and is there for whoever wants it.",
};

/** Lowers what is believed of a message that may only be offered to a person, so that it is asked about at most. */
function offeredEvidence(evidence: Evidence, offered: OfferedReason): Evidence {
  const strength = evidence.strength === "none" ? "none" : "weak";
  return { ...evidence, strength, detail: `${evidence.detail} ${whyOffered[offered]}` };
}

const otherRules = { unreadable: "RFC 6047 §2.4", ignored: "RFC 3834 §2", report: "RFC 3464" } as const;

/** Keeps what asks for nothing that could be done: a calendar that cannot be read, a report, an automatic mail. */
function keepOther(
  house: House,
  transaction: Transaction,
  principal: Principal,
  part: Exclude<JudgedPart, { kind: "message" }>,
  evidence: Evidence,
  facts: Omit<MailFacts, "position">,
): Promise<LedgerRow> {
  return transaction.ledger.add({
    principal: principal.id,
    at: house.clock(),
    direction: "in",
    ...facts,
    verdict: part.kind === "unreadable" ? "unreadable" : "ignored",
    rule: otherRules[part.kind],
    reason: part.detail,
    evidence,
    changes: [],
    violations: [],
  });
}
