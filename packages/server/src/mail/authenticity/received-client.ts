import { isIP } from "node:net";

/** The machine our relay took a mail from. */
export interface SmtpClient {
  readonly ip: string;
  readonly helo: string;
}

/**
 * Finds in Received lines, topmost first, who gave a mail to our relay: RFC 5321. Lines of the relay's own machine are passed over;
 * the search ends at the first that is not `by` one of `names`, as all below it came with the mail. `undefined` where that cannot
 * be told, and where it is a machine of a private network, of which SPF says nothing.
 */
export function findClient(received: readonly string[], names: ReadonlySet<string>): SmtpClient | undefined {
  for (const line of received.slice(0, maxLines)) {
    const { from, comment, by } = readReceived(line.slice(0, maxLength));
    if (!by || !names.has(by.toLowerCase().replace(/\.$/, ""))) return undefined;
    const ip = clientAddress(from, comment);
    if (ip !== undefined && isLoopback(ip)) continue;
    return ip === undefined || isPrivate(ip) ? undefined : { ip, helo: from };
  }
  return undefined;
}

const maxLines = 20;
const maxLength = 4_000;

interface Received {
  /** The name the client gave itself. */
  readonly from: string;
  /** What stands in parentheses behind it. */
  readonly comment: string;
  readonly by: string | undefined;
}

/** Reads the clauses that matter; what stands in parentheses is not looked at for them. */
function readReceived(line: string): Received {
  let depth = 0;
  let comment = "";
  const words: string[] = [];
  for (const token of line.match(/[()]|[^\s()]+|\s+/g) ?? []) {
    if (token === "(") depth++;
    else if (token === ")") depth = Math.max(0, depth - 1);
    else if (depth > 0) comment += words.length === 2 ? token : "";
    else if (token.trim() !== "") words.push(token);
  }
  const isFrom = words[0]?.toLowerCase() === "from";
  const by = words[isFrom ? 2 : 0]?.toLowerCase() === "by" ? words[isFrom ? 3 : 1] : undefined;
  return { from: isFrom ? (words[1] ?? "") : "", comment, by };
}

/**
 * The last address in the comment is the one the connection came from; what the client called itself may be one too: Exim writes that behind
 * `helo=`, qmail behind `HELO`.
 */
function clientAddress(from: string, comment: string): string | undefined {
  const proven = comment.replace(/\b(?:helo|ehlo)[=\s]\s*\S+/gi, " ");
  const ip = [...proven.matchAll(/\[(?:IPv6:)?([0-9a-f.:]+)\]/gi)].at(-1)?.[1];
  if (ip !== undefined) return isIP(ip) ? ip : undefined;
  const bare = /^\[(?:IPv6:)?([0-9a-f.:]+)\](?::\d+)?$/i.exec(from)?.[1];
  return bare !== undefined && comment !== "" && isIP(bare) ? bare : undefined;
}

function isLoopback(ip: string): boolean {
  return ip === "::1" || /^(?:::ffff:)?127\./i.test(ip);
}

function isPrivate(ip: string): boolean {
  return (
    /^(?:::ffff:)?(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/i.test(ip) || /^(?:f[cd]|fe80:)/i.test(ip)
  );
}
