import { generateKeyPairSync } from "node:crypto";
import { sealMessage } from "mailauth/lib/arc/index.js";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { type CheckOptions, makeSenderCheck } from "../../src/mail/authenticity/check-sender.ts";
import type { DnsLookup } from "../../src/mail/authenticity/dns.ts";
import type { SenderCheck } from "../../src/scheduling/sender-proof.ts";

/** 2027-03-02T12:00:00Z. */
export const now = 1_803_988_800;

const pair = generateKeyPairSync("ed25519");
const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const raw = pair.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");

/** A TXT record of the key everybody here signs with. */
export const keyRecord = `v=DKIM1; k=ed25519; p=${raw}`;
export const reject = "v=DMARC1; p=reject";

/** Answers by "TYPE name"; `broken` where the DNS does not answer. All else is known not to be. */
export type DnsTable = Readonly<Record<string, readonly string[] | "broken">>;

export function tableLookup(table: DnsTable): DnsLookup & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const lookUp: DnsLookup = async (name, type) => {
    const question = `${type} ${name.toLowerCase()}`;
    asked.push(question);
    const answer = table[question];
    if (answer === undefined) throw Object.assign(new Error(question), { code: "ENOTFOUND" });
    if (answer === "broken") throw Object.assign(new Error(question), { code: "ESERVFAIL" });
    return type === "TXT" ? answer.map((text) => [text]) : [...answer];
  };
  return Object.assign(lookUp, { asked });
}

export const dns: DnsTable = {
  "TXT s._domainkey.example.test": [keyRecord],
  "TXT _dmarc.example.test": [reject],
  "TXT s._domainkey.evil.test": [keyRecord],
  "TXT s._domainkey.list.test": [keyRecord],
  "TXT s._domainkey.second.test": [keyRecord],
  "TXT example.test": ["v=spf1 ip4:192.0.2.1 -all"],
  "TXT evil.test": ["v=spf1 ip4:198.51.100.1 -all"],
};

export function checkOf(over: Partial<CheckOptions> = {}): Promise<SenderCheck> {
  const clock = (): number => now;
  const nothing = { receivedBy: [], arcSealers: [], smimeAuthorities: [] };
  return makeSenderCheck({ domains: true, ...nothing, lookUp: tableLookup(dns), clock, ...over });
}

export interface MailText {
  readonly from?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export function mailOf({ from = "Ann <ann@example.test>", headers = [], body = "Hello" }: MailText = {}): string {
  const all = [`From: ${from}`, "To: clara@partner.test", "Subject: One", "Content-Type: text/plain", ...headers];
  return [...all, "", body, ""].join("\r\n");
}

/** Signs as a domain would. */
export async function signed(
  mail: string,
  signingDomain = "example.test",
  over: { readonly maxBodyLength?: number; readonly signTime?: number; readonly expires?: number } = {},
): Promise<string> {
  const { signTime = now - 60, expires, ...others } = over;
  const key = { signingDomain, selector: "s", privateKey, algorithm: "ed25519-sha256", ...others };
  const { signatures, errors } = await dkimSign(mail, {
    ...key,
    signatureData: [key],
    signTime: new Date(signTime * 1_000),
    ...(expires !== undefined && { expires: new Date(expires * 1_000) }),
  });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return signatures + mail;
}

/** Seals as a forwarder would that has found `results`. */
export async function sealed(mail: string, signingDomain: string, results: string, cv = "none"): Promise<string> {
  const seal = { signingDomain, selector: "s", privateKey, algorithm: "ed25519-sha256", cv };
  const headers = await sealMessage(mail, { ...seal, authResults: results, signTime: new Date((now - 30) * 1_000) });
  if (headers.length === 0) throw new Error("not sealed");
  return headers.toString() + mail;
}

export const bytesOf = (mail: string): Uint8Array => Buffer.from(mail, "latin1");
