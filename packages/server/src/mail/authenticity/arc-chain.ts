import { domainToASCII } from "node:url";
import type { ArcFinding } from "../../scheduling/sender-proof.ts";
import { parseAuthenticationResults } from "../authentication-results.ts";

/** One set of ARC fields: who sealed it, and what they had found. */
export interface ArcSet {
  readonly sealer: string;
  /** The value of ARC-Authentication-Results. */
  readonly results: string;
}

/**
 * Finds in an ARC chain, oldest set first, whether a sealer we trust has seen DMARC pass for a domain: RFC 8617. A set below one of
 * a sealer we do not trust counts for nothing, as that one could have written it after changing the mail. Whether the chain is
 * valid is not looked at here.
 */
export function findTrustedPass(
  chain: readonly ArcSet[],
  sealers: ReadonlySet<string>,
  domain: string,
): ArcFinding | undefined {
  for (const { sealer, results } of chain.toReversed()) {
    if (!sealers.has(plainDomain(sealer))) return undefined;
    const read = parseAuthenticationResults(results.replace(/^\s*i\s*=\s*\d+\s*;/i, ""));
    const dmarc = (read?.results ?? []).filter(({ method }) => method === "dmarc");
    const passed =
      dmarc.length > 0 &&
      dmarc.every(({ result, properties }) => {
        const from = properties.get("header.from");
        return result === "pass" && from !== undefined && plainDomain(from) === plainDomain(domain);
      });
    if (passed) return { sealer: plainDomain(sealer), domain };
  }
  return undefined;
}

function plainDomain(text: string): string {
  const written = text.slice(text.lastIndexOf("@") + 1).replace(/\.$/, "");
  return domainToASCII(written) || written.toLowerCase();
}
