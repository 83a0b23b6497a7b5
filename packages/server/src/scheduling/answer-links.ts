import { createHash, createHmac } from "node:crypto";
import {
  type CalendarUserAddress,
  type EpochSeconds,
  masterKey,
  objectComponents,
  organizerOf,
  type SchedulingMessage,
  withoutTag,
} from "@parley/engine";
import type { AnswerLinks, ComposedMail } from "@parley/engine/imip";
import type { ToldComponent } from "../store/answer-link.ts";
import type { Delivery, Principal, ReadTransaction, Store, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";
import type { Payload } from "./payload.ts";
import { preferenceOf } from "./preferences.ts";
import { spanOf } from "./span.ts";

const dayInSeconds = 86_400;
/** After the end of an event its guests can still say how it was meant. */
const daysAfterEnd = 14;
/** No link is good for longer; one that is used begins anew. */
const maxDays = 400;
/** Components of one mail that can be answered by its links. */
const maxTold = 100;
const tokenOctets = 16;
const secretName = "answer-links";

/** How the mails of one message get their links. */
export interface Linking {
  /** What stands for the token in what all recipients share. */
  readonly placeholder: string;
  readonly links: AnswerLinks;
  /** Who gets links: whoever has no calendar here. */
  readonly guests: ReadonlySet<CalendarUserAddress>;
  readonly secret: string;
}

/**
 * Prepares the links of a message that asks guests elsewhere for an answer; `undefined` where it is none, or house or person want none.
 * Decision 0037.
 */
export async function prepareLinks(
  house: House,
  transaction: Transaction,
  principal: Principal,
  { method, object, recipients }: SchedulingMessage,
): Promise<Linking | undefined> {
  const organizer = organizerOf(object)?.address;
  const isAsking = (method === "REQUEST" || method === "ADD") && (object.type === "VEVENT" || object.type === "VTODO");
  if (!house.answerLinks || !isAsking || !organizer || !principal.addresses.includes(organizer)) return undefined;
  if (!(await wantsLinks(transaction, principal))) return undefined;
  const names = [...new Set(recipients.flatMap((recipient) => [recipient, withoutTag(recipient)]))];
  const ours = await transaction.principals.byAddresses(names);
  const guests = recipients.filter((recipient) => !ours.has(recipient) && !ours.has(withoutTag(recipient)));
  if (guests.length === 0) return undefined;
  const secret = await keptSecret(house, transaction);
  const placeholder = derive(secret, ["placeholder", object.uid]);
  const links = linksTo(house.answerLinks.url, placeholder, object.type === "VEVENT");
  return { placeholder, links, guests: new Set(guests), secret };
}

/** Whether somebody lets guests answer by links: else no mail of theirs has any, and none that has is good. */
export async function wantsLinks(transaction: ReadTransaction, principal: Principal): Promise<boolean> {
  return (await preferenceOf(transaction, principal, "answer-links")) !== "off";
}

function linksTo(url: string, token: string, canMove: boolean): AnswerLinks {
  const at = (answer: string): string => `${new URL(`/answer/${token}`, url).href}?answer=${answer}`;
  return {
    ...{ accept: at("accept"), tentative: at("tentative"), decline: at("decline") },
    ...(canMove && { propose: at("propose") }),
  };
}

/** Keeps the links of deliveries that are queued in the same transaction. */
export async function keepLinks(
  house: House,
  { answerLinks }: Transaction,
  principal: Principal,
  { object }: SchedulingMessage,
  { guests, secret }: Linking,
  deliveries: readonly Pick<Delivery, "messageId" | "recipient">[],
): Promise<void> {
  const expires = expiryOf(house, principal, object);
  const told = toldBy(object);
  const links = deliveries.flatMap(({ messageId, recipient }) => {
    if (!guests.has(recipient)) return [];
    const tokenHash = hashOf(tokenOf(secret, messageId, recipient));
    return [{ tokenHash, principal: principal.id, uid: object.uid, attendee: recipient, told, expires }];
  });
  await answerLinks.add(links);
}

/** Takes back the links of those who are no longer invited to any of it. */
export async function revokeLinks(
  { answerLinks }: Transaction,
  principal: Principal,
  { method, object, recipients }: SchedulingMessage,
): Promise<void> {
  if (method === "CANCEL" && object.master) await answerLinks.revoke(principal.id, object.uid, recipients);
}

/** Tells until when a link to an object is good: for some days after its end, or of what goes on for about a year. */
export function expiryOf(house: House, principal: Principal, object: SchedulingMessage["object"]): EpochSeconds {
  const { ends } = spanOf(house, principal, { object });
  const now = house.clock();
  const latest = now + maxDays * dayInSeconds;
  return ends === null ? latest : Math.min(latest, Math.max(now, ends) + daysAfterEnd * dayInSeconds);
}

/** The whole stands for all of its Instances. */
function toldBy(object: SchedulingMessage["object"]): readonly ToldComponent[] {
  const all = objectComponents(object).map(({ key, revision }): ToldComponent => [key, revision.sequence]);
  const whole = all.find(([key]) => key === masterKey);
  const others = all.filter(([key]) => key !== masterKey);
  return [...(whole ? [whole] : []), ...others].slice(0, maxTold);
}

/**
 * Puts the links of one recipient into the mail they share with others. Their token is derived from the mail, so that what is sent again is
 * the same.
 */
export async function withOwnLinks(
  store: Store,
  { mail, placeholder }: Payload,
  { messageId, recipient }: Pick<Delivery, "messageId" | "recipient">,
): Promise<ComposedMail> {
  if (placeholder === undefined) return mail;
  const secret = await store.read(({ secrets }) => secrets.get(secretName));
  if (secret === undefined) throw new Error("the secret of the answer links is gone");
  const token = tokenOf(secret, messageId, recipient);
  return { ...mail, text: mail.text.replaceAll(placeholder, token), html: mail.html.replaceAll(placeholder, token) };
}

/** Gives what a link is kept by. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Gives what the form of a link must bring with it; it tells nothing to who does not know the link. */
export function formToken(token: string): string {
  return derive(token, ["form"]);
}

function tokenOf(secret: string, messageId: string, recipient: CalendarUserAddress): string {
  return derive(secret, ["token", messageId, recipient]);
}

function derive(secret: string, of: readonly string[]): string {
  const digest = createHmac("sha256", secret).update(JSON.stringify(of)).digest();
  return digest.subarray(0, tokenOctets).toString("base64url");
}

async function keptSecret({ makeUid }: House, { secrets }: Transaction): Promise<string> {
  return (await secrets.get(secretName)) ?? secrets.keep(secretName, makeUid());
}
