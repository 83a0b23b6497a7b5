import type { EpochSeconds } from "@parley/engine";
import type { PrincipalId } from "./people.ts";

/** Finds who is signed in. */
export interface ReadSessions {
  /** The principal of a session that has not expired, by the SHA-256 of its token. */
  find(tokenHash: string, now: EpochSeconds): Promise<PrincipalId | undefined>;
}

/** Keeps who is signed in. */
export interface Sessions extends ReadSessions {
  add(tokenHash: string, principal: PrincipalId, expires: EpochSeconds): Promise<void>;
  /** Gives whose it was. */
  remove(tokenHash: string): Promise<PrincipalId | undefined>;
  /** Removes at most `limit` of those that have expired; returns how many. */
  removeExpired(now: EpochSeconds, limit: number): Promise<number>;
}

/** What one device or program of a person signs in with, by the name its owner knows it by. */
export interface AppPassword {
  readonly name: string;
  readonly created: EpochSeconds;
}

/** Finds app passwords. */
export interface ReadAppPasswords {
  /** By name. */
  list(id: PrincipalId): Promise<readonly AppPassword[]>;
  /** The stored hash of the one that begins with that selector. */
  hash(id: PrincipalId, selector: string): Promise<string | undefined>;
}

/** Adds app passwords and takes them back. */
export interface AppPasswords extends ReadAppPasswords {
  /** False where the person has one of that name or that selector. */
  add(id: PrincipalId, password: AppPassword & { readonly selector: string; readonly hash: string }): Promise<boolean>;
  /** False where there is none of that name. */
  remove(id: PrincipalId, name: string): Promise<boolean>;
}
