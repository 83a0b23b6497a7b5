/** An address of a mail header: the address itself as written, and the name beside it. */
export interface MailAddress {
  readonly address: string;
  readonly name?: string;
}

/**
 * A node of a parsed mail, RFC 2045. Leaves hold their content with the transfer encoding undone and nothing else changed;
 * multiparts hold parts. A `message/rfc822` is a leaf: what is inside a forwarded mail or a bounce is not ours to act on.
 */
export interface MailPart {
  /** Lower-case `type/subtype`; `text/plain` where the mail names none. */
  readonly contentType: string;
  /** Content-Type parameters, names in lower case, values as written. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Lower-case Content-Disposition type. */
  readonly disposition?: string;
  /** The name of the file, from Content-Disposition or Content-Type. */
  readonly filename?: string;
  /** Content of a leaf, transfer encoding undone. */
  readonly bytes?: Uint8Array;
  /** Children of a multipart, in order. */
  readonly parts: readonly MailPart[];
}

/** A parsed mail: the headers iMIP needs (RFC 6047 §2) and its tree of parts. */
export interface Mail {
  /** All addresses of all From headers; more than one is suspicious. */
  readonly from: readonly MailAddress[];
  readonly sender?: MailAddress;
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  /** With its angle brackets. */
  readonly messageId?: string;
  /** Seconds since 1970, from the Date header. */
  readonly date?: number;
  /** Lower-case value of Auto-Submitted, RFC 3834 §5; absent means `no`. */
  readonly autoSubmitted?: string;
  /** Authentication-Results headers, topmost first, unfolded, RFC 8601 §2.2. */
  readonly authenticationResults: readonly string[];
  readonly root: MailPart;
  /** What could not be read of the mail itself, in words. */
  readonly problems: readonly string[];
}
