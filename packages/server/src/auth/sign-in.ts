import { type EpochSeconds, parseAddress } from "@parley/engine";
import type { Principal, ReadTransaction, Store } from "../store/store.ts";
import { findAppPassword } from "./app-passwords.ts";
import type { Attempts } from "./attempts.ts";
import { verifyPassword } from "./passwords.ts";
import type { RememberedSignIns } from "./remembered.ts";

/** An address with a password, as somebody gave them. */
export interface Credentials {
  readonly address: string;
  readonly password: string;
}

/** What became of a sign-in. `refused` does not tell whether the address is known. */
export type SignInResult =
  | { readonly kind: "signed-in"; readonly principal: Principal }
  | { readonly kind: "refused" }
  | { readonly kind: "too-many"; readonly retryAfterSeconds: number };

/** Signs a person in by any address of theirs and their password; failures are counted by address and by network. */
export function signIn(
  store: Store,
  attempts: Attempts,
  credentials: Credentials,
  ip: string,
  now: EpochSeconds,
): Promise<SignInResult> {
  return attemptWith(store, attempts, credentials, { ip, now }, async () => undefined);
}

/**
 * Signs in a device or program: by an app password of the person, or by their own where `passwords` are allowed. Everything else is as with
 * `signIn`.
 */
export function signInProgram(
  store: Store,
  attempts: Attempts,
  credentials: Credentials,
  ip: string,
  now: EpochSeconds,
  passwords = true,
): Promise<SignInResult> {
  return attemptWith(store, attempts, credentials, { ip, now }, ofProgram(passwords));
}

/**
 * Signs in a program that asks again and again: what was found right a short while ago is not hashed again, as long as the stored hash is
 * still there, and that is looked at once in a moment (decision 0043). Everything else is as with `signInProgram`.
 */
export async function signInAgain(
  store: Store,
  attempts: Attempts,
  remembered: RememberedSignIns,
  credentials: Credentials,
  ip: string,
  now: EpochSeconds,
  passwords: boolean,
): Promise<SignInResult> {
  const recent = remembered.recent([credentials.address, credentials.password, String(passwords)]);
  if (recent.principal) return { kind: "signed-in", principal: recent.principal };
  const held = await store.read((transaction) => findHeld(transaction, credentials, ofProgram(passwords)));
  const { principal, hash, text } = held;
  if (principal && hash !== undefined && remembered.has(hash, text, now)) {
    recent.keep(principal);
    return { kind: "signed-in", principal };
  }
  const result = await attemptWith(store, attempts, credentials, { ip, now }, ofProgram(passwords));
  if (result.kind === "signed-in" && hash !== undefined) remembered.add(hash, text, now);
  return result;
}

function ofProgram(passwords: boolean): FindOther {
  return async (transaction, principal, password) => {
    const found = await findAppPassword(transaction, principal, password);
    return found ?? (passwords ? undefined : nothing);
  };
}

/** What else than the person's own password an attempt is held against. */
type FindOther = (
  transaction: ReadTransaction,
  principal: Principal,
  password: string,
) => Promise<{ readonly text: string; readonly hash: string | undefined } | undefined>;

/** No password fits it. */
const nothing = { text: "", hash: undefined };

/** One hash is looked at, whatever was found: time does not tell what is known here. */
async function attemptWith(
  store: Store,
  attempts: Attempts,
  credentials: Credentials,
  { ip, now }: { readonly ip: string; readonly now: EpochSeconds },
  findOther: FindOther,
): Promise<SignInResult> {
  let principal: Principal | undefined;
  const result = await attempts.attempt(parseAddress(credentials.address) ?? "", ip, now, async () => {
    const held = await store.read((transaction) => findHeld(transaction, credentials, findOther));
    principal = held.principal;
    return verifyPassword(held.hash, held.text);
  });
  if (result.kind === "too-many") return result;
  return result.kind === "passed" && principal ? { kind: "signed-in", principal } : { kind: "refused" };
}

/** Whose the address is, and what the password is held against. */
async function findHeld(
  transaction: ReadTransaction,
  { address: written, password }: Credentials,
  findOther: FindOther,
): Promise<{ readonly principal?: Principal; readonly text: string; readonly hash: string | undefined }> {
  const address = parseAddress(written);
  const principal = address && (await transaction.principals.byAddress(address));
  if (!principal) return { text: password, hash: undefined };
  const other = await findOther(transaction, principal, password);
  const held = other ?? { text: password, hash: await transaction.principals.passwordHash(principal.id) };
  return { principal, ...held };
}

const basicForm = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** Reads the credentials of an `Authorization: Basic` header, in UTF-8; `undefined` for any other. */
export function readBasic(header: string): Credentials | undefined {
  const encoded = basicForm.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { address: text.slice(0, colon), password: text.slice(colon + 1) };
}
