import type { CalendarUserAddress, SchedulingMessage } from "@parley/engine";
import { localesOf } from "@parley/engine/imip";
import { type MailLanguage, mailLanguageOf } from "@parley/engine/mail-languages";
import type { Principal, Transaction } from "../store/store.ts";
import { type House, isLocal } from "./house.ts";

/** Recipients of one message who read one language. */
export interface Readers {
  readonly language: MailLanguage;
  readonly recipients: readonly CalendarUserAddress[];
}

/**
 * Sorts the recipients of a message by what they read: the LANGUAGE their ATTENDEE or ORGANIZER says, else their own locale where they
 * are people of ours, else the sender's, else the house's.
 */
export async function readersOf(
  house: House,
  { principals }: Transaction,
  principal: Principal,
  { object, recipients }: SchedulingMessage,
): Promise<readonly Readers[]> {
  const written = localesOf(object);
  const ours = recipients.filter((recipient) => !written.has(recipient) && isLocal(house, recipient));
  const known = await principals.locales(ours);
  const readers = Map.groupBy(recipients, (recipient) =>
    mailLanguageOf(written.get(recipient), known.get(recipient), principal.locale, house.locale),
  );
  return [...readers].map(([language, group]) => ({ language, recipients: group }));
}

/** Finds the language a principal reads. */
export function languageOfPrincipal(house: House, { locale }: Principal): MailLanguage {
  return mailLanguageOf(locale, house.locale);
}
