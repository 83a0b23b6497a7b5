import { createHash } from "node:crypto";
import { type CalendarUserAddress, domainOf, type EpochSeconds, parseAddress } from "@parley/engine";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
} from "openid-client";
import type { Principal, Store, Transaction } from "../store/store.ts";

/** At which OpenID provider people sign in, and how its word becomes a person of ours. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The claim that is a person's address. */
  readonly addressClaim: string;
  /** Only where the provider says that the address is proven. */
  readonly requireVerified: boolean;
  /** What people call it. */
  readonly name: string;
  /** Adds whoever it vouches for and who is not known yet, where their address is of one of these domains. */
  readonly createIn: ReadonlySet<string>;
  /** Where the browser comes back to. */
  readonly redirectUri: string;
}

/** What signing in elsewhere needs of this server. */
export interface OidcWorld {
  readonly store: Store;
  readonly clock: () => EpochSeconds;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly hasZone: (name: string) => boolean;
}

/**
 * Names what went wrong, for the person: the provider cannot be reached; they said no there; it took too long, or another browser
 * began; its answer cannot be trusted; it names no address; the address is not proven; it is nobody's here; too many are signing in.
 */
export type OidcProblem =
  | "unavailable"
  | "denied"
  | "expired"
  | "failed"
  | "no-address"
  | "unverified"
  | "unknown-person"
  | "too-many";

/** What came of coming back. `detail` is for the log. */
export type OidcResult =
  | { readonly kind: "signed-in"; readonly principal: Principal }
  | { readonly kind: "problem"; readonly problem: OidcProblem; readonly detail: string };

/** Signs people in at one OpenID provider: by the code flow of OpenID Connect, with PKCE, state and nonce. Decision 0032. */
export interface Oidc {
  readonly name: string;
  /** Says where to send the browser, and the state it has to bring back, which that browser alone is given. */
  begin(): Promise<
    { readonly kind: "begun"; readonly url: string; readonly state: string } | Extract<OidcResult, { kind: "problem" }>
  >;
  /** Finds who has come back; `query` is what the provider sent with them, `state` what this browser was given. Each state counts once. */
  finish(query: URLSearchParams, state: string | undefined): Promise<OidcResult>;
}

/** Seconds between going and coming back. */
export const oidcSeconds = 600;
/** Seconds after which the provider is asked anew what it is. */
const discoverySeconds = 3_600;
/** Seconds the provider may take for an answer. */
const answerSeconds = 10;
/** PKCE wants 43 characters or more of it. */
const secretBytes = 32;

/** Prepares signing in at a provider; it is first asked when somebody does. */
export function makeOidc(settings: OidcSettings, world: OidcWorld): Oidc {
  const { store, clock } = world;
  const secret = (): string => Buffer.from(world.randomBytes(secretBytes)).toString("base64url");
  let known: { readonly until: EpochSeconds; readonly provider: Promise<Configuration> } | undefined;

  const provider = (): Promise<Configuration> => {
    if (known && known.until > clock()) return known.provider;
    const found = discover(settings);
    known = { until: clock() + discoverySeconds, provider: found };
    // Not remembered as away once it is back.
    found.catch(() => {
      if (known?.provider === found) known = undefined;
    });
    return found;
  };

  return {
    name: settings.name,
    begin: async () => {
      const [state, nonce, verifier] = [secret(), secret(), secret()];
      let url: URL;
      try {
        url = buildAuthorizationUrl(await provider(), {
          redirect_uri: settings.redirectUri,
          scope: "openid email profile",
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
        });
      } catch (error) {
        return problem("unavailable", error);
      }
      const now = clock();
      const kept = await store.write(({ signIns }) =>
        signIns.add(hashState(state), { nonce, verifier }, now, now + oidcSeconds),
      );
      return kept ? { kind: "begun", url: url.href, state } : problem("too-many", "too many sign-ins are under way");
    },
    finish: async (query, state) => {
      if (state === undefined || query.get("state") !== state) {
        return problem("expired", "this browser has not begun that sign-in");
      }
      const begun = await store.write(({ signIns }) => signIns.take(hashState(state), clock()));
      if (!begun) return problem("expired", "the state is unknown, used before or out of date");
      if (query.get("error") === "access_denied") return problem("denied", "access_denied");
      const url = new URL(settings.redirectUri);
      url.search = query.toString();
      const checks = {
        expectedState: state,
        expectedNonce: begun.nonce,
        pkceCodeVerifier: begun.verifier,
        idTokenExpected: true,
      };
      let claims: Claims;
      try {
        claims = await readClaims(settings, await provider(), url, checks);
      } catch (error) {
        return problem("failed", error);
      }
      return store.write((transaction) => findPerson(settings, world, transaction, claims));
    },
  };
}

