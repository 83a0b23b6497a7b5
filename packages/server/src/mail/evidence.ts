import { domainToASCII } from "node:url";
import { type CalendarUserAddress, domainOf, type Evidence, parseMailbox, type Relation } from "@parley/engine";
import type { Mail } from "@parley/engine/imip";
import type { SenderProof, SignatureFinding } from "../scheduling/sender-proof.ts";
import { type AuthenticationResults, parseAuthenticationResults } from "./authentication-results.ts";
import { warnOfDomain, warnOfName, warnOfSeveral } from "./authenticity/look-alikes.ts";

/** What this house knows that a mail does not say. */
export interface SenderFacts {
  /** Ids under which our own relay writes Authentication-Results, RFC 8601 §2.5. It must remove foreign lines of that id. */
  readonly trustedAuthservIds: readonly string[];
  /** The relay hands over only mail whose sender it has proven. */
  readonly trustRelay: boolean;
  /** What our own check found; absent where there was none. */
  readonly proof?: SenderProof;
  /** What the From address is to the owner of the calendar. */
  readonly relation: (from: CalendarUserAddress) => Promise<Relation> | Relation;
  /** Whether mail from that address has been signed before, RFC 6047 §3. */
  readonly hasSigned?: (from: CalendarUserAddress) => Promise<boolean> | boolean;
  /** Addresses and domains that a stranger's could be taken for. */
  readonly known?: () => Promise<readonly string[]> | readonly string[];
}

type Strength = Pick<Evidence, "strength" | "detail">;

/**
 * Judges how sure we may be that a mail is from its From address: decisions 0004 and 0033. The first that holds decides.
 *
 * - `none`: no From, several, or one that is no address.
 * - `domain`: an S/MIME signature of the From address; or we have seen DMARC pass for its domain.
 * - `relayed`: a sealer we trust has; or our relay says so.
 * - `none`: our relay, or our own check, says that DMARC failed.
 * - `relayed`: our relay is trusted to hand over nothing else.
 * - `weak`: all else, and whatever is not signed of who has signed before.
 *
 * Of the Authentication-Results only the topmost of a trusted id is looked at: what stands below came with the mail. What looks like
 * somebody else is a warning, and judges nothing.
 */
export async function judgeSender(mail: Mail, facts: SenderFacts): Promise<Evidence> {
  const [sender, ...others] = mail.from;
  if (!sender || others.length > 0) {
    const detail = sender ? `The mail has ${mail.from.length} From addresses.` : "The mail has no From address.";
    return unknownSender(detail, warnOfSeveral(mail.from));
  }
  const from = parseMailbox(sender.address);
  if (!from || domainOf(from) === "") return unknownSender("The From address is no mail address.");
  const relation = await facts.relation(from);
  const signed = isSignedBy(facts.proof, from);
  const judged = signed ? signedBy(from, signed.authority) : judgeAddress(from, mail, facts);
  const isMissed = !signed && facts.proof?.signature !== undefined && (await facts.hasSigned?.(from)) === true;
  const warnings = [
    ...warnOfSignature(facts.proof?.signature, from),
    ...(isMissed
      ? [`Mail from ${from} has been signed until now, and this one is not: somebody else may have written it.`]
      : []),
    ...warnOfName(from, sender.name),
    ...(relation === "stranger" ? warnOfDomain(from, (await facts.known?.()) ?? []) : []),
  ];
  const { strength, detail } = isMissed ? lowered(judged) : judged;
  return { strength, from, relation, confirmedByOwner: false, detail, ...(warnings.length > 0 && { warnings }) };
}

/** Finds the signature of a mail if it is valid and of its From address, RFC 6047 §3. */
export function isSignedBy(
  proof: SenderProof | undefined,
  from: CalendarUserAddress,
): Extract<SignatureFinding, { kind: "valid" }> | undefined {
  const signature = proof?.signature;
  return signature?.kind === "valid" && signature.addresses.includes(from) ? signature : undefined;
}

