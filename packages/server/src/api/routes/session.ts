import type { FastifyRequest } from "fastify";
import { closeSession, openSession } from "../../auth/sessions.ts";
import { signIn } from "../../auth/sign-in.ts";
import type { Principal } from "../../store/store.ts";
import {
  callerOf,
  clearSessionCookie,
  findAnybody,
  requireSignedIn,
  sessionTokenOf,
  setSessionCookie,
} from "../caller.ts";
import type { SessionView, SignIn } from "../contract.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";

const tags = ["session"];
/** Anybody may send this one. */
const maxSignInBytes = 8 * 1024;

/** Adds the routes by which a person signs in and out. */
export function addSessionRoutes(api: Api, world: ApiWorld): void {
  api.get(
    "/session",
    { schema: { summary: "Who is signed in", tags, security: [], response: { 200: schemas.SessionView } } },
    (request) => viewSession(world, callerOf(request)),
  );
  api.post(
    "/session",
    {
      bodyLimit: maxSignInBytes,
      schema: {
        summary: "Sign in; the session is a cookie",
        tags,
        security: [],
        body: schemas.SignIn,
        response: { 200: schemas.SessionView, "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const { store, clock } = world.house;
      const principal = world.tryOut
        ? await findAnybody(world, request.body.address)
        : await signInByPassword(world, request, request.body);
      const before = sessionTokenOf(request);
      if (before !== undefined) await closeSession(store, before);
      setSessionCookie(reply, world, await openSession(store, principal, clock(), world.randomBytes));
      return viewSession(world, principal);
    },
  );
  api.delete(
    "/session",
    {
      schema: {
        summary: "Sign out",
        tags,
        security: [],
        response: { 200: schemas.SessionView, "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const token = sessionTokenOf(request);
      if (token !== undefined) await closeSession(world.house.store, token);
      clearSessionCookie(reply, world);
      return viewSession(world, undefined);
    },
  );
}

async function signInByPassword(world: ApiWorld, request: FastifyRequest, body: SignIn): Promise<Principal> {
  const { store, clock } = world.house;
  if (!world.passwords) throw new Refusal("not-allowed", "Nobody signs in by a password here.");
  if (body.password === undefined) throw new Refusal("invalid", 'request: missing "password".');
  const credentials = { address: body.address, password: body.password };
  return requireSignedIn(await signIn(store, world.attempts, credentials, request.ip, clock()));
}

async function viewSession(world: ApiWorld, principal: Principal | undefined): Promise<SessionView> {
  const people = world.tryOut ? await world.house.store.read((transaction) => transaction.principals.list()) : [];
  return {
    person: principal ? { address: principal.address, name: principal.name, timezone: principal.timezone } : null,
    tryOut: world.tryOut,
    people: people.map(({ address, name }) => ({ address, name })),
    passwords: world.passwords,
    oidc: world.oidc?.name ?? null,
  };
}
