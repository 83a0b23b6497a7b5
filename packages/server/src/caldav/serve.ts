import { parseAddress } from "@parley/engine";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { isOwnHost } from "../auth/own-host.ts";
import { type RememberedSignIns, rememberSignIns } from "../auth/remembered.ts";
import { readBasic, type SignInResult, signInAgain } from "../auth/sign-in.ts";
import { davMethods, handleDav } from "../dav/handle.ts";
import type { DavResponse } from "../dav/message.ts";
import { errorElement, xmlResponse } from "../dav/multistatus.ts";
import { formatPath, parsePath } from "../dav/path.ts";
import { DavRefusal } from "../dav/refusal.ts";
import { xml } from "../dav/xml.ts";
import { objectBounds } from "../scheduling/writing.ts";
import type { Principal } from "../store/store.ts";
import { isUnavailable } from "../store/unavailable.ts";
import { caldav, prefixes } from "./names.ts";
import { davRoot, paths } from "./node.ts";
import { makeTexts, type Texts } from "./texts.ts";
import { makeTree } from "./tree.ts";
import type { CaldavWorld } from "./world.ts";

/** Octets of a body: so much more than an object may have that it is the object that is refused. */
const maxBodyBytes = objectBounds.maxResourceSize + 65_536;
const keyBytes = 32;
const decorator = "calendarUser";
const ownMethods: ReadonlySet<string> = new Set(["OPTIONS", "GET", "HEAD", "PUT", "DELETE", "POST"]);

/** Serves CalDAV below `/dav/`, and what leads there (RFC 6764 §5). A cookie counts for nothing: no page can make a browser act here. */
export async function serveCaldav(app: FastifyInstance, world: CaldavWorld): Promise<void> {
  for (const method of davMethods) if (!ownMethods.has(method)) app.addHttpMethod(method, { hasBody: true });
  const remembered = rememberSignIns(world.randomBytes(keyBytes));
  const unlisten = world.house.store.listen((notices) => {
    if (notices.some(({ kind }) => kind === "access" || kind === "anew")) remembered.forget();
  });
  app.addHook("onClose", async () => unlisten());
  const texts = makeTexts(world.house);
  await app.register(async (routes) => {
    takeAnyBody(routes);
    routes.setErrorHandler<Error>((error, request, reply) => send(reply, errorResponse(error, request)));
    routes.decorateRequest(decorator, null);
    // Before the body is read: what nobody signed for is not worth looking at.
    const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
      const signedIn = await signIn(world, remembered, request);
      if (!("id" in signedIn)) return send(reply, signedIn);
      request.setDecorator(decorator, signedIn);
      return undefined;
    };
    const handler: RouteHandlerMethod = async (request, reply) => send(reply, await answer(world, texts, request));
    for (const url of [`/${davRoot}`, `/${davRoot}/*`]) {
      routes.route({ method: [...davMethods], url, bodyLimit: maxBodyBytes, onRequest, handler });
    }
    const lead: RouteHandlerMethod = (_request, reply) => reply.redirect(formatPath(paths.root), 301);
    for (const url of ["/.well-known/caldav", "/.well-known/caldav/"]) {
      routes.route({ method: [...davMethods], url, handler: lead });
    }
    // Programs that are given no path begin here, and some follow no redirect; browsers get the pages.
    routes.route({ method: ["PROPFIND", "REPORT"], url: "/", bodyLimit: maxBodyBytes, onRequest, handler });
  });
}

/** What a program calls its body, or forgets to, is no reason to refuse it. */
function takeAnyBody(routes: FastifyInstance): void {
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  routes.addHook("onRequest", async ({ raw }) => {
    raw.headers["content-type"] = "application/octet-stream";
  });
}

async function answer(world: CaldavWorld, texts: Texts, request: FastifyRequest): Promise<DavResponse> {
  const caller = request.getDecorator<Principal>(decorator);
  const path = parsePath(request.raw.url ?? "");
  if (!path) return refusalResponse(new DavRefusal(400, "The path cannot be read."));
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const { method, headers } = request;
  return handleDav(makeTree(world, texts, caller, headers), { method, path, headers, body });
}

async function signIn(
  world: CaldavWorld,
  remembered: RememberedSignIns,
  request: FastifyRequest,
): Promise<Principal | DavResponse> {
  const { house, attempts, passwords, tryOut, host } = world;
  const { authorization } = request.headers;
  // Browsers send a password they were once told along with what another site's page asks for.
  const site = request.headers["sec-fetch-site"];
  if (site === "cross-site" || site === "same-site") {
    return refusalResponse(new DavRefusal(403, "The request comes from a page of another site."));
  }
  const credentials = authorization === undefined ? undefined : readBasic(authorization);
  if (!credentials) return refusalResponse(notSignedIn("Sign in first."));
  if (tryOut) {
    const address = isOwnHost(request.headers.host, host) ? parseAddress(credentials.address) : undefined;
    const anybody = address && (await house.store.read(({ principals }) => principals.byAddress(address)));
    return anybody ?? refusalResponse(notSignedIn("There is nobody of that address."));
  }
  const now = house.clock();
  const result = await signInAgain(house.store, attempts, remembered, credentials, request.ip, now, passwords);
  return result.kind === "signed-in" ? result.principal : refusalResponse(refusalOf(result));
}

function refusalOf(result: Exclude<SignInResult, { kind: "signed-in" }>): DavRefusal {
  if (result.kind === "refused") return notSignedIn("The address or the password is wrong.");
  return new DavRefusal(429, "Too many attempts; try again in a few minutes.", {
    headers: { "Retry-After": String(result.retryAfterSeconds) },
  });
}

/** Thunderbird never recovers from a 401 that names no realm. */
function notSignedIn(message: string): DavRefusal {
  return new DavRefusal(401, message, { headers: { "WWW-Authenticate": 'Basic realm="Parley", charset="UTF-8"' } });
}

function refusalResponse({ status, condition, message, headers }: DavRefusal): DavResponse {
  return xmlResponse(status, errorElement(condition, message), prefixes, headers);
}

/** What is not the caller's fault is logged, and its words stay in the log. */
function errorResponse(error: Error, request: FastifyRequest): DavResponse {
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status === 413) {
    const condition = xml(caldav("max-resource-size"));
    return refusalResponse(new DavRefusal(413, "The body is too large.", { condition }));
  }
  if (typeof status === "number" && status >= 400 && status < 500) {
    return refusalResponse(new DavRefusal(status, "The request cannot be read."));
  }
  request.log.error({ err: error, url: request.url }, "request failed");
  if (!isUnavailable(error)) return refusalResponse(new DavRefusal(500, "Something went wrong here."));
  return refusalResponse(
    new DavRefusal(503, "The server cannot reach what it keeps. Try again in a while.", {
      headers: { "Retry-After": "5" },
    }),
  );
}

function send(reply: FastifyReply, { status, headers, body }: DavResponse): FastifyReply {
  return reply
    .code(status)
    .headers({ "Cache-Control": "private, no-cache", ...headers })
    .send(body);
}
