import type { EpochSeconds } from "@parley/engine";
import { readRecipient } from "../smime/keys.ts";
import { naming, readAllSmimeKeys, readPem, type SmimeSettings } from "../smime/settings.ts";
import { type DkimKey, readDkimKey, signDkim } from "./dkim.ts";

/** Makes of the octets of a mail those that are sent: signed and encrypted, where there are keys for it. */
export type Seal = (raw: Uint8Array, mail: SealedMail) => Promise<Uint8Array>;

/** Whose mail it is, by addresses alone, and of when. */
export interface SealedMail {
  readonly from: string;
  readonly to: string;
  readonly date: EpochSeconds;
}

/** What mail is sealed with, by names of the operator's; the files are PEM. Decision 0036. */
export interface SealSettings {
  readonly dkim?: Readonly<Record<string, DkimSettings>>;
  readonly smime?: SmimeSettings;
  readonly encryptFor?: Readonly<Record<string, { readonly certificateFile: string }>>;
}

interface DkimSettings {
  readonly domain: string;
  readonly selector: string;
  readonly keyFile: string;
}

/**
 * Reads all keys, and gives what seals by them: S/MIME signs, then it encrypts, and DKIM signs the mail as it leaves. Rejects with the setting
 * that is wrong. `randomBytes` makes the keys of what is encrypted.
 */
export async function openSeal(
  { dkim = {}, smime = {}, encryptFor = {} }: SealSettings,
  randomBytes: (count: number) => Uint8Array,
): Promise<Seal | undefined> {
  const keys = await readDkimKeys(dkim);
  const signers = await readAllSmimeKeys(smime);
  const recipients = await Promise.all(
    Object.entries(encryptFor).map(([name, { certificateFile }]) =>
      naming(`encryptFor.${name}.certificateFile: ${certificateFile}`, async () =>
        readRecipient(await readPem(certificateFile)),
      ),
    ),
  );
  if (keys.length + signers.length + recipients.length === 0) return undefined;
  // Nobody else loads what it needs.
  const [{ signSmime }, { encryptSmime }] = await Promise.all([
    import("../smime/sign.ts"),
    import("../smime/encrypt.ts"),
  ]);
  return async (raw, { from, to, date }) => {
    const signed = await signSmime(raw, from, date, signers);
    return signDkim(encryptSmime(signed, to, recipients, randomBytes), from, date, keys);
  };
}

/** Reads the keys of the configuration. Rejects with the setting that is wrong. */
export function readDkimKeys(settings: Readonly<Record<string, DkimSettings>>): Promise<readonly DkimKey[]> {
  return Promise.all(
    Object.entries(settings).map(([name, { domain, selector, keyFile }]) =>
      naming(`dkim.${name}.keyFile: ${keyFile}`, async () => readDkimKey(domain, selector, await readPem(keyFile))),
    ),
  );
}
