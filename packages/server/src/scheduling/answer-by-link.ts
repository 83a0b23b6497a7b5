import { createHash } from "node:crypto";
import {
  type Action,
  act,
  type EpochSeconds,
  type Evidence,
  type InstanceKey,
  masterKey,
  type Outcome,
  objectComponents,
  type SchedulingMessage,
} from "@parley/engine";
import { composeMail } from "@parley/engine/imip";
import type { AnswerLink } from "../store/answer-link.ts";
import type { Principal, ReadTransaction, Transaction } from "../store/store.ts";
import { expiryOf, formToken, hashOf, wantsLinks } from "./answer-links.ts";
import { type GuestCopy, guestCopy } from "./guest-copy.ts";
import type { House } from "./house.ts";
import { showInside } from "./payload.ts";
import { languageOfPrincipal } from "./readers.ts";
import { receiveMessage } from "./receive-message.ts";
import { zoneOf } from "./span.ts";

const dayInSeconds = 86_400;
/** Answers by one link within a day. */
const maxAnswersPerDay = 30;

/** What a link opens. */
export interface OpenLink {
  readonly link: AnswerLink;
  readonly principal: Principal;
  readonly copy: GuestCopy;
  /** Names the present version: a form that was made of another one is not taken. */
  readonly version: string;
  /** What is told has a newer version than the mail of the link told of. */
  readonly isNewer: boolean;
  /** The only Instances it is for; absent where it is for all there is. */
  readonly only?: ReadonlySet<InstanceKey>;
  /** What the form must bring with it: whoever sends something to an address without looking at it has none. */
  readonly form: string;
}

/** An answer as it comes from a form. */
export interface LinkAnswer {
  readonly form: string;
  readonly version: string;
  readonly action: Extract<Action, { kind: "answer" | "counter" }>;
}

/** What became of an answer. */
export type LinkResult =
  | { readonly kind: "gone" }
  /** Kept; `open` shows it. */
  | { readonly kind: "done"; readonly open: OpenLink }
  /** It is otherwise by now than the form said: nothing is kept. */
  | { readonly kind: "changed"; readonly open: OpenLink }
  | { readonly kind: "too-often"; readonly open: OpenLink }
  /** A newer answer of theirs is known. */
  | { readonly kind: "superseded"; readonly open: OpenLink }
  /** The engine does not take it; `outcome` says why. */
  | { readonly kind: "refused"; readonly open: OpenLink; readonly outcome: Exclude<Outcome, { kind: "applied" }> };

/** Opens a link and changes nothing. `undefined` alike for what never was a link, has expired, was taken back, or is for nothing any more. */
export async function openLink(
  house: House,
  transaction: ReadTransaction,
  token: string,
): Promise<OpenLink | undefined> {
  const link = await transaction.answerLinks.find(hashOf(token));
  if (!house.answerLinks || !link || link.expires <= house.clock()) return undefined;
  const principal = await transaction.principals.byId(link.principal);
  if (!principal || !(await wantsLinks(transaction, principal))) return undefined;
  const stored = await transaction.objects.byUid(principal.id, link.uid);
  const copy = stored && guestCopy(house, principal, stored.state, link.attendee);
  if (!copy) return undefined;
  const present = new Map(objectComponents(copy.request.object).map(({ key, revision }) => [key, revision.sequence]));
  const isWhole = link.told.some(([key]) => key === masterKey);
  return {
    link,
    principal,
    copy,
    version: createHash("sha256")
      .update(JSON.stringify([...present]))
      .digest("base64url")
      .slice(0, 22),
    isNewer: link.told.some(([key, sequence]) => (present.get(key) ?? sequence) > sequence),
    ...(!isWhole && { only: new Set(link.told.map(([key]) => key)) }),
    form: formToken(token),
  };
}

/**
 * Answers for the one Attendee a link was made for: the REPLY or COUNTER their calendar would send, received as a mail is, with the evidence
 * `link`. Loads, judges, keeps and writes the ledger in one transaction. Decision 0037.
 */
export function answerByLink(house: House, token: string, answer: LinkAnswer): Promise<LinkResult> {
  return house.store.write(async (transaction): Promise<LinkResult> => {
    const open = await openLink(house, transaction, token);
    if (open?.form !== answer.form) return { kind: "gone" };
    if (open.version !== answer.version) return { kind: "changed", open };
    const now = house.clock();
    const answered = countAnswer(open.link.answered, now);
    if (answered.count > maxAnswersPerDay) return { kind: "too-often", open };
    const { copy, only } = open;
    const { key = masterKey } = answer.action;
    if (only && !only.has(key)) return { kind: "gone" };
    const said = act(copy.state, answer.action, copy.context);
    if (said.kind !== "applied") return { kind: "refused", open, outcome: said };
    const outcomes: Outcome[] = [];
    for (const message of said.messages) outcomes.push(await receiveAnswer(house, transaction, open, message));
    const expires = Math.max(open.link.expires, expiryOf(house, open.principal, copy.request.object));
    await transaction.answerLinks.note(open.link.tokenHash, { expires, answered });
    const after = (await openLink(house, transaction, token)) ?? open;
    const failed = outcomes.find((outcome) => outcome.kind !== "applied");
    if (!failed) return { kind: "done", open: after };
    const isOld = failed.kind === "ignored" && (failed.reason === "superseded" || failed.reason === "duplicate");
    return isOld ? { kind: "superseded", open: after } : { kind: "refused", open: after, outcome: failed };
  });
}

function countAnswer({ since, count }: AnswerLink["answered"], now: EpochSeconds): AnswerLink["answered"] {
  return now - since < dayInSeconds ? { since, count: count + 1 } : { since: now, count: 1 };
}

/** Receives what the guest says, and keeps it as the mail it would have come in. */
async function receiveAnswer(
  house: House,
  transaction: Transaction,
  { principal, link: { attendee }, copy }: OpenLink,
  message: SchedulingMessage,
): Promise<Outcome> {
  const { context } = copy;
  const language = languageOfPrincipal(house, principal);
  const mail = composeMail(message, {
    ...{ provider: house.zones, limits: house.limits, language, zone: zoneOf(house, principal) },
    ...{ changes: [], senderName: context.ownerName ?? "" },
  });
  const from = { address: attendee, name: context.ownerName ?? "" };
  const row = { to: [principal.address] };
  const source = await transaction.ledger.putSource(showInside({ from, date: house.clock(), mail }, row));
  const evidence: Evidence = {
    strength: "link",
    from: attendee,
    relation: "correspondent",
    confirmedByOwner: false,
    detail: `Answered on the web, by the link that ${attendee} was sent.`,
  };
  const facts = { subject: mail.subject, from: attendee, to: row.to, source, position: 0 };
  return (await receiveMessage(house, transaction, principal, message, evidence, facts)).outcome;
}
