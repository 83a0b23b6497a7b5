import { defaultLimits } from "@parley/engine";
import { decryptSmime } from "../../smime/decrypt.ts";
import type { SmimeKeys } from "../../smime/keys.ts";
import { isPlain, partMail } from "../../smime/mail-entity.ts";
import { findSignedParts, type SignedParts } from "./signed-parts.ts";
import { isSignedBySomebody } from "./smime.ts";

/**
 * Makes what opens mail that is encrypted for the person it is brought to, where what is inside is signed. By whom does not matter here: AES in
 * CBC lets whoever has caught a mail make another of its pieces, whose answer would tell what they say (EFAIL); a signature over what they
 * cannot read nobody can make. Around what is signed there may be nothing but plain text: a piece put there would tell by whether the mail is
 * opened. `undefined` for any other mail, which stays as it came. Decision 0036.
 */
export function makeDecrypt(
  keys: readonly SmimeKeys[],
): (bytes: Uint8Array, recipient: string) => Promise<Uint8Array | undefined> {
  return async (bytes, recipient) => {
    const inside = decryptSmime(bytes, recipient, keys);
    const signed = inside && findSignedParts(inside, defaultLimits);
    if (!signed || signed === "malformed" || !isPlainAround(inside, signed)) return undefined;
    return (await isSignedBySomebody(signed)) ? inside : undefined;
  };
}

function isPlainAround(inside: Uint8Array, { data }: SignedParts): boolean {
  const { entity } = partMail(inside);
  const signed = Buffer.from(data).toString("latin1");
  const start = entity.indexOf(signed);
  return start >= 0 && isPlain(entity.slice(0, start)) && isPlain(entity.slice(start + signed.length));
}
