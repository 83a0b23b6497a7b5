import { type EpochSeconds, parseAddress } from "@parley/engine";
import type { Principal, Store } from "../store/store.ts";
import type { Attempts } from "./attempts.ts";
import { verifyPassword } from "./passwords.ts";

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
export async function signIn(
  store: Store,
  attempts: Attempts,
  credentials: Credentials,
  ip: string,
  now: EpochSeconds,
): Promise<SignInResult> {
  const address = parseAddress(credentials.address);
  let principal: Principal | undefined;
  const result = await attempts.attempt(address ?? "", ip, now, async () => {
    const known = await store.read(async (transaction) => {
      const found = address && (await transaction.principals.byAddress(address));
      return found && { found, hash: await transaction.principals.passwordHash(found.id) };
    });
    principal = known?.found;
    return verifyPassword(known?.hash, credentials.password);
  });
  if (result.kind === "too-many") return result;
  return result.kind === "passed" && principal ? { kind: "signed-in", principal } : { kind: "refused" };
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
