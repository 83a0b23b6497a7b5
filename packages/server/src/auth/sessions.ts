import { createHash } from "node:crypto";
import type { EpochSeconds } from "@parley/engine";
import type { Principal, Store } from "../store/store.ts";

/** Seconds a session lasts. */
export const sessionSeconds = 30 * 86_400;

const tokenBytes = 32;

/** Opens a session and returns its token, 256 random bits; the store is given its hash only. */
export async function openSession(
  store: Store,
  principal: Principal,
  now: EpochSeconds,
  randomBytes: (count: number) => Uint8Array,
): Promise<string> {
  const token = Buffer.from(randomBytes(tokenBytes)).toString("base64url");
  await store.write((transaction) => transaction.sessions.add(hashToken(token), principal.id, now + sessionSeconds));
  return token;
}

/** Finds whose session a token is of; `undefined` where it is unknown, closed or has run out. */
export function findSession(store: Store, token: string, now: EpochSeconds): Promise<Principal | undefined> {
  return store.read(async (transaction) => {
    const id = await transaction.sessions.find(hashToken(token), now);
    return id === undefined ? undefined : transaction.principals.byId(id);
  });
}

/** Closes a session; one that is unknown is closed already. */
export async function closeSession(store: Store, token: string): Promise<void> {
  await store.write((transaction) => transaction.sessions.remove(hashToken(token)));
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
