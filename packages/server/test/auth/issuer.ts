import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** How an issuer of a test does what none should. */
export interface Faults {
  /** Written over the claims of an honest ID token; `undefined` leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs with a key nobody knows, or not at all. */
  readonly signature?: "foreign" | "none" | "broken";
  /** Told by UserInfo. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** Written over what the callback carries. */
  readonly callback?: Readonly<Record<string, string>>;
  /** Takes any code and verifier again and again. */
  readonly careless?: true;
}

/** An OpenID provider of our own, on loopback: one client, and whoever the test says has signed in. */
export interface Issuer {
  readonly url: string;
  /** What was asked, by path. */
  readonly requests: readonly string[];
  /** How the client proved who it is at the last exchange. */
  readonly proofs: readonly string[];
  /** Lets somebody sign in where `authorization` leads to; gives the query their browser comes back with. */
  signIn(authorization: string, claims: Readonly<Record<string, unknown>>, faults?: Faults): URLSearchParams;
  /** Whoever comes in a browser is that one, without being asked; nobody: they say no. */
  visitor: Readonly<Record<string, unknown>> | undefined;
  close(): Promise<void>;
}

export const client = { id: "parley-test", secret: "s&cret of the client" };

interface Grant {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly faults: Faults;
}

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export async function startIssuer(metadata: Readonly<Record<string, unknown>> = {}): Promise<Issuer> {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const grants = new Map<string, Grant>();
  const requests: string[] = [];
  const proofs: string[] = [];
  let url = "";
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", url).pathname;
    requests.push(path);
    if (path === "/authorize") return welcome(issuer, new URL(request.url ?? "", url), response);
    void answer(path, request).then(([status, body]) => send(response, status, body));
  });
  const answer = async (path: string, request: IncomingMessage): Promise<readonly [number, unknown]> => {
    if (path === "/.well-known/openid-configuration") return [200, { ...documentOf(url), ...metadata }];
    if (path === "/jwks")
      return [200, { keys: [{ ...keys.publicKey.export({ format: "jwk" }), kid: "1", alg: "ES256", use: "sig" }] }];
    if (path === "/userinfo")
      return [200, JSON.parse(Buffer.from((request.headers.authorization ?? "").slice(7), "base64url").toString())];
    if (path !== "/token") return [404, {}];
    proofs.push(request.headers.authorization ?? "none");
    return exchange(keys, grants, new URLSearchParams(await text(request)));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("loopback has no port to give");
  // Another host than 127.0.0.1 in a browser's eyes.
  url = `http://localhost:${address.port}`;
  const issuer: Issuer = {
    url,
    visitor: undefined,
    requests,
    proofs,
    signIn: (authorization, claims, faults = {}) => {
      const asked = new URL(authorization).searchParams;
      const code = randomBytes(16).toString("hex");
      const honest = { iss: url, aud: client.id, nonce: asked.get("nonce"), sub: "1", ...claims };
      grants.set(code, {
        challenge: asked.get("code_challenge") ?? "",
        redirectUri: asked.get("redirect_uri") ?? "",
        claims: { ...honest, ...faults.claims },
        faults,
      });
      return new URLSearchParams({ code, state: asked.get("state") ?? "", ...faults.callback });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return issuer;
}

/** Sends a browser back where it wants to go. */
function welcome({ visitor, signIn }: Issuer, asked: URL, response: ServerResponse): void {
  const query = visitor
    ? signIn(asked.href, visitor)
    : new URLSearchParams({ error: "access_denied", state: asked.searchParams.get("state") ?? "" });
  response.writeHead(303, { location: `${asked.searchParams.get("redirect_uri")}?${query}` });
  response.end();
}

function documentOf(url: string) {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    userinfo_endpoint: `${url}/userinfo`,
    jwks_uri: `${url}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}

/** A code counts once, and only with the verifier of whoever began: PKCE. */
function exchange(keys: Keys, grants: Map<string, Grant>, form: URLSearchParams): readonly [number, unknown] {
  const grant = grants.get(form.get("code") ?? "");
  if (!grant) return [400, { error: "invalid_grant" }];
  const { faults, claims, redirectUri, challenge } = grant;
  if (!faults.careless) grants.delete(form.get("code") ?? "");
  const proven = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (!faults.careless && (proven !== challenge || form.get("redirect_uri") !== redirectUri))
    return [400, { error: "invalid_grant" }];
  const now = Math.floor(Date.now() / 1_000);
  const token = signToken({ iat: now, exp: now + 300, ...claims }, keys, faults.signature);
  const access = Buffer.from(JSON.stringify({ sub: claims["sub"], ...faults.userInfo })).toString("base64url");
  return [200, { access_token: access, token_type: "Bearer", id_token: token }];
}

function signToken(claims: object, keys: Keys, fault: Faults["signature"]): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = fault === "none" ? { alg: "none" } : { alg: "ES256", kid: "1" };
  const signed = `${part(head)}.${part(claims)}`;
  if (fault === "none") return `${signed}.`;
  const { privateKey } = fault === "foreign" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : keys;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  if (fault === "broken") signature[0] = (signature[0] ?? 0) ^ 1;
  return `${signed}.${signature.toString("base64url")}`;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
