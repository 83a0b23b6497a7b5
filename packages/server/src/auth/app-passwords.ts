import type { EpochSeconds } from "@parley/engine";
import type { Principal, ReadTransaction, Store } from "../store/store.ts";
import { hashPassword } from "./passwords.ts";

/** Crockford's 32 characters: none of them is taken for another. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const selectorLength = 8;
const secretLength = 16;
const form = new RegExp(`^[${alphabet}]{${selectorLength + secretLength}}$`);
const groupLength = 4;
const maxNameLength = 100;
const maxPerPerson = 50;

/** Thrown where no app password is made, with a sentence for whoever asked: the name will not do, is taken, or there are too many. */
export class NoAppPassword extends Error {}

/**
 * Makes an app password for one device or program of a person and gives it in words; the store has its hash only. 80 random bits
 * after 40 that only tell which one it is. Throws `NoAppPassword`.
 */
export async function addAppPassword(
  store: Store,
  principal: Principal,
  name: string,
  world: { readonly now: EpochSeconds; readonly randomBytes: (count: number) => Uint8Array },
): Promise<string> {
  if (name === "" || name.length > maxNameLength)
    throw new NoAppPassword(`a name has 1 to ${maxNameLength} characters`);
  const text = [...world.randomBytes(selectorLength + secretLength)].map((byte) => alphabet[byte % 32]).join("");
  const selector = text.slice(0, selectorLength);
  const password = { name, created: world.now, selector, hash: await hashPassword(text) };
  await store.write(async ({ appPasswords }) => {
    const present = await appPasswords.list(principal.id);
    if (present.length >= maxPerPerson) {
      throw new NoAppPassword(`${principal.address} has ${maxPerPerson} app passwords: revoke some`);
    }
    if (!(await appPasswords.add(principal.id, password))) {
      throw new NoAppPassword(
        `${principal.address} has an app password named ${JSON.stringify(name)}: revoke it first`,
      );
    }
  });
  return (text.match(new RegExp(`.{${groupLength}}`, "g")) ?? []).join("-");
}

/** Finds the app password a text may be: its text as it was hashed, and the hash to hold it against. */
export async function findAppPassword(
  transaction: ReadTransaction,
  principal: Principal,
  password: string,
): Promise<{ readonly text: string; readonly hash: string } | undefined> {
  const text = password.replace(/[\s-]/g, "").toLowerCase();
  if (!form.test(text)) return undefined;
  const hash = await transaction.appPasswords.hash(principal.id, text.slice(0, selectorLength));
  return hash === undefined ? undefined : { text, hash };
}
