import type { FastifyReply, FastifyRequest } from "fastify";
import type { Oidc, OidcResult } from "../../auth/oidc.ts";
import { oidcSeconds } from "../../auth/oidc.ts";
import { openSession } from "../../auth/sessions.ts";
import { isSecure, setSessionCookie } from "../caller.ts";
import type { Api, ApiWorld } from "../options.ts";

const cookieName = "parley_sign_in";
const path = "/api/oidc";

/**
 * Adds the routes by which a browser goes to the OpenID provider and comes back. Both answer with a redirection, to the provider or to
 * our own page and nowhere else; the page says what went wrong. Decision 0032.
 */
export function addOidcRoutes(api: Api, world: ApiWorld): void {
  const { oidc } = world;
  if (!oidc) return;
  const options = { exposeHeadRoute: false, schema: { hide: true } } as const;
  api.get("/oidc/start", options, (_request, reply) => begin(world, oidc, reply));
  api.get("/oidc/callback", options, (request, reply) => finish(world, oidc, request, reply));
}

async function begin(world: ApiWorld, oidc: Oidc, reply: FastifyReply): Promise<FastifyReply> {
  const begun = await oidc.begin();
  if (begun.kind === "problem") return sayProblem(world, begun, reply);
  reply.setCookie(cookieName, begun.state, { ...attributes(world), maxAge: oidcSeconds });
  return reply.redirect(begun.url, 303);
}

async function finish(
  world: ApiWorld,
  oidc: Oidc,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const at = request.url.indexOf("?");
  const query = new URLSearchParams(at < 0 ? "" : request.url.slice(at));
  const result = await oidc.finish(query, request.cookies[cookieName]);
  reply.clearCookie(cookieName, attributes(world));
  if (result.kind === "problem") return sayProblem(world, result, reply);
  const { store, clock } = world.house;
  setSessionCookie(reply, world, await openSession(store, result.principal, clock(), world.randomBytes));
  return reply.redirect("/", 303);
}

function sayProblem(
  { logger }: ApiWorld,
  { problem, detail }: Extract<OidcResult, { kind: "problem" }>,
  reply: FastifyReply,
): FastifyReply {
  logger.warn({ problem, detail }, "sign-in at the OpenID provider");
  return reply.redirect(`/?sign-in=${problem}`, 303);
}

/** Not `strict` like the session's: the provider's page sends the browser here. */
function attributes(world: ApiWorld) {
  return { path, httpOnly: true, sameSite: "lax", secure: isSecure(world) } as const;
}
