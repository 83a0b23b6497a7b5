import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { domainOf, type EpochSeconds, parseMailbox } from "@parley/engine";

/** A key that mail of one domain is signed with, RFC 6376 §3.1: RSA, or Ed25519 as RFC 8463 has it. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly key: KeyObject;
}

/** A record that tells verifiers the public half, RFC 6376 §3.6.1. */
export interface DkimRecord {
  /** Of the DNS, without a dot at its end. */
  readonly name: string;
  readonly text: string;
}

/** What we write into headers; each is signed once more than it is there, so that none can be added on the way (RFC 6376 §5.4). */
const signedFields = [
  ...["From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"],
  ...["MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted"],
] as const;

const algorithms: Readonly<Record<string, string>> = { rsa: "rsa-sha256", ed25519: "ed25519-sha256" };
/** RFC 8301: shorter ones verifiers must not believe, and some believe none of 1024. */
const minRsaBits = 2_048;

/** Reads the private key of a PEM text; throws a sentence where it is none that mail can be signed with. */
export function readDkimKey(domain: string, selector: string, pem: string): DkimKey {
  const key = readPrivateKey(pem);
  if (!key) throw new Error("is no private key in PEM without a passphrase");
  const { asymmetricKeyType: type = "", asymmetricKeyDetails } = key;
  if (!algorithms[type]) throw new Error(`is a key of ${type || "an unknown kind"}: it is to be RSA or Ed25519`);
  const bits = asymmetricKeyDetails?.modulusLength ?? minRsaBits;
  if (type === "rsa" && bits < minRsaBits) throw new Error(`is too short (${bits} bits): it is to have ${minRsaBits}`);
  return { domain, selector, key };
}

function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** Makes the record an operator has to put into the DNS before mail is signed. RFC 8463 has the key of Ed25519 as its octets alone. */
export function dkimRecord({ domain, selector, key }: DkimKey): DkimRecord {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const isRsa = key.asymmetricKeyType === "rsa";
  const published = isRsa ? spki : spki.subarray(-32);
  const text = `v=DKIM1; k=${isRsa ? "rsa" : "ed25519"}; p=${published.toString("base64")}`;
  return { name: `${selector}._domainkey.${domain}`, text };
}

/**
 * Signs a whole mail by each key of its From's domain, RFC 6376 §5, relaxed in header and body; a mail of another domain stays as it is.
 * Equal arguments make equal octets: the time of signing is that of the mail.
 */
export function signDkim(raw: Uint8Array, from: string, date: EpochSeconds, keys: readonly DkimKey[]): Uint8Array {
  const address = parseMailbox(from);
  const own = keys.filter(({ domain }) => address !== undefined && domain === domainOf(address));
  if (own.length === 0) return raw;
  const text = Buffer.from(raw).toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const header = splitFields(text.slice(0, end + 2));
  const body = createHash("sha256")
    .update(relaxBody(text.slice(end + 4)), "latin1")
    .digest("base64");
  const signatures = own.map((key) => signatureField(key, header, body, date));
  return Buffer.concat([Buffer.from(signatures.join(""), "latin1"), raw]);
}

/** Fields with the lines they go on in, by their names in lower case. */
function splitFields(header: string): ReadonlyMap<string, string> {
  const fields = header.match(/[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*/g) ?? [];
  return new Map(fields.map((field) => [field.slice(0, field.indexOf(":")).toLowerCase(), field]));
}

function signatureField(
  { domain, selector, key }: DkimKey,
  header: ReadonlyMap<string, string>,
  body: string,
  date: EpochSeconds,
): string {
  const present = signedFields.filter((name) => header.has(name.toLowerCase()));
  const tags = [
    ...["v=1", `a=${algorithms[key.asymmetricKeyType ?? ""]}`, "c=relaxed/relaxed", `d=${domain}`, `s=${selector}`],
    ...[`t=${date}`, `h=${[...present, ...signedFields].join(":\r\n\t")}`, `bh=${body}`, "b="],
  ];
  const unsigned = `DKIM-Signature: ${tags.join(";\r\n\t")}`;
  const signed = [...present.map((name) => header.get(name.toLowerCase()) ?? ""), unsigned].map(relaxField);
  return `${unsigned}${fold(signature(key, signed.join("\r\n")))}\r\n`;
}

function signature(key: KeyObject, text: string): string {
  const data = Buffer.from(text, "latin1");
  if (key.asymmetricKeyType === "rsa") return sign("sha256", data, key).toString("base64");
  return sign(null, createHash("sha256").update(data).digest(), key).toString("base64");
}

/** RFC 6376 §3.4.2. */
function relaxField(field: string): string {
  const colon = field.indexOf(":");
  const value = field.slice(colon + 1).replace(/\r\n/g, "");
  return `${field.slice(0, colon).toLowerCase().trim()}:${value.replace(/[ \t]+/g, " ").trim()}`;
}

/** RFC 6376 §3.4.4. */
function relaxBody(body: string): string {
  const lines = body.split("\r\n").map((line) => line.replace(/[ \t]+/g, " ").replace(/ $/, ""));
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => `${line}\r\n`).join("");
}

function fold(base64: string): string {
  return (base64.match(/.{1,70}/g) ?? []).join("\r\n\t");
}
