import type { EpochSeconds } from "@parley/engine";

/**
 * Asks the DNS for the records of a name. Rejects as `node:dns` does: `code` is ENOTFOUND or ENODATA where there are none, and
 * anything else where nobody knows.
 */
export type DnsLookup = (name: string, type: string) => Promise<string[][] | string[]>;

/** How much is asked for one mail, and for how long. */
export interface DnsBounds {
  readonly maxLookups: number;
  /** What has not come then is not waited for. */
  readonly milliseconds: number;
}

/** What no honest mail needs, and no sender can make us exceed. */
export const dnsBounds: DnsBounds = { maxLookups: 100, milliseconds: 15_000 };

const keepSeconds = 300;
const maxKept = 10_000;

/** Remembers answers for five minutes, those that there is nothing too; never what failed. */
export function rememberAnswers(lookUp: DnsLookup, clock: () => EpochSeconds): DnsLookup {
  const kept = new Map<string, { readonly until: EpochSeconds; readonly answer: ReturnType<DnsLookup> }>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const known = kept.get(key);
    if (known && known.until > clock()) return known.answer;
    const answer = lookUp(name, type);
    kept.delete(key);
    if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? "");
    kept.set(key, { until: clock() + keepSeconds, answer });
    answer.catch((error: unknown) => {
      if (!isFinal(error)) kept.delete(key);
    });
    return answer;
  };
}

/** Runs work with a lookup that ends: after so many questions, or after so long, every further one fails as a broken DNS does. */
export async function withinBounds<Result>(
  lookUp: DnsLookup,
  bounds: DnsBounds,
  work: (lookUp: DnsLookup) => Promise<Result>,
): Promise<Result> {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(dnsError("ETIMEOUT")), bounds.milliseconds);
  });
  over.catch(() => undefined);
  try {
    return await work((name, type) => {
      count++;
      if (count > bounds.maxLookups) return Promise.reject(dnsError("EREFUSED"));
      return Promise.race([lookUp(name, type), over]);
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the DNS has said that there is nothing. */
function isFinal(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOTFOUND" || code === "ENODATA" || code === "EBADNAME";
}

function dnsError(code: string): Error & { readonly code: string } {
  return Object.assign(new Error(`DNS ${code}`), { code });
}
