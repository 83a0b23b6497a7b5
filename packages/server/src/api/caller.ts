import { parseAddress } from "@parley/engine";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isOwnHost } from "../auth/own-host.ts";
import { findSession, sessionSeconds } from "../auth/sessions.ts";
import { readBasic, type SignInResult, signInProgram } from "../auth/sign-in.ts";
import type { Principal } from "../store/store.ts";
import { actingFor } from "./acting.ts";
import type { Api, ApiWorld } from "./options.ts";
import { Refusal } from "./problem.ts";

const cookieName = "parley_session";
const decorator = "caller";

/**
 * Finds who is calling before any route runs: by HTTP Basic, which programs use, or else by the session's cookie. Requests that
 * a foreign page may have made are refused here. By the header `Parley-As` somebody acts for another, as far as they may.
 */
export function identifyCallers(api: Api, world: ApiWorld): void {
  api.decorateRequest(decorator, null);
  api.addHook("onRequest", async (request) => {
    refuseForeignHost(request, world);
    refuseCrossSite(request, world);
    request.setDecorator(decorator, (await findCaller(request, world)) ?? null);
    if (isOpen(request, world)) return;
    // Before the body is read: what nobody signed for is not worth looking at.
    request.setDecorator(decorator, await actingFor(request, world, requireCaller(request)));
  });
}

/** Routes for whoever comes by. */
const open: ReadonlySet<string> = new Set([
  "/api/session",
  "/api/oidc/start",
  "/api/oidc/callback",
  "/api/openapi.json",
  "",
]);

/** When people are busy is for whoever comes by where the operator says so. */
function isOpen({ routeOptions: { url = "" } }: FastifyRequest, { freeBusy }: ApiWorld): boolean {
  return open.has(url) || (url === "/api/free-busy" && freeBusy === "everybody");
}

/** Who is calling; `undefined` where nobody is signed in. */
export function callerOf(request: FastifyRequest): Principal | undefined {
  return request.getDecorator<Principal | null>(decorator) ?? undefined;
}

/** Who is calling; throws the problem `not-signed-in` where nobody is. */
export function requireCaller(request: FastifyRequest): Principal {
  const caller = callerOf(request);
  if (caller) return caller;
  // Not Basic: browsers would ask for a password by themselves.
  throw new Refusal("not-signed-in", "Sign in first.", { "WWW-Authenticate": 'Session realm="Parley"' });
}

/** Gives the browser the token of a session. */
export function setSessionCookie(reply: FastifyReply, world: ApiWorld, token: string): void {
  reply.setCookie(cookieName, token, { ...cookieAttributes(world), maxAge: sessionSeconds });
}

/** Takes the token of a session back from the browser. */
export function clearSessionCookie(reply: FastifyReply, world: ApiWorld): void {
  reply.clearCookie(cookieName, cookieAttributes(world));
}

/** The token of the session a request comes with. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName];
}

/** Throws the problem of a sign-in that failed. */
export function requireSignedIn(result: SignInResult): Principal {
  if (result.kind === "signed-in") return result.principal;
  if (result.kind === "too-many") {
    throw new Refusal("too-many-attempts", "Too many attempts; try again in a few minutes.", {
      "Retry-After": String(result.retryAfterSeconds),
    });
  }
  throw new Refusal("wrong-credentials", "The address or the password is wrong.", {
    "WWW-Authenticate": 'Session realm="Parley"',
  });
}

/** Finds whoever somebody says they are: in try-out mode that is enough. */
export async function findAnybody(world: ApiWorld, text: string): Promise<Principal> {
  const address = parseAddress(text);
  const principal =
    address && (await world.house.store.read((transaction) => transaction.principals.byAddress(address)));
  return requireSignedIn(principal ? { kind: "signed-in", principal } : { kind: "refused" });
}

/** Tells whether browsers find us by https. */
export function isSecure({ publicUrl }: ApiWorld): boolean {
  return publicUrl !== undefined && new URL(publicUrl).protocol === "https:";
}

function cookieAttributes(world: ApiWorld) {
  return { path: "/", httpOnly: true, sameSite: "strict", secure: isSecure(world) } as const;
}

async function findCaller(request: FastifyRequest, world: ApiWorld): Promise<Principal | undefined> {
  const { store, clock } = world.house;
  const { authorization } = request.headers;
  if (authorization === undefined) {
    const token = sessionTokenOf(request);
    return token === undefined ? undefined : findSession(store, token, clock());
  }
  const credentials = readBasic(authorization);
  if (world.tryOut && credentials) return findAnybody(world, credentials.address);
  const result: SignInResult = credentials
    ? await signInProgram(store, world.attempts, credentials, request.ip, clock(), world.passwords)
    : { kind: "refused" };
  if (result.kind !== "refused") return requireSignedIn(result);
  throw new Refusal("wrong-credentials", "The address or the password is wrong.", {
    "WWW-Authenticate": 'Basic realm="Parley", charset="UTF-8"',
  });
}

const harmless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** A page of another site can make the browser send a form with our cookie, but neither JSON nor our Origin. */
function refuseCrossSite(request: FastifyRequest, { publicUrl }: ApiWorld): void {
  if (harmless.has(request.method)) return;
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, request.host, publicUrl)) {
    throw new Refusal("cross-site", "The request comes from a page of another site.");
  }
  const type = request.headers["content-type"];
  if (sessionTokenOf(request) === undefined || type === undefined) return;
  if (type.split(";", 1)[0]?.trim().toLowerCase() === "application/json") return;
  throw new Refusal("cross-site", "With a cookie only JSON is taken, as Content-Type: application/json.");
}

function isOwnOrigin(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (publicUrl !== undefined && url.origin === new URL(publicUrl).origin) return true;
  const own = `${url.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === url.host;
}

/** A foreign page whose name is turned to this machine would count as ours. */
function refuseForeignHost(request: FastifyRequest, { tryOut, host }: ApiWorld): void {
  if (!tryOut || isOwnHost(request.headers.host, host)) return;
  throw new Refusal("wrong-host", "In try-out mode the web page is at localhost only.");
}
