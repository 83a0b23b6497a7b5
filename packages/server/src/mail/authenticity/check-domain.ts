import { domainOf, type EpochSeconds, parseMailbox } from "@parley/engine";
import type { ARCChainEntry } from "mailauth";
import { arc } from "mailauth/lib/arc/index.js";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { evaluateDmarc } from "mailauth/lib/dmarc/index.js";
import { spf } from "mailauth/lib/spf/index.js";
import type { ArcFinding, DmarcFinding } from "../../scheduling/sender-proof.ts";
import { allFields, firstField, type HeaderField } from "../header-field.ts";
import { type ArcSet, findTrustedPass } from "./arc-chain.ts";
import type { DnsLookup } from "./dns.ts";
import { findClient, type SmtpClient } from "./received-client.ts";

/** What is checked of a mail's domain, and whom we trust in it. */
export interface DomainCheck {
  readonly lookUp: DnsLookup;
  readonly now: EpochSeconds;
  /** Names our relay writes in its Received lines, in lower case. */
  readonly receivedBy: ReadonlySet<string>;
  /** Domains of sealers we trust, in lower case. */
  readonly arcSealers: ReadonlySet<string>;
}

/** More no honest mail has; each costs a pass over the mail. */
const maxSignatures = 10;
/** Of these two would let a signed mail be read in another way. */
const single = ["from", "content-type", "content-transfer-encoding"];

/**
 * Checks DKIM (RFC 6376), SPF where our relay tells whom it took the mail from, DMARC and ARC of a mail with one From address. A signature
 * counts only where it covers the whole body, its key is not being tried out and it is not of SHA-1. `undefined`, as if there had been no check,
 * for a mail with more than ten signatures, or with two fields that say what it holds.
 */
export async function checkDomain(
  bytes: Uint8Array,
  fields: readonly HeaderField[],
  envelopeFrom: string | undefined,
  check: DomainCheck,
): Promise<{ readonly dmarc: DmarcFinding; readonly arc?: ArcFinding } | undefined> {
  const signatures = fields.filter(({ name }) => name === "dkim-signature" || name === "arc-message-signature");
  if (signatures.length > maxSignatures || single.some((name) => allFields(fields, name).length > 1)) return undefined;
  const resolver = check.lookUp;
  const curTime = new Date(check.now * 1_000);
  const dkim = await dkimVerify(Buffer.from(bytes), { resolver, curTime, rejectRsaSha1: true });
  const [headerFrom, ...others] = dkim.headerFrom;
  const from = headerFrom === undefined || others.length > 0 ? undefined : parseMailbox(headerFrom);
  if (!from) return undefined;
  const client = findClient(allFields(fields, "received"), check.receivedBy);
  const spfResult = client && (await checkSpf(client, envelopeFrom ?? returnPath(fields), resolver));
  const { response } = await evaluateDmarc({
    headerFrom: dkim.headerFrom,
    dkimDomains: dkim.results.flatMap(({ signingDomain, status }) =>
      status.result === "pass" && signingDomain && !status.underSized && !status.testing
        ? [{ domain: signingDomain }]
        : [],
    ),
    spfDomains: spfResult?.status.result === "pass" ? [spfResult.domain] : [],
    resolver,
  });
  const isUnsure = [...dkim.results, spfResult].some((each) => each?.status.result === "temperror");
  const domain = domainOf(from);
  const dmarc = judge(domain, response ? response.status.result : "none", isUnsure, client !== undefined);
  const trusted = await checkArc(dkim, domain, check);
  return { dmarc, ...(trusted && { arc: trusted }) };
}

function judge(domain: string, result: string, isUnsure: boolean, knowsClient: boolean): DmarcFinding {
  if (result === "pass") return { result, domain, detail: `We have checked it: DMARC passed for ${domain}.` };
  if (result === "temperror" || (result === "fail" && isUnsure)) {
    return { result: "temporary", domain, detail: `What proves mail of ${domain} could not be looked up.` };
  }
  if (result !== "fail")
    return { result: "none", domain, detail: `${domain} does not say how its mail can be proven.` };
  if (knowsClient) return { result, domain, detail: `We have checked it: DMARC failed for ${domain}.` };
  return { result: "unproven", domain, detail: `No signature of ${domain} that counts is on the mail.` };
}

/** Checks whether a machine may send for the envelope's sender, RFC 7208; of a bounce the name it gives itself is looked at. */
function checkSpf({ ip, helo }: SmtpClient, sender: string, resolver: DnsLookup) {
  return spf({ ip, helo, sender, mta: "parley", resolver });
}

function returnPath(fields: readonly HeaderField[]): string {
  return /<([^<>]*)>/.exec(firstField(fields, "return-path") ?? "")?.[1] ?? "";
}

async function checkArc(
  { arc: data }: Awaited<ReturnType<typeof dkimVerify>>,
  domain: string,
  { lookUp, arcSealers }: DomainCheck,
): Promise<ArcFinding | undefined> {
  if (!data?.chain) return undefined;
  const claimed = findTrustedPass(readChain(data.chain), arcSealers, domain);
  if (!claimed) return undefined;
  // A chain that would prove nothing is not worth the work.
  const { status, signature } = await arc({ ...data, chain: data.chain }, { resolver: lookUp });
  return status.result === "pass" && signature && !signature.status.underSized ? claimed : undefined;
}

function readChain(chain: readonly ARCChainEntry[]): readonly ArcSet[] {
  return chain.map((set) => {
    const line = String(set["arc-authentication-results"]?.original ?? "");
    return {
      sealer: String(set["arc-seal"]?.parsed?.d?.value ?? ""),
      results: line.slice(line.indexOf(":") + 1).replace(/\r?\n/g, ""),
    };
  });
}
