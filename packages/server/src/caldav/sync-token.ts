/** What a token is of: a calendar, or an inbox. */
type TokenKind = "calendar" | "inbox";

/** Writes how far somebody knows what happened in a collection, RFC 6578 §4: a URI, and opaque to them. */
export function formatToken(kind: TokenKind, id: string, revision: number): string {
  return `urn:parley:sync:${kind}:${id}:${revision}`;
}

/** Reads a token of a collection; `undefined` for one of another, and for what we never wrote. */
export function readToken(token: string, kind: TokenKind, id: string): number | undefined {
  const prefix = `urn:parley:sync:${kind}:${id}:`;
  const rest = token.startsWith(prefix) ? token.slice(prefix.length) : "";
  return /^\d{1,15}$/.test(rest) ? Number(rest) : undefined;
}
