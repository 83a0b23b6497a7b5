import { domainToASCII, domainToUnicode } from "node:url";
import { type CalendarUserAddress, objectComponents, parseMailbox, withoutTag } from "@parley/engine";
import type { Mail, MailReading } from "@parley/engine/imip";
import addressparser from "nodemailer/lib/addressparser";
import type { Principal, ReadTransaction } from "../store/store.ts";
import { allFields, firstField, type HeaderField, readHeader } from "./header-field.ts";

/** What the header of a mail tells of the envelope it was delivered with, where the envelope itself is not there. */
export interface EnvelopeTraces {
  /** Whom the topmost Return-Path says it is from; empty for a report, absent where there is none. */
  readonly from?: string;
  /** For each header that names whom a mail was delivered to, what it says, the nearest delivery first. */
  readonly deliveredTo: readonly (readonly string[])[];
  /** A mailing list has passed it on. */
  readonly isOfList: boolean;
}

/** Where mail servers write down the recipient of the envelope, the surest first. */
const deliveryHeaders = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"] as const;
const maxHeaderBytes = 1024 * 1024;
const maxFields = 50;
/** Recipients a mail can name of itself; a door with an envelope has its own bound. */
const maxRecipients = 100;
const maxCandidates = 1_000;
const maxDomainLength = 253;

/**
 * Finds whose calendar a mail address stands for: as it is, without its plus-tag, with its domain spelled the other way (RFC 5890). It
 * only finds an owner: nothing here says that anybody may do anything.
 */
export async function findRecipient(transaction: ReadTransaction, recipient: string): Promise<Principal | undefined> {
  return (await findOwners(transaction, [recipient])).get(recipient);
}

/** Those of the addresses that stand for somebody's calendar, in their order; one look into the store for all. */
async function findOwners(
  { principals }: ReadTransaction,
  recipients: readonly string[],
): Promise<ReadonlyMap<string, Principal>> {
  const written = recipients.map((recipient) => {
    const spellings = spellingsOf(recipient);
    return { recipient, addresses: [...spellings, ...spellings.map(withoutTag)] };
  });
  const owners = await principals.byAddresses([...new Set(written.flatMap(({ addresses }) => addresses))]);
  const found = new Map<string, Principal>();
  for (const { recipient, addresses } of written) {
    const address = addresses.find((each) => owners.has(each));
    const owner = address && owners.get(address);
    if (owner) found.set(recipient, owner);
  }
  return found;
}

/** A domain is written in its own letters, or as `xn--`: mail servers turn one into the other. */
function spellingsOf(recipient: string): readonly CalendarUserAddress[] {
  const at = recipient.lastIndexOf("@");
  const [local, domain] = [recipient.slice(0, at), recipient.slice(at + 1).replace(/\.$/, "")];
  if (at < 1 || domain.length > maxDomainLength) return [];
  const domains = [domain, domainToASCII(domain), domainToUnicode(domain)].filter((each) => each !== "");
  return [...new Set(domains.flatMap((each) => parseMailbox(`${local}@${each}`) ?? []))];
}

/** Reads what the header of a mail tells of its envelope. Bounded; never throws. */
export function readEnvelopeTraces(bytes: Uint8Array): EnvelopeTraces {
  const fields = readHeader(headerOf(bytes));
  const [, bracketed, bare] = /^<([^<>]*)>|^(\S+@[^\s<>]+)$/.exec(firstField(fields, "return-path") ?? "") ?? [];
  const from = bracketed?.trim() ?? bare;
  return {
    ...(from !== undefined && { from }),
    deliveredTo: deliveryHeaders.flatMap((name) => addressesIn(fields, name)),
    isOfList: firstField(fields, "list-id") !== undefined,
  };
}

function headerOf(bytes: Uint8Array): Uint8Array {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, maxHeaderBytes));
  const ends = ["\n\n", "\n\r\n"].map((blank) => start.indexOf(blank)).filter((end) => end >= 0);
  return start.subarray(0, Math.min(start.length, ...ends));
}

/** Each field of that name by itself: the topmost is of the delivery that came last. */
function addressesIn(fields: readonly HeaderField[], name: string): readonly (readonly string[])[] {
  return allFields(fields, name)
    .slice(0, maxFields)
    .map((value) => addressparser(value, { flatten: true }).map(({ address }) => address));
}

/**
 * Finds for whom of our people a mail is that came without an envelope; the first that names any decides: whom it was delivered to,
 * header by header; To and Cc; and of what a mailing list has passed on the ATTENDEEs, which may be the list as a group of ours. The
 * addresses by which they were found, one for each person, at most 100. None: it is for nobody here.
 */
export async function findRecipients(
  transaction: ReadTransaction,
  traces: EnvelopeTraces,
  mail: Mail,
  reading: MailReading,
): Promise<readonly string[]> {
  const addressed = [...mail.to, ...mail.cc].map(({ address }) => address);
  const places = [...traces.deliveredTo, addressed, ...(traces.isOfList ? [invitedBy(reading)] : [])];
  for (const place of places) {
    const owners = await findOwners(transaction, place.slice(0, maxCandidates));
    const named = new Map<string, string>();
    for (const [address, { id }] of owners) if (!named.has(id)) named.set(id, address);
    if (named.size > 0) return [...named.values()].slice(0, maxRecipients);
  }
  return [];
}

/** Whom the messages of a mail name as ATTENDEEs. */
function invitedBy({ parts }: MailReading): readonly string[] {
  const messages = parts.filter((part) => part.kind === "message");
  const components = messages.flatMap(({ message }) => objectComponents(message.object));
  return [...new Set(components.flatMap(({ attendees }) => [...attendees.keys()].slice(0, maxCandidates)))];
}
