import type { RequestHeaders } from "./message.ts";
import { type Path, parsePath } from "./path.ts";
import { DavRefusal } from "./refusal.ts";

/** How deep a request goes, RFC 4918 §10.2. */
export type Depth = "0" | "1" | "infinity";

/** What a client would rather have, RFC 7240 and RFC 8144. */
export type Preference = "minimal" | "representation" | undefined;

/** Reads one header as text; several of them are joined, as HTTP lets us. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || typeof value === "string" ? value : value.join(", ");
}

/** Reads the Depth header; `otherwise` is what counts where there is none. */
export function readDepth(headers: RequestHeaders, otherwise: Depth): Depth {
  const text = headerOf(headers, "depth")?.trim().toLowerCase();
  if (text === undefined || text === "") return otherwise;
  // Some programs say "1,noroot", as one of Microsoft's did.
  const depth = text.split(",", 1)[0]?.trim();
  if (depth === "0" || depth === "1" || depth === "infinity") return depth;
  throw new DavRefusal(400, "The Depth header is none of 0, 1 and infinity.");
}

/** Reads the Overwrite header, RFC 4918 §10.6: yes, where nobody says no. */
export function readOverwrite(headers: RequestHeaders): boolean {
  const text = headerOf(headers, "overwrite")?.trim().toUpperCase() ?? "T";
  if (text === "T" || text === "F") return text === "T";
  throw new DavRefusal(400, "The Overwrite header is neither T nor F.");
}

/** Reads the Destination header, RFC 4918 §10.3; on another host there is nothing of ours. */
export function readDestination(headers: RequestHeaders): Path {
  const text = headerOf(headers, "destination")?.trim();
  if (text === undefined) throw new DavRefusal(400, "There is no Destination header.");
  const host = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1];
  const own = headerOf(headers, "x-forwarded-host") ?? headerOf(headers, "host");
  if (host !== undefined && host.toLowerCase() !== own?.toLowerCase()) {
    throw new DavRefusal(502, "The destination is on another server.");
  }
  const path = parsePath(text);
  if (!path) throw new DavRefusal(400, "The Destination header is no path.");
  return path;
}

/** Reads what a client would rather have, also in the words of the time before RFC 7240. */
export function readPreference(headers: RequestHeaders): Preference {
  if (headerOf(headers, "brief")?.trim().toLowerCase() === "t") return "minimal";
  for (const part of headerOf(headers, "prefer")?.split(/[,;]/) ?? []) {
    const preference = part.replace(/[\s"]/g, "").toLowerCase();
    if (preference === "return=minimal" || preference === "return-minimal") return "minimal";
    if (preference === "return=representation" || preference === "return-representation") return "representation";
  }
  return undefined;
}
