import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { addAppPassword, NoAppPassword } from "../../auth/app-passwords.ts";
import type { AppPassword, Principal } from "../../store/store.ts";
import { requireCaller } from "../caller.ts";
import type { AppPasswordView } from "../contract.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";
import { formatInstant } from "../times.ts";

const tags = ["session"];

/** Adds the routes by which a person makes the passwords of their devices and programs, and takes them back. */
export function addAppPasswordRoutes(api: Api, world: ApiWorld): void {
  const { store, clock } = world.house;
  api.get(
    "/app-passwords",
    { schema: { summary: "List app passwords, by name", tags, response: { 200: schemas.AppPasswordList } } },
    async (request) => {
      const { id } = requireOwner(request);
      const passwords = await store.read((transaction) => transaction.appPasswords.list(id));
      return { passwords: passwords.map(view) };
    },
  );
  api.post(
    "/app-passwords",
    {
      schema: {
        summary: "Make an app password; it is told once",
        tags,
        body: schemas.AppPasswordInput,
        response: { 200: schemas.NewAppPassword, "4xx": schemas.Problem },
      },
    },
    async (request) => {
      const [owner, name, now] = [requireOwner(request), request.body.name.trim(), clock()];
      const password = await makePassword(world, owner, name);
      return { name, created: formatInstant(now), password };
    },
  );
  api.delete(
    "/app-passwords/:name",
    {
      schema: {
        summary: "Take an app password back",
        tags,
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false }),
        response: { 200: schemas.AppPasswordList, "4xx": schemas.Problem },
      },
    },
    async (request) => {
      const { id } = requireOwner(request);
      const left = await store.write(async ({ appPasswords }) => {
        const isRemoved = await appPasswords.remove(id, request.params.name);
        return isRemoved ? appPasswords.list(id) : undefined;
      });
      if (!left) throw new Refusal("not-found", "You have no app password of that name.");
      return { passwords: left.map(view) };
    },
  );
}

/**
 * Finds who is signed in at the page themselves. A program with a password of its own must not make itself another one, which would outlive
 * the taking back of the first; nor does who acts for another make passwords of theirs.
 */
function requireOwner(request: FastifyRequest): Principal {
  const caller = requireCaller(request);
  if (request.headers.authorization === undefined && caller.actor === undefined) return caller;
  throw new Refusal("not-allowed", "Only who is signed in at the page can do this, for themselves.");
}

async function makePassword({ house, randomBytes }: ApiWorld, owner: Principal, name: string): Promise<string> {
  try {
    return await addAppPassword(house.store, owner, name, { now: house.clock(), randomBytes });
  } catch (error) {
    if (error instanceof NoAppPassword) throw new Refusal("refused", `Not made: ${error.message}.`);
    throw error;
  }
}

function view({ name, created }: AppPassword): AppPasswordView {
  return { name, created: formatInstant(created) };
}
