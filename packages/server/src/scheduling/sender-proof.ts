import type { CalendarUserAddress } from "@parley/engine";

/**
 * Checks a mail itself: its DKIM signatures, its ARC chain and its S/MIME signature. `envelopeFrom` is who the relay said it is from;
 * `decrypted` what it was inside, where it came encrypted: a signature is in there. Never rejects: what cannot be looked up is `temporary`.
 */
export type SenderCheck = (bytes: Uint8Array, envelopeFrom?: string, decrypted?: Uint8Array) => Promise<SenderProof>;

/** What our own check of a mail has found. What was not checked is absent. */
export interface SenderProof {
  readonly dmarc?: DmarcFinding;
  readonly arc?: ArcFinding;
  readonly signature?: SignatureFinding;
}

/**
 * What DMARC says of the From domain, RFC 7489.
 *
 * - `pass`: a DKIM signature or SPF of a domain aligned with it.
 * - `fail`: neither, and both were checked.
 * - `unproven`: no signature proves it, and SPF could not be checked.
 * - `temporary`: what the verdict depends on could not be looked up.
 * - `none`: the domain has no policy.
 */
export interface DmarcFinding {
  readonly result: "pass" | "fail" | "unproven" | "temporary" | "none";
  readonly domain: string;
  /** In words: one sentence. */
  readonly detail: string;
}

/** A valid ARC chain, RFC 8617, in which a sealer we trust says that DMARC had passed for a domain. */
export interface ArcFinding {
  readonly sealer: string;
  readonly domain: string;
}

/** What the S/MIME signature of a whole mail is worth; it is looked for where authorities are configured. */
export type SignatureFinding =
  | { readonly kind: "none" }
  /** Of a certificate of an authority we believe; its addresses, RFC 8550 §3: those in its subjectAltName alone. */
  | { readonly kind: "valid"; readonly addresses: readonly CalendarUserAddress[]; readonly authority: string }
  | { readonly kind: "invalid"; readonly reason: string };
