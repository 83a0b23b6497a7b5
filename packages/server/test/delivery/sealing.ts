import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ComposedMail } from "@parley/engine/imip";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { composeMime } from "../../src/delivery/compose-mime.ts";
import { dkimRecord, readDkimKey } from "../../src/delivery/dkim.ts";
import { openSeal, type SealSettings } from "../../src/delivery/seal.ts";
import { tableLookup } from "../mail/authenticity.ts";

export const ann = "ann@example.test";
export const calendar = [
  ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Test//EN", "METHOD:REQUEST", "BEGIN:VEVENT"],
  ...["UID:one@example.test", "DTSTAMP:20270301T090000Z", "DTSTART:20270310T090000Z", "SUMMARY:Fête"],
  ...["ORGANIZER:mailto:ann@example.test", "ATTENDEE:mailto:ben@partner.test", "END:VEVENT", "END:VCALENDAR", ""],
].join("\r\n");
export const invitation: ComposedMail = {
  ...{ subject: "Invitation: Fête", text: "Ann invites you.  \n\n\ttwo  blanks \n", html: "<p>Ann</p>", calendar },
  ...{ method: "REQUEST", component: "VEVENT", filename: "invite.ics" },
};

export function compose(date: number, over: Partial<ComposedMail> = {}, from = ann): Promise<Uint8Array> {
  const header = { from: { address: from, name: "Änn" }, to: { address: "ben@partner.test" }, messageId: "<a@x.test>" };
  return composeMime(
    { ...invitation, ...over },
    { ...header, date, thread: "<t@uid.invalid>", autoSubmitted: "auto-generated" },
  );
}

const folder = mkdtempSync(join(tmpdir(), "parley-seal-"));
let files = 0;
// Several files of tests share it.
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

export function fileOf(content: string | KeyObject): string {
  const name = join(folder, `${files++}.pem`);
  writeFileSync(name, typeof content === "string" ? content : content.export({ type: "pkcs8", format: "pem" }));
  return name;
}

export const now = 1_804_000_000;
export const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
export const ed25519 = generateKeyPairSync("ed25519").privateKey;
const keys = { rsa, ed25519 } as const;
const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
const records = Object.entries(keys).map(([selector, key]) =>
  dkimRecord(readDkimKey("example.test", selector, pemOf(key))),
);
export const resolver = tableLookup(Object.fromEntries(records.map(({ name, text }) => [`TXT ${name}`, [text]])));

/** What a verifier of somebody else's says to each signature. */
export async function verify(raw: Uint8Array | string): Promise<readonly string[]> {
  const bytes = Buffer.from(raw as string, "latin1");
  const { results } = await dkimVerify(bytes, { resolver, curTime: new Date(now * 1_000), strict: true });
  return results.map(({ selector, algo, status }) => `${selector} ${algo} ${status.result}`);
}

export function dkimSettings(...selectors: readonly (keyof typeof keys)[]): SealSettings {
  const entries = selectors.map((selector) => {
    const keyFile = fileOf(keys[selector]);
    return [selector, { domain: "example.test", selector, keyFile }] as const;
  });
  return { dkim: Object.fromEntries(entries) };
}

/** Seals a mail to Ben, of that From and that time. */
export async function sealOf(settings: SealSettings, to = "ben@partner.test") {
  const seal = await openSeal(settings, (count) => randomBytes(count));
  return seal && ((raw: Uint8Array, from: string, date: number) => seal(raw, { from, to, date }));
}
