import { domainToASCII } from "node:url";
import { type CalendarUserAddress, domainOf, type Evidence, parseMailbox, type Relation } from "@parley/engine";
import type { Mail } from "@parley/engine/imip";
import { type AuthenticationResults, parseAuthenticationResults } from "./authentication-results.ts";

/** What this house knows that a mail does not say. */
export interface SenderFacts {
  /** Ids under which our own relay writes Authentication-Results, RFC 8601 §2.5. It must remove foreign lines of that id. */
  readonly trustedAuthservIds: readonly string[];
  /** The relay hands over only mail whose sender it has proven. */
  readonly trustRelay: boolean;
  /** What the From address is to the owner of the calendar. */
  readonly relation: (from: CalendarUserAddress) => Promise<Relation> | Relation;
}

/**
 * Judges how sure we may be that a mail is from its From address: decision 0004.
 *
 * - `none`: no From, several, or one that is no address; or our relay says that DMARC failed.
 * - `relayed`: our relay says that DMARC passed for the From domain; or it is trusted to hand over nothing else, and says nothing.
 * - `weak`: all else.
 *
 * Of the Authentication-Results only the topmost of a trusted id is looked at: what stands below came with the mail.
 */
export async function judgeSender(mail: Mail, facts: SenderFacts): Promise<Evidence> {
  const [sender, ...others] = mail.from;
  if (!sender || others.length > 0) {
    return unknownSender(sender ? `The mail has ${mail.from.length} From addresses.` : "The mail has no From address.");
  }
  const from = parseMailbox(sender.address);
  if (!from || domainOf(from) === "") return unknownSender("The From address is no mail address.");
  const relation = await facts.relation(from);
  return { ...judgeAddress(from, mail, facts), from, relation, confirmedByOwner: false };
}

function unknownSender(detail: string): Evidence {
  return { strength: "none", relation: "stranger", confirmedByOwner: false, detail };
}

function judgeAddress(
  from: CalendarUserAddress,
  mail: Mail,
  facts: SenderFacts,
): Pick<Evidence, "strength" | "detail"> {
  const ours = findOurs(mail, facts.trustedAuthservIds);
  if (!ours) {
    if (facts.trustRelay) return { strength: "relayed", detail: "Our mail server is trusted to check all senders." };
    return { strength: "weak", detail: "No mail server we trust has checked the sender." };
  }
  const server = ours.authservId;
  const dmarc = ours.results.filter(({ method }) => method === "dmarc");
  const [first] = dmarc;
  if (!first) return { strength: "weak", detail: `${server} has not checked DMARC.` };
  if (dmarc.some(({ result }) => result === "fail"))
    return { strength: "none", detail: `${server} says DMARC failed.` };
  const domain = domainOf(from);
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
