import { createHmac, createSecretKey } from "node:crypto";
import type { EpochSeconds } from "@parley/engine";

/** Which passwords were found right for which stored hashes a short while ago. Neither is kept, only a keyed digest of both. */
export interface RememberedSignIns {
  has(hash: string, password: string, now: EpochSeconds): boolean;
  add(hash: string, password: string, now: EpochSeconds): void;
}

/** Seconds until a password is hashed again. */
const rememberedSeconds = 600;
/** Beyond it the oldest is forgotten. */
const maxRemembered = 20_000;
const separator = "\0";

/**
 * Makes an empty memory. Programs send their password with every request, and hashing it each time would take longer than all else. What was
 * taken back is found no more, as its stored hash is gone: whoever asks reads that first.
 */
export function rememberSignIns(key: Uint8Array): RememberedSignIns {
  const until = new Map<string, EpochSeconds>();
  const secret = createSecretKey(key);
  const digest = (hash: string, password: string): string =>
    createHmac("sha256", secret).update(hash).update(separator).update(password).digest("base64");
  return {
    has: (hash, password, now) => (until.get(digest(hash, password)) ?? 0) > now,
    add: (hash, password, now) => {
      const name = digest(hash, password);
      // The order of a Map is that of insertion.
      until.delete(name);
      until.set(name, now + rememberedSeconds);
      const oldest = until.size > maxRemembered ? until.keys().next().value : undefined;
      if (oldest !== undefined) until.delete(oldest);
    },
  };
}
