import { hash, verify } from "@node-rs/argon2";

/** Makes the stored form of a password: Argon2id, describing itself, salted. */
export function hashPassword(password: string): Promise<string> {
  // The library's defaults: Argon2id, 19 MiB, 2 passes, 1 lane.
  return hash(password);
}

/**
 * Tells whether a password is the one that was hashed. Without a hash the answer is no, and takes as long: time does not
 * tell who is known here.
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  if (stored !== undefined) return verify(stored, password);
  await hash(password);
  return false;
}
