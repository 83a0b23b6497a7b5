import { hash as digestOf } from "node:crypto";
import type { EpochSeconds } from "@parley/engine";
import type { Principal } from "../store/store.ts";

/** Which passwords were found right for which stored hashes a short while ago. Neither is kept, only a keyed digest of both. */
export interface RememberedSignIns {
  has(hash: string, password: string, now: EpochSeconds): boolean;
  add(hash: string, password: string, now: EpochSeconds): void;
  /** Finds who signed in by the same words within the last moment, of whom nothing has changed since as far as is known here. */
  recent(words: readonly string[]): Recent;
  /** Forgets who signed in within the last moment: something may have changed. */
  forget(): void;
}

/** Who signed in a moment ago; or how it is told of whoever does now. Looked for before it is told, as something may change in between. */
export interface Recent {
  readonly principal?: Principal;
  readonly keep: (principal: Principal) => void;
}

/** Seconds until a password is hashed again. */
const rememberedSeconds = 600;
/** Milliseconds of a moment: what another process takes back may count so much later here. */
const moment = 1_000;
/** Beyond it the oldest is forgotten. */
const maxRemembered = 20_000;
const separator = "\0";

/**
 * Makes an empty memory. Programs send their password with every request, and hashing it each time would take longer than all else. What was
 * taken back is found no more, as its stored hash is gone: whoever asks reads that first, and once in a moment only.
 */
export function rememberSignIns(key: Uint8Array): RememberedSignIns {
  const until = new Map<string, EpochSeconds>();
  const recents = new Map<string, Principal>();
  let changes = 0;
  // The key has one length, and nobody is given a digest: it need be no HMAC, which takes ten times as long.
  const secret = Buffer.from(key).toString("base64");
  const digest = (words: readonly string[]): string => digestOf("sha256", secret + words.join(separator), "base64");
  return {
    has: (hash, password, now) => (until.get(digest([hash, password])) ?? 0) > now,
    add: (hash, password, now) => putLast(until, digest([hash, password]), now + rememberedSeconds),
    recent: (words) => {
      const name = digest(words);
      const [principal, asked] = [recents.get(name), changes];
      const keep = (found: Principal): void => {
        if (changes !== asked) return;
        putLast(recents, name, found);
        setTimeout(() => recents.delete(name), moment).unref();
      };
      return { ...(principal && { principal }), keep };
    },
    forget: () => {
      changes += 1;
      recents.clear();
    },
  };
}

function putLast<Value>(memory: Map<string, Value>, name: string, value: Value): void {
  // The order of a Map is that of insertion.
  memory.delete(name);
  memory.set(name, value);
  const oldest = memory.size > maxRemembered ? memory.keys().next().value : undefined;
  if (oldest !== undefined) memory.delete(oldest);
}
