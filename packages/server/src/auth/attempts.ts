import { isIPv6 } from "node:net";
import type { EpochSeconds } from "@parley/engine";

/** What became of an attempt to sign in. */
export type AttemptResult =
  | { readonly kind: "passed" }
  | { readonly kind: "failed" }
  /** Nothing was tried: too many have failed. */
  | { readonly kind: "too-many"; readonly retryAfterSeconds: number };

/** Counts sign-ins that failed, for each address and for each network they came from. */
export interface Attempts {
  /**
   * Lets `verify` look at a password unless too many have failed. Attempts for one address take turns: many guesses made at once
   * gain nothing, and a program that makes many requests at once is not taken for a guesser.
   */
  attempt(address: string, ip: string, now: EpochSeconds, verify: () => Promise<boolean>): Promise<AttemptResult>;
}

/** Seconds from the first failure until it is forgotten. */
const windowSeconds = 300;
/** Failures of one address in a window. */
const maxPerAddress = 10;
/** Failures from one network in a window: many people may share one. */
const maxPerNetwork = 50;
/** Addresses and networks remembered; beyond it the oldest is forgotten. */
const maxRemembered = 20_000;

interface Count {
  failures: number;
  readonly until: EpochSeconds;
}

/** Makes an empty count. It lives as long as the process: a restart forgives. */
export function countAttempts(): Attempts {
  const counts: Counts = { addresses: new Map(), networks: new Map() };
  const turns = new Map<string, Promise<unknown>>();
  return {
    async attempt(address, ip, now, verify) {
      const before = turns.get(address);
      const turn = (before ?? Promise.resolve()).then(() => tryOnce(counts, address, ip, now, verify));
      // Whoever comes next waits for this one to end, however it ends.
      const ended = turn.then(
        () => {},
        () => {},
      );
      turns.set(address, ended);
      try {
        return await turn;
      } finally {
        if (turns.get(address) === ended) turns.delete(address);
      }
    },
  };
}

interface Counts {
  readonly addresses: Map<string, Count>;
  readonly networks: Map<string, Count>;
}

async function tryOnce(
  counts: Counts,
  address: string,
  ip: string,
  now: EpochSeconds,
  verify: () => Promise<boolean>,
): Promise<AttemptResult> {
  // The network first: once it has failed too often, what it asks for leaves no trace that could wash out another's.
  const network = countOf(counts.networks, networkOf(ip), now);
  if (network.failures >= maxPerNetwork) return { kind: "too-many", retryAfterSeconds: network.until - now };
  const own = countOf(counts.addresses, address, now);
  if (own.failures >= maxPerAddress) return { kind: "too-many", retryAfterSeconds: own.until - now };
  // Counted before it is known, so that guesses for many addresses at once are counted too.
  own.failures += 1;
  network.failures += 1;
  if (!(await verify())) return { kind: "failed" };
  own.failures -= 1;
  network.failures -= 1;
  return { kind: "passed" };
}

function countOf(counts: Map<string, Count>, key: string, now: EpochSeconds): Count {
  const known = counts.get(key);
  if (known && known.until > now) return known;
  const fresh = { failures: 0, until: now + windowSeconds };
  counts.delete(key);
  counts.set(key, fresh);
  if (counts.size > maxRemembered) forgetOne(counts, now);
  return fresh;
}

/** Forgets the oldest that has not failed too often; where all have, the oldest. The order of a Map is that of insertion. */
function forgetOne(counts: Map<string, Count>, now: EpochSeconds): void {
  for (const [key, { failures, until }] of counts) {
    if (until > now && failures >= maxPerAddress) continue;
    counts.delete(key);
    return;
  }
  const oldest = counts.keys().next().value;
  if (oldest !== undefined) counts.delete(oldest);
}

/** The network one subscriber has: an IPv4 address, or the /64 of an IPv6 address. */
function networkOf(ip: string): string {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  const whole = [...groups, ...Array<string>(Math.max(missing, 0)).fill("0"), ...(tail ? tail.split(":") : [])];
  return whole.slice(0, 4).join(":").toLowerCase();
}