type Claims = Readonly<Record<string, unknown>>;

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
  const server = new URL(issuer);
  // The configuration allows it on loopback alone.
  const insecure = server.protocol === "http:" ? [allowInsecureRequests] : [];
  const found = await discovery(server, clientId, undefined, None(), { execute: insecure, timeout: answerSeconds });
  const metadata = found.serverMetadata();
  const takes = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const proof =
    clientSecret === undefined
      ? None()
      : (takes.includes("client_secret_basic") ? ClientSecretBasic : ClientSecretPost)(clientSecret);
  const provider = new Configuration(metadata, clientId, undefined, proof);
  provider.timeout = answerSeconds;
  // The signature too, although the token comes from the provider itself.
  enableNonRepudiationChecks(provider);
  for (const allow of insecure) allow(provider);
  return provider;
}

/** The claims of the ID token, or those of the provider's UserInfo where the token has no address. */
async function readClaims(
  { addressClaim }: OidcSettings,
  provider: Configuration,
  url: URL,
  checks: NonNullable<Parameters<typeof authorizationCodeGrant>[2]>,
): Promise<Claims> {
  const tokens = await authorizationCodeGrant(provider, url, checks);
  const claims = tokens.claims();
  if (!claims) throw new Error("there is no ID token");
  if (claims[addressClaim] !== undefined || !provider.serverMetadata().userinfo_endpoint) return claims;
  return fetchUserInfo(provider, tokens.access_token, claims.sub);
}

async function findPerson(
  settings: OidcSettings,
  world: OidcWorld,
  transaction: Transaction,
  claims: Claims,
): Promise<OidcResult> {
  const written = claims[settings.addressClaim];
  const address = typeof written === "string" ? parseAddress(written) : undefined;
  if (!address) return problem("no-address", `the claim ${settings.addressClaim} is no address`);
  if (settings.requireVerified && !isProven(claims, address)) {
    return problem("unverified", `the provider does not say that ${address} is proven`);
  }
  const known = await transaction.principals.byAddress(address);
  if (known) {
    return known.kind === "person"
      ? { kind: "signed-in", principal: known }
      : problem("unknown-person", `${address} is a ${known.kind}`);
  }
  if (!settings.createIn.has(domainOf(address))) return problem("unknown-person", `${address} is nobody here`);
  const principal = await transaction.principals.add(newPerson(world, address, claims));
  return { kind: "signed-in", principal };
}

/** In OpenID Connect `email_verified` is said of `email`, and of no other claim a person may have written there. */
function isProven({ email, email_verified: isVerified }: Claims, address: CalendarUserAddress): boolean {
  return isVerified === true && typeof email === "string" && parseAddress(email) === address;
}

const maxNameLength = 200;

function newPerson({ hasZone }: OidcWorld, address: CalendarUserAddress, { name, zoneinfo }: Claims) {
  const called = typeof name === "string" ? name.trim().slice(0, maxNameLength) : "";
  const timezone = typeof zoneinfo === "string" && hasZone(zoneinfo) ? zoneinfo : "UTC";
  return { name: called || address, address, addresses: [address], timezone };
}

/** Of an error its words alone: what it carries besides can be a token. */
function problem(word: OidcProblem, cause: unknown): Extract<OidcResult, { kind: "problem" }> {
  const detail =
    cause instanceof Error ? `${"code" in cause ? `${String(cause.code)}: ` : ""}${cause.message}` : String(cause);
  return { kind: "problem", problem: word, detail };
}

function hashState(state: string): string {
  return createHash("sha256").update(state).digest("hex");
}