function signedBy(from: CalendarUserAddress, authority: string): Strength {
  return { strength: "domain", detail: `It is signed by ${from}, for whom ${authority} vouches.` };
}

/** What may be a forgery is asked about, however well its domain is proven: RFC 6047 §3. */
function lowered({ strength, detail }: Strength): Strength {
  return { strength: strength === "none" ? "none" : "weak", detail };
}

function warnOfSignature(signature: SignatureFinding | undefined, from: CalendarUserAddress): readonly string[] {
  if (!signature || signature.kind === "none") return [];
  if (signature.kind === "invalid") return [`Its signature does not count: ${signature.reason}.`];
  if (signature.addresses.includes(from)) return [];
  const [signer = "nobody with a mail address"] = signature.addresses;
  return [`It is signed by ${signer.slice(0, 100)}, who is not its sender.`];
}

function unknownSender(detail: string, warnings: readonly string[] = []): Evidence {
  const evidence = { strength: "none", relation: "stranger", confirmedByOwner: false, detail } as const;
  return warnings.length > 0 ? { ...evidence, warnings } : evidence;
}

function judgeAddress(from: CalendarUserAddress, mail: Mail, facts: SenderFacts): Strength {
  const { dmarc, arc } = facts.proof ?? {};
  const domain = domainOf(from);
  const own = dmarc && isDomain(dmarc.domain, domain) ? dmarc : undefined;
  if (own?.result === "pass") return { strength: "domain", detail: own.detail };
  if (arc && isDomain(arc.domain, domain)) {
    return { strength: "relayed", detail: `${arc.sealer} passed it on, and says DMARC had passed for ${domain}.` };
  }
  const ours = findOurs(mail, facts.trustedAuthservIds);
  if (ours) return judgeResults(domain, ours);
  if (own?.result === "fail") return { strength: "none", detail: own.detail };
  if (facts.trustRelay) return { strength: "relayed", detail: "Our mail server is trusted to check all senders." };
  return { strength: "weak", detail: own?.detail ?? "No mail server we trust has checked the sender." };
}

/** What our relay says; where it has not looked at DMARC, or not of that domain, it proves nothing. */
function judgeResults(domain: string, { authservId: server, results }: AuthenticationResults): Strength {
  const dmarc = results.filter(({ method }) => method === "dmarc");
  const [first] = dmarc;
  if (!first) return { strength: "weak", detail: `${server} has not checked DMARC.` };
  if (dmarc.some(({ result }) => result === "fail"))
    return { strength: "none", detail: `${server} says DMARC failed.` };
  const stranger = dmarc.find(({ properties }) => !isDomain(properties.get("header.from"), domain));
  if (stranger) {
    const checked = stranger.properties.get("header.from")?.slice(0, 100) ?? "an unnamed domain";
    return { strength: "weak", detail: `${server} checked DMARC of ${checked}, and the mail is From ${domain}.` };
  }
  const other = dmarc.find(({ result }) => result !== "pass");
  if (other) return { strength: "weak", detail: `${server} says DMARC of ${domain}: ${other.result.slice(0, 100)}.` };
  return { strength: "relayed", detail: `${server} says DMARC passed for ${domain}.` };
}

function findOurs(mail: Mail, trustedIds: readonly string[]): AuthenticationResults | undefined {
  const trusted = new Set(trustedIds.map((id) => id.toLowerCase()));
  for (const line of mail.authenticationResults) {
    const results = parseAuthenticationResults(line);
    if (results && trusted.has(results.authservId)) return results;
  }
  return undefined;
}

/** Some relays write the whole address. DMARC looks at the From domain itself, so nothing but that is aligned. */
function isDomain(written: string | undefined, domain: string): boolean {
  if (written === undefined) return false;
  const plain = (text: string): string => domainToASCII(text.replace(/\.$/, "")) || text.toLowerCase();
  return plain(written.slice(written.lastIndexOf("@") + 1)) === plain(domain);
}
