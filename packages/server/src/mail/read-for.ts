import { type Mail, type MailPart, type MailReading, readSchedulingMail } from "@parley/engine/imip";
import type { House } from "../scheduling/house.ts";
import type { Principal } from "../store/store.ts";

/**
 * Reads a mail for one of our people: where an invitation is there in several languages, in theirs. Which messages there are, and in
 * what order, does not depend on it.
 */
export function readMailFor(
  { zones, limits, locale }: House,
  mail: Mail,
  reader: Pick<Principal, "locale">,
  envelopeSender?: string,
): MailReading {
  const languages = [reader.locale, locale].flatMap((tag) => (tag === undefined ? [] : widening(tag.toLowerCase())));
  return readSchedulingMail(mail, zones, limits, {
    languages,
    ...(envelopeSender !== undefined && { envelopeSender }),
  });
}

/** Tells whether a part of a mail says what language it is in: else it reads alike to all. */
export function namesLanguages({ languages, parts }: MailPart): boolean {
  return languages !== undefined || parts.some(namesLanguages);
}

/** `de-at` is served best by itself, and then by any `de`. */
function widening(tag: string): readonly string[] {
  const [language = tag] = tag.split("-");
  return language === tag ? [tag] : [tag, language];
}
