/** An address of a mail header: the address itself as written, and the name beside it. */
export interface MailAddress {
  readonly address: string;
  readonly name?: string;
}

/** What the header of a mail says that iMIP needs, RFC 6047 §2, and the marks of mails that no person wrote. */
export interface MailHeader {
  /** All addresses of all From headers; more than one is suspicious. */
  readonly from: readonly MailAddress[];
  readonly sender?: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  /** With its angle brackets. */
  readonly messageId?: string;
  /** The first Message-ID of In-Reply-To, with its angle brackets. */
  readonly inReplyTo?: string;
  /** Seconds since 1970, from the Date header. */
  readonly date?: number;
  /** Lower-case value of Auto-Submitted, RFC 3834 §5; absent means `no`. */
  readonly autoSubmitted?: string;
  /** Lower-case value of Precedence. */
  readonly precedence?: string;
  /** Names of the headers of this mail, in lower case, by which programs of old mark automatic answers. */
  readonly answerMarks?: readonly string[];
}

/**
 * A node of a parsed mail, RFC 2045. Leaves hold their content with the transfer encoding undone and nothing else changed;
 * multiparts hold parts. A `message/rfc822` holds one part, the mail inside, and its header; a `text/rfc822-headers` that alone.
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
  /** Lower-case tags of Content-Language, in order. */
  readonly languages?: readonly string[];
  /** Content of a leaf that iMIP looks into, transfer encoding undone. */
  readonly bytes?: Uint8Array;
  /** The header of a mail inside the mail. */
  readonly header?: MailHeader;
  /** Children of a multipart, in order, or the one of a mail inside the mail. */
  readonly parts: readonly MailPart[];
}

/** A parsed mail: its header and its tree of parts. */
export interface Mail extends MailHeader {
  /** Authentication-Results headers, topmost first, unfolded, RFC 8601 §2.2. */
  readonly authenticationResults: readonly string[];
  readonly root: MailPart;
  /** What could not be read of the mail itself, in words. */
  readonly problems: readonly string[];
}
