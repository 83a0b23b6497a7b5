import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isPublicAddress } from "./public-address.ts";

/** What an owner is told of a fetch that failed says no more of our network than that: no ports, no addresses. */
export type FetchResult =
  | { readonly kind: "fetched"; readonly text: string; readonly validators: Validators }
  /** It is what it was. */
  | { readonly kind: "unchanged" }
  /** `retryAfterSeconds`: as the other server asks. */
  | { readonly kind: "failed"; readonly problem: string; readonly retryAfterSeconds?: number };

/** By what a server knows again what it has sent: for HTTP's If-None-Match and If-Modified-Since. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Reads what is at a URL. Never throws: what is wrong is the other's fault. */
export type FetchCalendar = (url: string, known: Validators) => Promise<FetchResult>;

/** What the fetcher works with. */
export interface FetchWorld {
  /** Whether a URL may be read in the clear. */
  readonly allowsHttp: boolean;
  /** Finds the IP addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Where to connect for an address that was found to be public: there, where nobody says. */
  readonly dial?: (address: string, port: number) => { readonly address: string; readonly port: number };
  /** Certificates of authorities, beside the system's. */
  readonly ca?: string;
  /** Milliseconds for all of it: 30,000 where nobody says. */
  readonly maxMilliseconds?: number;
}

/** Octets of a calendar, unpacked. */
export const maxFetchedOctets = 10 * 1_024 * 1_024;
const maxRedirects = 5;
const maxUrlLength = 2_000;
const defaultMilliseconds = 30_000;
const maxValidatorLength = 1_000;
const maxRetryAfterSeconds = 86_400;

/**
 * Makes a fetcher that reaches nothing but servers of the internet: each address a name stands for must be public, the one that was
 * looked at is the one it connects to, and a redirect is looked at as the first URL was. Decision 0041.
 */
export function makeFetcher(world: FetchWorld): FetchCalendar {
  return async (written, known) => {
    const until = AbortSignal.timeout(world.maxMilliseconds ?? defaultMilliseconds);
    try {
      return await follow(world, written, known, until);
    } catch (error) {
      if (error instanceof Unreachable) return { kind: "failed", problem: error.message };
      return { kind: "failed", problem: until.aborted ? "It takes too long." : "It cannot be reached." };
    }
  };
}

/** Thrown where somebody is told more than that it did not work. */
class Unreachable extends Error {}

/** Reads a URL as somebody wrote it: `webcal` is https. Says what is wrong with one that is not read. */
export function readFeedUrl(written: string, allowsHttp: boolean): URL | { readonly problem: string } {
  const text = written.trim().replace(/^webcals?:/i, "https:");
  const url = text.length <= maxUrlLength && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === "") return { problem: "It is no URL." };
  if (url.protocol !== "https:" && !(url.protocol === "http:" && allowsHttp)) {
    return { problem: allowsHttp ? "Only https and http are read." : "Only https is read." };
  }
  if (url.username !== "" || url.password !== "") return { problem: "A URL with a name or a password is not read." };
  const port = url.port === "" ? undefined : Number(url.port);
  if (port !== undefined && port < 1_024 && port !== 80 && port !== 443) return { problem: "That port is not read." };
  url.hash = "";
  return url;
}

