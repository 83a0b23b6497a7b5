declare const canonical: unique symbol;

/**
 * The canonical address of a calendar user: for mail the bare address in lower case (`ann@example.test`),
 * for any other URI the URI as written (`urn:uuid:...`). Only `parseAddress` makes one, so equal users compare equal.
 */
export type CalendarUserAddress = string & { readonly [canonical]: true };

/** Octets of UTF-8 that every database can put into an index beside other columns. */
const maxAddressOctets = 1_000;
const mailScheme = /^mailto:/i;
/** Neither part has a control, nor a character that turns the direction of those around it. */
const mailAddress =
  /^[^\s@<>"',;:\\[\]()\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+@[^\s@<>"',;:\\[\]()/\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/;
const otherUri = /^[a-z][a-z0-9+.-]*:[^\s\u0000-\u001f\u007f]+$/i;

/**
 * Reads a CAL-ADDRESS value or a mail address into its canonical form. RFC 5545 §3.3.3.
 * Takes what products send: `mailto:` in any case or missing, percent-encoding, letters in any case, an address cut
 * short by `%3C`. Returns `undefined` for what is no address; never throws.
 */
export function parseAddress(text: string): CalendarUserAddress | undefined {
  const trimmed = text.trim();
  if (trimmed.length === 0 || isTooLong(trimmed)) return undefined;
  const hasScheme = mailScheme.test(trimmed);
  if (!hasScheme && !trimmed.includes("@")) {
    return otherUri.test(trimmed) ? (trimmed as CalendarUserAddress) : undefined;
  }
  const address = decodePercent(hasScheme ? trimmed.slice(7) : trimmed)
    .replace(/[<?].*$/s, "")
    .trim();
  if (mailAddress.test(address)) return lowerCase(address);
  return !hasScheme && otherUri.test(trimmed) ? (trimmed as CalendarUserAddress) : undefined;
}

/**
 * Reads the address of a mailbox, as a mail header or an envelope has it, RFC 5322 §3.4.1. Unlike a CAL-ADDRESS it is no URI:
 * nothing is decoded, cut or completed, so that nobody's address can be read as somebody else's.
 */
export function parseMailbox(text: string): CalendarUserAddress | undefined {
  const trimmed = text.trim();
  const isOne = !isTooLong(trimmed) && mailAddress.test(trimmed) && !mailScheme.test(trimmed);
  return isOne ? lowerCase(trimmed) : undefined;
}

/** Takes the plus-tag off a mail address: whose mailbox it is (`ann+work@example.test` is `ann@example.test`). */
export function withoutTag(address: CalendarUserAddress): CalendarUserAddress {
  return address.replace(/\+[^@]*(?=@)/, "") as CalendarUserAddress;
}

/** Counts three octets for each UTF-16 unit that is not ASCII: none has more. */
function isTooLong(text: string): boolean {
  if (text.length > maxAddressOctets) return true;
  return text.length + 2 * text.replace(/[\u0000-\u007f]+/g, "").length > maxAddressOctets;
}

/** Folds ASCII letters alone: other letters that look or fold alike are other letters. */
function lowerCase(address: string): CalendarUserAddress {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) as CalendarUserAddress;
}

/** Formats an address as a CAL-ADDRESS value: `mailto:` before a mail address, any other URI as it is. */
export function formatAddress(address: CalendarUserAddress): string {
  return isMailAddress(address) ? `mailto:${encodeMail(address)}` : address;
}

/** Tells whether mail can be sent to the address. */
export function isMailAddress(address: CalendarUserAddress): boolean {
  return mailAddress.test(address);
}

/** The part after the `@` of a mail address; empty for any other URI. */
export function domainOf(address: CalendarUserAddress): string {
  return isMailAddress(address) ? address.slice(address.lastIndexOf("@") + 1) : "";
}

function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoding: `%` is a legal character of a local part
  }
}

/** RFC 6068 §2: `%` must be encoded; the others that matter cannot pass `parseAddress`. */
function encodeMail(address: string): string {
  return address.replace(/%/g, "%25").replace(/\?/g, "%3F").replace(/#/g, "%23");
}
