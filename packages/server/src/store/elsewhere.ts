import type { EpochSeconds } from "@parley/engine";

/** What is remembered of somebody while they sign in at an OpenID provider. */
export interface SignInElsewhere {
  readonly nonce: string;
  /** Of PKCE: what proves that who comes back is who went. */
  readonly verifier: string;
}

/** Keeps sign-ins at an OpenID provider while they are under way, by the SHA-256 of their state. */
export interface SignIns {
  /** False where too many are under way. Those that have run out are forgotten. */
  add(stateHash: string, signIn: SignInElsewhere, now: EpochSeconds, expires: EpochSeconds): Promise<boolean>;
  /** Gives it once, unless it has run out. */
  take(stateHash: string, now: EpochSeconds): Promise<SignInElsewhere | undefined>;
}
