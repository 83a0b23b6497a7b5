/** A mail in two: what is said of the mail, and what it holds. Octets as latin1. */
export interface MailInTwo {
  /** Fields with the lines they go on in, without the line end of the last. */
  readonly outer: readonly string[];
  /** Fields whose names begin with `Content-`, and the body. */
  readonly entity: string;
}

/** Parts the fields of a mail from those of its content, which go inside what is signed or encrypted: RFC 8551 §3.1. */
export function partMail(raw: Uint8Array): MailInTwo {
  const { fields, body } = splitEntity(Buffer.from(raw).toString("latin1"));
  const inner = fields.filter(isOfContent).map((field) => `${field}\r\n`);
  return { outer: fields.filter((field) => !isOfContent(field)), entity: `${inner.join("")}\r\n${body}` };
}

/** Gives octets the line ends of mail. A CR by itself is no line end: it stays the letter it is to everybody who reads the mail. */
export function withCrlf(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1");
}

/** Splits an entity with the line ends of mail into its fields and its body. */
export function splitEntity(text: string): { readonly fields: readonly string[]; readonly body: string } {
  const end = `\r\n${text}`.indexOf("\r\n\r\n");
  const header = end < 0 ? text : text.slice(0, end);
  const fields = header.match(/(?:[^\r\n]|\r(?!\n))+(?:\r\n[ \t](?:[^\r\n]|\r(?!\n))*)*/g) ?? [];
  return { fields, body: end < 0 ? "" : text.slice(end + 2) };
}

/** Tells whether a field is about the content. */
export function isOfContent(field: string): boolean {
  return /^content-/i.test(field);
}

/**
 * Tells whether a text holds nothing but ASCII that can be seen. Of AES in CBC whoever puts pieces of a mail together gets a block of noise before each,
 * and noise is nearly never that.
 */
export function isPlain(text: string): boolean {
  return /^[\t\r\n -~]*$/.test(text);
}

/** Lays octets out as base64 in lines of a mail. */
export function base64Lines(bytes: Uint8Array): readonly string[] {
  return (
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  );
}
