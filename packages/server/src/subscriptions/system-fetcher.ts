import { Resolver } from "node:dns/promises";
import { type FetchCalendar, makeFetcher } from "./fetch-calendar.ts";

/** What people may subscribe to: nothing, what is at https URLs, or at http URLs too. */
export type SubscriptionSetting = "off" | "https" | "http";

const dnsMilliseconds = 3_000;

/**
 * Makes the fetcher of a server; `undefined` where people subscribe to nothing. It asks the DNS by itself: the system's resolver would keep a
 * thread that passwords are checked by waiting for a name server that does not answer.
 */
export function systemFetcher(setting: SubscriptionSetting = "https"): FetchCalendar | undefined {
  if (setting === "off") return undefined;
  const dns = new Resolver({ timeout: dnsMilliseconds, tries: 2 });
  const resolve = async (host: string): Promise<readonly string[]> => {
    const found = await Promise.allSettled([dns.resolve4(host), dns.resolve6(host)]);
    return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  };
  return makeFetcher({ allowsHttp: setting === "http", resolve });
}