async function follow(world: FetchWorld, written: string, known: Validators, until: AbortSignal): Promise<FetchResult> {
  let next = written;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const url = readFeedUrl(next, world.allowsHttp);
    if ("problem" in url) throw new Unreachable(hop === 0 ? url.problem : "It leads where nothing is read.");
    const response = await ask(world, url, known, until);
    const { statusCode = 0, headers } = response;
    if (!redirects.has(statusCode)) return readResponse(response, until);
    response.destroy();
    const { location = "" } = headers;
    if (!URL.canParse(location, url.href)) throw new Unreachable("It leads nowhere.");
    next = new URL(location, url.href).href;
  }
  throw new Unreachable("It leads on and on.");
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Sends one request to an address that was looked at: the name is not resolved a second time. */
async function ask(world: FetchWorld, url: URL, known: Validators, until: AbortSignal): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  const port = Number(url.port || (isSecure ? 443 : 80));
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const address = await publicAddressOf(world, host, until);
  const target = world.dial?.(address, port) ?? { address, port };
  const options = {
    host: target.address,
    port: target.port,
    path: `${url.pathname}${url.search}`,
    method: "GET",
    // Nothing is kept open, and no proxy of the environment's is asked.
    agent: false,
    signal: until,
    headers: {
      Host: url.host,
      Accept: "text/calendar, */*;q=0.5",
      "Accept-Encoding": "gzip",
      "User-Agent": "Parley",
      ...(known.etag !== undefined && { "If-None-Match": known.etag }),
      ...(known.lastModified !== undefined && { "If-Modified-Since": known.lastModified }),
    },
  } as const;
  return new Promise((resolve, reject) => {
    const request = isSecure
      ? https.request({ ...options, ...(isIP(host) === 0 && { servername: host }), ...(world.ca && { ca: world.ca }) })
      : http.request(options);
    request.on("response", resolve);
    request.on("error", reject);
    request.end();
  });
}

/** Also of a name that nobody has: else names of our own network could be found out. */
const notOfTheInternet = "It is no server of the internet.";

/** All of a host's addresses must be public: one that has others too is not of the internet alone. */
async function publicAddressOf({ resolve }: FetchWorld, host: string, until: AbortSignal): Promise<string> {
  const addresses = isIP(host) === 0 ? await unlessAborted(resolve(host), until) : [host];
  const [first] = addresses;
  if (first === undefined || !addresses.every(isPublicAddress)) throw new Unreachable(notOfTheInternet);
  return first;
}

function unlessAborted<Result>(promise: Promise<Result>, until: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    until.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
    promise.then(resolve, () => reject(new Unreachable(notOfTheInternet)));
  });
}

async function readResponse(response: IncomingMessage, until: AbortSignal): Promise<FetchResult> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) {
    response.destroy();
    if (statusCode === 304) return { kind: "unchanged" };
    const asked = /^\d{1,9}$/.exec(headers["retry-after"] ?? "")?.[0];
    const problem = `The other server answers ${statusCode}.`;
    if (asked === undefined) return { kind: "failed", problem };
    return { kind: "failed", problem, retryAfterSeconds: Math.min(Number(asked), maxRetryAfterSeconds) };
  }
  const bytes = await readBody(response, until);
  const [etag, lastModified] = [validator(headers.etag), validator(headers["last-modified"])];
  const validators = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
  return { kind: "fetched", text: decode(bytes, headers["content-type"] ?? ""), validators };
}

/** What is sent back as a header later. */
function validator(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= maxValidatorLength && /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

/** Reads no more than is kept, whatever it is packed from. */
async function readBody(response: IncomingMessage, until: AbortSignal): Promise<Uint8Array> {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip" && encoding !== "x-gzip") {
    response.destroy();
    throw new Unreachable("It is packed in a way that is not read.");
  }
  const body: Readable = encoding === "identity" ? response : response.pipe(createGunzip());
  response.on("error", (error) => body.destroy(error));
  until.addEventListener("abort", () => body.destroy(new Error("aborted")), { once: true });
  const chunks: Uint8Array[] = [];
  let octets = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      octets += chunk.byteLength;
      if (octets > maxFetchedOctets) throw new Unreachable("It is too large.");
      chunks.push(chunk);
    }
  } finally {
    response.destroy();
    body.destroy();
  }
  if (encoding === "identity" && !response.complete) throw new Unreachable("It was cut off.");
  return Buffer.concat(chunks);
}

/** What it says to be matters less than what can be read; RFC 5545 §3.1.4 has it in UTF-8. */
function decode(bytes: Uint8Array, contentType: string): string {
  const charset = /charset="?([\w.:-]{1,40})"?/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
